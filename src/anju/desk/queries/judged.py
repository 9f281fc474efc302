"""What the guideline says of one subject, clause by clause: decisions with their reasons, and the facts they rest on.

An officer gets what the lines of the officer's posts see (`anju.register.privacy`); of anything else not even the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from anju.check.explanation import Explained, explain
from anju.duties.editions import Counties
from anju.government.queries import Scope
from anju.policy.model import Fact, Term
from anju.register.facts import is_special_alone, provided
from anju.register.guideline import guideline, recorded_terms
from anju.register.privacy import hidden_terms, works_on

_in_the_head = frozenset({"origin_code", "destination_code", "birth_date"})


@dataclass(frozen=True, slots=True)
class FactShown:
    """A recorded fact: what is known ("" nothing), when it last changed, and whether it follows from relations, wishes or places."""

    term: Term
    label: str
    changed: datetime | None
    derived: bool


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """A clause with what it decides about a subject. ``writable``: whether the officer's line records its facts."""

    number: str
    title: str
    answered: tuple[Explained, ...]
    open: tuple[Explained, ...]
    not_applicable: tuple[Explained, ...]
    facts: tuple[FactShown, ...]
    unknown: tuple[Term, ...]
    writable: bool

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return anchor_of(self.number)


def anchor_of(clause: str) -> str:
    """Where a clause stands on the page of a subject: 1.5 → clause-1-5."""
    return f"clause-{clause.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a subject on a day, as known at a moment (None: now); the county whose figures hold; when facts changed."""

    kind: str
    facts: Mapping[str, Fact]
    on: date
    at: datetime | None
    county: str
    changed: Mapping[str, datetime]


def clauses(subject: Subject, scopes: Sequence[Scope]) -> list[ClauseShown]:
    """Every clause of which the officer sees anything about the subject, in page order."""
    policy, hidden = guideline(), hidden_terms(scopes)
    wanted = decisions_about(subject.kind, scopes)
    judge = Counties.of(policy, subject.on, subject.at).judge(subject.county)
    answers = explain(judge.case(subject.kind), subject.facts)
    seen = [_without(answer, hidden) for answer in answers if answer.code in wanted]
    found = []
    for number, title in (("0", ""), *((c.number, c.title) for c in policy.clauses.values())):
        own = [answer for answer in seen if answer.clause == number]
        terms = [t for t in recorded_terms(subject.kind) if t.clause == number and t.code not in hidden]
        if own or terms:
            found.append(_clause(number, title, own, terms, subject, scopes))
    return found


@dataclass(frozen=True, slots=True)
class Standards:
    """What a site or a county has to have: what is lacking, what nobody knows, what is there, and the figures worked out."""

    lacking: tuple[Explained, ...]
    open: tuple[Explained, ...]
    met: tuple[Explained, ...]
    figures: tuple[Explained, ...]


def standards(shown: Sequence[ClauseShown]) -> Standards:
    """The decisions of some clauses as a checklist: one that opens a duty is lacking."""
    terms = guideline().terms
    answered = [decision for clause in shown for decision in clause.answered]
    figures = [d for d in answered if terms[d.code].kind in ("int", "number")]
    checks = [d for d in answered if d not in figures]
    return Standards(
        tuple(d for d in checks if d.row is not None and d.row.duties),
        tuple(d for clause in shown for d in clause.open if terms[d.code].kind not in ("int", "number")),
        tuple(d for d in checks if d.row is not None and not d.row.duties),
        tuple(figures),
    )


def decisions_about(kind: str, scopes: Sequence[Scope]) -> frozenset[str]:
    """Codes of the decisions about a kind of subject that the officer's lines see."""
    return frozenset(d.code for d in guideline().decisions.values() if d.subject == kind) - hidden_terms(scopes)


def recordable(kind: str, clause: str, scopes: Sequence[Scope]) -> list[Term]:
    """The facts of a clause that the officer may record about a kind of subject; none where it is another line's work."""
    if not works_on(scopes, clause):
        return []
    hidden = hidden_terms(scopes)
    terms = (t for t in recorded_terms(kind) if t.clause == clause and t.code not in hidden)
    worked_out = {code for code in guideline().calculations if guideline().terms[code].common}
    own = (term for term in terms if not provided(kind, term.code) or is_special_alone(term.code))
    return [term for term in own if term.code not in worked_out]


def _clause(
    number: str, title: str, own: Sequence[Explained], terms: Sequence[Term], subject: Subject, scopes: Sequence[Scope]
) -> ClauseShown:
    known = tuple(_facts(subject, terms))
    return ClauseShown(
        number,
        title,
        tuple(answer for answer in own if answer.state == "answered"),
        tuple(answer for answer in own if answer.state == "open"),
        tuple(answer for answer in own if answer.state == "not_applicable"),
        known,
        tuple(term for term in terms if term.code not in subject.facts),
        bool(recordable(subject.kind, number, scopes)),
    )


def _facts(subject: Subject, terms: Sequence[Term]) -> Iterator[FactShown]:
    for term in terms:
        if term.code in subject.facts and term.code not in _in_the_head:
            derived = provided(subject.kind, term.code)
            yield FactShown(
                term, term.label(subject.facts[term.code]), None if derived else subject.changed.get(term.code), derived
            )


def _without(answer: Explained, hidden: frozenset[str]) -> Explained:
    """The answer without what another line's facts say in it."""
    names = _names(hidden)
    return replace(
        answer,
        facts=tuple(fact for fact in answer.facts if fact.term not in names),
        missing=tuple(name for name in answer.missing if name not in names),
        others=tuple(other for other in answer.others if other.term not in names),
    )


@lru_cache(maxsize=64)
def _names(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(guideline().terms[code].name for code in codes)
