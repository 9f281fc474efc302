"""What facts owe: which duties, from which row, since which day; the same for one case and for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.duties.blanks import Asking, by_clause_of
from anju.duties.owed import Owed, owed, owed_by, reason
from anju.policy.closures import Case
from anju.policy.frames import Batch, facts_frame
from anju.policy.model import Fact
from tests.duties.facts import ON, ZHANG, codes_about, edition, facts_about, policy

_cases = {subject: Case(edition(), edition().decisions(subject)) for subject in ("person", "household", "site")}
_asking = {subject: Asking.about(edition(), subject) for subject in ("person", "household", "site")}


@cache
def _batch(subject: str, columns: tuple[str, ...]) -> Batch:
    return Batch(edition(), edition().decisions(subject), columns)


def one(subject: str, facts: Mapping[str, Fact | None]) -> dict[str, Owed]:
    """What one case owes, by kind; what it is to fill in stands under 补录."""
    answers = _cases[subject].answer(facts)
    duties = owed_by(edition(), answers, facts)
    found = {duty.kind: duty for duty in duties}
    blanks = _asking[subject].of_case(answers, facts, duties)
    return {**found, "补录": Owed("补录", terms=blanks)} if blanks else found


def many(subject: str, rows: Sequence[Mapping[str, Fact | None]]) -> list[dict[str, Owed]]:
    """The same for a frame."""
    codes, decisions = codes_about(subject), edition().decisions(subject)
    facts = facts_frame({code: [row.get(code) for row in rows] for code in codes}, policy().terms)
    answers = _batch(subject, tuple(facts.columns)).select(facts.lazy()).collect()
    answered = pl.concat([facts, answers], how="horizontal").with_row_index("#")
    duties = owed(answered, edition(), decisions)
    found: list[dict[str, Owed]] = [{} for _ in rows]
    for at, kind, decision, row, day in duties.select("#", "kind", "decision", "row", "counts_from").iter_rows():
        found[at][kind] = Owed(kind, decision, row, day)
    for at, terms in _asking[subject].of_frame(answered, duties).iter_rows():
        found[at]["补录"] = Owed("补录", terms=terms)
    return found


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        pytest.param({}, {"ask_pension_wish", "pay_premium"}, id="没表态就去问"),
        pytest.param({"pension_wish": "move"}, {"transfer_pension", "pay_premium"}, id="愿转入就办转移"),
        pytest.param({"pension_wish": "keep"}, {"pay_premium"}, id="愿留原地就不转"),
        pytest.param({"pension_wish": None}, {"pay_premium", "补录"}, id="没人记过意愿就补录"),
        pytest.param({"birth_date": date(1966, 3, 3)}, {"ask_pension_wish", "pay_premium"}, id="差一天满六十还要代缴"),
        pytest.param({"birth_date": date(1966, 3, 2)}, {"ask_pension_wish", "check_pension_payment"}, id="满六十没领"),
        pytest.param({"premium_paid": True, "pension_wish": "keep"}, set(), id="什么都不欠"),
        pytest.param({"relocatee_kind": "concurrent"}, set(), id="同步搬迁不归本条"),
    ],
)
def test_the_family_owes(changes: dict[str, Fact | None], kinds: set[str]) -> None:
    assert set(one("person", {**ZHANG, **changes})) == kinds


def test_a_duty_knows_decision_row_reason_and_day() -> None:
    duty = one("person", ZHANG)["ask_pension_wish"]
    assert duty == Owed("ask_pension_wish", "pension_route", 11, ON)
    assert reason(policy(), "pension_route", 11) == "养老关系去向：自愿选择（只能本人选）"


def test_a_deadline_counts_from_the_date_that_the_page_names_or_from_none() -> None:
    applied = {**ZHANG, "pension_wish": "move"}
    assert one("person", applied)["transfer_pension"].counts_from is None
    moved = {"assistance_kind": "dibao", "assistance_moved": False, "assistance_applied": True, **ZHANG}
    moved |= {"move_scope": "same_county", "assistance_applied_on": date(2026, 1, 31)}
    duties = one("person", moved)
    assert duties["transfer_assistance_by_notice"].counts_from == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("facts", "blanks"),
    [
        pytest.param({}, "", id="什么都没记，什么都不问"),
        pytest.param(
            {"relocatee_kind": "registered_poor", "birth_date": date(1986, 5, 4)}, "", id="只有共用的事实，不问"
        ),
        pytest.param(
            {k: v for k, v in ZHANG.items() if k not in ("pension_wish", "premium_paid")},
            "1.5 pension_wish,premium_paid",
            id="养老已经在办，缺的问",
        ),
        pytest.param(
            {"pension_status": "contributing", "relocatee_kind": "registered_poor", "move_scope": "cross_province"},
            "1.5 age,hukou_moved,pension_moved,age_at_hukou_move,premium_paid",
            id="只问还会改变结果的",
        ),
    ],
)
def test_only_blanks_of_decisions_under_way_are_asked_for(facts: dict[str, Fact | None], blanks: str) -> None:
    asked = one("person", facts).get("补录")
    assert (asked.terms if asked else "") == blanks


def test_blanks_are_told_apart_by_clause() -> None:
    assert by_clause_of("1.5 age,pension_wish;1.6 age") == (("1.5", ("age", "pension_wish")), ("1.6", ("age",)))
    assert by_clause_of("") == ()


@pytest.mark.parametrize("subject", ["person", "household", "site"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_one_and_many_owe_the_same(subject: str, data: st.DataObject) -> None:
    rows = data.draw(st.lists(facts_about(subject), min_size=1, max_size=6))
    assert many(subject, rows) == [one(subject, row) for row in rows]
