"""Writing differences: a few rows or a million, by executemany on SQLite and by COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from anju.duties.models import Because

columns = (
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
_copied_from = 500
"""From so many rows on COPY is faster than INSERT."""
_names = ", ".join(f'"{column}"' for column in columns)
_marks = ", ".join(["%s"] * len(columns))
_insert = f"INSERT INTO duties_duty ({_names}, closed_because) VALUES ({_marks}, '') ON CONFLICT DO NOTHING"
_from_copy = (
    f"INSERT INTO duties_duty ({_names}, closed_because) SELECT {_names}, '' FROM opening ON CONFLICT DO NOTHING"
)


def open_duties(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert duties; one that somebody else opened meanwhile stays as it is."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= _copied_from:
            cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS opening (LIKE duties_duty) ON COMMIT DELETE ROWS")
            cursor.execute("ALTER TABLE opening ALTER id DROP NOT NULL, ALTER closed_because SET DEFAULT ''")
            cursor.execute("TRUNCATE opening")
            with cursor.copy(f"COPY opening ({_names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(_from_copy)
            return
        cursor.executemany(_insert, [tuple(map(_adapted, row)) for row in rows])


def change_duties(rows: Sequence[tuple[Any, ...]]) -> None:
    """Let what follows the facts follow them, where the duty is still open."""
    if not rows:
        return
    statement = (
        "UPDATE duties_duty SET counts_from = %s, terms = %s, household = %s, origin = %s, destination = %s, insured = %s "
        "WHERE id = %s AND closed_on IS NULL"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [tuple(map(_adapted, row)) for row in rows])


def close_duties(closing: Sequence[tuple[int, Because]], on: date) -> None:
    """Close duties that are still open."""
    rows = [(on, str(because.value), pk) for pk, because in closing]
    if rows:
        statement = "UPDATE duties_duty SET closed_on = %s, closed_because = %s WHERE id = %s AND closed_on IS NULL"
        with connection.cursor() as cursor:
            cursor.executemany(statement, [tuple(map(_adapted, row)) for row in rows])


def _adapted(value: Any) -> Any:
    """A value as the engine's driver takes it; Django does this for its own statements."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
