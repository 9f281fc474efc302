"""身份证号、与户主关系、民族、健康状况。"""

import random

import polars as pl
import pytest
from stdnum.cn import ric

from anju.tables.identity import (
    id_birth_date,
    id_sex,
    id_valid,
    normal_ids,
    read_people,
    read_relation,
    read_several,
    read_sex,
    why_wrong,
)
from anju.tables.values import CannotRead

ZHANG = "500236199001010013"


def normal(text: str) -> str:
    return str(pl.DataFrame({"id": [text]}).select(normal_ids()).item())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ZHANG, ZHANG, id="十八位"),
        pytest.param(f" {ZHANG}　", ZHANG, id="首尾空格"),
        pytest.param(f"'{ZHANG}", ZHANG, id="前面有撇号"),
        pytest.param("５００２３６１９９００１０１００１３", ZHANG, id="全角"),
        pytest.param("50023620020203002x", "50023620020203002X", id="小写x"),
        pytest.param("500236900101001", "500236199001010013", id="十五位旧号"),
        pytest.param(f"{ZHANG}42", ZHANG, id="二十位残疾人证"),
        pytest.param(f"{ZHANG}42B1", ZHANG, id="补办的残疾人证"),
    ],
)
def test_normal_form(text: str, expected: str) -> None:
    assert normal(text) == expected


def test_the_column_agrees_with_the_library() -> None:
    chance = random.Random(7)
    bodies = [
        f"5002362005{chance.randint(1, 13):02}{chance.randint(1, 31):02}{chance.randint(0, 999):03}"
        for _ in range(2000)
    ]
    numbers = [body + chance.choice("0123456789X") for body in bodies]
    valid = pl.DataFrame({"id": numbers}).select(id_valid()).to_series().fill_null(value=False)
    assert valid.to_list() == [ric.is_valid(number) for number in numbers]
    assert 0 < valid.sum() < 2000


def test_birth_date_and_sex() -> None:
    frame = pl.DataFrame({"id": [ZHANG, "500235200402291230", None]})
    assert [str(day) for day in frame.select(id_birth_date()).to_series()] == ["1990-01-01", "2004-02-29", "None"]
    assert frame.select(id_sex()).to_series().to_list() == ["男", "男", None]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("500236199001010014", "校验位"),
        ("500236199013010013", "不是出生日期"),
        ("5002361990", "10 位"),
        ("5.00236E+17", "数字格式"),
        ("50023619900101A013", "不该有的字符"),
    ],
    ids=["校验位不对", "没有十三月", "位数不对", "科学计数", "有字母"],
)
def test_why_wrong(number: str, says: str) -> None:
    assert says in why_wrong(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("之儿媳", "儿媳"),
        ("儿媳", "儿媳"),
        ("本人或户主", "户主"),
        ("户主", "户主"),
        ("本人", "户主"),
        ("配偶", "配偶"),
        ("之配偶", "配偶"),
    ],
)
def test_relation(text: str, expected: str) -> None:
    assert read_relation(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "残疾,长期慢性病",
        "残疾，长期慢性病",
        "残疾、长期慢性病",
        "残疾;长期慢性病",
        "残疾 长期慢性病",
        "残疾/长期慢性病",
    ],
)
def test_several_health_states(text: str) -> None:
    assert read_several(text) == "残疾、长期慢性病"


def test_people_and_sex() -> None:
    assert [read_people("毛难族"), read_people("崩龙族"), read_people("土家族")] == ["毛南族", "德昂族", "土家族"]
    assert [read_sex("男"), read_sex("女性"), read_sex("未说明性别")] == ["男", "女", None]


@pytest.mark.parametrize("read", [read_relation, read_people, read_sex, read_several])
def test_a_foreign_code_is_refused(read: object) -> None:
    assert callable(read)
    with pytest.raises(CannotRead, match="数字代码"):
        read("02")
