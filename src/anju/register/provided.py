"""Facts that follow from the register's own rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl
from django.db.models import Count, Q, QuerySet

from anju.government.regions.scope import move_scope
from anju.government.regions.table import significant
from anju.policy.model import Term, Value
from anju.register import documents
from anju.register.asking import Asked, Question, columns_of
from anju.register.facts import former_of, provides
from anju.register.models import Household, Membership, PartyLife, Person, Relation, Site, Wish
from anju.register.models.relations import Kind
from anju.register.party_lives import near

moved_terms: Mapping[Kind, str] = {
    Kind.HUKOU: "hukou_moved",
    Kind.PARTY: "party_moved",
    Kind.COLLECTIVE: "membership_moved",
    Kind.PENSION: "pension_moved",
    Kind.MEDICAL: "medical_moved",
    Kind.ASSISTANCE: "assistance_moved",
}
"""Relation → the fact that it has gone to where the person went."""

_of_both = frozenset({"relocatee_kind", "settlement_mode"})
_unknown_since = date.min.isoformat()

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
"""Wish → the fact that it is, and the fact that is its day where no case says another. A fact of 是否 is ``yes`` or ``no`` as a wish."""
unsaid = ("unstated", "unasked")
"""未表态, 未选择, 未征求: no answer. It is put on record, as where somebody takes an application back, but nobody gives it."""


def sayable(term: Term) -> tuple[Value, ...]:
    """The values of a term that somebody may choose."""
    return tuple(value for value in term.values if value.code not in unsaid)


party_life_terms = ("dual_life_registered", "party_life_place")


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
    return _with_scope(_people(asked).with_columns(_day("birth_date")), asked)


@provides("household", "origin_code", "destination_code", "move_scope")
def _of_household(asked: Asked) -> pl.DataFrame:
    return _with_scope(_places(asked, _households), asked)


@provides("person", *_of_both, in_front=False)
def _of_own_household(asked: Asked) -> pl.DataFrame:
    """What a person's household is known for holds for the person, unless the person's own document says otherwise."""
    members = homes_of(asked)
    texts = asked.columns(_own_households, {"@household": "pk", "facts": "facts"})
    stood = former_of(replace(asked, kind="household"), texts["@household"].to_list())
    stood_texts = [documents.text(stood[i].facts) if i in stood else text for i, text in texts.iter_rows()]
    known = documents.columns("household", stood_texts, only=_of_both)
    return members.join(texts.select("@household").hstack(known), on="@household", how="inner").drop("@household")


def _own_households(asked: Asked) -> QuerySet[Household]:
    return Household.objects.unscoped().filter(pk__in=_memberships(asked).values("household_id"))


def _memberships(asked: Asked) -> QuerySet[Membership]:
    return asked.present(asked.of(Membership, "person_id"))


@provides("person", *moved_terms.values(), "hukou_moved_on")
def _of_relations(asked: Asked) -> pl.DataFrame:
    last = holders_of(asked)
    people = _people(asked).select("@id", origin="origin_code", destination="destination_code")
    placed = last.join(people, on="@id", how="inner")
    triples = list(placed.select("holder", "origin", "destination").iter_rows())
    told = {triple: moved(*triple) for triple in set(triples)}
    known = placed.with_columns(pl.Series("moved", [told[triple] for triple in triples], dtype=pl.Boolean))
    moved_on = (pl.col("kind") == "hukou") & pl.col("moved") & (pl.col("since") > _unknown_since)
    wide = known.select(
        "@id",
        *(_when(kind, "moved").alias(term) for kind, term in moved_terms.items()),
        pl.when(moved_on).then(pl.col("since")).str.to_date("%Y-%m-%d").alias("hukou_moved_on"),
    )
    return wide.group_by("@id").agg(pl.all().drop_nulls().first())


def holders_of(asked: Asked) -> pl.DataFrame:
    """Who holds people's relations, and since when: columns ``@id``, ``kind``, ``holder`` and ``since``. Read once."""
    if "holders" not in asked.read:
        names = {"@id": "person_id", "kind": "kind", "holder": "holder", "since": "since"}
        frame = asked.columns(_steps, names).with_columns(
            pl.col("kind").cast(pl.Enum([str(kind.value) for kind in Kind]))
        )
        chosen = frame.filter(pl.col("kind").is_in([str(kind) for kind in moved_terms]))
        last = chosen.sort("since").group_by("@id", "kind").agg(pl.col("holder", "since").last())
        asked.read["holders"] = last
    return asked.read["holders"]


