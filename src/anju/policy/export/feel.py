"""The words of DMN: names, values, conditions and formulas of the pages in FEEL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from anju.policy.arithmetic import decimals
from anju.policy.edition import Condition, Edition, Point
from anju.policy.formula import Call, Fetch, Formula, Literal, Operation, Setting, is_comparison
from anju.policy.model import Fact, Term, Value

result_name = "结论"
"""The output column that other tables read."""

_binding: Mapping[str, int] = {"+": 2, "-": 2, "*": 3, "/": 3}
_operators: Mapping[str, str] = {"≥": ">=", "≤": "<=", "≠": "!="}
_functions: Mapping[str, Callable[[Sequence[str]], str]] = {
    "最大": lambda a: f"max({', '.join(a)})",
    "最小": lambda a: f"min({', '.join(a)})",
    "向上取整": lambda a: f"ceiling({a[0]})",
    "向下取整": lambda a: f"floor({a[0]})",
    "年龄": lambda a: f"years and months duration({a[0]}, {a[1]}).years",
    "天数": lambda a: f"({a[1]} - {a[0]}).days",
    "月份": lambda a: f"{a[0]}.month",
}


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: its FEEL expression, its type, the values it may take, and how a condition stands in it."""

    code: str
    label: str
    expression: str
    type_ref: str
    allowed: str
    entry: Callable[[Condition], str]


def name_of(term: Term) -> str:
    """The term's Chinese name where FEEL can read it as one name, else its code."""
    return term.name if term.name.isidentifier() else term.code


def flag_of(term: Term, special: Value) -> str:
    """The name of the yes-or-no input that stands for a special value beside the numbers."""
    name = f"{term.name}为{special.label}"
    return name if name.isidentifier() else f"{term.code}_{special.code}"


def recorded_name(term: Term) -> str:
    """The name under which a fact that can also be computed is given: 台账年龄."""
    return f"台账{name_of(term)}"


def reference(edition: Edition, term: Term) -> str:
    """How an expression reads a term: a decision gives several outputs, of which 结论 is meant."""
    return f"{name_of(term)}.{result_name}" if term.code in edition.tables else name_of(term)


def type_of(term: Term) -> str:
    """The FEEL type of a term; an enumeration has an item definition of its own."""
    if term.kind == "enum":
        return f"{name_of(term)}的值"
    return {"bool": "boolean", "int": "number", "number": "number", "date": "date", "text": "string"}[term.kind]


def allowed(term: Term) -> str:
    """The values of an enumeration as unary tests, "" for other kinds."""
    return ",".join(quoted(value.label) for value in term.values) if term.kind == "enum" else ""


def quoted(text: str) -> str:
    """A FEEL string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def literal(value: Fact | None, term: Term) -> str:
    """A fact as a FEEL literal; enumerations by their label."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(term.label(value))
    return point(value) if isinstance(value, date) else str(value)


def point(value: Point | None) -> str:
    """A parameter's value: a date, an exact decimal (a ratio where there is none), null where it is left open."""
    if value is None:
        return "null"
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{float(value):.15g}"
    return text if Fraction(text) == value else f"({value.numerator} / {value.denominator})"


def columns(edition: Edition, term: Term) -> tuple[Column, ...]:
    """The input columns of a tested term: one for each special value beside its numbers, then the term itself."""

    def entry(condition: Condition) -> str:
        return _values(condition, term) if term.kind in ("bool", "enum") else _figure(condition)

    own = Column(term.code, term.name, reference(edition, term), type_of(term), allowed(term), entry)
    return (*(_flag(term, special) for special in term.specials if term.kind != "enum"), own)


def _flag(term: Term, special: Value) -> Column:
    def entry(condition: Condition) -> str:
        if condition.any:
            return "-"
        return "true" if special.code in condition.values else "false"

    return Column(
        f"{term.code}_{special.code}",
        f"{term.name}：{special.label}",
        flag_of(term, special),
        "boolean",
        "",
        entry,
    )


def _values(condition: Condition, term: Term) -> str:
    if condition.any:
        return "-"
    if term.kind == "bool":
        return ",".join(literal(v, term) for v in sorted(condition.values, key=str))
    return ",".join(quoted(v.label) for v in term.values if v.code in condition.values)


def _figure(condition: Condition) -> str:
    """An interval, a comparison, an exception; ``-`` where only a special value is asked."""
    low, high = condition.low, condition.high
    if condition.not_equal is not None:
        return f"not({point(condition.not_equal)})"
    if low is not None and high is not None:
        if low == high:
            return point(low)
        return f"{'[' if condition.low_in else '('}{point(low)}..{point(high)}{']' if condition.high_in else ')'}"
    if low is not None:
        return f"{'>=' if condition.low_in else '>'} {point(low)}"
    if high is not None:
        return f"{'<=' if condition.high_in else '<'} {point(high)}"
    return "-"


def expression(formula: Formula, edition: Edition, kind: str) -> str:
    """A formula in FEEL, rounded as the pages round a result of type 数."""
    if kind == "bool":
        return _bare(formula, edition) if is_comparison(formula) else f"{_expression(formula, edition, 1)} != 0"
    text = _expression(formula, edition, 0)
    return f"decimal({text}, {decimals})" if kind == "number" else text


def _expression(formula: Formula, edition: Edition, binding: int) -> str:
    if isinstance(formula, Literal):
        return point(formula.value)
    if isinstance(formula, Setting):
        return point(edition.parameters.get(formula.name))
    if isinstance(formula, Fetch):
        return _fetch(edition, edition.policy.terms[formula.code])
    if isinstance(formula, Call):
        return _functions[formula.name]([_expression(a, edition, 0) for a in formula.arguments])
    return _operation(formula, edition, binding)


def _fetch(edition: Edition, term: Term) -> str:
    """A term in a formula; 是否 counts as 1 or 0."""
    text = reference(edition, term)
    return f"(if {text} then 1 else 0)" if term.kind == "bool" else text


def _operation(formula: Operation, edition: Edition, binding: int) -> str:
    """An operation as a number, in brackets where what stands around it binds more; a comparison counts as 1 or 0."""
    if is_comparison(formula):
        return f"(if {_bare(formula, edition)} then 1 else 0)"
    own = _binding[formula.op]
    text = f"{_expression(formula.left, edition, own)} {formula.op} {_expression(formula.right, edition, own + 1)}"
    return f"({text})" if own < binding else text


def _bare(formula: Operation, edition: Edition) -> str:
    """A comparison as FEEL's own yes or no."""
    left, right = (_expression(side, edition, 1) for side in (formula.left, formula.right))
    return f"{left} {_operators.get(formula.op, formula.op)} {right}"
