"""One case: where it stands among the steps of its procedure, what was done and written down, and whose turn it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anju.cases.agreeing import expected
from anju.cases.clocks import Clocks
from anju.cases.consent import lacking, lacks_consent
from anju.cases.fields import Field, Value
from anju.cases.known import Knowing, known_of, not_today, will_be
from anju.cases.models import Case, Did, Entry, Turn, taken
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import purpose, seen
from anju.cases.queries.rows import Waiting, open_turns, waiting
from anju.cases.recorded import Recorded
from anju.cases.turns import Places, mine, place_at, sides, vacant
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.queries.names import Names
from anju.government.residents import Somebody
from anju.government.second_wall import everything
from anju.policy.model import Fact, Step
from anju.register.facts import facts_of
from anju.register.privacy import may_see, works_on
from anju.register.queries.lists import is_id

_code = re.compile(r"\d{12}")
_ends: Mapping[int, str] = {0: "办结", -1: "终止"}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in words. ``to``: where it led. ``office``: of whoever did it. ``fields``: what was written down, by name; empty where it
    is another line's work, and not what the officer's own office wrote. ``absent``: an office acted for the resident.
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
    has to be named. ``works``: whether one of the officer's posts does the clause's work. ``lacking``: it was opened for somebody who did
    not come, and what he signed is not there, in a sentence.
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
    lacking: str

    @property
    def step(self) -> Step | None:
        """Where it stands; None once it has ended."""
        return self.running.step(self.case.step) if self.case.step else None

    @property
    def waits(self) -> bool:
        """Whether all is done, and only waits for the day from which on it holds."""
        return any(one.done for one in self.waiting)

    @property
    def returned(self) -> Told | None:
        """What gave the case back to the step at which it stands, if it did not come there on the way."""
        here = self.case.step
        came = next((one for one in reversed(self.entries) if one.entry.did in taken and one.entry.step != here), None)
        return came if came is not None and 0 < came.entry.target == here < came.entry.step else None

    @property
    def resident(self) -> bool:
        """Whether the officer acts for the resident."""
        return bool(self.own) and all(turn.resident for turn in self.own)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is to be written down at the step."""
        return self.recorded.asked(self.step) if self.step else ()

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


def seen_case(officer: Somebody, key: UUID | str) -> Case | None:
    """A case, if the officer may see it; foreign and missing are one."""
    return seen(officer).filter(pk=key).first() if is_id(str(key)) else None


def sent(officer: Officer, case: Case, key: str) -> bool:
    """Whether the officer has sent a step of the case with that key before, so that it is done."""
    mine = Entry.objects.visible_to(officer, purpose=purpose).filter(case=case, by=officer, did__in=taken)
    return is_id(key) and mine.filter(key=key).exists()


def entry_sent(officer: Officer, key: UUID) -> Entry | None:
    """What became of what the officer has sent with that key."""
    mine = Entry.objects.visible_to(officer, purpose=purpose).filter(by=officer, did__in=taken, key=key)
    return mine.select_related("case").first()


def shown(officer: Officer, scopes: Sequence[Scope], case: Case, clocks: Clocks) -> Shown:
    """Everything about a case; four questions."""
    running, places = Running.of(case), Places.of(case)
    here = reaching(scopes, *filter(None, places.all()))
    works, office = works_on(here, case.clause), acting(officer).post
    visible = Entry.objects.visible_to(officer, purpose=purpose).filter(case=case)
    entries = list(visible.select_related("by").order_by("seq"))
    turns = open_turns(officer, [case.pk]) if case.step else []
    own = mine(turns, scopes, case, running, clocks.on)
    offices = (code for entry in entries for code in _code.findall(entry.office))
    names = Names({*places.all(), *(turn.region for turn in turns), *offices}, clocks.on)
    return Shown(
        case,
        running,
        [told(entry, running, names, open_=works or _own(entry, officer, office)) for entry in entries],
        standing(case, running, entries, names, clocks),
        waiting(turns, names, clocks),
        own,
        bool(own) and all(vacant(turn, clocks.on) for turn in own),
        works,
        values_in(entries) if works else {},
        recorded_of(case, running),
        _lacking(case, entries) if works or own else "",
    )