def _steps(asked: Asked) -> QuerySet[Relation]:
    # an index would be asked once for each person and kind: the kinds are chosen afterwards
    return asked.known(asked.of(Relation, "person_id")).filter(since__lte=asked.on)


def homes_of(asked: Asked) -> pl.DataFrame:
    """To which household people belong: columns ``@id`` and ``@household``. Read once."""
    if "homes" not in asked.read:
        asked.read["homes"] = asked.columns(_memberships, {"@id": "person_id", "@household": "household_id"})
    return asked.read["homes"]


def _when(kind: str, column: str) -> pl.Expr:
    return pl.when(pl.col("kind") == kind).then(pl.col(column))


def wished(asked: Asked) -> pl.DataFrame:
    """The last wish of each kind, as the fact that it is, and the day of one that is an application: ``@id`` and the terms of `wish_terms`.
    Read once.
    """
    if "wishes" not in asked.read:
        asked.read["wishes"] = _last_wishes(asked)
    return asked.read["wishes"]


def _last_wishes(asked: Asked) -> pl.DataFrame:
    names = {"@id": "person_id", "kind": "kind", "choice": "choice", "on": "on", "row": "pk"}
    frame = asked.columns(_all_wishes, names).with_columns(_day("on"), pl.col("row").cast(pl.Int64))
    last = frame.sort("on", "row").group_by("@id", "kind").agg(pl.col("choice", "on").last())
    shown: list[pl.Expr] = []
    for kind, (term, day) in wish_terms.items():
        choice = _when(kind, "choice")
        shown.append((choice == "yes" if day else choice).alias(term))
        if day:
            shown.append(pl.when((pl.col("kind") == kind) & (pl.col("choice") == "yes")).then(pl.col("on")).alias(day))
    return last.select("@id", *shown).group_by("@id").agg(pl.all().drop_nulls().first())


def _all_wishes(asked: Asked) -> QuerySet[Wish]:
    return asked.known(asked.of(Wish, "person_id")).filter(on__lte=asked.on)


@provides("person", *(term for term, _ in wish_terms.values()))
def _of_wishes(asked: Asked) -> pl.DataFrame:
    return wished(asked)


@provides("person", *party_life_terms, recorded_too=True)
def _of_party_lives(asked: Asked) -> pl.DataFrame:
    """多重组织生活已登记 and 组织生活参加地 of those who take part somewhere; of several places the one that began last."""
    lives = asked.columns(_lives, {"@id": "person_id", "place": "place", "since": "since"})
    if lives.is_empty():
        return pl.DataFrame(
            schema={"@id": pl.String(), party_life_terms[0]: pl.Boolean(), party_life_terms[1]: pl.String()}
        )
    homes = _people(asked).select("@id", origin="origin_code", destination="destination_code")
    last = lives.sort("since").group_by("@id").agg(pl.col("place").last()).join(homes, on="@id", how="inner")
    there = [_is_there(*triple) for triple in last.select("place", "origin", "destination").iter_rows()]
    side = pl.Series(
        party_life_terms[1], [None if t is None else "destination" if t else "origin" for t in there], dtype=pl.String
    )
    return last.select("@id", pl.lit(value=True).alias(party_life_terms[0]), side)


def _lives(asked: Asked) -> QuerySet[PartyLife]:
    return asked.present(asked.of(PartyLife, "person_id"))


def _is_there(place: str, origin: str, destination: str) -> bool | None:
    """Whether a place is on the destination's side; another village of one of the two townships is on that township's."""
    closer = moved(place, origin, destination)
    sides = near(place, destination), near(place, origin)
    return sides[0] if closer is None and sides[0] != sides[1] else closer


@provides("site", "persons", recorded_too=True)
def _of_site(asked: Asked) -> pl.DataFrame:
    """安置人数 from the households of the register, once it has as many people of the site as were recorded, or none were."""
    known = settled(asked)
    enough = pl.col("recorded").is_null() | (pl.col("registered") >= pl.col("recorded"))
    return known.filter(enough, pl.col("registered") > 0).select("@id", pl.col("registered").alias("persons"))


