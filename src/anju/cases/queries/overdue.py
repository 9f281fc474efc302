"""What is overdue and has climbed to an officer's posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.cases.ladder import Ladder, Rung
from anju.cases.models import Turn, Turns, open_states
from anju.cases.queries.lists import purpose
from anju.cases.queries.rows import Row, rows
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.register.queries.paging import Listing


@dataclass(frozen=True, slots=True)
class Late:
    """A row with the rung on which it stands, and for how many days it has been overdue."""

    row: Row
    rung: Rung | None
    days: int


def climbed(officer: Officer, scopes: Sequence[Scope], rung: Rung, ladder: Ladder) -> Turns:
    """The turns that have climbed to a rung where one of the officer's posts sits."""
    seen = Turn.objects.visible_to(officer, purpose=purpose).filter(until_entry=None, case__state__in=open_states)
    return seen.filter(ladder.climbed(rung, scopes)).select_related("case")


def listing(found: Turns) -> Listing[Turn]:
    """In the order of those that wait longest."""
    return Listing((found,), ("since", "pk"))


def late(officer: Officer, turns: Sequence[Turn], ladder: Ladder) -> list[Late]:
    """Turns as rows."""
    if not turns:
        return []
    shown = rows(officer, [turn.case for turn in turns], ladder.clocks, turns)
    return [
        Late(row, ladder.stands(turn), max(-ladder.clocks.of(turn).left, 0))
        for row, turn in zip(shown, turns, strict=True)
    ]


def leads_in(scopes: Sequence[Scope]) -> list[str]:
    """The counties, by 12-digit code, in which one of the posts is the lead department."""
    return list(
        dict.fromkeys(
            f"{scope.lo[:6]}000000"
            for scope in scopes
            if (scope.level, scope.line) == (Level.COUNTY, Line.CIVIL_AFFAIRS)
        )
    )
