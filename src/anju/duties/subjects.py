"""Whom duties are about: where each subject is, to which household it belongs, and whether it still is."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import QuerySet

from anju.register.asking import Asked, Span, columns_of
from anju.register.models import CountyFacts, Household, Membership, Person, Site
from anju.register.models.relations import Kind
from anju.register.provided import holders_of, homes_of

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
    "hukou": pl.String(),
    "assistance": pl.String(),
    "paying": pl.String(),
    "ended": pl.Boolean(),
}
"""Where a subject is; ``pension`` and ``medical``: who holds the insurance; ``hukou``, ``assistance``: the same of these; ``paying``: who
has to see to its money, where that is known (`Asked.payers`); ``ended``: whether it no longer is.
"""


_held = [str(kind) for kind in (Kind.PENSION, Kind.MEDICAL, Kind.HUKOU, Kind.ASSISTANCE)]


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
    return places_of(Asked(kind, who, on))


def places_of(asked: Asked) -> pl.DataFrame:
    """The same for whoever asks more of the same subjects, and shares what was read."""
    kind = asked.kind
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
    people = asked.read.get("rows")
    if people is None:
        names = {"@id": "pk", "origin": "origin", "destination": "destination", "ended_on": "ended_on"}
        people = columns_of(asked.of(Person), names)
    else:
        people = people.rename({"origin_code": "origin", "destination_code": "destination"}).join(
            asked.read["ended"], on="@id"
        )
    holders = holders_of(asked).group_by("@id").agg(_holder(kind) for kind in _held)
    return (
        people.join(homes_of(asked), on="@id", how="left")
        .join(holders, on="@id", how="left")
        .join(asked.payers, on="@id", how="left")
        .with_columns(
            pl.col(*_held, "paying").fill_null(""),
            (pl.col("ended_on") <= str(asked.on)).fill_null(False).alias("ended"),
        )
        .rename({"@id": "@subject"})
    )


def _holder(kind: str) -> pl.Expr:
    return pl.col("holder").filter(pl.col("kind") == str(kind)).last().alias(str(kind))


def _households(asked: Asked) -> pl.DataFrame:
    """A household has ended when all who belonged to it have left."""
    names = {"@subject": "pk", "origin": "origin", "destination": "destination"}
    households = asked.columns(_those, names)
    members = asked.columns(_members, {"@subject": "household_id", "since": "since", "until": "until"})
    present = (pl.col("since") <= str(asked.on)) & (pl.col("until") > str(asked.on))
    left = members.group_by("@subject").agg(present.any().not_().alias("ended"))
    return households.join(left, on="@subject", how="left").with_columns(
        pl.col("@subject").alias("@household"), pl.col("ended").fill_null(False)
    )


def _those(asked: Asked) -> QuerySet[Household]:
    return asked.of(Household)


def _members(asked: Asked) -> QuerySet[Membership]:
    return asked.of(Membership, "household_id")


def _present(asked: Asked) -> QuerySet[Membership]:
    return asked.present(_members(asked))


def depending(kind: str, ids: Sequence[str], on: date) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Whose facts follow from those of subjects, themselves among them: by kind, each with those it follows from."""
    same = {key: [key] for key in ids}
    if kind == "person":
        return {"person": same, "household": _by(homes_of(Asked(kind, ids, on)).select("@household", "@id"))}
    if kind == "household":
        members = Asked(kind, ids, on).columns(_present, {"@member": "person_id", "@id": "household_id"})
        return {"person": _by(members), "household": same}
    return {kind: same}


def _by(pairs: pl.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, follows in sorted(pairs.iter_rows()):
        found.setdefault(key, []).append(follows)
    return found


def parts_of(kind: str, ids: Sequence[str], size: int) -> Iterator[Whom]:
    """Subjects in parts of ``size``; a span where nobody else's id lies between theirs, as after an import: a database goes through it in
    less than half the time in which it looks for so many ids.
    """
    ordered = sorted(ids)
    rows: Any = _tables[kind]._default_manager
    for start in range(0, len(ordered), size):
        part = ordered[start : start + size]
        span = Span(part[0], str(UUID(int=UUID(part[-1]).int + 1)))
        alone = rows.unscoped().filter(pk__gte=span.first, pk__lt=span.end).count() == len(part)
        yield span if alone else part


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
