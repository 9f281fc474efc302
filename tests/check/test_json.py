"""The contract of `anju check --json` (vocabulary.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Write = Callable[..., Path]
Check = Callable[..., tuple[int, list[dict[str, Any]], str]]

pension = "搬迁类别,养老状态,年龄,搬迁跨度,户籍已迁入,迁户时年龄,养老已转入,养老意愿"


def test_the_second_example_of_the_pension_page(ledger: Write, check: Check) -> None:
    file = ledger(pension, "建档立卡,缴费中,40,跨省,是,39,否,未表态", name="ledger.csv")
    status, (head, row), _ = check(file)
    assert status == 0
    assert head == {
        "input": "ledger.csv",
        "subject": "person",
        "rows": 1,
        "refused": 0,
        "absent": ["premium_paid"],
        "ignored": [],
    }
    assert (row["key"], row["source"]) == ("2", {"file": "ledger.csv", "sheet": None, "row": 2})
    assert row["results"]["pension_route"] == {
        "value": "must_transfer",
        "label": "应转移",
        "clause": "1.5",
        "row": 10,
        "reason": "转到户籍地接着缴",
    }
    assert row["results"]["premium_support"] == {"value": None, "missing": ["premium_paid"], "clause": "1.5"}
    assert row["missing"] == []
    assert row["duties"] == [
        {
            "kind": "transfer_pension",
            "label": "办理养老转移",
            "strength": "must",
            "due": None,
            "due_kind": "internal",
            "who": "迁入·区县·人社",
            "clause": "1.5",
        }
    ]


def test_a_blank_cell_opens_a_fill_in_and_an_absent_column_does_not(ledger: Write, check: Check) -> None:
    _, (head, row), _ = check(ledger(pension, "建档立卡,缴费中,40,跨省,,39,否,未表态"))
    assert head["absent"] == ["premium_paid"]
    assert row["results"]["pension_route"]["value"] is None
    assert row["results"]["pension_route"]["missing"] == ["hukou_moved"]
    assert row["missing"] == ["hukou_moved"]
    filled = next(duty for duty in row["duties"] if duty["kind"] == "fill_in")
    assert (filled["label"], filled["terms"], filled["clause"]) == ("补录", ["hukou_moved"], "1.5")


def test_codes_and_names_mean_the_same(ledger: Write, check: Check) -> None:
    by_code = "relocatee_kind,pension_status,age,move_scope,hukou_moved,age_at_hukou_move,pension_moved,pension_wish"
    named = check(ledger(pension, "建档立卡,缴费中,40,跨省,是,39,否,未表态"))[1][1]
    coded = check(ledger(by_code, "registered_poor,contributing,40,cross_province,是,39,否,unstated"))[1][1]
    assert named["results"] == coded["results"]


def test_a_refused_row_leaves_the_others(ledger: Write, check: Check) -> None:
    rows = ("建档立卡,缴费中,40,跨省,是,39,否,未表态", "贫困户,缴费中,四十,跨省,是,39,否,未表态")
    status, (head, *answered), error = check(ledger(pension, *rows))
    assert (status, head["rows"], head["refused"], len(answered)) == (1, 2, 1, 1)
    assert "第 3 行" in error
    assert "年龄" in error
    assert "搬迁类别" in error


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        pytest.param("2021-01-31", "2021-02-28", id="一月三十一日申请，二月底到期"),
        pytest.param("2020-01-31", "2020-02-29", id="闰年二月二十九日"),
        pytest.param("2021-03-15", "2021-04-15", id="次月同日"),
    ],
)
def test_a_deadline_counts_from_the_date_it_names(ledger: Write, check: Check, cell: str, due: str) -> None:
    header = "户籍已迁入,搬迁跨度,救助类别,救助迁移申请,救助迁移申请日,救助已迁移"
    _, (_, row), _ = check(ledger(header, f"是,市内跨区县,低保,是,{cell},否"), "--on", "2021-06-01")
    assert row["results"]["assistance_route"]["value"] == "letter"
    dated = [duty for duty in row["duties"] if duty["due_kind"] == "principle"]
    assert dated
    assert {duty["due"] for duty in dated} == {due}


def test_without_the_date_a_deadline_is_open_and_the_date_is_missing(ledger: Write, check: Check) -> None:
    header = "户籍已迁入,搬迁跨度,救助类别,救助迁移申请,救助迁移申请日,救助已迁移"
    _, (head, row), _ = check(ledger(header, "是,市内跨区县,低保,是,,否"), "--on", "2021-06-01")
    assert "assistance_applied_on" not in head["absent"]
    assert row["missing"] == ["assistance_applied_on"]
    assert {duty["due"] for duty in row["duties"] if duty["due_kind"] == "principle"} == {None}
    without = header.replace("救助迁移申请日,", "")
    _, (head, row), _ = check(ledger(without, "是,市内跨区县,低保,是,否"), "--on", "2021-06-01")
    assert "assistance_applied_on" in head["absent"]
    assert row["missing"] == []


def test_a_deadline_without_a_date_counts_from_the_day_asked(ledger: Write, check: Check) -> None:
    row = "建档立卡,缴费中,40,市内跨区县,是,39,否,未表态"
    _, (_, answered), _ = check(ledger(pension, row), "--on", "2021-01-31")
    asked = next(duty for duty in answered["duties"] if duty["kind"] == "ask_pension_wish")
    assert asked["due"] == "2021-03-02"


def test_a_set_fact_stands_for_a_column(ledger: Write, check: Check) -> None:
    file = ledger(pension, "建档立卡,缴费中,40,跨省,是,39,否,未表态")
    _, (head, row), _ = check(file, "--set", "本年已代缴=是")
    assert head["absent"] == []
    assert row["results"]["premium_support"]["value"] == "paid"
    assert check(file, "--set", "premium_paid=否")[1][1]["results"]["premium_support"]["value"] == "due"


def test_a_figure_that_does_not_apply(ledger: Write, check: Check) -> None:
    _, (_, row), _ = check(ledger("安置点类型,安置人数", "农村集中,99"))
    assert row["results"]["organisation_form"]["value"] == "join_local"
    assert row["results"]["groups_min"]["value"] is None
    assert row["results"]["groups_min"]["applicable"] is False


def test_rows_of_a_household_are_answered_as_a_household_too(ledger: Write, check: Check) -> None:
    header = f"户编号,{pension},在岗结对干部数,距上次走访天数,本年实事数"
    member = "建档立卡,缴费中,40,跨省,是,39,否,未表态"
    file = ledger(header, f"H1,{member},1,从未,0", f"H1,{member},1,,", f"H2,{member},0,30,1")
    _, (head, *rows), _ = check(file)
    assert (head["subject"], head["rows"]) == ("person", 3)
    houses = {row["key"]: row["results"] for row in rows if row["subject"] == "household"}
    assert {key: (r["pairing"]["value"], r["visit"]["value"], r["deeds"]["value"]) for key, r in houses.items()} == {
        "H1": ("paired", "overdue", "unmet"),
        "H2": ("unpaired", "on_time", "met"),
    }
    assert len([row for row in rows if row["subject"] == "person"]) == 3


def test_members_who_contradict_each_other_leave_the_household_open(ledger: Write, check: Check) -> None:
    file = ledger("户编号,搬迁类别,在岗结对干部数", "H1,建档立卡,1", "H1,同步搬迁,1")
    status, (_, row), error = check(file)
    assert status == 0
    assert row["results"]["pairing"]["value"] is None
    assert "户“H1”各行的“搬迁类别”不一样" in error


def test_a_day_of_its_own_in_a_row(ledger: Write, check: Check) -> None:
    header = "判定日,跨集体,迁入地有集体,成员身份已取得,成员申请,申请日,公示,表决方式,应到,同意"
    row = "是,是,否,是,{},无异议,村民代表,30,20"
    file = ledger(header, f"2021-01-01,{row.format('2020-12-01')}", f",{row.format('2025-05-01')}")
    values = [r["results"]["membership_route"]["value"] for r in check(file, "--on", "2026-01-01")[1][1:]]
    assert values == ["confirm", "invalid_body"]


def test_a_decision_that_only_feeds_another_asks_for_nothing_itself(ledger: Write, check: Check) -> None:
    header = "党员,组织关系已在迁入地,居住脱钩,户籍脱钩,集体身份脱钩,党员意见"
    _, (_, layman, member), _ = check(ledger(header, "否,,,,,", "是,否,是,是,,未征求"))
    assert layman["results"]["party_route"]["value"] == "not_applicable"
    assert layman["results"]["triple_detached"]["value"] is None
    assert (layman["missing"], layman["duties"]) == ([], [])
    assert "membership_detached" in member["missing"]
