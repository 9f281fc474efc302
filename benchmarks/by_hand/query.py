"""The decisions written by hand as a Polars query, the way an analyst who knows Polars well would write them.

Each decision is a list of conditions with their value and a list of facts with the condition under which a blank is in
the way. A comparison with a blank is null and null is not true, so a row is hit only by what is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import polars as pl
from polars import col

from benchmarks.by_hand import insurance, rights

decisions = {
    decision.__name__: decision
    for decision in (
        rights.hukou_route,
        rights.party_route,
        rights.membership_route,
        rights.land_use,
        rights.eco_project,
        rights.rent_subsidy,
        rights.industry_fund,
        rights.land_priority,
        insurance.pension_route,
        insurance.premium_support,
        insurance.pension_payment,
        insurance.medical_route,
        insurance.medical_coverage,
        insurance.medical_aid,
        insurance.assistance_route,
    )
}


def query(people: pl.LazyFrame, codes: tuple[str, ...]) -> pl.LazyFrame:
    """The key, and for each decision its value, its row and what is missing."""
    answers = [_Answer.of(code) for code in codes]
    found = people.with_columns(e for a in answers for e in (a.row, a.blanks))
    return found.select("key", *(e for a in answers for e in a.columns()))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A decision's row (0 where none is hit) and its blanks as bits, then the columns looked up by them."""

    code: str
    values: tuple[str, ...]
    facts: tuple[str, ...]
    row: pl.Expr
    blanks: pl.Expr

    @classmethod
    def of(cls, code: str) -> _Answer:
        rows, needs = decisions[code]()
        row: pl.Expr = pl.lit(0, dtype=pl.UInt8)
        for number, (condition, _) in enumerate(rows, start=1):
            row = pl.when(condition).then(pl.lit(number, dtype=pl.UInt8)).otherwise(row)
        bits = [
            (col(fact).is_null() & needed).cast(pl.UInt16) * pl.lit(1 << at, dtype=pl.UInt16)
            for at, (fact, needed) in enumerate(needs)
        ]
        facts, values = tuple(fact for fact, _ in needs), tuple(value for _, value in rows)
        return cls(code, values, facts, row.alias(f"{code}.row"), pl.sum_horizontal(bits).alias(f"{code}.missing"))

    def columns(self) -> tuple[pl.Expr, ...]:
        row, blanks = col(f"{self.code}.row"), col(f"{self.code}.missing")
        kinds = pl.Enum(list(dict.fromkeys(self.values)))
        values = pl.Series([self.values[0], *self.values], dtype=kinds)
        combinations = product((False, True), repeat=len(self.facts))
        texts = [",".join(f for f, b in zip(self.facts, reversed(bits), strict=True) if b) for bits in combinations]
        missing = pl.Series(texts, dtype=pl.Enum(texts))
        return (
            pl.when(row != 0).then(pl.lit(values).gather(row)).alias(self.code),
            pl.when(row != 0).then(row),
            pl.when(row == 0).then(pl.lit(missing).gather(blanks)).alias(f"{self.code}.missing"),
        )
