"""`--set`: a value is read as a cell is, and one that changes nothing is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from anju.check.settings import UsageError, parse_settings
from anju.policy.load import load

Check = Callable[..., tuple[int, list[dict[str, Any]], str]]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "code", "fact"),
    [
        pytest.param("户籍已迁入=√", "hukou_moved", True, id="是否，打勾"),
        pytest.param("pension_moved=false", "pension_moved", False, id="是否，代码和英文"),
        pytest.param("搬迁类别=建档立卡户", "relocatee_kind", "registered_poor", id="枚举，台账里的写法"),
        pytest.param("搬迁跨度=cross_province", "move_scope", "cross_province", id="枚举，代码"),
        pytest.param("年龄＝４０岁", "age", 40, id="整数，全角和单位"),
        pytest.param("流转亩数=1.5", "rented_mu", 1.5, id="数"),
        pytest.param("出生日期=1960年1月2日", "birth_date", date(1960, 1, 2), id="日期"),
        pytest.param("距上次走访天数=从未", "days_since_visit", "never", id="特别的值"),
        pytest.param("补助标准=未知", "subsidy_rate", "unknown", id="特别的值，未知"),
        pytest.param("迁入地代码=500235000000", "destination_code", "500235000000", id="代码"),
        pytest.param("户口迁移=已迁", "hukou_moved", True, id="真实表头"),
    ],
)
def test_a_value_is_read_as_a_cell(text: str, code: str, fact: object) -> None:
    assert parse_settings([text], load()).facts == {code: fact}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("年龄=-1", "负数", id="负数"),
        pytest.param("年龄=99999999999999999999", "大得不正常", id="太大"),
        pytest.param("出生日期=3000-01-01", "1900 年到 2100 年", id="日历之外"),
        pytest.param("迁入地代码=50023", "6、9 或 12 位", id="代码位数不对"),
        pytest.param("户籍已迁入=不详", "不知道就不用写", id="不知道"),
        pytest.param("养老关系去向=应转移", "答出来的", id="结论"),
        pytest.param("判定日=2026-01-01", "--on", id="判定日"),
        pytest.param("编号=5", "术语=值", id="编号"),
        pytest.param("姓名=张三", "术语=值", id="不是术语的表头"),
        pytest.param("征询期限=1.5", "整数", id="期限不是整数"),
        pytest.param("征询期限=99999999", "长得不正常", id="期限太长"),
        pytest.param("领取年龄=五十", "阿拉伯数字", id="参数不是数"),
    ],
)
def test_what_no_cell_could_say_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_settings([text], load())


def test_parameters_are_numbers_or_days() -> None:
    settings = parse_settings(["代缴标准=120元", "代表表决停用日=2026/1/1"], load())
    assert settings.parameters == {"代缴标准": Fraction(120), "代表表决停用日": date(2026, 1, 1)}


def test_a_place_of_the_call_gives_the_scope(check: Check, ledger: Write) -> None:
    file = ledger("养老状态,搬迁类别,迁出地县", "已领取,建档立卡,奉节县", "已领取,建档立卡,云阳县")
    status, (head, *rows), error = check(file, "--set", "迁入地代码=510722")
    assert (status, error, "move_scope" in head["absent"]) == (0, "", False)
    assert [row["results"]["pension_route"]["value"] for row in rows] == ["keep", "keep"]


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        pytest.param("养老状态=已领取", "按文件里的", id="文件里有这一列"),
        pytest.param("本季联席会议数=1", "用不到它", id="没有一条用它"),
    ],
)
def test_a_setting_that_changes_nothing_is_named(check: Check, ledger: Write, setting: str, why: str) -> None:
    status, _, error = check(ledger("养老状态", "缴费中"), "--set", setting)
    assert status == 0
    assert setting.partition("=")[0] in error
    assert why in error


def test_what_follows_from_parameters_alone_is_asked_of_no_cell(check: Check, ledger: Write) -> None:
    _, (_, row), _ = check(ledger("迁入地流转土地,高效特色农业,流转亩数", "是,是,2"))
    assert row["results"]["rent_subsidy"]["value"] == "rate_missing"
    assert row["missing"] == []
    assert "fill_in" not in [duty["kind"] for duty in row["duties"]]


def test_a_row_may_have_its_own_day(check: Check, ledger: Write) -> None:
    file = ledger(
        "编号,养老状态,搬迁类别,出生日期,判定日",
        "1,缴费中,建档立卡,1966-06-30,2026-06-29",
        "2,缴费中,建档立卡,1966-06-30,2026/6/30",
        "3,缴费中,建档立卡,1966-06-30,",
        "4,缴费中,建档立卡,1966-06-30,2019-01-01",
    )
    status, (head, *rows), error = check(file, "--on", "2026-07-01")
    assert (status, head["rows"], head["refused"]) == (1, 4, 1)
    assert [row["results"]["pension_payment"]["value"] for row in rows] == ["not_yet", "check", "check"]
    due = [[duty["due"] for duty in row["duties"] if duty["kind"] != "fill_in"] for row in rows]
    assert due == [[], ["2026-07-30"], ["2026-07-31"]]
    assert "第 5 行 “判定日”列：写的是“2019-01-01”" in error
