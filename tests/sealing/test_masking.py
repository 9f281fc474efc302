"""脱敏：姓名、证件、电话、银行卡、住址。"""

from __future__ import annotations

import pytest
from pytest_django import Settings

from anju.sealing.masking import Kind, mask, mask_address, mask_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马光", "司马*"),
        ("欧阳", "欧*"),
        ("张", "张*"),
        ("𠮷野", "𠮷*"),
        ("阿依古丽·买买提", "阿**"),
        ("", "*"),
    ],
    ids=["两字", "三字", "复姓四字", "复姓三字", "像复姓的两字", "一字", "生僻字", "带间隔号", "空"],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("kind", "plain", "shown"),
    [
        ("id_number", "500153199001011234", "500***********1234"),
        ("phone", "13812348000", "138****8000"),
        ("bank_card", "6222021234567890123", "***************0123"),
        ("id_number", "12345678", "123*5678"),
        ("id_number", "1234567", "*******"),
        ("phone", "", ""),
    ],
    ids=["身份证号", "手机号", "银行卡", "刚够遮一位", "太短全遮", "空"],
)
def test_a_number_keeps_its_ends(kind: Kind, plain: str, shown: str) -> None:
    assert mask(kind, plain) == shown


def test_a_province_may_show_other_ends(settings: Settings) -> None:
    settings.ANJU_MASKS = {"id_number": (6, 0)}
    assert mask("id_number", "500153199001011234") == "500153************"
    assert mask("phone", "13812348000") == "138****8000"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("荣昌区某某镇玉屏村3组12号", "荣昌区某某镇玉屏村***"),
        ("荣昌区昌元街道宝城社区2栋3单元", "荣昌区昌元街道宝城社区***"),
        ("荣昌区新村路8号", "***"),
        ("荣昌区某某镇8号", "荣昌区某某镇***"),
        ("8号", "***"),
    ],
    ids=["到村", "到社区", "路名不是村", "到镇", "什么都没有"],
)
def test_an_address_ends_at_the_village(address: str, shown: str) -> None:
    assert mask_address(address) == shown
