"""What every contestant is asked: the person decisions of clauses 1.1–1.7, on one day, with what feeds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from anju.policy.edition import Condition, Edition
from anju.policy.formula import Fetch, Formula, Literal, Operation, Setting
from anju.policy.load import load
from anju.policy.model import Term

decisions = (
    "hukou_route", "party_route", "membership_route", "land_use", "eco_project", "rent_subsidy", "industry_fund",
    "land_priority", "pension_route", "premium_support", "pension_payment", "medical_route", "medical_coverage",
    "medical_aid", "assistance_route",
)  # fmt: skip
on = date(2026, 6, 30)
_computed_before = ("birth_date", "as_of")
"""Facts from which the age comes: everybody is given the age itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number, value, the group of rows that agree with it, and its conditions.

    ``looks``: codes of the terms of which a blank leaves the row open.
    """

    number: int
    value: bool | str | None
    outcome: int
    conditions: tuple[tuple[Term, Condition], ...]
    looks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table as another engine needs it. ``tested`` are term codes in column order."""

    code: str
    tested: tuple[str, ...]
    rows: tuple[Row, ...]
    values: tuple[bool | str, ...]

    @property
    def outcomes(self) -> int:
        """How many groups of agreeing rows there are."""
        return max(row.outcome for row in self.rows) + 1

    def testing(self, code: str) -> tuple[Row, ...]:
        """The rows that look at a term."""
        return tuple(row for row in self.rows if code in row.looks)


@dataclass(frozen=True, slots=True)
class Sum:
    """A calculated term: its formula in infix notation and the facts it reads."""

    code: str
    text: str
    reads: tuple[str, ...]


@cache
def edition() -> Edition:
    """The guideline on the day."""
    return Edition(load(), on)


@cache
def facts() -> tuple[Term, ...]:
    """The recorded facts that every row of the people gives."""
    known = edition()
    codes = dict.fromkeys(fact for code in decisions for fact in known.inputs(code))
    return tuple(known.policy.terms[code] for code in codes if code not in _computed_before)


@cache
def steps() -> tuple[Table | Sum, ...]:
    """The tables and calculations that answer the decisions, each after what it reads."""
    return tuple(_step(code) for code in edition().plan(decisions) if code not in {fact.code for fact in facts()})


def origins(code: str) -> tuple[str, ...]:
    """The recorded facts behind a term, in the order in which they are named as missing."""
    return (code,) if code in {fact.code for fact in facts()} else edition().inputs(code)


def _step(code: str) -> Table | Sum:
    known = edition()
    calculation = known.calculation(code)
    if calculation is not None:
        return Sum(code, infix(calculation.formula), known.reads(code))
    table = known.tables[code]
    groups = {outcome: n for n, outcome in enumerate(dict.fromkeys(rule.outcome for rule in table.rules))}
    rows: list[Row] = []
    for rule in table.rules:
        conditions = tuple((t, c) for t, c in zip(table.tested, rule.conditions, strict=True) if not c.any)
        looks = frozenset(t.code for t, _ in conditions if counts_blank_as(t) is None)
        rows.append(Row(rule.row.number, rule.result.value, groups[rule.outcome], conditions, looks))
    values = (False, True) if table.term.kind == "bool" else tuple(value.code for value in table.term.values)
    return Table(code, tuple(term.code for term in table.tested), tuple(rows), values)


def infix(formula: Formula) -> str:
    """A formula of products and comparisons as Python, SQL, NumPy and ZEN all write it."""
    if isinstance(formula, Literal):
        return str(formula.value)
    if isinstance(formula, Setting):
        return str(edition().parameters[formula.name])
    if isinstance(formula, Fetch):
        return formula.code
    assert isinstance(formula, Operation)
    operator = {"≥": ">=", "≤": "<=", "=": "==", "≠": "!="}.get(formula.op, formula.op)
    return f"{infix(formula.left)} {operator} {infix(formula.right)}"


def counts_blank_as(term: Term) -> str | None:
    """The special value that a blank of the term counts as, so that it is never unknown."""
    return str(term.blank_as) if term.blank_as is not None else None


def bounds(condition: Condition) -> list[tuple[str, Fraction | date]]:
    """A comparison as operators and points."""
    found: list[tuple[str, Fraction | date]] = []
    if condition.low is not None:
        found.append((">=" if condition.low_in else ">", condition.low))
    if condition.high is not None:
        found.append(("<=" if condition.high_in else "<", condition.high))
    if condition.not_equal is not None:
        found.append(("!=", condition.not_equal))
    return found