def first_values(shown: Shown, scopes: Sequence[Scope], on: date) -> dict[str, Value]:
    """What is known of the fields of the step: by a floor above, from what was written down before, from facts and what follows from them;
    today for a day on which something is done.
    """
    case = shown.case
    here = reaching(scopes, *filter(None, Places.of(case).all()))
    facts = facts_of(case.subject_kind, case.subject_id, on=on)
    settled = shown.recorded.knows
    found: dict[str, Value] = {}
    if shown.step is None:
        return found
    how = next((told.reason for told in shown.entries if told.entry.did == Did.OPENED), "")
    knowing = Knowing(case, shown.running, shown.step, here, facts, on, how, shown.values)
    for field in shown.fields:
        term = shown.running.policy.term(field.name)
        fact = facts.get(term.code) if term is not None and may_see(here, term.code) else None
        if field.name in settled:
            found[field.name] = settled[field.name]
        elif (wanted := expected(field.name, shown.values)) is not None:
            found[field.name] = wanted
        elif field.name in shown.values:
            found[field.name] = shown.values[field.name]
        elif (then := will_be(knowing, field)) is not None:
            found[field.name] = then
        elif fact is not None and field.kind in ("text", "yes", "whole", "number", "choice", "day"):
            found[field.name] = _as_value(fact)
        elif (known := known_of(knowing, field)) is not None:
            found[field.name] = known
        elif field.kind in ("day", "month") and field.name not in not_today:
            found[field.name] = on.isoformat()[: 10 if field.kind == "day" else 7]
    chosen = {one.name: dict(one.choices) for one in shown.fields if one.kind == "choice"}
    # that nobody has answered is on record, and no answer
    return {name: value for name, value in found.items() if name not in chosen or value in chosen[name]}


def _lacking(case: Case, entries: Sequence[Entry]) -> str:
    with everything():
        return lacking if lacks_consent(case, entries) else ""


def recorded_of(case: Case, running: Running) -> Recorded:
    """What a case has on record beside its entries."""
    with everything():
        return Recorded.of(case, running)


def _as_value(fact: Fact) -> Value:
    return fact.isoformat() if isinstance(fact, date) else fact


def values_in(entries: Sequence[Entry]) -> dict[str, Value]:
    """What was written down in entries, the latest of each."""
    values: dict[str, Value] = {}
    for entry in entries:
        values.update(_written(entry).get("fields", {}))
    return values


def _own(entry: Entry, officer: Officer, office: str) -> bool:
    """Whether the officer wrote it, or somebody with the same posts: what an office handed in, it may read again."""
    return entry.by_id == officer.pk or (bool(office) and entry.office == office)


def _written(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.told.reveal())
    return found


def told(entry: Entry, running: Running, names: Names, *, open_: bool) -> Told:
    """An entry in words; not ``open_``: without what was written down."""
    written = _written(entry) if open_ else {}
    fields = [(name, running.field(name).told(value)) for name, value in written.get("fields", {}).items()]
    to = ""
    if entry.did == Did.DATED:
        to = "到日生效"
    if entry.did == Did.MOVED and entry.target != entry.step:
        to = _ends.get(entry.target) or running.step(entry.target).name
    office = _code.sub(lambda found: names(found[0]), entry.office)
    reason, basis = (written.get(name, "") for name in ("reason", "basis"))
    absent = bool(written.get("absent"))
    return Told(entry, running.step(entry.step).name, to, office, fields, reason, basis, absent)


def standing(case: Case, running: Running, entries: Sequence[Entry], names: Names, clocks: Clocks) -> list[Standing]:
    """The steps of a case's procedure, and how far it is."""
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
