"""Every duty can be brought to its end: what ends it is something that one of those who owe it can put on record."""

from __future__ import annotations

import pytest

from anju.desk.queries.judged import recordable
from anju.desk.queries.money import by_month
from anju.desk.queries.owed import entry_of
from anju.government.queries import Scope
from anju.payments.models import Insurance
from anju.policy.endings import rests_on
from anju.policy.model import Decision, DutyKind, Row
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.models.relations import Kind
from anju.register.privacy import may_see, works_on
from anju.register.provided import moved_terms, wish_terms

PAGES = guideline()
COMPARED = {one.compared for one in Insurance}
"""Facts that a list which was handed in tells, month by month."""
ENTRIES = [duty for duty in PAGES.duties.values() if duty.ends[0] == "entry"]
CASES = [duty for duty in PAGES.duties.values() if duty.ends[0] == "procedure"]


def scopes(duty: DutyKind) -> list[Scope]:
    """Those who owe it; for a resident the village."""
    return [
        Scope("committee", "village", "0", "9") if a.person else Scope(a.line, a.level, "0", "9") for a in duty.actors
    ]


def opened_by(duty: DutyKind) -> list[tuple[Decision, Row]]:
    return [(table, row) for table in PAGES.decisions.values() for row in table.rows if duty.code in row.duties]


@pytest.mark.parametrize("duty", ENTRIES, ids=lambda duty: duty.name)
def test_somebody_who_owes_it_can_record_what_ends_it(duty: DutyKind) -> None:
    (kind,) = {table.subject for table, _ in opened_by(duty)}
    assert duty.records
    assert any(can_record(kind, code, [scope]) for scope in scopes(duty) for code in duty.records)


def can_record(kind: str, code: str, by: list[Scope]) -> bool:
    """As the desk leads there: the form of wishes, of relations, of a clause's facts, the months, or the lists of insurers."""
    what, word = entry_of(PAGES, code)
    if what == "wish":
        return kind == "person" and may_see(by, code)
    if what == "relation":
        return kind == "person" and works_on(by, clauses[Kind(word)])
    if what == "months":
        return works_on(by, PAGES.terms[code].clause)
    return code in {term.code for term in recordable(kind, word, by)} or code in COMPARED


@pytest.mark.parametrize("duty", CASES, ids=lambda duty: duty.name)
def test_the_end_of_its_procedure_changes_what_opened_it(duty: DutyKind) -> None:
    effects = PAGES.procedures[duty.ends[1]].effects
    changed = {effect.what for effect in effects if effect.kind == "fact"}
    changed |= {of[effect.what] for effect in effects if effect.kind == "relation" and effect.what in of}
    for table, row in opened_by(duty):
        assert changed & rests_on(PAGES, table, row), f"{table.name} {row.number}: {sorted(changed)}"


of = {str(kind): term for kind, term in moved_terms.items()} | {"membership": "membership_moved"}


def test_the_facts_that_no_form_takes_are_known() -> None:
    assert by_month <= PAGES.terms.keys()
    assert {term for term, _ in wish_terms.values()} <= PAGES.terms.keys()
