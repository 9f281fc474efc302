"""Facts for the tests of duties: any that the terms of a subject allow, and those of one family."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from anju.duties.blanks import dates_of
from anju.policy.edition import Edition
from anju.policy.load import load
from anju.policy.model import Fact, Policy, Term

ON = date(2026, 3, 2)

ZHANG: dict[str, Fact | None] = {
    "relocatee_kind": "registered_poor",
    "settlement_mode": "centralized",
    "move_scope": "cross_county",
    "birth_date": date(1986, 5, 4),
    "hukou_moved": True,
    "pension_status": "contributing",
    "pension_wish": "unstated",
    "pension_moved": False,
    "premium_paid": False,
    "age_at_hukou_move": 39,
}
"""张青山 of 开州, moved to 云阳: pays into the residents' pension and has not said whether it shall come along."""


@cache
def policy() -> Policy:
    """The pages that ship with Anju."""
    return load()


@cache
def edition() -> Edition:
    """The pages on the day of the tests."""
    return Edition(policy(), ON)


def codes_about(subject: str) -> list[str]:
    """The recorded facts on which the decisions about a subject rest, and the dates that their deadlines count from."""
    decisions = edition().decisions(subject)
    facts = {fact for code in decisions for fact in (*edition().inputs(code), *dates_of(edition(), code))}
    return sorted(facts - {"as_of"})


def facts_about(subject: str, *, least: int = 0) -> st.SearchStrategy[dict[str, Fact]]:
    """Some recorded facts of a subject, others blank."""
    values = {code: _values(policy().terms[code]) for code in codes_about(subject)}
    some = st.dictionaries(st.sampled_from(sorted(values)), st.integers(0, 40), min_size=least, max_size=len(values))
    return some.map(lambda drawn: {code: values[code][n % len(values[code])] for code, n in drawn.items()})


def _values(term: Term) -> list[Fact]:
    special: list[Fact] = [s.code for s in term.specials]
    if term.kind == "bool":
        return [False, True]
    if term.kind == "enum":
        return [value.code for value in term.values]
    if term.kind == "date":
        return [date(1966, 3, 2), date(2010, 3, 2), date(2010, 3, 3), date(2025, 12, 1), date(2026, 2, 2), ON]
    return [0, 1, 2, 3, 15, 16, 29, 30, 59, 60, 90, 799, 800, 1000, *special]
