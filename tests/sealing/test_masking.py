"""脱敏：姓名、证件、电话、银行卡、住址。"""

from __future__ import annotations

from collections import Counter

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
        ("id_number", "500153199001011234", "500**************4"),
        ("phone", "13812348000", "138****8000"),
        ("bank_card", "6222021234567890123", "***************0123"),
        ("id_number", "12345", "123*5"),
        ("id_number", "1234", "****"),
        ("phone", "", ""),
    ],
    ids=["身份证号", "手机号", "银行卡", "刚够遮一位", "太短全遮", "空"],
)
def test_a_number_keeps_its_ends(kind: Kind, plain: str, shown: str) -> None:
    assert mask(kind, plain) == shown


def test_region_and_birth_date_beside_it_do_not_complete_a_number() -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    bodies = [f"50015319900101{order:03}" for order in range(1, 1000)]
    rests = [sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11 for body in bodies]
    numbers = [body + "10X98765432"[rest] for body, rest in zip(bodies, rests, strict=True)]
    alike = Counter(mask("id_number", one) for one in numbers)
    assert min(alike.values()) > 80  # half of them of the other sex


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
