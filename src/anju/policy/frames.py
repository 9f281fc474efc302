"""Everyone at once: a decision is one dense table over its finite domain, and a frame is answered by index and gather.

A frame has a column a recorded fact, named by code: Boolean, Enum of the codes in the term's order (String is cast),
integers or floats, Date; null is a blank. A special value beside numbers is a Boolean column ``code.special``
(``days_since_visit.never``). Answers are columns ``code`` (null = open or not applicable), ``code.row`` (UInt8, null =
open) and ``code.missing`` (Enum of comma-separated term codes, null = nothing missing).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import prod

import polars as pl

from anju.policy.axes import Axis, Blank, axes, plain
from anju.policy.columns import blank_column, dtype_of, formula_column
from anju.policy.dense import Dense, densify
from anju.policy.edition import Edition, Table
from anju.policy.model import Fact, Term

_narrow = 65_535
"""Combinations that a 16-bit index holds."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """Columns that can be worked out together, in three waves: indexes and calculations, what is gathered with the
    indexes, and what of that is meant.
    """

    index: list[pl.Expr] = field(default_factory=list)
    gather: list[pl.Expr] = field(default_factory=list)
    settle: list[pl.Expr] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)


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
            out = out.with_columns(stage.index).with_columns(stage.gather).with_columns(stage.settle).drop(stage.drop)
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
        for term in (self.terms[code] for code in sorted(self._read)):
            if term.source != "ledger":
                continue
            column = self._recorded(term)
            flags = {s.code: self._flag(term, s.code) for s in term.specials}
            found += _with_flags(term, column, flags, fill=self.edition.calculation(term.code) is None)
        return found

    def _flag(self, term: Term, special: str) -> pl.Expr:
        name = f"{term.code}.{special}"
        return pl.col(name).fill_null(False) if name in self.present else pl.lit(False)

    def _recorded(self, term: Term) -> pl.Expr:
        if term.code == "as_of":
            return pl.lit(self.edition.on)
        if term.code not in self.present:
            return pl.lit(None, dtype=dtype_of(term))
        return pl.col(term.code).cast(dtype_of(term), strict=True)

    def _compile(self) -> list[_Stage]:
        """One stage per depth: what reads only recorded facts first."""
        depth: dict[str, int] = {}
        for code in self.plan:
            depth[code] = 1 + max((depth.get(read, 0) for read in self.edition.reads(code) if read != code), default=0)
        stages: list[_Stage] = []
        for level in sorted(set(depth.values())):
            stage = _Stage()
            for code in (c for c in self.plan if depth[c] == level):
                if code in self.edition.tables:
                    self._decision(self.edition.tables[code], stage)
                else:
                    self._calculation(code, stage.index)
            stages.append(stage)
        return stages

    def _calculation(self, code: str, out: list[pl.Expr]) -> None:
        term = self.terms[code]
        calculation = self.edition.policy.calculations[code]
        value = formula_column(calculation.formula, self.edition.parameters, self.terms, term.kind)
        if term.source == "ledger":
            flags = {special.code: pl.col(f"{code}.{special.code}") for special in term.specials}
            known = pl.coalesce(pl.col(code), value.cast(dtype_of(term)))
            if flags:
                known = pl.when(~pl.any_horizontal(list(flags.values()))).then(known)
            out += _with_flags(term, known, flags, fill=True)
            return
        out.append(value.cast(dtype_of(term)).alias(code))
        reads = self.edition.reads(code)
        states, column = blank_column(reads, {r: self._states(r) for r in reads})
        self.blanks[code] = states
        out.append(column.alias(f"{code}?"))

    def _states(self, code: str) -> tuple[Blank, ...]:
        """The ways in which a term can be blank: recorded facts in one way, derived ones by what they come from."""
        return self.blanks.get(code, (Blank((code,)),))

    def _told_apart(self, table: Table) -> tuple[frozenset[bool | str], ...]:
        """The groups of a decision's results that the tables of the plan can tell apart; none where no table asks."""
        readers = [t for c, t in self.edition.tables.items() if c in self.plan and table.term in t.tested]
        tests = [rule.conditions[t.tested.index(table.term)] for t in readers for rule in t.rules]
        groups: dict[tuple[bool, ...], set[bool | str]] = {}
        for value in (rule.result.value for rule in table.rules if tests):
            if value is not None:
                groups.setdefault(tuple(value in test.values for test in tests), set()).add(value)
        return tuple(map(frozenset, groups.values()))

    def _decision(self, table: Table, stage: _Stage) -> None:
        code = table.code
        grid = axes(table)
        states = {t.code: self._states(t.code) for t in (*table.tested, *table.operands)}
        dense = _densified(table, grid, tuple(states.items()), self._told_apart(table))
        self.dense[code] = dense
        self.blanks[code] = dense.blanks
        stage.index.append(self._index(grid, table.operands).alias(f"{code}#"))
        stage.drop.append(f"{code}#")
        gathered = {f"{code}.row": dense.rows, f"{code}.missing": dense.missing, code: dense.values}
        if code in self._read:
            gathered[f"{code}?"] = dense.states
        at = pl.col(f"{code}#")
        stage.gather.extend(pl.lit(s).gather(at).alias(name) for name, s in gathered.items() if s is not None)
        row = pl.col(f"{code}.row")
        stage.settle.append(pl.when(row != 0).then(row))
        stage.settle.append(pl.when(row == 0).then(pl.col(f"{code}.missing")))
        stage.settle.append(pl.when(row != 0).then(pl.col(code)) if dense.values is not None else self._figure(table))

    def _figure(self, table: Table) -> pl.Expr:
        """What the formula of the row that holds gives; null where it does not apply."""
        value: pl.Expr = pl.lit(None, dtype=dtype_of(table.term))
        for rule in table.rules:
            if rule.result.formula is not None:
                column = formula_column(rule.result.formula, self.edition.parameters, self.terms, table.term.kind)
                holds = pl.col(f"{table.code}.row") == rule.row.number
                value = pl.when(holds).then(column.cast(dtype_of(table.term))).otherwise(value)
        return value.alias(table.code)

    def _index(self, grid: Sequence[Axis], operands: Sequence[Term]) -> pl.Expr:
        """The row of the dense table that a row of the frame falls into, in 16 bits where they hold it."""
        parts: list[tuple[Term, int, Axis | None]] = [(axis.term, axis.size, axis) for axis in grid]
        # a special value has no number to calculate with
        parts += [(replace(term, specials=()), 1, None) for term in operands]
        wholes = [size + len(self._states(term.code)) for term, size, _ in parts]
        width = pl.UInt16() if prod(wholes) <= _narrow else pl.UInt32()
        index: pl.Expr = pl.lit(0, dtype=width)
        for at, ((term, size, axis), whole) in enumerate(zip(parts, wholes, strict=True)):
            piece = self._with_blanks(term, axis, size, width)
            index = index * pl.lit(whole, dtype=width) + piece if at else piece
        return index

    def _with_blanks(self, term: Term, axis: Axis | None, size: int, width: pl.DataType) -> pl.Expr:
        """The number of the piece that a fact falls into, or beyond them the number of its way to be blank."""
        column = pl.col(term.code)
        known = pl.lit(0, dtype=width) if size == 1 or axis is None else _piece(axis, width)
        if term.source != "ledger":
            blank = pl.col(f"{term.code}?")
            return pl.when(blank > 0).then(blank.cast(width) + pl.lit(size - 1, dtype=width)).otherwise(known)
        if term.specials:
            flags = [pl.col(f"{term.code}.{s.code}") for s in term.specials]
            blank = column.is_null() & ~pl.any_horizontal(flags)
            return pl.when(blank).then(pl.lit(size, dtype=width)).otherwise(known)
        return column.is_null().cast(width) if size == 1 else known.fill_null(pl.lit(size, dtype=width))


