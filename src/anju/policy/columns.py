"""Columns: dtypes of terms, formulas as Polars expressions, and what a derived blank comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import product

import polars as pl

from anju.policy.arithmetic import decimals
from anju.policy.axes import Blank, plain
from anju.policy.edition import Point
from anju.policy.formula import Call, Fetch, Formula, Literal, Operation, Setting, is_comparison
from anju.policy.model import Term

_guard = 9
"""Decimals that count where numbers are compared or made whole, so that 0.1 + 0.2 compares like 0.3."""


def dtype_of(term: Term) -> pl.DataType:
    """The column type of a term."""
    if term.kind == "bool":
        return pl.Boolean()
    if term.kind == "enum":
        return pl.Enum([value.code for value in term.values])
    if term.kind == "int":
        return pl.Int64()
    if term.kind == "number":
        return pl.Float64()
    return pl.Date() if term.kind == "date" else pl.String()


def formula_column(formula: Formula, parameters: Mapping[str, Point], terms: Mapping[str, Term], kind: str) -> pl.Expr:
    """A formula as a column: a bool, a date, a whole number, or a number rounded as `arithmetic.figure` rounds it."""
    if is_comparison(formula):
        return _compared(formula, parameters, terms)
    column = _column(formula, parameters, terms)
    if kind == "int":
        return _guarded(column).cast(pl.Int64)
    return column.round(decimals) if kind == "number" else column


def blank_column(reads: Sequence[str], states: Mapping[str, tuple[Blank, ...]]) -> tuple[tuple[Blank, ...], pl.Expr]:
    """In which of its blank states a calculation is: the states, and a UInt16 column (0 = known).

    ``states``: for each term read, the ways in which it can be blank (a recorded fact: in one way, itself).
    """
    found: dict[Blank, int] = {}
    numbers: list[int] = []
    for combination in product(*((Blank(()), *states[code]) for code in reads)):
        origins = tuple(dict.fromkeys(c for blank in combination for c in blank.facts))
        numbers.append(found.setdefault(Blank(origins), len(found) + 1) if origins else 0)
    index: pl.Expr = pl.lit(0, dtype=pl.UInt32)
    for code in reads:
        state = (
            pl.col(code).is_null().cast(pl.UInt32)
            if states[code] == (Blank((code,)),)
            else pl.col(f"{code}?").cast(pl.UInt32)
        )
        index = index * (len(states[code]) + 1) + state
    column = pl.lit(pl.Series(numbers, dtype=pl.UInt16)).gather(index)
    return tuple(found), column


def _column(formula: Formula, parameters: Mapping[str, Point], terms: Mapping[str, Term]) -> pl.Expr:
    """A formula with 是否 as 0 or 1, so that it can stand inside another."""
    if isinstance(formula, Literal):
        return _constant(formula.value)
    if isinstance(formula, Setting):
        setting = parameters.get(formula.name)
        return pl.lit(None, dtype=pl.Float64) if setting is None else _constant(setting)
    if isinstance(formula, Fetch):
        column = pl.col(formula.code)
        return column.cast(pl.Int64) if terms[formula.code].kind == "bool" else column
    if isinstance(formula, Call):
        return _functions[formula.name]([_column(a, parameters, terms) for a in formula.arguments])
    if is_comparison(formula):
        return _compared(formula, parameters, terms).cast(pl.Int64)
    return _operations[formula.op](_column(formula.left, parameters, terms), _column(formula.right, parameters, terms))


def _compared(formula: Operation, parameters: Mapping[str, Point], terms: Mapping[str, Term]) -> pl.Expr:
    """A comparison as a Boolean column; figures are compared without what double precision adds to them."""
    left, right = _column(formula.left, parameters, terms), _column(formula.right, parameters, terms)
    if _is_date(formula.left, parameters, terms):
        return _operations[formula.op](left, right)
    return _operations[formula.op](_guarded(left), _guarded(right))


def _guarded(column: pl.Expr) -> pl.Expr:
    return column.round(_guard)


def _is_date(formula: Formula, parameters: Mapping[str, Point], terms: Mapping[str, Term]) -> bool:
    if isinstance(formula, Setting):
        return isinstance(parameters.get(formula.name), date)
    return isinstance(formula, Fetch) and terms[formula.code].kind == "date"


def _constant(value: Point) -> pl.Expr:
    known = plain(value)
    if isinstance(known, int):
        return pl.lit(known, dtype=pl.Int64)
    return pl.lit(known) if isinstance(known, date) else pl.lit(float(known))


def _divided(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    divisor = b.cast(pl.Float64)
    return pl.when(divisor != 0).then(a.cast(pl.Float64) / divisor)


_operations: Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "≥": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "≤": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
}


def _all_known(values: Sequence[pl.Expr], result: pl.Expr) -> pl.Expr:
    return pl.when(pl.all_horizontal([v.is_not_null() for v in values])).then(result)


def _years(values: Sequence[pl.Expr]) -> pl.Expr:
    start, end = (v.dt for v in values)
    early = (end.month() < start.month()) | ((end.month() == start.month()) & (end.day() < start.day()))
    return (end.year() - start.year()).cast(pl.Int64) - early.cast(pl.Int64)


_functions: Mapping[str, Callable[[Sequence[pl.Expr]], pl.Expr]] = {
    "最大": lambda values: _all_known(values, pl.max_horizontal(values)),
    "最小": lambda values: _all_known(values, pl.min_horizontal(values)),
    "向上取整": lambda values: _guarded(values[0].cast(pl.Float64)).ceil().cast(pl.Int64),
    "向下取整": lambda values: _guarded(values[0].cast(pl.Float64)).floor().cast(pl.Int64),
    "年龄": _years,
    "天数": lambda values: (values[1] - values[0]).dt.total_days(),
    "月份": lambda values: values[0].dt.month().cast(pl.Int64),
}
