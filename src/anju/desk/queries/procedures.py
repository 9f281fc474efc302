"""The cases of a subject, and the procedures that may be opened for it, as its own page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from anju.cases.clocks import Clocks
from anju.cases.models import Case, open_states
from anju.cases.procedures import procedures_for
from anju.cases.queries.lists import of_subject
from anju.cases.queries.rows import Row, rows
from anju.government.asking import Asking
from anju.policy.model import Procedure
from anju.register.guideline import guideline
from anju.register.privacy import works_on


@dataclass(frozen=True, slots=True)
class OfSubject:
    """``keys``: of all its cases. ``open``: its open ones. ``ended``: how many have ended. ``new``: procedures by the title of their clause
    that may be opened.
    """

    subject: str
    keys: Sequence[UUID]
    open: Sequence[Row]
    ended: int
    new: Sequence[tuple[str, Sequence[Procedure]]]

    @property
    def running(self) -> Mapping[tuple[str, str, str], Case]:
        """The open cases as duties look them up (`anju.desk.queries.owed`)."""
        cases = (row.case for row in self.open)
        return {(case.subject_kind, case.subject_id, case.procedure): case for case in cases}


def cases_of(who: Asking, kind: str, subject: str, *, ended: bool = False) -> OfSubject:
    """The cases of a subject that the officer may see. ``who``: from the posts that reach the subject; ``ended``: it is no more."""
    found = of_subject(who.officer, kind, subject)
    still = [case for case in found if case.state in open_states]
    new = [] if ended else _new(who, kind, still)
    shown = rows(who.officer, still, Clocks(who.today)) if still else []
    return OfSubject(subject, [case.pk for case in found], shown, len(found) - len(still), new)


def _new(who: Asking, kind: str, still: Sequence[Case]) -> list[tuple[str, Sequence[Procedure]]]:
    pages = guideline()
    running = {case.procedure for case in still if kind in ("person", "household")}
    mine = [p for p in procedures_for(pages, kind) if p.code not in running and works_on(who.scopes, p.clause)]
    titles = dict.fromkeys(p.clause for p in mine)
    return [(pages.clauses[clause].title, [p for p in mine if p.clause == clause]) for clause in titles]
