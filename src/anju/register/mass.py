"""Many rows at once: what imports and the synthetic city write with, in place of a `save` a row.

    with everything():                                     # or whatever tells the database where the transaction writes
        insert(Person, frame)                               # texts of sealed fields are sealed on the way
        insert(Membership, …)
        record(…)                                          # one entry for all of it
        changed("person", ids)

SQLite gets hundreds of rows a statement, since a table with a trigger makes every statement keep what its pages were;
PostgreSQL by COPY into a table of the transaction and a statement from there, because row-level security lets no COPY in. While
the database takes some rows, the next are sealed.
Constraints, triggers and walls hold as for single rows; what they refuse is an `IntegrityError` (`anju.government.refusals.sentence`
has its sentence). Nothing here asks whether somebody may write: that is its caller's.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import polars as pl
from django.db import connection, models, transaction
from django.db.models import Field, ForeignKey, JSONField, Model

from anju.register.ahead import ahead
from anju.register.documents import text
from anju.sealing.blind_index import blind_indexes
from anju.sealing.ciphertext import Sealer
from anju.sealing.fields import SealedField

_at_once = 20_000
_a_statement = 500
_most_values = 32_000
"""What every SQLite takes in one statement."""
_moment = "%Y-%m-%d %H:%M:%S%.6f"


def insert(model: type[Model], rows: pl.DataFrame) -> None:
    """Insert the rows of a frame in their order.

    Args:
        rows: a column a column of the table (``person_id`` for a reference). UUIDs are text with hyphens, JSON is text, days are
            `pl.Date`, moments `pl.Datetime` in UTC. What is left out gets the field's default. A sealed field has texts, blank
            ones for nothing, beside the ``id`` that they are sealed for; or bytes that are sealed already.

    Raises:
        django.db.IntegrityError: a constraint or a wall refuses a row; the transaction has to be undone.
        ValueError: a column that the table does not have.
        transaction.TransactionManagementError: outside of a transaction.
    """
    fields = _fields(model, rows)
    full = rows.with_columns(_default(f, rows.height) for name, f in fields.items() if _missing(f, name, rows))
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        same = _same(full, fields)
        given = full.drop(same)
        columns = _quoted(model, [*given.columns, *same])
        told = ", ".join([*columns[: given.width], *["%s"] * len(same)])
        statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM anju_mass ORDER BY anju_place"
        for cursor in _copied(table, columns[: given.width], _parts(model, fields, given)):
            cursor.execute(statement, list(same.values()))
        _known_to_planner(table, full.height)
    else:
        for part in _parts(model, fields, full):
            _execute(table, _quoted(model, full.columns), part)


def update(model: type[Model], rows: pl.DataFrame, *, key: str = "id") -> None:
    """Give rows of a table new values in the columns of a frame; ``key`` says which rows. Raises as `insert` does."""
    fields = _fields(model, rows)
    stored = rows.select(_stored(fields[name]) for name in (*(c for c in rows.columns if c != key), key))
    table, columns, parts = model._meta.db_table, _quoted(model, stored.columns), stored.iter_slices(_at_once)
    if connection.vendor == "postgresql":
        given = ", ".join(f"{c} = given.{c}" for c in columns[:-1])
        same = f"t.{columns[-1]} = given.{columns[-1]}"
        for cursor in _copied(table, columns, map(_lines, parts)):
            cursor.execute("ANALYZE anju_mass")
            cursor.execute(f"UPDATE {table} AS t SET {given} FROM anju_mass AS given WHERE {same}")
    else:
        given = ", ".join(f"{c} = ?" for c in columns[:-1])
        for part in parts:
            _many(f"UPDATE {table} SET {given} WHERE {columns[-1]} = ?", part)


def delete(model: type[Model], rows: pl.DataFrame) -> None:
    """Delete the rows of a table that have the values of a frame's row in its columns. Raises as `insert` does."""
    fields = _fields(model, rows)
    stored = rows.select(_stored(fields[name]) for name in rows.columns)
    table, columns, parts = model._meta.db_table, _quoted(model, stored.columns), stored.iter_slices(_at_once)
    if connection.vendor == "postgresql":
        same = " AND ".join(f"t.{c} = given.{c}" for c in columns)
        for cursor in _copied(table, columns, map(_lines, parts)):
            cursor.execute("ANALYZE anju_mass")
            cursor.execute(f"DELETE FROM {table} AS t USING anju_mass AS given WHERE {same}")
    else:
        for part in parts:
            _many(f"DELETE FROM {table} WHERE {' AND '.join(f'{c} = ?' for c in columns)}", part)


def new_ids(count: int) -> pl.Series:
    """Ids as `new_id` makes them, for rows in their order: each is greater than the one before."""
    chance = int.from_bytes(os.urandom(4))
    first = time.time_ns() // 1_000_000 << 80 | 7 << 76 | 2 << 62 | (chance >> 2) << 32
    texts = (f"{first + at:032x}" for at in range(count))
    return pl.Series("id", [f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in texts], dtype=pl.String)


def indexed(numbers: Iterable[str | None]) -> pl.Series:
    """The blind index ``number_index`` of ID numbers."""
    return pl.Series("number_index", blind_indexes(numbers), dtype=pl.String)


def _parts(model: type[Model], fields: Mapping[str, Field[Any, Any]], rows: pl.DataFrame) -> Iterator[Any]:
    return ahead(lambda some: _closed(model, fields, some), rows.iter_slices(_at_once))


