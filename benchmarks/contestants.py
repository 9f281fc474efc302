"""Who takes part, and what each must be able to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import polars as pl

from anju.policy.frames import Batch
from benchmarks.by_hand.query import query
from benchmarks.question import decisions, edition, facts


class Contestant(Protocol):
    """One engine. ``take`` brings the rows into its own form and ``frame`` brings its answers back; only `answer` and
    `file` are timed. Answers are, for each decision, the value, the row and what is missing.
    """

    name: str
    by_row: bool
    """Whether it works a row at a time, so that fewer rows are enough."""

    def take(self, rows: pl.DataFrame) -> Any: ...

    def answer(self, rows: Any) -> Any: ...

    def frame(self, answers: Any) -> pl.DataFrame: ...

    def file(self, source: Path, target: Path) -> None: ...


class Anju:
    """Ours: dense tables, index and gather."""

    name = "anju"
    by_row = False

    def __init__(self) -> None:
        self.batch = Batch(edition(), decisions, [fact.code for fact in facts()])

    def take(self, rows: pl.DataFrame) -> pl.LazyFrame:
        return rows.lazy()

    def answer(self, rows: pl.LazyFrame) -> pl.DataFrame:
        return self._query(rows).collect()

    def frame(self, answers: pl.DataFrame) -> pl.DataFrame:
        return answers

    def file(self, source: Path, target: Path) -> None:
        self._query(pl.scan_parquet(source)).sink_parquet(target)

    def _query(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        return self.batch.evaluate(rows).select("key", *self.batch.answer_columns())


class HandWritten:
    """The query in `by_hand`."""

    name = "polars"
    by_row = False

    def take(self, rows: pl.DataFrame) -> pl.LazyFrame:
        return rows.lazy()

    def answer(self, rows: pl.LazyFrame) -> pl.DataFrame:
        return query(rows, decisions).collect()

    def frame(self, answers: pl.DataFrame) -> pl.DataFrame:
        return answers

    def file(self, source: Path, target: Path) -> None:
        query(pl.scan_parquet(source), decisions).sink_parquet(target)


def comparable(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers without engine's types: text, whole numbers, text; nothing missing is null."""
    columns: list[pl.Expr] = []
    for code in decisions:
        columns.append(pl.col(code).cast(pl.String))
        columns.append(pl.col(f"{code}.row").cast(pl.Int64))
        text = pl.col(f"{code}.missing").cast(pl.String)
        columns.append(pl.when(text != "").then(text).alias(f"{code}.missing"))
    return answers.select(columns)


def differences(ours: pl.DataFrame, theirs: pl.DataFrame) -> list[str]:
    """Columns in which two comparable answers differ, with the first row where they do."""
    found: list[str] = []
    for name in ours.columns:
        unequal = ours[name].ne_missing(theirs[name]).arg_true()
        if unequal.len():
            at = unequal[0]
            found.append(f"{name}: {unequal.len()} rows, first {at}: {ours[name][at]!r}, theirs {theirs[name][at]!r}")
    return found
