"""One case: every decision with its reason, and why the other rows do not apply. Source: docs/language.md."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anju.policy.arithmetic import Reader, compile_formula, figure
from anju.policy.axes import axes, plain
from anju.policy.edition import Condition, Edition, Rule, Table
from anju.policy.formula import terms_of
from anju.policy.model import Decision, Fact, Term

Blank = tuple[str, ...]
"""The recorded facts that a blank comes from."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a row does not apply: the first of its conditions that the known facts contradict."""

    row: int
    term: str
    condition: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a table says about some facts, before any formula of a result is worked out.

    ``rule`` is None where the possible rows disagree; then ``missing`` names the recorded facts that would settle it.
    ``possible`` are row numbers, ``used`` the known terms that possible rows test.
    """

    rule: Rule | None
    possible: tuple[int, ...]
    missing: Blank
    used: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision about one case.

    ``value`` None: not applicable where ``applicable`` is False, else open, with ``missing`` naming the blanks.
    """

    decision: Decision
    term: Term
    value: Fact | None
    applicable: bool
    missing: Blank
    verdict: Verdict

    @property
    def label(self) -> str:
        """The value in Chinese."""
        return self.term.label(self.value)

    @property
    def row(self) -> int | None:
        """The number of the row that applies (the first where several agree)."""
        return self.verdict.rule.row.number if self.verdict.rule and not self.missing else None

    @property
    def reason(self) -> str:
        """The row's 说明, or the label where it says nothing more."""
        if self.verdict.rule is None or self.missing:
            return ""
        return self.verdict.rule.row.reason or self.label

    @property
    def duties(self) -> tuple[str, ...]:
        """Codes of the duties that follow."""
        return self.verdict.rule.row.duties if self.verdict.rule and not self.missing else ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the guideline that the row cites."""
        return self.verdict.rule.row.sentences if self.verdict.rule and not self.missing else ()


class Case:
    """An edition compiled for one case at a time.

    Args:
        edition: the guideline on a day.
        decisions: codes to answer; what they read is worked out besides.
    """

    def __init__(self, edition: Edition, decisions: Iterable[str]) -> None:
        self.edition = edition
        self.decisions = tuple(decisions)
        plan = edition.plan(self.decisions)
        self._blank_as = {
            t.code: t.blank_as
            for c in plan
            for t in map(edition.policy.terms.__getitem__, edition.reads(c))
            if t.blank_as is not None and not edition.calculation(t.code)
        }
        self._calculations = {
            c: compile_formula(k.formula, edition.parameters) for c in plan if (k := edition.calculation(c))
        }
        self._tables = {c: CompiledTable(edition.tables[c], edition) for c in plan if c in edition.tables}
        self._plan = plan

    def answer(self, facts: Mapping[str, Fact | None]) -> dict[str, Answer]:
        """Answer the decisions about one case. ``facts``: term code → value, blank = None or left out."""
        values: dict[str, Fact | None] = {**facts, "as_of": self.edition.on}
        for code, value in self._blank_as.items():
            if values.get(code) is None:
                values[code] = value
        blanks: dict[str, Blank] = {}
        answers: dict[str, Answer] = {}
        for code in self._plan:
            if code in self._tables:
                answer = answers[code] = self._tables[code].answer(values, blanks)
                values[code] = answer.value
                if answer.missing:
                    blanks[code] = answer.missing
            else:
                self._calculate(code, values, blanks)
        return {code: answers[code] for code in self.decisions}

    def _calculate(self, code: str, values: dict[str, Fact | None], blanks: dict[str, Blank]) -> None:
        """Work out a derived term; a recorded fact is only computed where it is blank."""
        term = self.edition.policy.terms[code]
        if term.source == "ledger" and values.get(code) is not None:
            return
        value = figure(self._calculations[code](values), term.kind)
        values[code] = term.blank_as if value is None else value
        if value is None and term.source != "ledger":
            reads = self.edition.reads(code)
            origins = [c for r in reads if _no_number(values.get(r)) for c in blanks.get(r, (r,))]
            blanks[code] = tuple(dict.fromkeys(origins)) or reads


@dataclass(slots=True)
class CompiledTable:
    """A table as closures. Verdicts are remembered by the pieces that the facts fall into."""

    table: Table
    edition: Edition
    _rules: tuple[tuple[Rule, tuple[tuple[int, Callable[[Fact], bool]], ...], Reader | None], ...] = field(init=False)
    _cuts: tuple[tuple[tuple[Any, bool], ...] | None, ...] = field(init=False)
    _codes: tuple[str, ...] = field(init=False)
    _memory: dict[tuple[object, ...], Verdict] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        parameters = self.edition.parameters
        self._codes = tuple(t.code for t in (*self.table.tested, *self.table.operands))
        self._rules = tuple(
            (
                rule,
                tuple((at, _test(c)) for at, c in enumerate(rule.conditions) if not c.any),
                compile_formula(rule.result.formula, parameters) if rule.result.formula else None,
            )
            for rule in self.table.rules
        )
        figures = [
            None if axis.term.kind in ("bool", "enum") else tuple((plain(cut.point), cut.beyond) for cut in axis.cuts)
            for axis in axes(self.table)
        ]
        self._cuts = (*figures, *(() for _ in self.table.operands))

    def answer(self, values: Mapping[str, Fact | None], blanks: Mapping[str, Blank]) -> Answer:
        """The table's answer; ``blanks`` names the recorded facts behind a derived blank."""
        key = tuple(self._piece(at, code, values.get(code), blanks) for at, code in enumerate(self._codes))
        verdict = self._memory.get(key)
        if verdict is None:
            verdict = self._memory[key] = self.verdict(values, blanks)
        rule, term = verdict.rule, self.table.term
        if rule is None or verdict.missing:
            return Answer(self.table.decision, term, None, True, verdict.missing, verdict)
        if rule.result.formula is None:
            return Answer(self.table.decision, term, rule.result.value, rule.result.applicable, (), verdict)
        reader = next(r for known, _, r in self._rules if known is rule)
        value = figure(reader(values), term.kind) if reader else None
        missing = () if value is not None else terms_of(rule.result.formula)
        return Answer(self.table.decision, term, value, True, missing, verdict)

    def verdict(self, values: Mapping[str, Fact | None], blanks: Mapping[str, Blank]) -> Verdict:
        """Which rows the known facts leave possible, and whether they agree."""
        facts = [values.get(term.code) for term in self.table.tested]
        possible: list[Rule] = []
        contradictions: list[Contradiction] = []
        rest: Rule | None = None
        for rule, tests, _ in self._rules:
            if rule.row.rest:
                rest = rule
                continue
            failed = next((at for at, test in tests if (fact := facts[at]) is not None and not test(fact)), None)
            if failed is None:
                possible.append(rule)
            else:
                contradictions.append(
                    Contradiction(rule.row.number, self.table.tested[failed].code, rule.conditions[failed].text)
                )
        if rest is not None and self._rest_possible(possible, facts):
            possible.append(rest)
        return self._agree(possible, facts, values, blanks, tuple(contradictions))

    def _agree(
        self,
        possible: list[Rule],
        facts: list[Fact | None],
        values: Mapping[str, Fact | None],
        blanks: Mapping[str, Blank],
        contradictions: tuple[Contradiction, ...],
    ) -> Verdict:
        agreed = possible[0] if possible and len({rule.outcome for rule in possible}) == 1 else None
        open_codes = {
            self.table.tested[at].code
            for rule in possible
            for at, c in enumerate(rule.conditions)
            if not c.any and facts[at] is None and agreed is None
        }
        for rule in possible:
            if rule.result.formula:
                open_codes.update(c for c in terms_of(rule.result.formula) if _no_number(values.get(c)))
        origins = [code for code in self._codes if code in open_codes]
        missing = tuple(dict.fromkeys(fact for code in origins for fact in blanks.get(code, (code,))))
        used = tuple(
            term.code
            for at, term in enumerate(self.table.tested)
            if facts[at] is not None and any(not r.conditions[at].any for r in possible)
        )
        return Verdict(agreed, tuple(r.row.number for r in possible), missing, used, contradictions)

    def _rest_possible(self, possible: list[Rule], facts: list[Fact | None]) -> bool:
        """Whether some completion of the blanks matches no written row: try the pieces of each blank that rows test."""
        if not possible:
            return True
        grid = axes(self.table)
        blank = [
            at for at, fact in enumerate(facts) if fact is None and any(not r.conditions[at].any for r in possible)
        ]

        def uncovered(left: list[int], rules: list[Rule]) -> bool:
            if not rules:
                return True
            if not left:
                return False
            at, *others = left
            masks = [(rule, grid[at].mask(rule.conditions[at])) for rule in rules]
            return any(
                uncovered(others, [rule for rule, mask in masks if mask[piece]])
                for piece, sample in enumerate(grid[at].samples)
                if sample is not None
            )

        return uncovered(blank, possible)

    def _piece(self, at: int, code: str, value: Fact | None, blanks: Mapping[str, Blank]) -> object:
        """What tells verdicts apart: the value, the piece of a figure, or what a blank comes from."""
        if value is None:
            return blanks.get(code)
        cuts = self._cuts[at]
        if cuts is None or isinstance(value, str):
            return value
        return bisect_right(cuts, (value, False))


def _no_number(fact: Fact | None) -> bool:
    """Whether a formula cannot calculate with the fact: a blank, or a special value beside the numbers."""
    return fact is None or isinstance(fact, str)


def _test(condition: Condition) -> Callable[[Fact], bool]:
    """A condition as a predicate on a known fact."""
    values = condition.values
    low, high, other = (None if p is None else plain(p) for p in (condition.low, condition.high, condition.not_equal))
    if values:
        return lambda fact: fact in values
    if other is not None:
        return lambda fact: not isinstance(fact, str) and fact != other
    low_in, high_in = condition.low_in, condition.high_in

    def inside(fact: Any) -> bool:
        if isinstance(fact, str):
            return False
        if low is not None and not (fact >= low if low_in else fact > low):
            return False
        return high is None or bool(fact <= high if high_in else fact < high)

    return inside
