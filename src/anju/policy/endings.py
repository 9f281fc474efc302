"""Whether a duty can end: what its 了结 records has to be facts, and facts that the rows look at which open it."""

from __future__ import annotations

from collections.abc import Iterator

from anju.policy.errors import Problem
from anju.policy.formula import terms_of
from anju.policy.model import Decision, DutyKind, Policy, Row


def endings(policy: Policy) -> Iterator[Problem]:
    """A duty whose entry is no recorded fact, or one that changes nothing about a row that opens it."""
    for decision in policy.decisions.values():
        for duty in dict.fromkeys(policy.duties[code] for row in decision.rows for code in row.duties):
            if duty.ends[0] == "entry":
                yield from _entry(policy, decision, duty)


def _entry(policy: Policy, decision: Decision, duty: DutyKind) -> Iterator[Problem]:
    for code in duty.records:
        term = policy.terms.get(code)
        if term is None:
            expected = "写台账里的事实：登记：什么（事实、事实）"
            yield Problem(duty.place, "应办", f"应办“{duty.name}”登记的“{code}”不是术语", expected)
        elif term.source != "ledger" or decision.subject not in term.subjects:
            found = f"应办“{duty.name}”登记的“{term.name}”不是台账里这个对象的事实"
            yield Problem(duty.place, "应办", found, "写台账里的事实：登记：什么（事实、事实）")
    for row in decision.rows:
        if duty.code in row.duties and not set(duty.records) & rests_on(policy, decision, row):
            found = f"应办“{duty.name}”登记了也不了结：“{decision.name}”第 {row.number} 行不看登记的事实"
            yield Problem(duty.place, "应办", found, "登记一项这一行要看的事实，或者把它写进这一行的条件")


def rests_on(policy: Policy, decision: Decision, row: Row) -> frozenset[str]:
    """Codes of the recorded facts that a row looks at, itself or by what it reads."""
    tested = (code for code, cell in zip(decision.conditions, row.cells, strict=True) if row.rest or not cell.any)
    return frozenset().union(*(recorded(policy, code) for code in tested))


def recorded(policy: Policy, code: str) -> frozenset[str]:
    """Codes of the recorded facts that a term comes from; of a recorded fact its own, with those it is worked out from."""
    found: set[str] = set()
    pending, seen = [code], set[str]()
    while pending:
        one = pending.pop()
        if one in seen:
            continue
        seen.add(one)
        if policy.terms[one].source == "ledger":
            found.add(one)
        if one in policy.decisions:
            decision = policy.decisions[one]
            formulas = (row.result.formula for row in decision.rows if row.result.formula)
            pending += [*decision.conditions, *(of for formula in formulas for of in terms_of(formula))]
        if one in policy.calculations:
            pending += terms_of(policy.calculations[one].formula)
    return frozenset(found)
