"""DuckDB: the same tables as one SQL query, generated from the pages.

Each table is a CASE over its rows. Where the known facts hit none, a bit mask of the rows that remain possible (an unknown
condition counts as possible) tells whether they agree and what is missing.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from anju.policy.edition import Condition
from anju.policy.model import Term
from benchmarks.question import Row, Sum, Table, bounds, counts_blank_as, decisions, origins, steps


def _cell(term: Term, condition: Condition) -> str:
    name, special = term.code, counts_blank_as(term)
    if condition.values:
        if special in condition.values:
            return f"{name} IS NULL"
        if isinstance(next(iter(condition.values)), bool):
            return name if True in condition.values else f"NOT {name}"
        values = sorted(condition.values, key=repr)
        return f"({' OR '.join(f'{name} = {value!r}' for value in values)})"  # IN would compare texts, not codes
    compared = " AND ".join(f"{name} {op} {_point(point)}" for op, point in bounds(condition))
    return f"({name} IS NOT NULL AND {compared})" if special else compared


def _point(point: object) -> str:
    return f"DATE '{point}'" if isinstance(point, date) else str(point)


def _cells(row: Row) -> str:
    return " AND ".join(_cell(term, condition) for term, condition in row.conditions) or "TRUE"


def _hit(table: Table) -> str:
    """The number of the row that the known facts hit."""
    return f"CASE {' '.join(f'WHEN {_cells(row)} THEN {row.number}' for row in table.rows)} END"


def _mask(table: Table) -> str:
    """Where no row is hit, the rows that are possible."""
    bits = " + ".join(
        f"CAST(coalesce({_cells(row)}, TRUE) AS INTEGER) * {1 << at}" for at, row in enumerate(table.rows)
    )
    return f"CASE WHEN {table.code}_hit IS NULL THEN {bits} END"


def _bits(table: Table, rows: tuple[Row, ...]) -> int:
    return sum(1 << table.rows.index(row) for row in rows)


def _row(table: Table) -> str:
    """The number of the row that is hit, or of the first possible row where all possible rows agree."""
    mask = f"{table.code}_mask"
    cases: list[str] = []
    for outcome in range(table.outcomes):
        rows = tuple(row for row in table.rows if row.outcome == outcome)
        others = (1 << len(table.rows)) - 1 - _bits(table, rows)
        first = " ".join(f"WHEN {mask} & {_bits(table, (row,))} <> 0 THEN {row.number}" for row in rows)
        cases.append(f"WHEN {mask} & {others} = 0 THEN CASE {first} END")
    return f"CAST(coalesce({table.code}_hit, CASE {' '.join(cases)} END) AS UTINYINT)"


def _value(table: Table) -> str:
    cases = " ".join(f"WHEN {row.number} THEN {_literal(row.value)}" for row in table.rows)
    return f"CASE {table.code}_row {cases} END"


def _literal(value: bool | str | None) -> str:
    return str(value).upper() if isinstance(value, bool) else f"'{value}'"


def _missing(table: Table, blanks: dict[str, list[str]]) -> str:
    """The blank facts that possible rows look at, where no row is settled."""
    parts: list[str] = []
    for code in table.tested:
        looked = _bits(table, table.testing(code))
        for fact in origins(code) if looked else ():
            why = [f"{code} IS NULL", f"{fact} IS NULL", *blanks.get(f"{code}:{fact}", [])]
            cells = " AND ".join(dict.fromkeys(why))
            parts.append(f"CASE WHEN {table.code}_mask & {looked} <> 0 AND {cells} THEN '{fact}' END")
    return f"CASE WHEN {table.code}_row IS NULL THEN concat_ws(',', {', '.join(parts)}) END"


def sql(source: str) -> str:
    """The query over a table or file of people."""
    read = {code for step in steps() if isinstance(step, Table) for code in step.tested}
    feeding = [step for step in steps() if isinstance(step, Table) and step.code in read]
    blanks: dict[str, list[str]] = {}
    for table in feeding:
        for code in table.tested:
            blanks[f"{table.code}:{code}"] = [f"{table.code}_mask & {_bits(table, table.testing(code))} <> 0"]
    query = f"SELECT * FROM {source}"
    sums = [f"{step.text} AS {step.code}" for step in steps() if isinstance(step, Sum)]
    query = f"SELECT *, {', '.join(sums).replace('==', '=')} FROM ({query})"
    for tables in (feeding, [s for s in steps() if isinstance(s, Table) and s.code in decisions]):
        query = f"SELECT *, {', '.join(f'{_hit(t)} AS {t.code}_hit' for t in tables)} FROM ({query})"
        query = f"SELECT *, {', '.join(f'{_mask(t)} AS {t.code}_mask' for t in tables)} FROM ({query})"
        query = f"SELECT *, {', '.join(f'{_row(t)} AS {t.code}_row' for t in tables)} FROM ({query})"
        if tables is feeding:
            query = f"SELECT *, {', '.join(f'{_value(t)} AS {t.code}' for t in tables)} FROM ({query})"
            continue
        answers = ", ".join(
            f'{_value(t)} AS {t.code}, {t.code}_row AS "{t.code}.row", {_missing(t, blanks)} AS "{t.code}.missing"'
            for t in tables
        )
        query = f"SELECT key, {answers} FROM ({query})"
    return query


class DuckDb:
    """In memory: from one table into another."""

    name = "duckdb"
    by_row = False

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET preserve_insertion_order = false")

    def take(self, rows: pl.DataFrame) -> str:
        self.connection.register("given", rows.to_arrow())
        self.connection.execute("CREATE OR REPLACE TABLE people AS SELECT * FROM given")
        self.connection.unregister("given")
        return "people"

    def answer(self, rows: str) -> Any:
        self.connection.execute(f"CREATE OR REPLACE TABLE answers AS {sql(rows)}")
        return self.connection

    def frame(self, answers: Any) -> pl.DataFrame:
        return answers.sql("SELECT * FROM answers ORDER BY key").pl()

    def file(self, source: Path, target: Path) -> None:
        query = sql(f"read_parquet('{source}')")
        self.connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
