"""Figures are taken out as a workbook."""

from __future__ import annotations

from datetime import date

from anju.cases.actions.within import note
from anju.cases.models import Case
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import one_deed
from anju.journal.actions import record


def note_ballots_taken(*, by: Officer, case: Case, votes: int) -> None:
    """Write into the journal that the sheet of a meeting on so many cases, with the names of who votes, was taken."""
    with one_deed():
        note(by, "send_ballots", case, votes=votes)


def note_taken(*, by: Officer, first: date, end: date, region: str) -> None:
    """Write into the journal that the figures of 1.1-4 were taken, of the days from ``first`` to before ``end``."""
    with one_deed():
        record(
            actor=acting(by),
            action="cases.take_online",
            object_kind="hukou_online",
            object_id=region or "-",
            detail={"first": str(first), "end": str(end)},
        )
