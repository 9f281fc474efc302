"""Whom duties are about: where each subject is, to which household it belongs, and whether it still is."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from anju.register.among import Many
from anju.register.asking import Asked, Span, columns_of
from anju.register.models import CountyFacts, Household, Membership, Person, Relation, Site
from anju.register.models.relations import Kind

_tables: Mapping[str, type[Any]] = {"person": Person, "household": Household, "site": Site, "county": CountyFacts}
kinds = tuple(_tables)
most_locks = 500
"""Subjects that are locked one by one; for more, everybody waits."""
_space = 0x416E4A75
_everybody = 0

Whom = Sequence[str] | Span


place_columns = {
    "subject": pl.String(),
    "household": pl.String(),
    "origin": pl.String(),
    "destination": pl.String(),
    "pension": pl.String(),
    "medical": pl.String(),
    "ended": pl.Boolean(),
}
"""Where a subject is; ``pension`` and ``medical``: who holds the insurance; ``ended``: whether it no longer is."""


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


def placed(kind: str, who: Whom, on: date) -> pl.DataFrame:
    """Where each subject is: `place_columns`."""
    asked = Asked(kind, who, on)
    if kind == "person":
        found = _people(asked)
    elif kind == "household":
        found = _households(asked)
    else:
        place = "region" if kind == "site" else "code"
        found = columns_of(asked.of(_tables[kind]), {"@subject": "pk", "destination": place})
    blank = {name: pl.lit(False if name == "ended" else None if name == "household" else "") for name in place_columns}
    named = found.rename({"@subject": "subject", "@household": "household"}, strict=False)
    return named.select(
        (pl.col(name) if name in named.columns else blank[name]).cast(dtype).alias(name)
        for name, dtype in place_columns.items()
    )


def _people(asked: Asked) -> pl.DataFrame:
    names = {"@subject": "pk", "origin": "origin", "destination": "destination", "ended_on": "ended_on"}
    people = columns_of(asked.of(Person), names)
    members = asked.of(Membership, "person_id").filter(since__lte=asked.on, until__gt=asked.on)
    homes = columns_of(members, {"@subject": "person_id", "@household": "household_id"})
    held = asked.of(Relation, "person_id").filter(kind__in=[Kind.PENSION, Kind.MEDICAL], since__lte=asked.on)
    steps = columns_of(held, {"@subject": "person_id", "kind": "kind", "holder": "holder", "since": "since"})
    holders = steps.sort("since").group_by("@subject").agg(_holder(Kind.PENSION), _holder(Kind.MEDICAL))
    return (
        people.join(homes, on="@subject", how="left")
        .join(holders, on="@subject", how="left")
        .with_columns(
            pl.col("pension", "medical").fill_null(""),
            (pl.col("ended_on") <= str(asked.on)).fill_null(False).alias("ended"),
        )
    )


def _holder(kind: str) -> pl.Expr:
    return pl.col("holder").filter(pl.col("kind") == str(kind)).last().alias(str(kind))


def _households(asked: Asked) -> pl.DataFrame:
    """A household has ended when all who belonged to it have left."""
    names = {"@subject": "pk", "origin": "origin", "destination": "destination"}
    households = columns_of(asked.of(Household), names)
    members = columns_of(
        asked.of(Membership, "household_id"), {"@subject": "household_id", "since": "since", "until": "until"}
    )
    present = (pl.col("since") <= str(asked.on)) & (pl.col("until") > str(asked.on))
    left = members.group_by("@subject").agg(present.any().not_().alias("ended"))
    return households.join(left, on="@subject", how="left").with_columns(
        pl.col("@subject").alias("@household"), pl.col("ended").fill_null(False)
    )


def households_of(people: Sequence[str], on: date) -> list[str]:
    """The households to which people belong."""
    present = Membership.objects.unscoped().filter(person_id__among=Many(people), since__lte=on, until__gt=on)
    return columns_of(present, {"@household": "household_id"})["@household"].unique().sort().to_list()


def members_of(households: Sequence[str], on: date) -> list[str]:
    """The people who belong to households."""
    present = Membership.objects.unscoped().filter(household_id__among=Many(households), since__lte=on, until__gt=on)
    return columns_of(present, {"@person": "person_id"})["@person"].to_list()


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
