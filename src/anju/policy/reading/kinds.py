"""What kind of value a formula gives, found while reading: nothing is calculated with a word or a day by mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal as Kinds

from anju.policy.errors import CellError
from anju.policy.formula import Call, Fetch, Formula, Literal, Operation, Setting, comparisons, terms_of, walk
from anju.policy.model import Bound, Cell, Term
from anju.policy.reading.context import Reading

ValueKind = Kinds["bool", "int", "number", "date"]

_kinds: Mapping[str, ValueKind] = {"bool": "bool", "int": "int", "number": "number", "date": "date"}

_of_dates = {"年龄": 2, "天数": 2, "月份": 1}
_rounding = ("向上取整", "向下取整")


def check_formula(formula: Formula, term: Term, reading: Reading, *, not_zero: frozenset[str] = frozenset()) -> None:
    """Raise `CellError` unless the formula gives a value of the term's kind from facts about the term's subjects.

    ``not_zero``: codes of terms that cannot be 0 where the formula is used, so that it may divide by them.
    """
    for code in terms_of(formula):
        operand = reading.terms[code]
        if not set(term.subjects) <= set(operand.subjects):
            raise CellError(f"算式里的“{operand.name}”说的不是“{term.name}”的对象", "算式和结果要说同一个对象", "词")
    for node in walk(formula):
        if isinstance(node, Operation) and node.op == "/":
            _check_divisor(node.right, reading, not_zero)
    kind = kind_of(formula, reading)
    if term.kind == "int" and kind == "number":
        raise CellError(f"“{term.name}”是整数，算式可能得出小数", "套上 向上取整 或 向下取整，或者把类型写成 数")
    if kind != term.kind and (kind, term.kind) != ("int", "number"):
        raise CellError(f"“{term.name}”的类型和算式不合", "比较得到是否，术语和计算得到数，日期只能照抄一个日期")


def kind_of(formula: Formula, reading: Reading) -> ValueKind:
    """The kind of a formula's value; ``int`` where it is whole whatever the facts. Raises `CellError`."""
    if isinstance(formula, Literal):
        return "int" if formula.value.denominator == 1 else "number"
    if isinstance(formula, Setting):
        return _parameter(formula.name, reading)
    if isinstance(formula, Fetch):
        return _term(reading.terms[formula.code])
    if isinstance(formula, Operation):
        return _operation(formula, reading)
    return _call(formula, reading)


def check_bounds(cell: Cell, term: Term, reading: Reading) -> None:
    """Raise `CellError` where a date is compared with a number or a number with a date."""
    for bound in (cell.low, cell.high, cell.not_equal):
        if bound is not None and (term.kind == "date") != _is_date(bound, reading):
            wanted = "日期" if term.kind == "date" else "数"
            raise CellError(f"“{term.name}”和“{cell.text}”不是一种值", f"这里的 {{参数}} 要是{wanted}", "参数")


def _is_date(bound: Bound, reading: Reading) -> bool:
    return bool(bound.parameter) and _parameter(bound.parameter, reading) == "date"


def _parameter(name: str, reading: Reading) -> ValueKind:
    numbers: list[Fraction] = []
    for parameter in reading.parameters[name]:
        if isinstance(parameter.value, date):
            return "date"
        if parameter.value is not None:
            numbers.append(parameter.value)
    return "int" if numbers and all(number.denominator == 1 for number in numbers) else "number"


def _term(term: Term) -> ValueKind:
    if term.kind not in _kinds:
        raise CellError(f"算式里的“{term.name}”不是数也不是日期", "算式里写是否、整数、数和日期")
    return _kinds[term.kind]


def _operation(formula: Operation, reading: Reading) -> ValueKind:
    left, right = kind_of(formula.left, reading), kind_of(formula.right, reading)
    if formula.op in comparisons:
        if (left == "date") != (right == "date"):
            raise CellError(f"“{formula.op}”两边一个是日期、一个是数", "日期和日期比，数和数比")
        return "bool"
    if "date" in (left, right):
        raise CellError(f"日期不能用“{formula.op}”", "隔几天写 天数(从, 到)，几周岁写 年龄(从, 到)")
    return "number" if formula.op == "/" or "number" in (left, right) else "int"


def zero_excluded(cell: Cell, reading: Reading) -> bool:
    """Whether a figure that fulfils the condition cannot be 0: ``≥1``, ``>0``, ``≠0``, ``≥{a parameter above 0}``."""
    if cell.not_equal is not None:
        return not cell.not_equal.parameter and cell.not_equal.number == 0
    if cell.low is None:
        return False
    if not cell.low.parameter:
        return cell.low.number > 0 or not cell.low_in
    values = [p.value for p in reading.parameters[cell.low.parameter]]
    return all(isinstance(value, Fraction) and value > 0 for value in values)


def _check_divisor(divisor: Formula, reading: Reading, not_zero: frozenset[str]) -> None:
    """A divisor is a number, a parameter or a tested term that is not 0, so that no case can divide by zero."""
    if isinstance(divisor, Literal) and divisor.value != 0:
        return
    if isinstance(divisor, Setting) and all(p.value != 0 for p in reading.parameters[divisor.name]):
        return
    if isinstance(divisor, Fetch) and divisor.code in not_zero:
        return
    raise CellError("除数可能是 0", "除数写一个数或 {参数}；写术语的，这一行要有 ≥1 或 >0 这样的条件")


def _call(formula: Call, reading: Reading) -> ValueKind:
    kinds = [kind_of(argument, reading) for argument in formula.arguments]
    if formula.name in _of_dates:
        if set(kinds) != {"date"}:
            raise CellError(f"{formula.name} 里写的不是日期", f"{formula.name} 里只写日期")
        return "int"
    if "date" in kinds:
        raise CellError(f"{formula.name} 里写了日期", f"{formula.name} 里只写数")
    return _widest(kinds) if formula.name not in _rounding else "int"


def _widest(kinds: Sequence[ValueKind]) -> ValueKind:
    return "number" if "number" in kinds else "int"
