"""Why a case has the answers it has, in the words of the pages: which row, from which facts, and why not the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anju.duties.owed import strength_label, strengths
from anju.policy.closures import Answer, Case
from anju.policy.edition import Edition, Rule
from anju.policy.model import Cell, Fact, Policy, Term
from anju.policy.show import spoken

_setting = re.compile(r"\{([^{}]+)\}")
_interval = re.compile(r"([\[(])(.*?)\.\.(.*?)([\])])")
_low, _high = {"[": "≥", "(": ">"}, {"]": "≤", ")": "<"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter's value on the day that is asked for, with its source."""

    name: str
    value: str
    unit: str
    source: str
    unchecked: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a row, with figures filled in: 年龄 · ≥60."""

    term: str
    text: str
    written: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class DutyShown:
    """A duty that a row opens."""

    name: str
    code: str
    strength: str
    strength_label: str
    who: str
    deadline: str


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row of a decision table: its conditions (those that test something), its result and what kind of result that is."""

    number: int
    conditions: tuple[Condition, ...]
    rest: bool
    result: str
    tone: str
    reason: str
    duties: tuple[DutyShown, ...]
    sentences: tuple[str, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that counted: 养老状态 = 缴费中."""

    term: str
    value: str


@dataclass(frozen=True, slots=True)
class Other:
    """A row that does not apply, and the first of its conditions that the facts contradict."""

    row: int
    result: str
    term: str
    condition: str
    value: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One decision about one case. ``state``: answered · open · not_applicable."""

    code: str
    name: str
    clause: str
    title: str
    state: str
    label: str
    tone: str
    row: RowShown | None
    facts: tuple[Known, ...]
    missing: tuple[str, ...]
    possible: tuple[RowShown, ...]
    others: tuple[Other, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The parameters in the conditions of the row that applies, each once."""
        found = (figure for condition in self.row.conditions for figure in condition.figures) if self.row else ()
        return tuple(dict.fromkeys(found))


def explain(case: Case, facts: Mapping[str, Fact | None]) -> tuple[Explained, ...]:
    """Every decision of the case about these facts, in page order."""
    answers = case.answer(facts)
    known: dict[str, Fact | None] = {"as_of": case.edition.on, **facts}
    known.update({code: answer.value for code, answer in answers.items()})
    return tuple(_explained(case.edition, answer, known) for answer in answers.values())


def row_shown(edition: Edition, rule: Rule, tested: Sequence[Term]) -> RowShown:
    """A row in force as people read it."""
    row, policy = rule.row, edition.policy
    shown = tuple(_condition(edition, term, cell) for term, cell in zip(tested, row.cells, strict=True) if cell.tests)
    duties = tuple(duty_shown(policy, code) for code in row.duties)
    return RowShown(
        row.number,
        shown,
        row.rest,
        row.result.text,
        tone(row.result.text, duties, row.result.applicable),
        row.reason,
        duties,
        row.sentences,
        row.since,
        row.until,
    )


def duty_shown(policy: Policy, code: str) -> DutyShown:
    """A kind of duty as people read it."""
    kind = policy.duties[code]
    return DutyShown(kind.name, code, kind.strength, strength_label(kind.strength), kind.who, kind.deadline.text)


def figure(edition: Edition, name: str) -> Figure:
    """A parameter's value on the edition's day; "" where nobody has set it."""
    dated = edition.policy.parameters[name]
    on = next(
        (p for p in dated if (not p.since or p.since <= edition.on) and (not p.until or edition.on < p.until)), dated[0]
    )
    value = spoken(edition.parameters[name]) if name in edition.parameters else ""
    return Figure(name, value, on.unit, on.source, on.unchecked)


def tone(result: str, duties: Sequence[DutyShown], applicable: bool = True) -> str:
    """What colour a result has: that of its strongest duty, ``none`` where the row is about nobody, else ``calm``."""
    if duties:
        return min((duty.strength for duty in duties), key=strengths.index)
    return "none" if not applicable or result.endswith("不适用") or result == "不在范围" else "calm"


def _explained(edition: Edition, answer: Answer, facts: Mapping[str, Fact | None]) -> Explained:
    policy, verdict = edition.policy, answer.verdict
    table = edition.tables[answer.decision.code]
    rules = {rule.row.number: rule for rule in table.rules}
    row = row_shown(edition, rules[answer.row], table.tested) if answer.row is not None else None
    state = "open" if answer.missing else "answered" if answer.applicable else "not_applicable"
    label = {"open": "缺数据", "not_applicable": "不适用"}.get(state, answer.label)
    clause = policy.clauses[answer.decision.clause]
    return Explained(
        answer.decision.code,
        answer.term.name,
        clause.number,
        clause.title,
        state,
        label,
        "open" if row is None else row.tone,
        row,
        tuple(_known(policy, facts, verdict.used)),
        tuple(policy.terms[code].name for code in answer.missing),
        () if row is not None else tuple(row_shown(edition, rules[n], table.tested) for n in verdict.possible),
        tuple(
            Other(
                contradiction.row,
                rules[contradiction.row].result.text,
                policy.terms[contradiction.term].name,
                _filled(edition, contradiction.condition),
                policy.terms[contradiction.term].label(facts.get(contradiction.term)),
            )
            for contradiction in verdict.contradictions
        ),
    )


def _known(policy: Policy, facts: Mapping[str, Fact | None], codes: Sequence[str]) -> Iterator[Known]:
    for code in codes:
        yield Known(policy.terms[code].name, policy.terms[code].label(facts.get(code)))


def _condition(edition: Edition, term: Term, cell: Cell) -> Condition:
    names = dict.fromkeys(b.parameter for b in (cell.low, cell.high, cell.not_equal) if b is not None and b.parameter)
    return Condition(term.name, _filled(edition, cell.text), cell.text, tuple(figure(edition, name) for name in names))


def _filled(edition: Edition, text: str) -> str:
    """A condition with its figures instead of their names: ``≥{领取年龄}`` → ``≥60``, ``[{a}..{b})`` → ``≥16 <60``."""
    known = edition.parameters
    text = _setting.sub(lambda match: spoken(known[match[1]]) if match[1] in known else match[0], text)
    return _interval.sub(lambda match: f"{_low[match[1]]}{match[2]} {_high[match[4]]}{match[3]}", text)
