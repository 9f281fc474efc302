"""Until when party members take part beside their one affiliation: never a second affiliation, nor a first one twice (1.2-2, I11).

The end of a row follows from what is known, and from nothing else: what the member said, the affiliation that came to the place or ended,
the next row of the place that is not void, the end of the person. So a step of the affiliation that is taken back, or a death that was a
mistake, gives back what had ended with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from anju.government.models import never
from anju.government.regions.table import significant, township
from anju.register.among import Many
from anju.register.models import PartyLife, Relation
from anju.register.models.relations import Kind

Steps = Sequence[tuple[date, str]]
"""The affiliation of somebody, oldest first: since when, and where; "" nowhere."""


def settle(people: Iterable[str]) -> None:
    """Let the rows of people end, or go on, as follows from what is known by now; within the transaction that changed it."""
    wanted = sorted(set(people))
    rows = PartyLife.objects.unscoped().filter(person_id__among=Many(wanted)).select_related("person")
    lives: dict[str, list[PartyLife]] = defaultdict(list)
    for row in rows.order_by("since", "pk"):
        lives[str(row.person_id)].append(row)
    for person, own in lives.items():
        steps = affiliation(person)
        for row in own:
            _end(row, until_of(row, steps, own))


def affiliation(person: str) -> Steps:
    """The steps of somebody's affiliation. Asked for nobody."""
    steps = Relation.objects.unscoped().filter(person_id=person, kind=Kind.PARTY).order_by("since")
    return tuple(steps.values_list("since", "holder"))


def near(place: str, home: str) -> bool:
    """Whether a place lies in the township of a home, or in its county where no township is known."""
    return bool(home) and significant(place).startswith(significant(home)[:township])


def held_on(steps: Steps, day: date) -> str | None:
    """Where the affiliation was on a day: "" nowhere, None unknown."""
    return next((holder for since, holder in reversed(steps) if since <= day), None)


def until_of(row: PartyLife, steps: Steps, lives: Sequence[PartyLife]) -> date:
    """The first day on which a row holds no more; its own first day for one that is void.

    Args:
        lives: all rows of the person, oldest first.
    """
    takes_its_place = {row.place, ""}
    ends = [row.left_on, row.person.ended_on]
    ends += [row.since] if held_on(steps, row.since) in takes_its_place else []
    ends += [since for since, holder in steps if holder in takes_its_place and since > row.since]
    next_there = (other for other in lives if other.place == row.place and other.left_on != other.since)
    ends += [other.since for other in next_there if (other.since, other.pk) > (row.since, row.pk)]
    return max(row.since, min((day for day in ends if day is not None), default=never))


def _end(row: PartyLife, until: date) -> None:
    if until == row.until:
        return
    ended_at = None if until == never else row.ended_at or timezone.now()
    PartyLife.objects.unscoped().filter(pk=row.pk).update(until=until, ended_at=ended_at)
