"""One case: where it stands among the steps of its procedure, what was done and written down, and whose turn it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anju.cases.clocks import Clocks
from anju.cases.fields import Field, Value
from anju.cases.filling import filling
from anju.cases.models import Case, Did, Entry, Turn
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import purpose, seen
from anju.cases.queries.rows import Waiting, open_turns, waiting
from anju.cases.recorded import Recorded
from anju.cases.turns import Places, mine, place_at, sides, vacant
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.policy.model import Fact, Step
from anju.register.facts import facts_of
from anju.register.privacy import may_see, works_on
from anju.register.queries.lists import is_id

_code = re.compile(r"\d{12}")
_ends: Mapping[int, str] = {0: "办结", -1: "终止"}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words. ``to``: where it led. ``office``: of whoever did it. ``fields``: what was written down, by name; empty
    where it is another line's work. ``absent``: an office acted for the resident, who had signed.
    """

    entry: Entry
    step: str
    to: str
    office: str
    fields: Sequence[tuple[str, str]]
    reason: str
    basis: str
    absent: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A step of the procedure. ``state``: done, now, next or skipped. ``lane``: origin, destination or both. ``who``: offices with their
    places. ``limit``: how long it may take.
    """

    step: Step
    state: str
    lane: str
    who: Sequence[tuple[str, str]]
    limit: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A case as an officer sees it. ``own``: the turns that the officer may take. ``vacant``: nobody sits where they stand, so that a paper
    has to be named. ``works``: whether one of the officer's posts does the clause's work.
    """

    case: Case
    running: Running
    entries: Sequence[Told]
    steps: Sequence[Standing]
    waiting: Sequence[Waiting]
    own: Sequence[Turn]
    vacant: bool
    works: bool
    values: Mapping[str, Value]
    recorded: Recorded

    @property
    def step(self) -> Step | None:
        """Where it stands; None once it has ended."""
        return self.running.step(self.case.step) if self.case.step else None

    @property
    def resident(self) -> bool:
        """Whether the officer acts for the resident."""
        return bool(self.own) and all(turn.resident for turn in self.own)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is to be written down at the step."""
        return self.running.fields(self.case.step) if self.case.step else ()

    @property
    def typed(self) -> tuple[Field, ...]:
        """Those that are not on record already."""
        owned = self.recorded.owned(self.step) if self.step else ()
        return tuple(field for field in self.fields if field.name not in owned)

    @property
    def answered(self) -> Sequence[tuple[str, str]]:
        """Those that are, in words."""
        answers = self.recorded.answers(self.step) if self.step else {}
        return [(field.name, field.told(answers[field.name])) for field in self.fields if field.name in answers]

    @property
    def lacks(self) -> str:
        """What has to be put on record before the step goes on."""
        return self.recorded.missing(self.step) if self.step else ""


def seen_case(officer: Officer, key: UUID | str) -> Case | None:
    """A case, if the officer may see it; foreign and missing are one."""
    return seen(officer).filter(pk=key).first() if is_id(str(key)) else None


def sent(officer: Officer, case: Case, key: str) -> bool:
    """Whether the officer has sent a step of the case with that key before, so that it is done."""
    mine = Entry.objects.visible_to(officer, purpose=purpose).filter(case=case, by=officer, did=Did.MOVED)
    return is_id(key) and mine.filter(key=key).exists()


def shown(officer: Officer, scopes: Sequence[Scope], case: Case, clocks: Clocks) -> Shown:
    """Everything about a case; four questions."""
    running, places = Running.of(case), Places.of(case)
    here = reaching(scopes, *filter(None, places.all()))
    works = works_on(here, case.clause)
    visible = Entry.objects.visible_to(officer, purpose=purpose).filter(case=case)
    entries = list(visible.select_related("by").order_by("seq"))
    turns = open_turns(officer, [case.pk]) if case.step else []
    own = mine(turns, scopes, case, running, clocks.on)
    offices = (code for entry in entries for code in _code.findall(entry.office))
    names = Names({*places.all(), *(turn.region for turn in turns), *offices}, clocks.on)
    return Shown(
        case,
        running,
        [_told(entry, running, names, open_=works) for entry in entries],
        _standing(case, running, entries, names, clocks),
        waiting(turns, names, clocks),
        own,
        bool(own) and all(vacant(turn, clocks.on) for turn in own),
        works,
        _values(entries) if works else {},
        _recorded(case, running),
    )


def first_values(shown: Shown, scopes: Sequence[Scope], on: date) -> dict[str, Value]:
    """What is known of the fields of the step: by a floor above, from what was written down before, from facts; today for a day."""
    case = shown.case
    here = reaching(scopes, *filter(None, Places.of(case).all()))
    facts = facts_of(case.subject_kind, case.subject_id, on=on)
    told = filling(case)
    settled = told.values(case) if told else {}
    found: dict[str, Value] = {}
    for field in shown.fields:
        term = shown.running.policy.term(field.name)
        fact = facts.get(term.code) if term is not None and may_see(here, term.code) else None
        if field.name in settled:
            found[field.name] = settled[field.name]
        elif field.name in shown.values:
            found[field.name] = shown.values[field.name]
        elif fact is not None and field.kind in ("text", "yes", "whole", "number", "choice", "day"):
            found[field.name] = _as_value(fact)
        elif field.kind in ("day", "month"):
            found[field.name] = on.isoformat()[: 10 if field.kind == "day" else 7]
    return found


def _recorded(case: Case, running: Running) -> Recorded:
    with everything():
        return Recorded.of(case, running)


def _as_value(fact: Fact) -> Value:
    return fact.isoformat() if isinstance(fact, date) else fact


def _values(entries: Sequence[Entry]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for entry in entries:
        values.update(_written(entry).get("fields", {}))
    return values


def _written(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.told.reveal())
    return found


def _told(entry: Entry, running: Running, names: Names, *, open_: bool) -> Told:
    written = _written(entry) if open_ else {}
    fields = [(name, running.field(name).told(value)) for name, value in written.get("fields", {}).items()]
    to = ""
    if entry.did == Did.MOVED and entry.target != entry.step:
        to = _ends.get(entry.target) or running.step(entry.target).name
    office = _code.sub(lambda found: names(found[0]), entry.office)
    reason, basis = (written.get(name, "") for name in ("reason", "basis"))
    absent = bool(written.get("absent"))
    return Told(entry, running.step(entry.step).name, to, office, fields, reason, basis, absent)


def _standing(case: Case, running: Running, entries: Sequence[Entry], names: Names, clocks: Clocks) -> list[Standing]:
    passed = {entry.step for entry in entries if entry.did == Did.MOVED and _forward(entry, running)}
    return [_one_step(case, step, passed, names, clocks) for step in running.procedure.steps]


def _forward(entry: Entry, running: Running) -> bool:
    step = running.step(entry.step)
    return any(move.target == entry.target and forward(step, move) for move in step.moves)


def _one_step(case: Case, step: Step, passed: set[int], names: Names, clocks: Clocks) -> Standing:
    if step.number == case.step:
        state = "now"
    elif step.number in passed and (not case.step or step.number < case.step):
        state = "done"
    else:
        state = "skipped" if not case.step or step.number < case.step else "next"
    places, who, lanes = Places.of(case), [], set()
    for actor in step.actors:
        if actor.person:
            who.append((actor.text, ""))
            lanes.add("destination")
            continue
        for side in sides[actor.side]:
            who.append((actor.text, names(place_at(getattr(places, side), actor.level))))
            lanes.add("destination" if side == "insured" else side)
    limit = clocks.told(step.limit, places.origin if lanes == {"origin"} else places.destination)
    return Standing(step, state, lanes.pop() if len(lanes) == 1 else "both", who, limit)
