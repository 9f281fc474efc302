"""Whose facts are asked for, and rows as columns: a register of a city has millions of steps, wishes and documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import polars as pl
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Cast

from anju.government.second_wall import everywhere, tell
from anju.register.among import Many

M = TypeVar("M", bound=models.Model)
_at_once = 50_000


@dataclass(frozen=True, slots=True)
class Span:
    """Subjects whose id lies in ``first ≤ id < end``; ids grow with time, so that a register is read in spans."""

    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose facts, for which day, and as they were known when (None: now).

    ``who``: ids, a span of ids, or None for everyone.
    """

    kind: str
    who: Sequence[str] | Span | None
    on: date
    at: datetime | None = None

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
    told = {
        f"_{n}": F(c) if name == sealed else Cast(c, models.TextField()) for n, (name, c) in enumerate(names.items())
    }
    sql, parameters = rows.annotate(**told).values_list(*told).query.sql_with_params()
    schema: dict[str, pl.DataType] = {name: pl.Binary() if name == sealed else pl.String() for name in names}
    parts = [pl.DataFrame(schema=schema)]
    tell(connection, everywhere)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while batch := cursor.fetchmany(_at_once):
            parts.append(pl.DataFrame(batch, schema=schema, orient="row"))
    found = pl.concat(parts)
    ids = [name for name in names if name.startswith("@")]
    return found.with_columns(_hyphened(name) for name in ids) if connection.vendor == "sqlite" else found


def _hyphened(name: str) -> pl.Expr:
    """A UUID as SQLite stores it, 32 digits, as it is written."""
    places = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    parts = [pl.col(name).str.slice(start, length) for start, length in places]
    whole = pl.concat_str(parts, separator="-")
    return pl.when(pl.col(name).str.len_bytes() == 32).then(whole).otherwise(pl.col(name)).alias(name)
