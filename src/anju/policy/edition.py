"""A guideline on one day: parameters have their value, rows that are not in force are gone, conditions are concrete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from anju.policy.errors import Place, PolicyError, Problem
from anju.policy.formula import Formula, Setting, terms_of, walk
from anju.policy.model import Bound, Calculation, Cell, Decision, Parameter, Policy, Result, Row, Term

Point = Fraction | date


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition cell with its figures filled in. An interval's open end is None."""

    text: str
    any: bool
    values: frozenset[bool | str]
    low: Point | None
    low_in: bool
    high: Point | None
    high_in: bool
    not_equal: Point | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row in force with its concrete conditions."""

    row: Row
    conditions: tuple[Condition, ...]

    @property
    def result(self) -> Result:
        """What the row concludes."""
        return self.row.result

    @property
    def outcome(self) -> tuple[object, ...]:
        """What rows must agree in for a result despite blanks: 结论 and 应办."""
        result = self.row.result
        return (result.applicable, result.value, result.formula, frozenset(self.row.duties))


@dataclass(frozen=True, slots=True)
class Table:
    """A decision on one day: the tested terms, the terms that formulas of results read besides, and the rules."""

    decision: Decision
    term: Term
    tested: tuple[Term, ...]
    operands: tuple[Term, ...]
    rules: tuple[Rule, ...]

    @property
    def code(self) -> str:
        """The decision's code."""
        return self.decision.code


class Edition:
    """The guideline as it holds on a day in a county, with settings of the one who asks.

    Args:
        policy: the pages.
        on: 判定日.
        county: 6-digit code of the county whose own parameter values hold, "" for none.
        settings: parameter name → value that overrides the page's.

    Raises:
        PolicyError: a parameter that some rule needs has no value on that day.
    """

    def __init__(self, policy: Policy, on: date, county: str = "", settings: Mapping[str, Point] | None = None) -> None:
        self.policy = policy
        self.on = on
        self.county = county
        self.settings = dict(settings or {})
        self.parameters: dict[str, Point] = {}
        for name, dated in policy.parameters.items():
            value = value_on(dated, on, county)
            if value is not None:
                self.parameters[name] = value
        self.parameters.update(self.settings)
        for calculation in policy.calculations.values():
            if policy.terms[calculation.term].source == "calculation":
                self._check(calculation.formula, calculation.place)
        self.tables: dict[str, Table] = {code: self._table(decision) for code, decision in policy.decisions.items()}

    def calculation(self, code: str) -> Calculation | None:
        """The formula of a derived term, if it has one."""
        return self.policy.calculations.get(code)

    def decisions(self, subject: str) -> tuple[str, ...]:
        """Codes of the decisions about a subject, each after what it reads."""
        return tuple(c for c in self.policy.order if c in self.tables and self.tables[c].decision.subject == subject)

    def reads(self, code: str) -> tuple[str, ...]:
        """Codes of the terms that a decision or calculation reads itself, in order."""
        if code in self.tables:
            table = self.tables[code]
            return tuple(t.code for t in (*table.tested, *table.operands))
        calculation = self.calculation(code)
        return terms_of(calculation.formula) if calculation else ()

    def plan(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """The calculations and decisions needed for ``wanted``, in order."""
        needed: set[str] = set()
        pending = list(wanted)
        while pending:
            code = pending.pop()
            if code not in needed and (code in self.tables or self.calculation(code)):
                needed.add(code)
                pending.extend(self.reads(code))
        return tuple(code for code in self.policy.order if code in needed)

    def inputs(self, code: str) -> tuple[str, ...]:
        """Codes of the recorded facts that a decision rests on, directly or through what feeds it.

        A recorded fact that can also be computed counts as itself.
        """
        found: dict[str, None] = {}
        for read in self.reads(code):
            if self.policy.terms[read].source == "ledger":
                found[read] = None
            else:
                found.update(dict.fromkeys(self.inputs(read)))
        return tuple(found)

    def grounds(self, code: str) -> frozenset[str]:
        """The same, and all that would compute a recorded fact where it is blank: what has to be known to answer a decision."""
        return frozenset(read for planned in self.plan([code]) for read in self.reads(planned))

    def number(self, name: str, place: Place) -> Point:
        """A parameter's value. Raises `PolicyError` where it has none on this day."""
        if name not in self.parameters:
            raise PolicyError(
                (
                    Problem(
                        place, "参数", f"参数“{name}”在 {self.on} 没有值", "在 参数 表写上这一天的值，或换一个判定日"
                    ),
                )
            )
        return self.parameters[name]

    def _table(self, decision: Decision) -> Table:
        terms = self.policy.terms
        tested = tuple(terms[code] for code in decision.conditions)
        rules = tuple(
            Rule(row, tuple(self._condition(cell) for cell in row.cells))
            for row in decision.rows
            if (row.since is None or row.since <= self.on) and (row.until is None or self.on < row.until)
        )
        operands: dict[str, None] = {}
        for rule in rules:
            if rule.result.formula:
                self._check(rule.result.formula, rule.row.place)
                operands.update(dict.fromkeys(terms_of(rule.result.formula)))
        extra = tuple(terms[code] for code in operands if code not in decision.conditions)
        return Table(decision, terms[decision.code], tested, extra, rules)

    def _condition(self, cell: Cell) -> Condition:
        low, high, other = (self._bound(b, cell) for b in (cell.low, cell.high, cell.not_equal))
        return Condition(cell.text, cell.any, cell.values, low, cell.low_in, high, cell.high_in, other)

    def _bound(self, bound: Bound | None, cell: Cell) -> Point | None:
        if bound is None:
            return None
        return self.number(bound.parameter, cell.place) if bound.parameter else Fraction(bound.number)

    def _check(self, formula: Formula, place: Place) -> None:
        for node in walk(formula):
            if isinstance(node, Setting):
                self.number(node.name, place)


def eras(policy: Policy, on: date) -> tuple[date, ...]:
    """Days from which some parameter or row begins or ceases to hold, and ``on``, in order."""
    days = {on}
    for dated in policy.parameters.values():
        days.update(d for p in dated for d in (p.since, p.until) if d)
    for decision in policy.decisions.values():
        days.update(d for r in decision.rows for d in (r.since, r.until) if d)
    return tuple(sorted(days))


def value_on(dated: tuple[Parameter, ...], on: date, county: str = "") -> Point | None:
    """The value of a parameter on a day: the county's own before the general one."""
    for own in (county, ""):
        for parameter in dated:
            in_force = (parameter.since is None or parameter.since <= on) and (
                parameter.until is None or on < parameter.until
            )
            if parameter.county == own and in_force and parameter.value is not None:
                return parameter.value
    return None
