"""The vote of a case with its roster page by page, and the meeting that votes on several; for those who do the clause's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from anju.cases.models import Case, Vote, Voter
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.cases.votes import current, meeting_of, revision
from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.queries.whom import whom

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
    seen = Voter.objects.visible_to(officer, purpose=purpose)
    own = vote.first_id is None or seen.filter(vote=vote).exists()  # else nothing is noted on it yet
    found = seen.filter(vote=vote.pk if own else vote.first_id, number__gt=first, number__lte=first + a_page)
    rows = [
        (one.number, one.name.reveal(), one.choice.reveal() if one.voted_at else "") for one in found.order_by("number")
    ]
    return Roster(rows, at, pages)


@dataclass(frozen=True, slots=True)
class Voted:
    """What a meeting votes on: a case by name, its vote, and for how many it is noted how they voted (``revision``: as of which deed)."""

    case: Case
    name: str
    vote: Vote
    noted: int
    revision: str

    @property
    def column(self) -> str:
        """What stands over the applicant's column: the name, and by the end of the case's id whose of that name, today and tomorrow."""
        return f"{self.name}（{self.case.pk.hex[-8:]}）"


def meeting(who: Asking, vote: Vote) -> list[Voted]:
    """What one meeting votes on, as far as the officer sees it and it still counts."""
    first = meeting_of(vote)
    seen = Vote.objects.visible_to(who.officer, purpose=purpose).select_related("case", "counted_by")
    found = [one for one in seen.filter(Q(pk=first) | Q(first=first)).order_by("pk") if _counts(one)]
    about = whom(who.officer, {(one.case.subject_kind, one.case.subject_id) for one in found}, who.today)
    told = []
    for one in found:
        known = about.get((one.case.subject_kind, one.case.subject_id))
        name = known.name if known else "—"
        told.append(Voted(one.case, name, one, noted(who.officer, one), revision_of(one)))
    return told


def revision_of(vote: Vote) -> str:
    """`anju.cases.votes.revision` of a vote that was found within the scope."""
    with everything():
        return revision(vote)


def _counts(vote: Vote) -> bool:
    with everything():
        counts = current(vote.case, Running.of(vote.case))
    return counts is not None and counts.pk == vote.pk


def names(officer: Officer, vote: Vote) -> list[tuple[int, str]]:
    """Everybody on the roster of a meeting, by number."""
    rows = Voter.objects.visible_to(officer, purpose=purpose).filter(vote=meeting_of(vote)).order_by("number")
    return [(row.number, row.name.reveal()) for row in rows.only("pk", "number", "name")]


def ballots(officer: Officer, votes: Sequence[Vote]) -> Mapping[UUID, Mapping[int, str]]:
    """How people voted as far as it is noted: case, number on the roster, choice."""
    rows = Voter.objects.visible_to(officer, purpose=purpose).filter(vote__in=votes, voted_at__isnull=False)
    found: dict[UUID, dict[int, str]] = {vote.case_id: {} for vote in votes}
    for row in rows.select_related("vote").only("pk", "number", "choice", "vote__case"):
        found[row.vote.case_id][row.number] = row.choice.reveal()
    return found


def noted(officer: Officer, vote: Vote) -> int:
    """For how many it is noted how they voted."""
    return Voter.objects.visible_to(officer, purpose=purpose).filter(vote=vote, voted_at__isnull=False).count()
