"""Cases under way in the city: opened and taken on by its officers through the same actions as everybody's, and none of them ended."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from anju.cases.actions import open_case, take_step
from anju.cases.fields import Field, Value
from anju.cases.models import Case, Turn
from anju.cases.procedures import Running, forward, subject_of
from anju.cases.turns import place_at, places_for, sides
from anju.demo.lives import chance_of
from anju.demo.story import destination
from anju.duties.models import Duty
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Procedure
from anju.register.guideline import guideline

_of_a_kind = 3
"""So many cases of a procedure are begun, the first of them where the cast works."""
_longest_ago, _pace = 40, 9
"""Days since an application, and between two steps at most."""


def set_to_work(seed: int, on: date) -> int:
    """Begin cases for some of what is owed; how many. Each deed is one of an officer, with its entry in the journal."""
    return sum(_begun(subject, procedure, chance_of(seed, subject), on) for procedure, subject in _owed())


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
        some = [subject for _, subject in sorted(subjects) if subject not in taken][:_of_a_kind]
        taken.update(some)
        yield from ((procedures[code], subject) for subject in some)


def _begun(subject: str, procedure: Procedure, chance: random.Random, on: date) -> bool:
    """Open a case and take some of its steps; False where nobody could open it."""
    day = on - timedelta(days=chance.randrange(2, _longest_ago))
    try:
        case = _opened(subject, procedure, day)
    except Refused:
        return False
    for _ in range(chance.randrange(len(procedure.steps))):
        day = min(on, day + timedelta(days=chance.randrange(1, _pace)))
        try:
            case = _stepped(case, day)
        except Refused:  # a notice has to hang first, or a meeting to be called: there it waits
            break
    return True


def _opened(subject: str, procedure: Procedure, day: date) -> Case:
    kind = subject_of(guideline(), procedure.code)
    with everything():
        places = places_for(kind, subject, procedure, day)
    actor = next(actor for step in procedure.steps for actor in step.actors if not actor.person)
    by = _sitting(actor.line, actor.level, place_at(getattr(places, sides[actor.side][0]), actor.level))
    how = "本人到窗口申请" if kind == "person" else "按应办清单办"
    return open_case(by=by, procedure=procedure.code, subject=subject, applied_on=day, how=how)


def _stepped(case: Case, day: date) -> Case:
    """The next step by whoever sits there. Raises `Refused` where the case would end."""
    with everything():
        turn = Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk")[0]
        running = Running.of(case)
        fields = {field.name: _value(field, day) for field in running.fields(case.step)}
    step = running.step(case.step)
    action = next((move.action for move in step.moves if forward(step, move) and move.target), None)
    if action is None:
        raise Refused("办到这里为止。")
    by = _sitting(turn.line, turn.level, turn.region)
    return take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields, on=day)


def _sitting(line: str, level: str, region: str) -> Officer:
    held = PostHolding.objects.filter(post__line=line, post__level=level, post__region=region)
    found = held.select_related("officer").first()
    if found is None:
        raise Refused("那里没有人。")
    return found.officer


def _value(field: Field, day: date) -> Value:
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
    if field.name.endswith("文号"):
        return f"演示函〔{day.year}〕{day.timetuple().tm_yday}号"
    return field.choices[0][0] if field.kind == "choice" else given[field.kind]
