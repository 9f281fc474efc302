"""Whose facts are asked for, and rows as columns: a register of a city has millions of steps, wishes and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import polars as pl
from django.db import connection, models
from django.db.models import Expression, F, Func, Q

from anju.government.second_wall import everywhere, tell
from anju.register.among import Many

M = TypeVar("M", bound=models.Model)
_portion = 50_000
_places_a_text = 100_000
_texts = pl.List(pl.String())


@dataclass(frozen=True, slots=True)
class Span:
    """Subjects whose id lies in ``first ≤ id < end``; ids grow with time, so that a register is read in spans."""

    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose facts, for which day, and as they were known when (None: now).

    ``who``: ids, a span of ids, or None for everyone. ``read``: what one answer has read that another needs too.
    """

    kind: str
    who: Sequence[str] | Span | None
    on: date
    at: datetime | None = None
    read: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    def of(self, table: type[M], column: str = "pk") -> models.QuerySet[M]:
        """Those rows, of everybody, that belong to whom is asked for; ``column`` is where they name the subject."""
        rows: Any = table._default_manager
        found: models.QuerySet[M] = rows.unscoped()
        if isinstance(self.who, Span):
            return found.filter(**{f"{column}__gte": self.who.first, f"{column}__lt": self.who.end})
        return found if self.who is None else found.filter(**{f"{column}__among": Many(self.who)})

    def known(self, rows: models.QuerySet[M]) -> models.QuerySet[M]:
        """Those rows that were recorded by then."""
        return rows if self.at is None else rows.filter(recorded_at__lte=self.at)

    def present(self, memberships: models.QuerySet[M]) -> models.QuerySet[M]:
        """Those memberships that hold on the day, as far as was known by then: an end that was set later had not come yet."""
        begun = self.known(memberships).filter(since__lte=self.on)
        still = Q(until__gt=self.on)
        return begun.filter(still if self.at is None else still | Q(ended_at__gt=self.at))


def columns_of(rows: models.QuerySet[M], names: Mapping[str, str], *, sealed: str = "") -> pl.DataFrame:
    """Rows as a frame of texts: ``names`` is the frame's column → the row's; days are ISO, UUIDs have their hyphens.

    Acts for nobody. Goes round Django's rows and converters, which cost more than the database.

    Args:
        names: columns of UUIDs begin with ``@``.
        sealed: the one column that stays as bytes.
    """
    tell(connection, everywhere)
    return _at_once(rows, names, sealed) if connection.vendor == "sqlite" else _by_row(rows, names, sealed)


def _by_row(rows: models.QuerySet[M], names: Mapping[str, str], sealed: str) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {name: pl.Binary() if name == sealed else pl.String() for name in names}
    sql, parameters = _selected(rows, [F(c) if name == sealed else _text(c) for name, c in names.items()])
    parts = [pl.DataFrame(schema=schema)]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(_portion):
            parts.append(pl.DataFrame(batch, schema=schema, orient="row"))
    return pl.concat(parts)


def _at_once(rows: models.QuerySet[M], names: Mapping[str, str], sealed: str) -> pl.DataFrame:
    """Each column as few JSON texts: SQLite's driver would let go of the interpreter for each row, and wait to have it back.

    One for every so many places of the table, because no text of SQLite's may be longer than a thousand million bytes.
    """
    asked = [_text(c, "NULLIF(hex(%(expressions)s), '')") if name == sealed else _text(c) for name, c in names.items()]
    place = f'"{rows.model._meta.db_table}".rowid / {_places_a_text}'
    span = Func(template=place, output_field=models.IntegerField())
    sql, parameters = _selected(rows, [*asked, span])
    columns = ", ".join(f"json_group_array(_{n})" for n in range(len(names)))
    grouped = " ".join(("SELECT", columns, "FROM (", sql, f") GROUP BY _{len(names)}"))
    schema = dict.fromkeys(names, pl.String())
    with connection.cursor() as cursor:
        cursor.execute(grouped, parameters)
        parts = [_decoded(pl.DataFrame([texts], schema=schema, orient="row"), sealed) for texts in cursor]
    return pl.concat(parts) if len(parts) > 1 else parts[0] if parts else _decoded(pl.DataFrame(schema=schema), sealed)


def _decoded(texts: pl.DataFrame, sealed: str) -> pl.DataFrame:
    """A column of each JSON text."""
    found = texts.select(pl.all().str.json_decode(_texts).explode())
    ids = [_hyphened(name) for name in found.columns if name.startswith("@")]
    shut = [pl.col(sealed).str.decode("hex")] if sealed else []
    return found.with_columns(*ids, *shut)


def _selected(rows: models.QuerySet[M], asked: Sequence[Expression | F]) -> tuple[str, Any]:
    told = {f"_{n}": column for n, column in enumerate(asked)}
    sql, parameters = rows.annotate(**told).values_list(*told).query.sql_with_params()
    return sql, parameters


def _text(column: str, template: str = "CAST(%(expressions)s AS text)") -> Func:
    return Func(F(column), template=template, output_field=models.TextField())


def _hyphened(name: str) -> pl.Expr:
    """A UUID as SQLite stores it, 32 digits, as it is written."""
    places = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    parts = [pl.col(name).str.slice(start, length) for start, length in places]
    whole = pl.concat_str(parts, separator="-")
    return pl.when(pl.col(name).str.len_bytes() == 32).then(whole).otherwise(pl.col(name)).alias(name)
