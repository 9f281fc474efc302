"""Cases under way in the city: opened and taken on by its officers through the same actions as everybody's. Only moves of 户口 have come to
their end here and there, so that the share of what is handed in online and its duration have something to show (1.1-4).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from anju.cases.actions import open_case, take_step
from anju.cases.fields import Field, Value
from anju.cases.known import Knowing, known_of
from anju.cases.models import Case, Turn
from anju.cases.procedures import Running, forward, subject_of, takes_effect
from anju.cases.queries.online import procedures_of
from anju.cases.turns import place_at, places_for, sides
from anju.demo.lives import chance_of
from anju.demo.story import destination
from anju.duties.models import Duty
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Procedure
from anju.register.actions.within import scopes_of
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline

_of_a_kind = 3
"""So many cases of a procedure are begun, the first of them where the cast works."""
_moves = 16
"""So many of those that are handed in in one way or another."""
_chosen = "落户选择"
_longest_ago, _moves_ago, _pace = 40, 300, 9
"""Days since an application, since that of a move, and between two steps at most."""


def set_to_work(seed: int, on: date) -> int:
    """Begin cases for some of what is owed; how many. Each deed is one of an officer, with its entry in the journal."""
    return sum(_begun(subject, procedure, chance_of(seed, subject), on) for procedure, subject in _owed())


def _is_move(procedure: str) -> bool:
    return procedure in procedures_of(guideline().version)


def _owed() -> Iterator[tuple[Procedure, str]]:
    """What a procedure would end, near the cast first; no subject twice."""
    procedures = guideline().procedures
    ends = {kind.code: kind.ends[1] for kind in guideline().duties.values() if kind.ends[0] == "procedure"}
    with everything():
        open_ones = Duty.objects.unscoped().owed().filter(kind__in=list(ends), subject_kind__in=["person", "site"])
        found = list(open_ones.values_list("kind", "subject_id", "destination"))
    by_procedure: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for kind, subject, place in found:
        by_procedure[ends[kind]].append((place[:6] != destination[:6], subject))
    taken: set[str] = set()
    for code, subjects in by_procedure.items():
        some = [subject for _, subject in sorted(subjects) if subject not in taken]
        some = some[: _moves if _is_move(code) else _of_a_kind]
        taken.update(some)
        yield from ((procedures[code], subject) for subject in some)


def _begun(subject: str, procedure: Procedure, chance: random.Random, on: date) -> bool:
    """Open a case and take some of its steps; False where nobody could open it."""
    moves = _is_move(procedure.code)
    day = on - timedelta(days=chance.randrange(2, _moves_ago if moves else _longest_ago))
    try:
        case = opened(subject, procedure, day)
    except Refused:
        return False
    for _ in range(len(procedure.steps) if moves else chance.randrange(len(procedure.steps))):
        if not case.step:
            break
        day = min(on, day + timedelta(days=chance.randrange(1, _pace)))
        try:
            case = _stepped(case, day, chance)
        except Refused:  # a notice has to hang first, or a meeting to be called: there it waits
            break
    return True


def opened(subject: str, procedure: Procedure, day: date) -> Case:
    """A case opened by who does its first step that is an office's. Raises `Refused`."""
    kind = subject_of(guideline(), procedure.code)
    with everything():
        places = places_for(kind, subject, procedure, day)
    actor = next(actor for step in procedure.steps for actor in step.actors if not actor.person)
    by = sitting(actor.line, actor.level, place_at(getattr(places, sides[actor.side][0]), actor.level))
    how = "本人到窗口申请" if kind == "person" else "按应办清单办"
    return open_case(by=by, procedure=procedure.code, subject=subject, applied_on=day, how=how)


def _stepped(case: Case, day: date, chance: random.Random) -> Case:
    """The next step by whoever sits there. Raises `Refused` where the case would take effect or end, unless it is a move of
    户口.
    """
    with everything():
        turn = Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk")[0]
        running = Running.of(case)
    step, by = running.step(case.step), sitting(turn.line, turn.level, turn.region)
    fields = {field.name: value_in(field, day) for field in running.fields(case.step)}
    if _chosen in fields:  # a hukou goes only to where there is a right to
        with everything():
            facts = facts_of(case.subject_kind, case.subject_id, on=today())
        known = Knowing(case, running, step, scopes_of(by), facts, today())
        fields[_chosen] = known_of(known, running.field(_chosen)) or fields[_chosen]
    going_on = (move for move in step.moves if forward(step, move))
    goes = _is_move(case.procedure)
    on = [m.action for m in going_on if goes or (m.target and not takes_effect(running, (step.name, m.action)))]
    if not on:
        raise Refused("办到这里为止。")
    action = chance.choice(on) if case.step == 1 else on[0]
    return take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields, on=day)


def sitting(line: str, level: str, region: str) -> Officer:
    """Whoever holds a seat, of several the first by account. Raises `Refused` where nobody does."""
    held = PostHolding.objects.filter(post__line=line, post__level=level, post__region=region)
    found = held.select_related("officer").order_by("officer__account").first()
    if found is None:
        raise Refused("那里没有人。")
    return found.officer


def value_in(field: Field, day: date) -> Value:
    """Something that may stand in a field."""
    given: Mapping[str, Value] = {
        "text": "见申请材料",
        "paper": True,
        "yes": True,
        "whole": 12,
        "number": 520,
        "day": day.isoformat(),
        "month": day.isoformat()[:7],
    }
    if field.name == "标的地块":
        return "三组沟边"
    if field.name.endswith("亩数"):
        return 0.5
    if field.name.endswith("文号"):
        return f"演示函〔{day.year}〕{day.timetuple().tm_yday}号"
    return field.choices[0][0] if field.kind == "choice" else given[field.kind]
