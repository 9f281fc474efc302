"""What is owed beside what was owed: what to open, what to close and why, and what changed on duties that stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from anju.duties.judging import Found
from anju.duties.models import Because
from anju.duties.owed import fill_in
from anju.duties.subjects import Placed
from anju.policy.model import Policy


class Kept(NamedTuple):
    """A duty that is open in the database; the fields after ``version`` follow the facts while it stays open."""

    pk: int
    subject: str
    kind: str
    decision: str
    version: str
    opened_on: date
    counts_from: date | None
    terms: str
    household: UUID | None
    origin: str
    destination: str
    insured: str


follows = ("counts_from", "terms", "household", "origin", "destination", "insured")
"""What follows the facts while a duty stays open."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``opened``: rows for the database, in the order of `anju.duties.writing.columns`. ``changed``: what follows the facts, by key.

    ``left``: duties that are no longer owed; why is still to be said.
    """

    opened: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    left: list[Kept] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.opened or self.changed or self.left)


@dataclass(frozen=True, slots=True)
class Opening:
    """What all duties that one evaluation opens have in common."""

    kind: str
    policy: Policy
    on: date
    at: datetime


def difference(
    opening: Opening, found: Iterable[Found], kept: Iterable[Kept], places: Mapping[str, Placed]
) -> Difference:
    """Compare. A duty of the same kind for the same subject stays, and keeps the day and the grounds of its opening."""
    before = {(duty.subject, duty.kind): duty for duty in kept}
    out = Difference()
    for duty in found:
        place = places[duty.subject]
        insured = _insured(opening.policy, duty.kind, place)
        old = before.pop((duty.subject, duty.kind), None)
        if old is None:
            out.opened.append(_row(opening, duty, place, insured))
            continue
        day = counted_from(opening.policy, duty, old.opened_on)
        now = (day, duty.terms, place.household, place.origin, place.destination, insured)
        if now != old[6:]:
            out.changed.append((*now, old.pk))
    out.left.extend(before.values())
    return out


def why_left(duty: Kept, *, version: str, ended: bool, still_by_old_pages: bool, unanswered: bool) -> Because:
    """Why a duty is no longer owed."""
    if ended:
        return Because.SUBJECT_ENDED
    if duty.version != version and still_by_old_pages:
        return Because.SUPERSEDED
    return Because.GONE if unanswered and duty.kind != fill_in else Because.DONE


def counted_from(policy: Policy, duty: Found, opened_on: date) -> date | None:
    """The day from which a duty that stays counts: the day it opened, or the date of its subject as it is known now."""
    kind = policy.duties.get(duty.kind)
    if kind is None:
        return None
    return opened_on if kind.deadline.anchor == "opened" else duty.counts_from


def _row(opening: Opening, duty: Found, place: Placed, insured: str) -> tuple[Any, ...]:
    kind = opening.policy.duties.get(duty.kind)
    return (
        opening.kind,
        duty.subject,
        place.household,
        duty.kind,
        duty.decision,
        duty.row,
        kind.clause if kind else "",
        kind.strength if kind else "must",
        duty.terms,
        place.origin,
        place.destination,
        insured,
        opening.on,
        opening.at,
        duty.counts_from,
        opening.policy.version,
    )


def _insured(policy: Policy, kind: str, place: Placed) -> str:
    """Where the insurance is that a duty is about, if it is the insurer's."""
    found = policy.duties.get(kind)
    lines = {actor.line for actor in found.actors if actor.side == "insured"} if found else set()
    if not lines:
        return ""
    return place.pension if "human_resources" in lines else place.medical
