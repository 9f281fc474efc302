"""Who needs which fact: the lines that a clause names as its actors work with the facts that the clause reads.

Nothing is declared a second time. A page says who does its work; whoever does it sees what it rests on, and nobody else does:
a clerk of 民政 does not see party membership, one of 组织 no medical insurance. Facts of 0-terms, which every clause
reads, are seen by all.
"""

from collections.abc import Iterable
from functools import cache

from anju.government.queries import Scope
from anju.policy.formula import terms_of
from anju.policy.model import Term
from anju.register.guideline import guideline

sealed_clauses = frozenset({"1.2", "1.6"})
"""Clauses whose facts lie sealed at rest: party membership and health are sensitive by law (PIPL 28)."""


@cache
def sealed_terms() -> frozenset[str]:
    """Codes of the recorded facts that lie sealed."""
    return frozenset(t.code for t in guideline().terms.values() if t.clause in sealed_clauses and t.source == "ledger")


@cache
def lines_of_clause(clause: str) -> frozenset[str]:
    """The lines that a page names for its duties and steps."""
    policy = guideline()
    duties = (actor for duty in policy.duties.values() if duty.clause == clause for actor in duty.actors)
    steps = (a for p in policy.procedures.values() if p.clause == clause for step in p.steps for a in step.actors)
    return frozenset(actor.line for actor in (*duties, *steps) if not actor.person)


@cache
def lines_of(code: str) -> frozenset[str] | None:
    """The lines that see a term; None for a term that everybody sees."""
    term = guideline().terms[code]
    if term.common:
        return None
    return frozenset().union(*(lines_of_clause(clause) for clause in _clauses_reading(term)))


def may_see(scopes: Iterable[Scope], code: str) -> bool:
    """Whether one of the posts works with a term."""
    lines = lines_of(code)
    return lines is None or any(scope.line in lines for scope in scopes)


def works_on(scopes: Iterable[Scope], clause: str) -> bool:
    """Whether one of the posts does the work of a clause; the shared facts are everybody's work."""
    return clause == "0" or any(scope.line in lines_of_clause(clause) for scope in scopes)


def hidden_terms(scopes: Iterable[Scope]) -> frozenset[str]:
    """The codes of the terms that none of the posts works with."""
    return _hidden(frozenset(scope.line for scope in scopes))


@cache
def _hidden(lines: frozenset[str]) -> frozenset[str]:
    terms = guideline().terms
    return frozenset(code for code in terms if (seeing := lines_of(code)) is not None and not seeing & lines)


def _clauses_reading(term: Term) -> frozenset[str]:
    """The clause that declares a term, and those whose tables or formulas test it."""
    policy = guideline()
    tables = {d.clause for d in policy.decisions.values() if term.code in d.conditions}
    results = {
        d.clause
        for d in policy.decisions.values()
        for row in d.rows
        if row.result.formula and term.code in terms_of(row.result.formula)
    }
    formulas = {c.clause for c in policy.calculations.values() if term.code in terms_of(c.formula)}
    return frozenset({term.clause} | tables | results | formulas) - {"0"}
