"""Rows about the steps of relations and about wishes: those of the people of a list that are the work of the officer's lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet

from anju.exchange.exporting.asked import Asked
from anju.exchange.exporting.people import numbered
from anju.exchange.finding import day, framed
from anju.register.actions.relations import clauses
from anju.register.actions.wishes import choices
from anju.register.among import Many
from anju.register.guideline import guideline
from anju.register.models import Person, Relation, Wish
from anju.register.models.relations import Because, Kind
from anju.register.models.wishes import WishKind
from anju.register.privacy import works_on
from anju.register.provided import wish_terms
from anju.register.steps import unknown_since

_relation = ("person_id", "kind", "since", "holder", "place_name", "because", "evidence")
_wish = ("person_id", "kind", "on", "choice", "how", "pk")


def steps(asked: Asked) -> QuerySet[Relation]:
    """The steps of relations that are the officer's lines' work, of everybody whom the officer sees."""
    mine = [str(kind) for kind, clause in clauses.items() if works_on(asked.scopes, clause)]
    return Relation.objects.visible_to(asked.officer, purpose=asked.purpose).filter(kind__in=mine)


def answers(asked: Asked) -> QuerySet[Wish]:
    """The wishes that are the officer's lines' work, of everybody whom the officer sees."""
    terms = guideline().terms
    mine = [kind for kind, (term, _) in wish_terms.items() if works_on(asked.scopes, terms[term].clause)]
    return Wish.objects.visible_to(asked.officer, purpose=asked.purpose).filter(kind__in=mine)


def relations(found: Sequence[Person], asked: Asked) -> pl.DataFrame:
    """A row a step: of each person in the list's order, relation by relation, the oldest first."""
    frame = _about(found, steps(asked), _relation).rename(
        {"holder": "@holder_code", "place_name": "@unit", "evidence": "@evidence"}
    )
    frame = frame.with_columns(day("since").alias("@since")).sort("@at", _order("kind", Kind.values), "@since")
    return frame.with_columns(
        _label("kind", Kind.choices).alias("@kind"),
        _label("because", Because.choices).alias("@because"),
        pl.when(pl.col("@since") > unknown_since).then("@since").alias("@since"),
    )


def wishes(found: Sequence[Person], asked: Asked) -> pl.DataFrame:
    """A row an answer: of each person in the list's order, wish by wish, the oldest first."""
    frame = _about(found, answers(asked), _wish).rename({"how": "@how"})
    frame = frame.with_columns(day("on").alias("@on"), pl.col("pk").cast(pl.Int64))
    labels = {(kind, code): label for kind in wish_terms for code, label in choices(kind)}
    pairs = zip(frame["kind"], frame["choice"], strict=True)
    said = pl.Series("@choice", [labels.get(pair, pair[1]) for pair in pairs], dtype=pl.String)
    frame = frame.with_columns(said).sort("@at", _order("kind", WishKind.values), "@on", "pk")
    return frame.with_columns(_label("kind", WishKind.choices).alias("@kind"))


def _about(found: Sequence[Person], rows: QuerySet[Any], names: Sequence[str]) -> pl.DataFrame:
    """The rows of these people as texts, with who each is: ``@at`` is the person's place in the list."""
    ids = numbered(found).with_row_index("@at")
    who = ids.with_columns(
        pl.Series("@name", [one.name for one in found], dtype=pl.String),
        pl.Series("birth_date", [one.birth_date for one in found], dtype=pl.Date),
    )
    of_these = rows.filter(person_id__among=Many(who["@person"].to_list())).values_list(*names)
    told = framed(list(of_these), dict.fromkeys(names, pl.String()))
    return who.join(told, left_on="@person", right_on="person_id", how="inner")


def _label(column: str, pairs: Sequence[tuple[str, Any]]) -> pl.Expr:
    codes, labels = zip(*((str(code), str(label)) for code, label in pairs), strict=True)
    return pl.col(column).replace_strict(list(codes), list(labels), default=None, return_dtype=pl.String)


def _order(column: str, codes: Sequence[str]) -> pl.Expr:
    return pl.col(column).replace_strict(list(map(str, codes)), list(range(len(codes))), default=None)
