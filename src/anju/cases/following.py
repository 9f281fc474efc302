"""What follows for cases when facts change (domain 1.9): a case of somebody who has ended ends, and so does a pension transfer of somebody
who draws the pension by now. What is no longer owed for another reason is not ended: its page says why (`anju.cases.queries.gone`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from anju.cases.actions.leaving import end_for_nobody
from anju.cases.models import Case
from anju.register.asking import Asked
from anju.register.changes import after_change
from anju.register.facts import facts_by_subject, today
from anju.register.guideline import guideline
from anju.register.models import Person

_ended_by: Mapping[str, tuple[str, str]] = {"transfer_pension": ("pension_status", "drawing")}
"""Procedure → the fact that ends its cases: a pension that is drawn does not move any more (1.5-4)."""


@after_change
def end_with_the_person(kind: str, ids: Sequence[str]) -> None:
    """Cases of people who have died or were cancelled end, in the same transaction (domain 1.9)."""
    if kind != "person":
        return
    concerned = _asked(ids).columns(_open, {"subject": "subject_id"})["subject"].unique().to_list()
    gone = _asked(concerned).columns(_ended, {"@id": "pk"})["@id"].to_list() if concerned else []
    for case in _running(gone) if gone else ():
        end_for_nobody(case, "人已注销。")


@after_change
def end_with_the_fact(kind: str, ids: Sequence[str]) -> None:
    """Cases end whose matter a fact has settled, in the transaction that records it; the entry says which and since when."""
    if kind != "person":
        return
    concerned = _asked(ids).columns(_may_end, {"subject": "subject_id"})["subject"].unique().to_list()
    found = list(_running(concerned).filter(procedure__in=list(_ended_by))) if concerned else []
    facts = facts_by_subject(kind, sorted({case.subject_id for case in found}), on=today()) if found else {}
    for case in found:
        code, value = _ended_by[case.procedure]
        if facts.get(case.subject_id, {}).get(code) == value:
            term = guideline().terms[code]
            end_for_nobody(case, f"因{term.name}自 {today()} 起登记为“{term.label(value)}”，这一件不再办。")


def _asked(ids: Sequence[str]) -> Asked:
    return Asked("person", ids, today())


def _open(asked: Asked) -> QuerySet[Case]:
    """The open cases of people."""
    return asked.of(Case, "subject_id").filter(subject_kind="person", closed_at=None)


def _may_end(asked: Asked) -> QuerySet[Case]:
    """Those that a fact may end."""
    return _open(asked).filter(procedure__in=list(_ended_by))


def _ended(asked: Asked) -> QuerySet[Person]:
    return asked.of(Person).filter(ended_on__isnull=False)


def _running(ids: Sequence[str]) -> QuerySet[Case]:
    """The open cases of people, locked."""
    return _open(_asked(ids)).select_for_update(of=("self",)).order_by("pk")
