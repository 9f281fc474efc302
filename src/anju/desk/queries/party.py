"""Where party members take part beside their affiliation: of one person, and of a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anju.government.models import Officer, never
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.reach import scope_of
from anju.government.scoped import joined
from anju.register.actions.party_life import keeps_party_life
from anju.register.asking import how_many
from anju.register.models import PartyLife, Person, Relation
from anju.register.models.relations import Kind
from anju.register.privacy import lines_of_clause, works_on
from anju.register.queries.paging import Listing

clause = "1.2"
_purpose = "经办"


@dataclass(frozen=True, slots=True)
class Taking:
    """One row by name. ``until`` None: it goes on; ``ended``: because of what it ended."""

    row: PartyLife
    place: str
    until: date | None
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Lives:
    """Where a person takes part, the latest first, and whether the officer may write it."""

    rows: tuple[Taking, ...]
    writable: bool

    @property
    def open(self) -> tuple[Taking, ...]:
        """Those that go on."""
        return tuple(one for one in self.rows if one.until is None)


def lives(
    officer: Officer, person: Person, scopes: Sequence[Scope], on: date, at: datetime | None, *, is_member: bool
) -> Lives | None:
    """Where a person takes part up to a day, as it was known; None for who does not see it, and of whom there is nothing to see.

    Args:
        scopes: the posts that reach the person.
    """
    if not works_on(scopes, clause):
        return None
    known: list[PartyLife] = []
    if how_many(PartyLife.objects.unscoped().filter(person=person)):
        visible = PartyLife.objects.visible_to(officer, purpose=_purpose).filter(person=person, since__lte=on)
        known = list((visible if at is None else visible.filter(recorded_at__lte=at)).order_by("-since", "-pk"))
    if not known and not is_member:
        return None
    names = Names((row.place for row in known), on)
    rows = tuple(_taking(row, names, person, on, at) for row in known)
    may_write = keeps_party_life(scopes, person.origin, person.destination)
    return Lives(rows, may_write and person.ended_on is None)


def _taking(row: PartyLife, names: Names, person: Person, on: date, at: datetime | None) -> Taking:
    known = at is None or (row.ended_at is not None and row.ended_at <= at)
    if not known or row.until > on:
        return Taking(row, names(row.place), None)
    if row.until == row.left_on:
        why = "登记错了" if row.left_on == row.since else "不再参加"
    else:
        why = "已注销" if row.until == person.ended_on else "组织关系变了"
    return Taking(row, names(row.place), row.until, why)


@dataclass(frozen=True, slots=True)
class Member:
    """A row of the list: who takes part where, and where the affiliation is ("" unknown)."""

    row: PartyLife
    place: str
    affiliated: str


def may_list(scopes: Sequence[Scope]) -> bool:
    """Whether one of the posts works with party facts."""
    return works_on(scopes, clause)


def taking_part(officer: Officer, scopes: Sequence[Scope], region: str) -> Listing[PartyLife]:
    """Who takes part now at the places of the officer's posts that work with it, in the order of places."""
    ours = [scope for scope in scopes if scope.line in lines_of_clause(clause)]
    visible = PartyLife.objects.visible_to(officer, purpose=_purpose).filter(until=never).select_related("person")
    ranges = joined(ours, _within(region))
    return Listing(tuple(visible.filter(place__gte=lo, place__lt=hi) for lo, hi in ranges), ("place", "pk"))


def _within(region: str) -> tuple[str, str]:
    try:
        return scope_of(region) if region else ("", "~")
    except ValueError:
        return ("", "~")


def members(officer: Officer, rows: Sequence[PartyLife], on: date) -> list[Member]:
    """The rows of a page by name."""
    steps = Relation.objects.visible_to(officer, purpose=_purpose).filter(
        person__in=[row.person_id for row in rows], kind=Kind.PARTY
    )
    held = dict(steps.last_steps().values_list("person_id", "holder"))
    names = Names({row.place for row in rows} | {code for code in held.values() if code}, on)
    return [Member(row, names(row.place), names(held.get(row.person_id) or "")) for row in rows]
