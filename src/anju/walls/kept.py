"""What goes round the walls against rewriting and deleting, since no trigger of theirs is asked: REPLACE on SQLite, TRUNCATE on PostgreSQL.

SQLite deletes every row that is in the way of one that replaces it, without asking delete triggers; so none is let in, or moved to
where another one is. That is refused in the words in which SQLite itself refuses a second row, whose constraint has its sentence; and
only where SQLite would let the row in, as it asks the CHECKs of a table first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

_emptied = "anju_never_emptied"
_function = (
    f"CREATE OR REPLACE FUNCTION {_emptied}() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{_emptied}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def names(vendor: str, table: str) -> Sequence[str]:
    """The names of what keeps the rows of a table."""
    if vendor == "postgresql":
        return (f"{table}_never_emptied",)
    return tuple(f"{table}_never_replaced_{event}" for event in ("INSERT", "UPDATE"))


def build(cursor: CursorWrapper, tables: Sequence[str]) -> None:
    """Keep the rows of tables, by the constraints that stand there now."""
    if cursor.db.vendor == "postgresql":
        cursor.execute(_function)
    for table in tables:
        if cursor.db.vendor == "sqlite":
            take_down(cursor, table)
        made = _sqlite(cursor, table) if cursor.db.vendor == "sqlite" else _postgresql(table)
        for statement in made:
            cursor.execute(statement)


def take_down(cursor: CursorWrapper, table: str) -> None:
    """Keep them no longer: the table is about to be changed."""
    vendor = cursor.db.vendor
    for name in names(vendor, table):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}{f' ON {table}' if vendor == 'postgresql' else ''}")


def _postgresql(table: str) -> Sequence[str]:
    (name,) = names("postgresql", table)
    return (f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {_emptied}()",)


@dataclass(frozen=True, slots=True)
class _Unique:
    """``keys``: columns, or expressions of them, that no two rows have alike; of those rows for which ``condition`` holds."""

    keys: Sequence[str]
    condition: str
    told: str

    def same(self) -> str:
        """The condition that a row `there` is in the way of ``NEW``."""
        alike = [f"{_of('there', key)} = {_of('NEW', key)}" for key in self.keys]
        only = [_of(row, self.condition) for row in ("there", "NEW") if self.condition]
        return " AND ".join([*alike, *only])


def _of(row: str, text: str) -> str:
    """An expression, of a row; Django writes each column, and nothing else, in quotation marks."""
    return re.sub(r'"(\w+)"', rf'{row}."\1"', text)


def _sqlite(cursor: CursorWrapper, table: str) -> Sequence[str]:
    found = tuple(_uniques(cursor, table))
    inserting, updating = names("sqlite", table)
    parts = [part for one in found for part in (*one.keys, one.condition)]
    columns = sorted({name for part in parts for name in re.findall(r'"\w+"', part)})
    moved = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
    let_in = " AND ".join(["1", *(f"COALESCE(({_of('NEW', check)}), 1)" for check in _checks(cursor, table))])

    def refused(one: _Unique, but: str) -> str:
        there = f"EXISTS (SELECT 1 FROM {table} AS there WHERE {one.same()}{but})"
        return f"SELECT RAISE(ABORT, 'UNIQUE constraint failed: {one.told}') WHERE CASE WHEN {there} THEN {let_in} ELSE 0 END;"

    new = " ".join(refused(one, "") for one in found)
    other = " ".join(refused(one, " AND there.rowid <> OLD.rowid") for one in found)
    event = f"UPDATE OF {', '.join(columns)}"
    return (
        f"CREATE TRIGGER {inserting} BEFORE INSERT ON {table} BEGIN {new} END",
        f"CREATE TRIGGER {updating} BEFORE {event} ON {table} WHEN {moved} BEGIN {other} END",
    )


def _checks(cursor: CursorWrapper, table: str) -> Iterator[str]:
    """The conditions of the CHECKs of a table."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
    (statement,) = cursor.fetchone()
    for found in re.finditer(r"\bCHECK \(", statement):
        depth = 1
        for at in range(found.end(), len(statement)):
            depth += (statement[at] == "(") - (statement[at] == ")")
            if not depth:
                yield statement[found.end() : at]
                break


def _uniques(cursor: CursorWrapper, table: str) -> Iterator[_Unique]:
    cursor.execute("SELECT name FROM pragma_table_info(%s) WHERE pk", [table])
    keys = [str(name) for (name,) in cursor.fetchall()]
    yield _plain(table, keys)
    cursor.execute(
        "SELECT i.name, m.sql FROM pragma_index_list(%s) AS i JOIN sqlite_master AS m ON m.name = i.name "
        "WHERE i.\"unique\" AND i.origin <> 'pk'",
        [table],
    )
    for index, statement in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s) ORDER BY seqno", [index])
        columns = [name for (name,) in cursor.fetchall()]
        _, _, condition = (statement or "").partition(" WHERE ")
        if None in columns:
            keys = list(_parts(statement.partition(f'ON "{table}" (')[2].removesuffix(")")))
            yield _Unique(keys, condition, f"index ''{index}''")
        else:
            yield _plain(table, columns, condition)


def _plain(table: str, columns: Sequence[str], condition: str = "") -> _Unique:
    return _Unique([f'"{c}"' for c in columns], condition, ", ".join(f"{table}.{c}" for c in columns))


def _parts(text: str) -> Iterator[str]:
    """What stands between the commas of a list, but not those within brackets."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and not depth:
            yield text[start:at].strip()
            start = at + 1
    yield text[start:].strip()