def _same(rows: pl.DataFrame, fields: Mapping[str, Field[Any, Any]]) -> dict[str, Any]:
    """What all rows say, by column: it is told once instead of being read anew in each row. Not the first column, so that one is left."""
    plain = [n for n in rows.columns[1:] if not fields[n].primary_key and not _to_seal(fields[n], rows[n])]
    if not plain or rows.is_empty():
        return {}
    alike = rows.select(pl.col(plain).eq_missing(pl.col(plain).first()).all()).row(0, named=True)
    stored = [_stored(fields[name]) for name, same in alike.items() if same]
    return rows.head(1).select(stored).row(0, named=True) if stored else {}


def _to_seal(field: Field[Any, Any], values: pl.Series) -> bool:
    return isinstance(field, SealedField) and values.dtype == pl.String()


def _closed(model: type[Model], fields: Mapping[str, Field[Any, Any]], rows: pl.DataFrame) -> Any:
    """Rows as the database is given them, with the texts of sealed fields sealed."""
    sealed = [_sealed(model, name, rows) for name in rows.columns if _to_seal(fields[name], rows[name])]
    closed = rows.with_columns(sealed).select(_stored(fields[name]) for name in rows.columns)
    return _lines(closed) if connection.vendor == "postgresql" else closed


def _sealed(model: type[Model], column: str, rows: pl.DataFrame) -> pl.Series:
    close = Sealer(model._meta.db_table, column)
    values = [close(row, value) if value else None for row, value in rows.select("id", column).iter_rows()]
    return pl.Series(column, values, dtype=pl.Binary)


def _fields(model: type[Model], rows: pl.DataFrame) -> dict[str, Field[Any, Any]]:
    """The fields of a table by column. Raises where the rows have others, or outside of a transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("many rows are written within a transaction that tells where")
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if strange := set(rows.columns) - set(fields):
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(strange))}")
    return fields


def _quoted(model: type[Model], names: Sequence[str]) -> list[str]:
    columns = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    return [connection.ops.quote_name(columns[name]) for name in names]


def _missing(field: Field[Any, Any], name: str, rows: pl.DataFrame) -> bool:
    """Whether a column is left out that the database does not fill by itself."""
    return name not in rows.columns and not isinstance(field, models.AutoField)


def _default(field: Field[Any, Any], height: int) -> pl.Series:
    """A column of what a new row has there; ids are one each."""
    values = [field.get_default() for _ in range(height)] if field.primary_key else [field.get_default()] * height
    if isinstance(field, JSONField):
        return pl.Series(field.attname, [None if value is None else text(value) for value in values], dtype=pl.String)
    plain = [str(value) for value in values] if field.primary_key else values
    return pl.Series(field.attname, plain)


def _stored(field: Field[Any, Any]) -> pl.Expr:
    """A column as the database reads it from text; sealed bytes stay bytes for SQLite."""
    column, kind = pl.col(field.attname), _kind(field)
    if kind == "UUIDField" and connection.vendor == "sqlite":
        return column.cast(pl.String()).str.replace_all("-", "", literal=True)
    if kind == "DateField":
        return column.cast(pl.Date()).dt.to_string("%Y-%m-%d")
    if kind == "DateTimeField":
        moment = column.cast(pl.Datetime("us", "UTC"))
        return moment.dt.to_string(_moment if connection.vendor == "sqlite" else f"{_moment}+00")
    if kind == "BinaryField" and connection.vendor == "postgresql":
        return pl.concat_str(pl.lit("\\x"), column.cast(pl.Binary()).bin.encode("hex")).alias(field.attname)
    return column


def _kind(field: Field[Any, Any]) -> str:
    return (field.target_field if isinstance(field, ForeignKey) else field).get_internal_type()


def _execute(table: str, columns: Sequence[str], rows: pl.DataFrame) -> None:
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "
    places = f"({', '.join('?' * rows.width)})"
    size = min(_a_statement, _most_values // rows.width)
    with connection.wrap_database_errors:
        for part in rows.iter_slices(size):
            statement = head + ", ".join([places] * part.height)
            connection.connection.execute(statement, list(chain.from_iterable(part.iter_rows())))


def _many(statement: str, rows: pl.DataFrame) -> None:
    with connection.wrap_database_errors:
        connection.connection.executemany(statement, rows.rows())


def _known_to_planner(table: str, added: int) -> None:
    """Count a table that was taken for smaller than what came into it: who asks for rows by their ids would read all of it each time."""
    if added < _at_once:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples < %s FROM pg_class WHERE oid = %s::regclass", [added, table])
        if cursor.fetchone()[0]:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")


def _lines(rows: pl.DataFrame) -> str:
    """Rows as COPY reads them, each behind its place."""
    return rows.with_row_index("anju_place").write_csv(include_header=False)


def _copied(table: str, columns: Sequence[str], parts: Iterable[str]) -> Iterator[Any]:
    """A cursor for each part, while its rows are in ``anju_mass``, a table of the transaction: one that an error left there is replaced."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.anju_mass")
        cursor.execute(
            f"CREATE TEMPORARY TABLE anju_mass ON COMMIT DROP AS SELECT 0 AS anju_place, {names} FROM {table} WITH NO DATA"
        )
        for at, lines in enumerate(parts):
            if at:
                cursor.execute("TRUNCATE anju_mass")
            with cursor.copy(f"COPY anju_mass (anju_place, {names}) FROM STDIN WITH (FORMAT csv)") as pipe:
                pipe.write(lines)
            yield cursor
        cursor.execute("DROP TABLE anju_mass")
