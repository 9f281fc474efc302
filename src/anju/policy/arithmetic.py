"""Formulas for one case: exact numbers, a blank operand gives a blank."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction

from anju.policy.edition import Point
from anju.policy.formula import Call, Fetch, Formula, Literal, Operation, Setting
from anju.policy.model import Fact

Quantity = Fraction | date | bool
Reader = Callable[[Mapping[str, Fact | None]], Quantity | None]

_operations: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
decimals = 6
"""Decimals to which a result of type 数 is rounded."""


def compile_formula(formula: Formula, parameters: Mapping[str, Point]) -> Reader:
    """A function from facts to the formula's value: a Fraction, a date or a bool; None where an operand is blank or a
    division is by zero.
    """
    if isinstance(formula, Literal):
        value = formula.value
        return lambda facts: value
    if isinstance(formula, Setting):
        setting = parameters.get(formula.name)
        return lambda facts: setting
    if isinstance(formula, Fetch):
        code = formula.code
        return lambda facts: _quantity(facts.get(code))
    if isinstance(formula, Operation):
        return _operation(formula, parameters)
    return _call(formula, parameters)


def whole_years(start: date, end: date) -> int:
    """Completed years; who was born on 29 February completes a year on 1 March of a common year."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def figure(value: Quantity | None, kind: str) -> bool | int | float | date | None:
    """A formula's value as a fact of a term of that kind: whole for int, rounded to `decimals` for number."""
    if value is None or isinstance(value, (bool, date)):
        return value
    if kind == "bool":
        return value != 0
    rounded = round(value, decimals)
    return int(rounded) if rounded.denominator == 1 else float(rounded)


def _quantity(value: Fact | None) -> Quantity | None:
    if value is None or isinstance(value, (date, Fraction)):
        return value
    if isinstance(value, str):
        return None
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _operation(formula: Operation, parameters: Mapping[str, Point]) -> Reader:
    left, right = compile_formula(formula.left, parameters), compile_formula(formula.right, parameters)
    op = formula.op

    def calculate(facts: Mapping[str, Fact | None]) -> Quantity | None:
        a, b = left(facts), right(facts)
        if a is None or b is None:
            return None
        if op in _operations:
            if op == "/" and b == 0:
                return None
            return _operations[op](_number(a), _number(b))
        return _compare(op, a, b)

    return calculate


def _compare(op: str, a: Quantity, b: Quantity) -> bool:
    if isinstance(a, date) and isinstance(b, date):
        return _ordered(op, a > b, a == b)
    x, y = _number(a), _number(b)
    return _ordered(op, x > y, x == y)


def _ordered(op: str, greater: bool, equal: bool) -> bool:
    return {
        "≥": greater or equal,
        ">": greater,
        "≤": not greater,
        "<": not (greater or equal),
        "=": equal,
        "≠": not equal,
    }[op]


def _number(value: Quantity) -> Fraction:
    return (
        value if isinstance(value, Fraction) else Fraction(value.toordinal() if isinstance(value, date) else int(value))
    )


def _call(formula: Call, parameters: Mapping[str, Point]) -> Reader:
    arguments = [compile_formula(a, parameters) for a in formula.arguments]
    apply = _functions[formula.name]

    def calculate(facts: Mapping[str, Fact | None]) -> Quantity | None:
        values = [argument(facts) for argument in arguments]
        known = [v for v in values if v is not None]
        return apply(known) if len(known) == len(values) else None

    return calculate


def _days(values: list[Quantity]) -> list[date]:
    return [v for v in values if isinstance(v, date)]


_functions: Mapping[str, Callable[[list[Quantity]], Quantity]] = {
    "最大": lambda values: max(map(_number, values)),
    "最小": lambda values: min(map(_number, values)),
    "向上取整": lambda values: Fraction(math.ceil(_number(values[0]))),
    "向下取整": lambda values: Fraction(math.floor(_number(values[0]))),
    "年龄": lambda values: Fraction(whole_years(*_days(values))),
    "天数": lambda values: Fraction((_days(values)[1] - _days(values)[0]).days),
    "月份": lambda values: Fraction(_days(values)[0].month),
}