@lru_cache(maxsize=512)
def _densified(
    table: Table,
    grid: tuple[Axis, ...],
    states: tuple[tuple[str, tuple[Blank, ...]], ...],
    told_apart: tuple[frozenset[bool | str], ...],
) -> Dense:
    """A table that is the same on another day or in another county is worked out once."""
    return densify(table, grid, dict(states), told_apart)


def _piece(axis: Axis, width: pl.DataType) -> pl.Expr:
    """The number of the piece that a known fact falls into; null where the fact is blank."""
    column = pl.col(axis.term.code)
    if axis.term.kind == "bool":
        return column.cast(width)
    if axis.term.kind == "enum":
        return column.to_physical().cast(width)
    piece: pl.Expr = pl.lit(0, dtype=width)
    for at, cut in enumerate(axis.cuts):
        point = pl.lit(plain(cut.point))
        passed = (column > point if cut.beyond else column >= point).cast(width)
        piece = piece + passed if at else passed
    for at, special in enumerate(axis.term.specials):
        number = pl.lit(len(axis.cuts) + 1 + at, dtype=width)
        piece = pl.when(pl.col(f"{axis.term.code}.{special.code}")).then(number).otherwise(piece)
    return piece


def _with_flags(term: Term, column: pl.Expr, flags: Mapping[str, pl.Expr], *, fill: bool) -> list[pl.Expr]:
    """A recorded fact's columns: its value and a flag a special value; with ``fill`` a blank counts as it says."""
    if fill and term.blank_as is not None and term.blank_as not in flags:
        column = column.fill_null(pl.lit(term.blank_as, dtype=dtype_of(term)))
    found = [column.alias(term.code)]
    for special, flag in flags.items():
        blank = column.is_null() & ~pl.any_horizontal(list(flags.values()))
        found.append((flag | blank if fill and term.blank_as == special else flag).alias(f"{term.code}.{special}"))
    return found


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
