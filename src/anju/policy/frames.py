"""Everyone at once: a decision is one dense table over its finite domain, and a frame is answered by index and gather.

A frame has a column a recorded fact, named by code: Boolean, Enum of the codes in the term's order (String is cast),
integers or floats, Date; null is a blank. A special value beside numbers is a Boolean column ``code.special``
(``days_since_visit.never``). Answers are columns ``code`` (null = open or not applicable), ``code.row`` (UInt8, null =
open) and ``code.missing`` (Enum of comma-separated term codes, null = nothing missing).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from anju.policy.axes import Axis, axes, plain
from anju.policy.columns import blank_column, dtype_of, formula_column
from anju.policy.dense import Dense, densify
from anju.policy.edition import Edition, Table
from anju.policy.model import Fact, Term

Blank = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """Columns that can be worked out together, in two waves: indexes first, then what is gathered with them."""

    first: tuple[pl.Expr, ...]
    second: tuple[pl.Expr, ...]
    drop: tuple[str, ...]


class Batch:
    """An edition compiled for frames.

    Args:
        edition: the guideline on a day.
        decisions: codes to answer.
        present: the frame's columns; a fact without a column is blank for every row.
    """

    def __init__(self, edition: Edition, decisions: Iterable[str], present: Iterable[str]) -> None:
        self.edition = edition
        self.decisions = tuple(decisions)
        self.plan = edition.plan(self.decisions)
        self.present = frozenset(present)
        self.terms = edition.policy.terms
        self.blanks: dict[str, tuple[Blank, ...]] = {}
        self.dense: dict[str, Dense] = {}
        reads = [edition.reads(code) for code in self.plan]
        self._read = frozenset(code for codes in reads for code in codes)
        self._stages = self._compile()

    def evaluate(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The frame with the answers' columns added. Works in the streaming engine: no row looks at another."""
        out = frame.with_columns(self._prepare())
        for stage in self._stages:
            out = out.with_columns(*stage.first) if stage.first else out
            out = out.with_columns(*stage.second).drop(stage.drop) if stage.second else out
        return out

    def answer_columns(self) -> tuple[str, ...]:
        """Names of the columns that answer the decisions."""
        return tuple(f"{code}{end}" for code in self.decisions for end in ("", ".row", ".missing"))

    def select(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Only the answers' columns."""
        return self.evaluate(frame).select(self.answer_columns())

    def _prepare(self) -> list[pl.Expr]:
        """Recorded facts in their dtype, blanks that count as a value filled, absent ones as null columns."""
        found: list[pl.Expr] = []
        for code in sorted(self._read):
            term = self.terms[code]
            if term.source != "ledger":
                continue
            column = self._recorded(term)
            found.append(column.alias(code))
            for special in term.specials:
                flag = f"{code}.{special.code}"
                have = pl.col(flag).fill_null(False) if flag in self.present else pl.lit(False)
                if term.blank_as == special.code:
                    have = have | column.is_null()
                found.append(have.alias(flag))
        return found

    def _recorded(self, term: Term) -> pl.Expr:
        if term.code == "as_of":
            return pl.lit(self.edition.on)
        if term.code not in self.present:
            column = pl.lit(None, dtype=dtype_of(term))
        else:
            column = pl.col(term.code).cast(dtype_of(term), strict=True)
        if isinstance(term.blank_as, bool) or (term.kind == "enum" and term.blank_as is not None):
            return column.fill_null(pl.lit(term.blank_as, dtype=dtype_of(term)))
        return column

    def _compile(self) -> list[Stage]:
        """One stage per depth: what reads only recorded facts first."""
        depth: dict[str, int] = {}
        for code in self.plan:
            depth[code] = 1 + max((depth.get(read, 0) for read in self.edition.reads(code) if read != code), default=0)
        stages: list[Stage] = []
        for level in sorted(set(depth.values())):
            first: list[pl.Expr] = []
            second: list[pl.Expr] = []
            drop: list[str] = []
            for code in (c for c in self.plan if depth[c] == level):
                if code in self.edition.tables:
                    self._decision(self.edition.tables[code], first, second, drop)
                else:
                    self._calculation(code, first)
            stages.append(Stage(tuple(first), tuple(second), tuple(drop)))
        return stages

    def _calculation(self, code: str, out: list[pl.Expr]) -> None:
        term = self.terms[code]
        calculation = self.edition.policy.calculations[code]
        value = formula_column(calculation.formula, self.edition.parameters, self.terms, term.kind)
        if term.source == "ledger":
            value = pl.coalesce(pl.col(code), value.cast(dtype_of(term)))
            out.append(value.alias(code))
            return
        out.append(value.cast(dtype_of(term)).alias(code))
        reads = self.edition.reads(code)
        states, column = blank_column(reads, {r: self._states(r) for r in reads})
        self.blanks[code] = states
        out.append(column.alias(f"{code}?"))

    def _states(self, code: str) -> tuple[Blank, ...]:
        """The ways in which a term can be blank: recorded facts in one way, derived ones by what they come from."""
        return self.blanks.get(code, ((code,),))

    def _decision(self, table: Table, first: list[pl.Expr], second: list[pl.Expr], drop: list[str]) -> None:
        grid = axes(table)
        dense = densify(table, grid, {t.code: self._states(t.code) for t in (*table.tested, *table.operands)})
        self.dense[table.code] = dense
        self.blanks[table.code] = dense.blanks
        index = f"{table.code}#"
        first.append(self._index(grid, table.operands).alias(index))
        drop.append(index)
        at = pl.col(index)
        row = pl.lit(dense.rows).gather(at)
        second.append(row.alias(f"{table.code}.row"))
        second.append(pl.lit(dense.missing).gather(at).alias(f"{table.code}.missing"))
        second.append(self._value(table, dense, row, at).alias(table.code))
        if table.code in self._read:
            second.append(pl.lit(dense.states).gather(at).alias(f"{table.code}?"))

    def _value(self, table: Table, dense: Dense, row: pl.Expr, at: pl.Expr) -> pl.Expr:
        if dense.values is not None:
            return pl.lit(dense.values).gather(at)
        value: pl.Expr = pl.lit(None, dtype=dtype_of(table.term))
        for rule in table.rules:
            if rule.result.formula is not None:
                column = formula_column(rule.result.formula, self.edition.parameters, self.terms, table.term.kind)
                value = pl.when(row == rule.row.number).then(column.cast(dtype_of(table.term))).otherwise(value)
        return value

    def _index(self, grid: Sequence[Axis], operands: Sequence[Term]) -> pl.Expr:
        """The row of the dense table that a row of the frame falls into."""
        index: pl.Expr = pl.lit(0, dtype=pl.UInt32)
        for axis in grid:
            states = self._states(axis.term.code)
            index = index * (axis.size + len(states)) + self._with_blanks(axis.term, self._piece(axis), axis.size)
        for term in operands:
            number = replace(term, specials=())  # a special value has no number to calculate with
            known = pl.lit(0, dtype=pl.UInt32)
            index = index * (1 + len(self._states(term.code))) + self._with_blanks(number, known, 1)
        return index

    def _with_blanks(self, term: Term, piece: pl.Expr, size: int) -> pl.Expr:
        if term.source == "ledger":
            if term.specials:
                flags = [pl.col(f"{term.code}.{s.code}") for s in term.specials]
                return (
                    pl.when(pl.col(term.code).is_null() & ~pl.any_horizontal(flags))
                    .then(size)
                    .otherwise(piece)
                    .cast(pl.UInt32)
                )
            if size == 1:
                return pl.col(term.code).is_null().cast(pl.UInt32)
            return piece.fill_null(size)
        blank = pl.col(f"{term.code}?").cast(pl.UInt32)
        return pl.when(blank > 0).then(blank + (size - 1)).otherwise(piece)

    def _piece(self, axis: Axis) -> pl.Expr:
        """The number of the piece that a known fact falls into; null where the fact is blank."""
        column = pl.col(axis.term.code)
        if axis.term.kind == "bool":
            return column.cast(pl.UInt32)
        if axis.term.kind == "enum":
            return column.to_physical().cast(pl.UInt32)
        piece: pl.Expr = pl.lit(0, dtype=pl.UInt32)
        for cut in axis.cuts:
            point = pl.lit(plain(cut.point))
            piece = piece + (column > point if cut.beyond else column >= point).cast(pl.UInt32)
        if not axis.cuts:
            piece = column.is_null().cast(pl.UInt32) * 0
        for at, special in enumerate(axis.term.specials):
            number = len(axis.cuts) + 1 + at
            piece = pl.when(pl.col(f"{axis.term.code}.{special.code}")).then(number).otherwise(piece).cast(pl.UInt32)
        return piece


def missing_terms(text: str | None) -> tuple[str, ...]:
    """The term codes of a ``.missing`` value."""
    return tuple(text.split(",")) if text else ()


def missing_texts(frame: pl.DataFrame, decision: str) -> tuple[str, ...]:
    """Every text that the decision's ``.missing`` column may hold."""
    dtype = frame.schema[f"{decision}.missing"]
    return tuple(dtype.categories) if isinstance(dtype, pl.Enum) else ()


def facts_frame(facts: Mapping[str, Sequence[Fact | None]], terms: Mapping[str, Term]) -> pl.DataFrame:
    """A frame of facts by term code in the dtypes that `Batch` reads; a special value goes to its Boolean column."""
    columns: list[pl.Series] = []
    for code, values in facts.items():
        term = terms[code]
        specials = [s.code for s in term.specials]
        columns += [pl.Series(f"{code}.{s}", [v == s for v in values], dtype=pl.Boolean) for s in specials]
        shown = [None if v in specials else v for v in values]
        columns.append(pl.Series(code, shown, dtype=dtype_of(term), strict=term.kind != "number"))
    return pl.DataFrame(columns)
