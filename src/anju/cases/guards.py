"""Ways out of a step that a decision must agree with: 把关 of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from anju.cases.fields import Value, fact_of
from anju.cases.models import Case
from anju.cases.procedures import Running, forward
from anju.cases.recorded import Recorded
from anju.duties.editions import Counties, Judge
from anju.government.refusals import Refused
from anju.policy.closures import Answer
from anju.policy.model import Fact, Guard, Move, Step
from anju.register.facts import facts_of, today

Known = Callable[[Case, frozenset[str]], Mapping[str, Fact]]
"""What is known of some terms of a case's subject today."""


def known_of(case: Case) -> Mapping[str, Fact]:
    """All that is known, asked for this subject alone."""
    return facts_of(case.subject_kind, case.subject_id, on=today())


def guarded(cases: Iterable[Case], action: str) -> Iterator[Case]:
    """Those that may go this way only as somebody stands: of two of one person, the second is judged when the first is done."""
    for case in cases:
        running = Running.of(case)
        name = running.step(case.step).name
        if any((guard.step, guard.action) == (name, action) for guard in running.procedure.guards):
            yield case


def check_guards(
    case: Case,
    running: Running,
    step: Step,
    move: Move,
    values: Mapping[str, Value],
    recorded: Recorded,
    *,
    known: Known,
) -> None:
    """Raise `Refused` where a decision says otherwise, or cannot say, about a way out.

    Args:
        values: what the steps wrote down, this one included.
        recorded: what the case has on record.
        known: asked only where something guards the way.
    """
    for guard in running.procedure.guards:
        if (guard.step, guard.action) == (step.name, move.action):
            _check(case, running, guard, values, recorded, known=known)


def _check(
    case: Case, running: Running, guard: Guard, values: Mapping[str, Value], recorded: Recorded, *, known: Known
) -> None:
    policy = running.policy
    if guard.decision not in policy.decisions:
        own = policy.terms[guard.decision]
        state = recorded.facts().get(own.code)
        if state not in guard.values:
            raise Refused(f"“{own.name}”是“{own.label(state)}”，不能办“{guard.action}”{_until(recorded)}。")
        return
    judge = _judge(case, running)
    facts = known(case, judge.grounds(guard.decision))
    answer = _answer(case, judge, guard, {**facts}, values, recorded)
    term = policy.terms[guard.decision]
    if answer.missing:
        missing = "、".join(policy.terms[code].name for code in answer.missing)
        raise Refused(f"“{term.name}”还判不出来，缺{missing}；先补上再办“{guard.action}”。")
    if answer.value not in guard.values:
        raise Refused(f"“{term.name}”是“{answer.label}”（{answer.reason}），不能办“{guard.action}”。")


def lets(case: Case, running: Running, step: Step, action: str, *, known: Mapping[str, Fact]) -> bool:
    """Whether the pages' decisions let a case go that way out of a step, by what is known."""
    judge, recorded = _judge(case, running), Recorded.of(case, running)
    guards = [one for one in running.procedure.guards if (one.step, one.action) == (step.name, action)]
    answers = [(one, _answer(case, judge, one, {**known}, {}, recorded)) for one in guards]
    return all(not answer.missing and answer.value in one.values for one, answer in answers)


def why_never(
    case: Case,
    running: Running,
    step: Step,
    values: Mapping[str, Value],
    recorded: Recorded,
    *,
    known: Mapping[str, Fact],
) -> str:
    """Why no way on of a step can be gone with what is written down, as the pages' decision says; "" where one can, or is not decided yet.

    Ways that nothing but the case's own record guards, as its notice, are open; and what rests on nothing that is written down shuts none.
    """
    why, judge = "", _judge(case, running)
    told = {term.code for name in values if (term := running.policy.term(name)) is not None}
    for move in step.moves:
        guards = [one for one in running.procedure.guards if (one.step, one.action) == (step.name, move.action)]
        decided = [
            one for one in guards if one.decision in running.policy.decisions and told & judge.grounds(one.decision)
        ]
        if not forward(step, move):
            continue
        answers = [(one, _answer(case, judge, one, {**known}, values, recorded)) for one in decided]
        bad = [answer for one, answer in answers if not answer.missing and answer.value not in one.values]
        if not bad:
            return ""
        why = why or f"{bad[0].label}：{bad[0].reason}"
    return why


def _answer(
    case: Case,
    judge: Judge,
    guard: Guard,
    facts: dict[str, Fact | None],
    values: Mapping[str, Value],
    recorded: Recorded,
) -> Answer:
    """What the decision of a guard says of facts, with what is written down and on record."""
    policy = judge.edition.policy
    for name, value in values.items():
        term = policy.term(name)
        if term is not None and term.source == "ledger":
            facts[term.code] = fact_of(term, value)
    facts |= recorded.facts()
    facts.update((code, case.applied_on if fact is None else fact) for code, fact in guard.given)
    return judge.alone(guard.decision).answer(facts)[guard.decision]


def _judge(case: Case, running: Running) -> Judge:
    """Who answers for the case's subject today."""
    return Counties.of(running.policy, today()).judge(case.destination[:6])


def _until(recorded: Recorded) -> str:
    """Until when the notice hangs that keeps the way shut."""
    return (
        f"；公示到 {recorded.notice.ends}，办理日要在它以后" if recorded.notice and recorded.state == "running" else ""
    )
