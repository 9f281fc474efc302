"""One case: every decision with its reason, and why the other rows do not apply. Source: docs/language.md."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anju.policy.arithmetic import Reader, compile_formula, figure
from anju.policy.axes import Blank, axes, plain
from anju.policy.edition import Condition, Edition, Rule, Table
from anju.policy.formula import terms_of
from anju.policy.model import Decision, Fact, Term


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a row does not apply: the first of its conditions that the known facts contradict."""

    row: int
    term: str
    condition: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a table says about some facts, before any formula of a result is worked out.

    ``rule`` is None where the possible rows disagree; then ``blank`` names the recorded facts that would settle it and
    what those rows conclude. ``possible`` are row numbers, ``used`` the known terms that possible rows test.
    """

    rule: Rule | None
    possible: tuple[int, ...]
    blank: Blank
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
    missing: tuple[str, ...]
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
                    blank = answer.verdict.blank
                    blanks[code] = blank if blank.facts else Blank(answer.missing)
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
            origins = [c for r in reads if _no_number(values.get(r)) for c in _facts(r, blanks)]
            blanks[code] = Blank(tuple(dict.fromkeys(origins)) or reads)


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule ready to run: its tests by column with what is said where they fail, and the number of its outcome.

    ``looks`` are the columns that it tests, ``reads`` the terms that its formula reads.
    """

    rule: Rule
    tests: tuple[tuple[int, Callable[[Fact], bool], Contradiction], ...]
    looks: tuple[int, ...]
    reads: tuple[str, ...]
    reader: Reader | None
    outcome: int


@dataclass(slots=True)
class CompiledTable:
    """A table as closures. Verdicts are remembered by the pieces that the facts fall into."""

    table: Table
    edition: Edition
    _lines: tuple[_Line, ...] = field(init=False)
    _codes: tuple[str, ...] = field(init=False)
    _cuts: tuple[tuple[int, tuple[tuple[Any, bool], ...]], ...] = field(init=False)
    _derived: tuple[int, ...] = field(init=False)
    _memory: dict[tuple[object, ...], Verdict] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        terms = (*self.table.tested, *self.table.operands)
        self._codes = tuple(term.code for term in terms)
        outcomes = {outcome: at for at, outcome in enumerate(dict.fromkeys(rule.outcome for rule in self.table.rules))}
        self._lines = tuple(self._line(rule, outcomes[rule.outcome]) for rule in self.table.rules)
        points = [tuple((plain(cut.point), cut.beyond) for cut in axis.cuts) for axis in axes(self.table)]
        cuts = [*points, *(() for _ in self.table.operands)]
        figures = [at for at, term in enumerate(terms) if at >= len(points) or term.kind not in ("bool", "enum")]
        self._cuts = tuple((at, cuts[at]) for at in figures)
        self._derived = tuple(at for at, term in enumerate(terms) if term.source != "ledger")

    def _line(self, rule: Rule, outcome: int) -> _Line:
        looks = tuple(at for at, condition in enumerate(rule.conditions) if not condition.any)
        failed = (Contradiction(rule.row.number, self._codes[at], rule.conditions[at].text) for at in looks)
        tests = tuple((at, _test(rule.conditions[at]), why) for at, why in zip(looks, failed, strict=True))
        formula = rule.result.formula
        reader = compile_formula(formula, self.edition.parameters) if formula else None
        return _Line(rule, tests, looks, terms_of(formula) if formula else (), reader, outcome)

    def answer(self, values: Mapping[str, Fact | None], blanks: Mapping[str, Blank]) -> Answer:
        """The table's answer; ``blanks`` says what is known of a derived term that is blank."""
        key = self._key(values, blanks)
        verdict = self._memory.get(key)
        if verdict is None:
            verdict = self._memory[key] = self.verdict(values, blanks)
        rule, term, missing = verdict.rule, self.table.term, verdict.blank.facts
        if rule is None or missing:
            return Answer(self.table.decision, term, None, True, missing, verdict)
        result = rule.row.result
        if result.formula is None:
            return Answer(self.table.decision, term, result.value, result.applicable, (), verdict)
        reader = next(line.reader for line in self._lines if line.rule is rule)
        value = figure(reader(values), term.kind) if reader else None
        missing = () if value is not None else terms_of(result.formula)
        return Answer(self.table.decision, term, value, True, missing, verdict)

    def verdict(self, values: Mapping[str, Fact | None], blanks: Mapping[str, Blank]) -> Verdict:
        """Which rows the known facts leave possible, and whether they agree."""
        facts = [values.get(term.code) for term in self.table.tested]
        derived = [at for at in self._derived if values.get(self._codes[at]) is None]
        may_be = {at: blank.values for at in derived if (blank := blanks.get(self._codes[at])) and blank.values}
        possible: list[_Line] = []
        contradictions: list[Contradiction] = []
        rest: _Line | None = None
        for line in self._lines:
            if line.rule.row.rest:
                rest = line
                continue
            for at, test, contradiction in line.tests:
                fact = facts[at]
                if not test(fact) if fact is not None else at in may_be and not any(map(test, may_be[at])):
                    contradictions.append(contradiction)
                    break
            else:
                possible.append(line)
        if rest is not None and self._rest_possible([line.rule for line in possible], facts, may_be):
            possible.append(rest)
        return self._agree(possible, facts, values, blanks, tuple(contradictions))

    def _agree(
        self,
        possible: list[_Line],
        facts: list[Fact | None],
        values: Mapping[str, Fact | None],
        blanks: Mapping[str, Blank],
        contradictions: tuple[Contradiction, ...],
    ) -> Verdict:
        agreed = possible[0].rule if possible and len({line.outcome for line in possible}) == 1 else None
        looked = {at for line in possible for at in line.looks}
        open_codes = {self._codes[at] for at in looked if facts[at] is None} if agreed is None else set()
        open_codes.update(code for line in possible for code in line.reads if _no_number(values.get(code)))
        origins = [code for code in self._codes if code in open_codes] if open_codes else []
        missing = tuple(dict.fromkeys(fact for code in origins for fact in _facts(code, blanks)))
        used = tuple([self._codes[at] for at in sorted(looked) if facts[at] is not None])
        numbers = tuple([line.rule.row.number for line in possible])
        results = [line.rule.result.value for line in possible] if missing else []
        allowed = frozenset([result for result in results if result is not None]) or None
        return Verdict(agreed, numbers, Blank(missing, allowed), used, contradictions)

    def _rest_possible(
        self, possible: list[Rule], facts: list[Fact | None], may_be: Mapping[int, frozenset[bool | str]]
    ) -> bool:
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
                if sample is not None and (at not in may_be or sample in may_be[at])
            )

        return uncovered(blank, possible)

    def _key(self, values: Mapping[str, Fact | None], blanks: Mapping[str, Blank]) -> tuple[object, ...]:
        """What tells verdicts apart: for each term the value, the piece of a figure, or how it is blank."""
        key: list[Any] = [values.get(code) for code in self._codes]
        for at, cuts in self._cuts:
            if not _no_number(key[at]):
                key[at] = bisect_right(cuts, (key[at], False))
        for at in self._derived:
            if key[at] is None:
                key[at] = blanks.get(self._codes[at])
        return tuple(key)


def _facts(code: str, blanks: Mapping[str, Blank]) -> tuple[str, ...]:
    """The recorded facts that a blank comes from: itself where it is recorded."""
    return blanks[code].facts if code in blanks else (code,)


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
