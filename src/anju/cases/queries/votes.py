"""The vote of a case: its figures, and its roster page by page, for those who do the clause's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.cases.models import Vote, Voter
from anju.cases.queries.lists import purpose
from anju.government.models import Officer

a_page = 50


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of a roster: number, name and how they voted ("" not yet). ``page`` counts from 1 to ``pages``."""

    rows: Sequence[tuple[int, str, str]]
    page: int
    pages: int


def roster(officer: Officer, vote: Vote, page: int) -> Roster:
    """One page of who may vote; the nearest there is."""
    pages = -(-vote.eligible // a_page)
    at = min(max(page, 1), pages)
    first = (at - 1) * a_page
    found = Voter.objects.visible_to(officer, purpose=purpose).filter(
        vote=vote.first_id or vote.pk, number__gt=first, number__lte=first + a_page
    )
    rows = [
        (one.number, one.name.reveal(), one.choice.reveal() if one.voted_at else "") for one in found.order_by("number")
    ]
    return Roster(rows, at, pages)


def noted(officer: Officer, vote: Vote) -> int:
    """For how many it is noted how they voted."""
    return Voter.objects.visible_to(officer, purpose=purpose).filter(vote=vote, voted_at__isnull=False).count()
