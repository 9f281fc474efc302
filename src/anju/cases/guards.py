"""Ways out of a step that a decision must agree with: 把关 of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anju.cases.fields import Value, fact_of
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded
from anju.duties.editions import Counties
from anju.government.refusals import Refused
from anju.policy.model import Fact, Guard, Move, Step
from anju.register.facts import facts_of, today


def check_guards(
    case: Case, running: Running, step: Step, move: Move, values: Callable[[], Mapping[str, Value]], recorded: Recorded
) -> None:
    """Raise `Refused` where a decision says otherwise, or cannot say, about a way out.

    Args:
        values: what the steps wrote down, this one included; asked for only where something guards the way.
        recorded: what the case has on record.
    """
    for guard in running.procedure.guards:
        if (guard.step, guard.action) == (step.name, move.action):
            _check(case, running, guard, values(), recorded.facts())


def _check(
    case: Case, running: Running, guard: Guard, values: Mapping[str, Value], recorded: Mapping[str, Fact]
) -> None:
    policy = running.policy
    if guard.decision not in policy.decisions:
        own = policy.terms[guard.decision]
        if recorded.get(own.code) not in guard.values:
            raise Refused(f"“{own.name}”是“{own.label(recorded.get(own.code))}”，不能办“{guard.action}”。")
        return
    facts: dict[str, Fact | None] = dict(facts_of(case.subject_kind, case.subject_id, on=today()))
    for name, value in values.items():
        term = policy.term(name)
        if term is not None and term.source == "ledger":
            facts[term.code] = fact_of(term, value)
    facts |= recorded
    facts.update((code, case.applied_on if fact is None else fact) for code, fact in guard.given)
    judge = Counties.of(policy, today()).judge(case.destination[:6])
    answer = judge.case(case.subject_kind).answer(facts)[guard.decision]
    term = policy.terms[guard.decision]
    if answer.missing:
        missing = "、".join(policy.terms[code].name for code in answer.missing)
        raise Refused(f"“{term.name}”还判不出来，缺{missing}；先补上再办“{guard.action}”。")
    if answer.value not in guard.values:
        raise Refused(f"“{term.name}”是“{answer.label}”（{answer.reason}），不能办“{guard.action}”。")