def homes(asked: Asked) -> frozenset[str]:
    """The codes of the households at some sites in which somebody lives."""
    lived = {"households__memberships__since__lte": asked.on, "households__memberships__until__gt": asked.on}
    return frozenset(asked.of(Site).filter(**lived).values_list("households__code", flat=True))


def settled(asked: Asked) -> pl.DataFrame:
    """How many people of each site belong to a household of the register, and how many were recorded (null: none said): ``@id``,
    ``registered`` and ``recorded``.
    """
    homes = "households__memberships"
    living = Q(**{f"{homes}__since__lte": asked.on}) & Q(**{f"{homes}__until__gt": asked.on})
    if asked.at is not None:
        still = Q(**{f"{homes}__until__gt": asked.on}) | Q(**{f"{homes}__ended_at__gt": asked.at})
        living = Q(**{f"{homes}__since__lte": asked.on, f"{homes}__recorded_at__lte": asked.at}) & still
    counted = columns_of(
        asked.of(Site).annotate(n=Count(homes, filter=living)), {"@id": "pk", "registered": "n"}
    ).with_columns(pl.col("registered").cast(pl.Int64))
    texts = asked.columns(_sites, {"@id": "pk", "facts": "facts"})
    stood = former_of(asked, texts["@id"].to_list())
    then = [documents.text(stood[i].facts) if i in stood else text for i, text in texts.iter_rows()]
    recorded = documents.columns("site", then, on=asked.on, only=("persons",)).select(recorded="persons")
    return counted.join(texts.select("@id").hstack(recorded), on="@id", how="inner")


def sites_of(households: Sequence[str]) -> list[str]:
    """The sites that households live at: how many people belong to them is what the sites' 安置人数 follows from."""
    found = Asked("household", households, date.max).columns(_at_sites, {"@site": "site_id"}) if households else None
    return [] if found is None else found["@site"].unique().sort().to_list()


def _at_sites(asked: Asked) -> QuerySet[Household]:
    return asked.of(Household).exclude(site=None)


def _people(asked: Asked) -> pl.DataFrame:
    """Where people came from and are, and ``birth_date``; read once for all that asks for it."""
    if "people" not in asked.read:
        asked.read["people"] = _places(asked, _persons, "birth_date")
    return asked.read["people"]


def _persons(asked: Asked) -> QuerySet[Person]:
    return asked.of(Person)


def _households(asked: Asked) -> QuerySet[Household]:
    return asked.of(Household)


def _sites(asked: Asked) -> QuerySet[Site]:
    return asked.of(Site)


def _places(asked: Asked, table: Question, *more: str) -> pl.DataFrame:
    """Where subjects came from and are, as it was known: columns ``@id``, the two codes ("" unknown) and ``more``."""
    names = {"@id": "pk", "origin_code": "origin", "destination_code": "destination", **dict.fromkeys(more)}
    rows = asked.read.get("rows")
    frame = asked.columns(table, {name: column or name for name, column in names.items()}) if rows is None else rows
    stood = former_of(asked, frame["@id"].to_list())
    if not stood:
        return frame
    blank = {"origin_code": "", "destination_code": ""}
    lines = [
        {"@id": one, **{n: former.facts.get(n) or blank.get(n) for n in names if n != "@id"}}
        for one, former in stood.items()
    ]
    then = pl.DataFrame(lines, schema=frame.schema)
    return pl.concat([frame.filter(~pl.col("@id").is_in(list(stood))), then])


def _with_scope(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The frame with 搬迁跨度, worked out once for each two places."""
    pairs = list(zip(frame["origin_code"], frame["destination_code"], strict=True))
    told = {pair: move_scope(*pair, asked.on) if all(pair) else None for pair in set(pairs)}
    scoped = frame.with_columns(pl.Series("move_scope", [told[pair] for pair in pairs], dtype=pl.String))
    blank = (pl.when(pl.col(c) != "").then(pl.col(c)).alias(c) for c in ("origin_code", "destination_code"))
    return scoped.with_columns(blank)


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%Y-%m-%d", strict=False)
