"""Facts that follow from the register's own rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.db.models import Count, Q

from anju.government.regions.scope import move_scope
from anju.government.regions.table import significant
from anju.register.facts import Asked, provides
from anju.register.models import Household, Membership, Person, Relation, Site, Wish
from anju.register.models.relations import Kind

moved_terms: Mapping[str, str] = {
    Kind.HUKOU: "hukou_moved",
    Kind.PARTY: "party_moved",
    Kind.COLLECTIVE: "membership_moved",
    Kind.PENSION: "pension_moved",
    Kind.MEDICAL: "medical_moved",
    Kind.ASSISTANCE: "assistance_moved",
}
"""Relation → the fact that it has gone to where the person went."""

wish_terms: Mapping[str, tuple[str, str | None]] = {
    "hukou": ("hukou_wish", None),
    "hukou_choice": ("hukou_choice", None),
    "party": ("party_wish", None),
    "membership": ("membership_applied", "membership_applied_on"),
    "pension": ("pension_wish", None),
    "medical": ("medical_wish", None),
    "assistance": ("assistance_applied", "assistance_applied_on"),
    "election": ("election_choice", None),
}
"""Wish → the fact that it is, and the fact that is its day. A fact of 是否 is ``yes`` or ``no`` as a wish."""


def moved(holder: str, origin: str, destination: str) -> bool | None:
    """Whether a relation lies at the destination rather than at the origin; None where the codes cannot tell.

    The closer of the two holds it: a holder lies at a place if one of the two codes begins with the other.
    """
    there, here = _closeness(holder, destination), _closeness(holder, origin)
    if there == here:
        return None if origin == destination or holder not in (origin, destination) else holder == destination
    return there > here


def _closeness(one: str, other: str) -> int:
    if not one or not other:
        return 0
    one, other = significant(one), significant(other)
    return min(len(one), len(other)) if one.startswith(other) or other.startswith(one) else 0


@provides("person", "birth_date", "origin_code", "destination_code", "move_scope")
def _of_person(asked: Asked) -> pl.DataFrame:
    rows = asked.of(Person).values_list("pk", "birth_date", "origin", "destination")
    frame = _frame(rows, ("@id", "birth_date", "origin_code", "destination_code"), {"birth_date": pl.Date()})
    return _with_scope(frame, asked) if asked.at is None else frame.select("@id")


@provides("household", "origin_code", "destination_code", "move_scope")
def _of_household(asked: Asked) -> pl.DataFrame:
    rows = asked.of(Household).values_list("pk", "origin", "destination")
    frame = _frame(rows, ("@id", "origin_code", "destination_code"))
    return _with_scope(frame, asked) if asked.at is None else frame.select("@id")


@provides("person", "relocatee_kind", "settlement_mode")
def _of_own_household(asked: Asked) -> pl.DataFrame:
    """What a person's household is known for holds for the person, unless the person's own document says otherwise."""
    rows = asked.of(Membership, "person_id").filter(since__lte=asked.on, until__gt=asked.on)
    values = rows.values_list("person_id", "household__facts__relocatee_kind", "household__facts__settlement_mode")
    own = asked.of(Person).values_list("pk", "facts__relocatee_kind", "facts__settlement_mode")
    names = ("@id", "relocatee_kind", "settlement_mode")
    household, person = _frame(values, names), _frame(own, names)
    joined = person.join(household, on="@id", how="left", suffix="+")
    return joined.select("@id", *(pl.coalesce(name, f"{name}+").alias(name) for name in names[1:]))


@provides("person", *moved_terms.values(), "hukou_moved_on")
def _of_relations(asked: Asked) -> pl.DataFrame:
    steps = asked.known(asked.of(Relation, "person_id")).filter(since__lte=asked.on, kind__in=moved_terms)
    values = steps.values_list("person_id", "kind", "holder", "since").order_by("person_id", "kind", "since")
    frame = _frame(values, ("@id", "kind", "holder", "since"), {"since": pl.Date()})
    last = frame.group_by("@id", "kind", maintain_order=True).agg(pl.col("holder").last(), pl.col("since").last())
    people = asked.of(Person).values_list("pk", "origin", "destination")
    placed = last.join(_frame(people, ("@id", "origin", "destination")), on="@id", how="inner")
    triples = placed.select("holder", "origin", "destination").unique()
    told = pl.Series("moved", [moved(*triple) for triple in triples.iter_rows()], dtype=pl.Boolean)
    known = placed.join(triples.with_columns(told), on=["holder", "origin", "destination"], how="left")
    wide = known.select(
        "@id",
        *(_when(kind, "moved").alias(term) for kind, term in moved_terms.items()),
        pl.when((pl.col("kind") == "hukou") & pl.col("moved") & (pl.col("since").dt.year() > 1))
        .then(pl.col("since"))
        .alias("hukou_moved_on"),
    )
    return wide.group_by("@id").agg(pl.all().drop_nulls().first())


def _when(kind: str, column: str) -> pl.Expr:
    return pl.when(pl.col("kind") == kind).then(pl.col(column))


@provides("person", *(term for pair in wish_terms.values() for term in pair if term))
def _of_wishes(asked: Asked) -> pl.DataFrame:
    wishes = asked.known(asked.of(Wish, "person_id")).filter(on__lte=asked.on)
    values = wishes.values_list("person_id", "kind", "choice", "on").order_by("person_id", "kind", "on", "pk")
    frame = _frame(values, ("@id", "kind", "choice", "on"), {"on": pl.Date()})
    last = frame.group_by("@id", "kind", maintain_order=True).agg(pl.col("choice").last(), pl.col("on").last())
    shown: list[pl.Expr] = []
    for kind, (term, day) in wish_terms.items():
        choice = _when(kind, "choice")
        shown.append((choice == "yes" if day else choice).alias(term))
        if day:
            shown.append(pl.when((pl.col("kind") == kind) & (pl.col("choice") == "yes")).then(pl.col("on")).alias(day))
    return last.select("@id", *shown).group_by("@id").agg(pl.all().drop_nulls().first())


@provides("site", "persons")
def _of_site(asked: Asked) -> pl.DataFrame:
    """安置人数 from the households of the register, once it has any of the site."""
    present = Q(households__memberships__since__lte=asked.on, households__memberships__until__gt=asked.on)
    counted = asked.of(Site).annotate(n=Count("households__memberships", filter=present)).filter(n__gt=0)
    return _frame(counted.values_list("pk", "n"), ("@id", "persons"), {"persons": pl.Int64()})


def _with_scope(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The frame with 搬迁跨度, worked out once for each two places."""
    pairs = frame.select("origin_code", "destination_code").unique()
    told = [move_scope(o, d, asked.on) if o and d else None for o, d in pairs.iter_rows()]
    scoped = pairs.with_columns(pl.Series("move_scope", told, dtype=pl.String))
    blank = (pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in ("origin_code", "destination_code"))
    return frame.join(scoped, on=["origin_code", "destination_code"], how="left").with_columns(blank)


def _frame(
    rows: Iterable[tuple[Any, ...]], names: tuple[str, ...], dtypes: Mapping[str, pl.DataType] | None = None
) -> pl.DataFrame:
    """Rows of values as a frame; the first one is a UUID and becomes text."""
    schema = {name: (dtypes or {}).get(name, pl.String()) for name in names}
    return pl.DataFrame([(str(pk), *rest) for pk, *rest in rows], schema=schema, orient="row")
