"""Writing differences: a few rows or a million."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection

from anju.duties.difference import follows, words
from anju.duties.models import Because, Duty
from anju.policy.model import Policy
from anju.register.mass import insert

_mass_from = 500
_columns = (
    "subject_kind",
    "subject_id",
    "household",
    "kind",
    "decision",
    "row",
    "clause",
    "strength",
    "terms",
    "origin",
    "destination",
    "insured",
    "opened_on",
    "opened_at",
    "counts_from",
    "version_id",
)
_names = ", ".join(f'"{column}"' for column in _columns)
_marks = ", ".join(["%s"] * len(_columns))
_insert = {
    "postgresql": f"INSERT INTO duties_duty ({_names}, closed_because) VALUES ({_marks}, '') ON CONFLICT DO NOTHING",
    # here nobody else writes meanwhile, and a wall refuses what could be meant to replace a row (`anju.walls.kept`)
    "sqlite": f"WITH new ({_names}) AS (VALUES ({_marks})) INSERT INTO duties_duty ({_names}, closed_because) SELECT {_names}, '' "
    "FROM new WHERE NOT EXISTS (SELECT 1 FROM duties_duty AS d WHERE d.subject_kind = new.subject_kind "
    "AND d.subject_id = new.subject_id AND d.kind = new.kind AND d.closed_on IS NULL)",
}
_set = ", ".join(f"{column} = %s" for column in follows)


def open_duties(opened: pl.DataFrame, *, kind: str, policy: Policy, on: date, at: datetime) -> None:
    """Insert duties; one that somebody else opened meanwhile stays as it is."""
    if opened.is_empty():
        return
    rows = opened.join(words(policy), on="kind", how="left").select(
        pl.lit(kind).alias("subject_kind"),
        pl.col("subject").alias("subject_id"),
        *_columns[2:12],
        pl.lit(on).alias("opened_on"),
        pl.lit(at).alias("opened_at"),
        "counts_from",
        pl.lit(policy.version).alias("version_id"),
    )
    if rows.height >= _mass_from:
        insert(Duty, rows)
    else:
        _many(_insert[connection.vendor], rows.with_columns(_household()).rows())


def change_duties(changed: pl.DataFrame) -> None:
    """Let what follows the facts follow them, where the duty is still open."""
    if changed.is_empty():
        return
    rows = changed.select(*follows, "id").with_columns(_household()).rows()
    _many(f"UPDATE duties_duty SET {_set} WHERE id = %s AND closed_on IS NULL", rows)


def close_duties(closing: Sequence[tuple[int, Because]], on: date) -> None:
    """Close duties that are still open."""
    rows = [(on, str(because.value), pk) for pk, because in closing]
    _many("UPDATE duties_duty SET closed_on = %s, closed_because = %s WHERE id = %s AND closed_on IS NULL", rows)


def _household() -> pl.Expr:
    """The household as the engine stores it: SQLite has no hyphens in a UUID."""
    column = pl.col("household")
    return column if connection.vendor == "postgresql" else column.str.replace_all("-", "", literal=True)


def _many(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    stored = rows if connection.vendor == "postgresql" else [tuple(map(_adapted, row)) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, stored)


def _adapted(value: Any) -> Any:
    """A value as SQLite stores it; Django does this for its own statements."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
