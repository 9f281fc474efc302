"""Formulas of the pages: parsed once into a small tree that both compilers and the DMN export read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeGuard

from anju.policy.errors import CellError

functions: dict[str, tuple[int, int]] = {
    "最大": (1, 99),
    "最小": (1, 99),
    "向上取整": (1, 1),
    "向下取整": (1, 1),
    "年龄": (2, 2),
    "天数": (2, 2),
    "月份": (1, 1),
}
"""Function name → least and most arguments."""

comparisons = ("≥", "≤", "≠", ">", "<", "=")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that stands in the formula."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Fetch:
    """A term, by code."""

    code: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``left op right`` with op one of ``+ - * / ≥ > ≤ < = ≠``."""

    op: str
    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `functions` and its arguments."""

    name: str
    arguments: tuple[Formula, ...]


Formula = Literal | Fetch | Setting | Operation | Call

_token = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<setting>\{[^{}]+\})|(?P<name>[^\W\d][\w]*)"
    r"|(?P<op>>=|<=|!=|<>|[≥≤≠><=+\-*/×÷(),，（）]))"
)
_same = {">=": "≥", "<=": "≤", "!=": "≠", "<>": "≠", "×": "*", "÷": "/", "，": ",", "（": "(", "）": ")"}


def parse(text: str, term: Callable[[str], str], parameter: Callable[[str], str]) -> Formula:
    """Parse a formula; ``term`` and ``parameter`` turn a name into its code or name and raise `CellError` if unknown.

    Raises `CellError` with what stands there and what may.
    """
    parser = _Parser(list(_tokens(text)), text, term, parameter)
    tree = parser.comparison()
    parser.end()
    return tree


def terms_of(formula: Formula) -> tuple[str, ...]:
    """Codes of the terms that a formula reads, in order, each once."""
    return tuple(dict.fromkeys(node.code for node in walk(formula) if isinstance(node, Fetch)))


def walk(formula: Formula) -> Iterator[Formula]:
    """The formula and everything below it, parents first."""
    yield formula
    if isinstance(formula, Operation):
        yield from walk(formula.left)
        yield from walk(formula.right)
    elif isinstance(formula, Call):
        for argument in formula.arguments:
            yield from walk(argument)


def is_comparison(formula: Formula) -> TypeGuard[Operation]:
    """Whether the formula gives 是否 rather than a number."""
    return isinstance(formula, Operation) and formula.op in comparisons


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    body = text.rstrip()
    while at < len(body):
        match = _token.match(body, at)
        if match is None or match.lastgroup is None:
            raise CellError(
                f"算式“{text}”里的“{body[at:].strip()[:8]}”读不懂", "可以写术语、数、{参数}、+ - * / 括号、比较和函数"
            )
        group = match.lastgroup
        value = match.group(group)
        yield group, _same.get(value, value) if group == "op" else value
        at = match.end()


class _Parser:
    """Recursive descent over the tokens: comparison < sum < product < unary < atom."""

    def __init__(
        self, tokens: list[tuple[str, str]], text: str, term: Callable[[str], str], parameter: Callable[[str], str]
    ) -> None:
        self.tokens = tokens
        self.text = text
        self.term = term
        self.parameter = parameter
        self.at = 0

    def peek(self) -> str:
        """The next operator, or "" where something else or nothing follows."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "op":
            return self.tokens[self.at][1]
        return ""

    def take(self) -> str:
        """Take the next token."""
        self.at += 1
        return self.tokens[self.at - 1][1]

    def expect(self, op: str) -> None:
        """Take an operator or say that it is missing."""
        if self.peek() != op:
            raise CellError(f"算式“{self.text}”少了“{op}”", "检查括号和逗号")
        self.at += 1

    def end(self) -> None:
        """Nothing may be left over."""
        if self.at < len(self.tokens):
            raise CellError(f"算式“{self.text}”在“{self.tokens[self.at][1]}”前已经完整", "一格只写一个算式")

    def comparison(self) -> Formula:
        """``sum`` or ``sum op sum``."""
        left = self.sum()
        if self.peek() in comparisons:
            return Operation(self.take(), left, self.sum())
        return left

    def sum(self) -> Formula:
        """``product`` joined by + and -."""
        left = self.product()
        while self.peek() in ("+", "-"):
            left = Operation(self.take(), left, self.product())
        return left

    def product(self) -> Formula:
        """``atom`` joined by * and /."""
        left = self.atom()
        while self.peek() in ("*", "/"):
            left = Operation(self.take(), left, self.atom())
        return left

    def atom(self) -> Formula:
        """A number, a parameter, a term, a call, or something in brackets."""
        if self.peek() == "(":
            self.at += 1
            inner = self.comparison()
            self.expect(")")
            return inner
        if self.peek() == "-":
            self.at += 1
            return Operation("-", Literal(Fraction(0)), self.atom())
        if self.at >= len(self.tokens) or self.tokens[self.at][0] == "op":
            raise CellError(f"算式“{self.text}”缺了一个数", "补上术语、数或 {参数}")
        group, value = self.tokens[self.at]
        self.at += 1
        if group == "number":
            return Literal(Fraction(value))
        if group == "setting":
            return Setting(self.parameter(value[1:-1].strip()))
        if self.peek() == "(":
            return self.call(value)
        return Fetch(self.term(value))

    def call(self, name: str) -> Formula:
        """``name(a, b, …)``."""
        if name not in functions:
            raise CellError(f"没有函数“{name}”", "可以用 " + "、".join(functions))
        self.expect("(")
        arguments = [self.comparison()]
        while self.peek() == ",":
            self.at += 1
            arguments.append(self.comparison())
        self.expect(")")
        least, most = functions[name]
        if not least <= len(arguments) <= most:
            raise CellError(f"{name} 写了 {len(arguments)} 个数", f"要 {least} 个" if least == most else "至少 1 个")
        return Call(name, tuple(arguments))


def written(number: str | float | Fraction) -> str:
    """A number as people write it: no more than six decimals, none that say nothing."""
    if isinstance(number, (str, int)):
        return str(number)
    return f"{float(number):.6f}".rstrip("0").rstrip(".")
