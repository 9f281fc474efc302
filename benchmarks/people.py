"""Made-up people: every fact drawn evenly from its values, some of them blank."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import polars as pl

from anju.policy.columns import dtype_of
from anju.policy.model import Term
from benchmarks.question import facts

_ranges = {"age": 95, "age_at_hukou_move": 95, "lapsed_months": 9, "original_land_mu": 12, "subsidy_rate": 400}
_votes = 60
_first_day, _days = date(2024, 5, 1), 730
_shares = 10_000
"""In how many parts the chance of a blank is drawn."""


def people(rows: int, blank: float, seed: int = 0) -> pl.DataFrame:
    """``rows`` made-up people: ``key`` and the facts, each blank with that probability; none where a blank counts as yes or no."""
    seeds = count(seed * 1_000)
    columns = {
        term.code: drawn(choices(term), rows, 0.0 if isinstance(term.blank_as, bool) else blank, next(seeds)).alias(
            term.code
        )
        for term in facts()
    }
    return pl.DataFrame({"key": pl.Series(range(rows), dtype=pl.UInt32), **columns})


def write_people(path: Path, rows: int, blank: float, chunk: int = 1_000_000) -> None:
    """The same as Parquet, made in parts."""
    parts = path.with_suffix(".parts")
    parts.mkdir()
    for at, start in enumerate(range(0, rows, chunk)):
        part = people(min(chunk, rows - start), blank, seed=at)
        part.with_columns(pl.col("key") + start).write_parquet(parts / f"{at:05}.parquet")
    pl.scan_parquet(parts / "*.parquet").sink_parquet(path)


def choices(term: Term) -> pl.Series:
    """What a fact may be, every value as likely as another."""
    if term.kind == "enum":
        return pl.Series([value.code for value in term.values], dtype=dtype_of(term))
    if term.kind == "bool":
        return pl.Series([False, True])
    if term.kind == "date":
        return pl.Series([_first_day + timedelta(days=n) for n in range(_days)])
    return pl.Series(range(_ranges.get(term.code, _votes))).cast(dtype_of(term))


def drawn(values: pl.Series, rows: int, blank: float, seed: int) -> pl.Series:
    """``rows`` of the values drawn evenly, each blank with that probability. The same seed draws the same."""
    found = values.sample(rows, with_replacement=True, seed=2 * seed)
    chance = pl.Series(range(_shares), dtype=pl.UInt16).sample(rows, with_replacement=True, seed=2 * seed + 1)
    return pl.select(pl.when(chance >= round(blank * _shares)).then(found)).to_series()
