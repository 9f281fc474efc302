"""Whom duties are about: where each subject is, to which household it belongs, and whether it still is."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from anju.register.facts import Asked, Span
from anju.register.models import CountyFacts, Household, Membership, Person, Relation, Site
from anju.register.models.relations import Kind

_tables: Mapping[str, type[Any]] = {"person": Person, "household": Household, "site": Site, "county": CountyFacts}
kinds = tuple(_tables)
most_locks = 500
"""Subjects that are locked one by one; for more, everybody waits."""
_space = 0x416E4A75
_everybody = 0

Whom = Sequence[str] | Span


class Placed(NamedTuple):
    """Where a subject is. ``insured``: who holds the pension and the medical insurance."""

    household: UUID | None
    origin: str
    destination: str
    pension: str = ""
    medical: str = ""
    ended: bool = False


def lock(subjects: Sequence[tuple[str, str]] | None) -> None:
    """Let nobody else evaluate these subjects (None: any subject) until the transaction ends.

    Whoever waited then sees what the other one wrote. SQLite has one writer at a time, and needs nothing.
    """
    if connection.vendor != "postgresql":
        return
    alone = subjects is None or len(subjects) > most_locks
    with connection.cursor() as cursor:
        shared = "" if alone else "_shared"
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s, %s)", [_space, _everybody])
        if not alone and subjects:
            # in one order, so that two who wait for each other's subjects never wait in a ring
            keys = sorted({_key(f"{kind} {subject}") for kind, subject in subjects})
            cursor.execute("SELECT pg_advisory_xact_lock(%s, k) FROM unnest(%s::int4[]) AS k", [_space, keys])


def _key(text: str) -> int:
    """A number of 32 bits with a sign, never the one that means everybody."""
    return (zlib.crc32(text.encode()) or 1) - (1 << 31) or 1


def placed(kind: str, who: Whom, on: date) -> Mapping[str, Placed]:
    """Where each subject is, by id."""
    asked = Asked(kind, who, on)
    if kind == "person":
        return _people(asked)
    if kind == "household":
        return _households(asked)
    if kind == "site":
        return {str(pk): Placed(None, "", region) for pk, region in asked.of(Site).values_list("pk", "region")}
    return {code: Placed(None, "", code) for (code,) in asked.of(CountyFacts).values_list("pk")}


def _people(asked: Asked) -> Mapping[str, Placed]:
    members = asked.of(Membership, "person_id").filter(since__lte=asked.on, until__gt=asked.on)
    home = dict(members.values_list("person_id", "household_id"))
    pension: dict[UUID, str] = {}
    medical: dict[UUID, str] = {}
    held: dict[str, dict[UUID, str]] = {Kind.PENSION.value: pension, Kind.MEDICAL.value: medical}
    steps = asked.of(Relation, "person_id").filter(kind__in=list(held), since__lte=asked.on).order_by("since")
    for person, relation, holder in steps.values_list("person_id", "kind", "holder").iterator(chunk_size=5000):
        held[relation][person] = holder
    rows = asked.of(Person).values_list("pk", "origin", "destination", "ended_on").iterator(chunk_size=5000)
    return {
        str(pk): Placed(
            home.get(pk),
            origin,
            destination,
            pension.get(pk, ""),
            medical.get(pk, ""),
            ended=ended_on is not None and ended_on <= asked.on,
        )
        for pk, origin, destination, ended_on in rows
    }


def _households(asked: Asked) -> Mapping[str, Placed]:
    """A household has ended when all who belonged to it have left."""
    members = Membership.objects.unscoped().filter(household=OuterRef("pk"))
    rows = asked.of(Household).annotate(
        had=Exists(members), has=Exists(members.filter(since__lte=asked.on, until__gt=asked.on))
    )
    values = rows.values_list("pk", "origin", "destination", "had", "has").iterator(chunk_size=5000)
    return {
        str(pk): Placed(pk, origin, destination, ended=had and not has) for pk, origin, destination, had, has in values
    }


def households_of(people: Sequence[str], on: date) -> list[str]:
    """The households to which people belong."""
    present = Membership.objects.unscoped().filter(person_id__in=list(people), since__lte=on, until__gt=on)
    return [str(pk) for pk in present.values_list("household_id", flat=True).distinct()]


def members_of(households: Sequence[str], on: date) -> list[str]:
    """The people who belong to households."""
    present = Membership.objects.unscoped().filter(household_id__in=list(households), since__lte=on, until__gt=on)
    return [str(pk) for pk in present.values_list("person_id", flat=True)]


def spans(kind: str, size: int) -> list[Span]:
    """All subjects of a kind in spans of about ``size``, so that memory stays bounded."""
    rows: Any = _tables[kind]._default_manager
    last = "9" * 13 if kind == "county" else str(UUID(int=(1 << 128) - 1))
    found: list[Span] = []
    first = rows.unscoped().order_by("pk").values_list("pk", flat=True).first()
    while first is not None:
        rest = rows.unscoped().filter(pk__gte=first).order_by("pk").values_list("pk", flat=True)
        following = rest[size : size + 1].first()
        found.append(Span(str(first), last if following is None else str(following)))
        first = following
    return found
