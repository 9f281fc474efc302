"""What another office's system is told: the steps that wait for its seat, and of each what has to be known to answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anju.cases.clocks import Clocks
from anju.cases.fields import Field
from anju.cases.models import Case, Did, Entry, State, Turn, Turns
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import waiting_for
from anju.cases.queries.one import Shown, shown
from anju.cases.queries.rows import Row, rows
from anju.cases.turns import Places
from anju.government.asking import Asking
from anju.government.lines import Line
from anju.government.queries.names import Names
from anju.policy.model import Move, Step
from anju.register.models import Membership, Person
from anju.register.queries import one
from anju.register.queries.paging import Listing, page

most_steps = 100
"""Steps of one answer at most."""
_purpose = "接口办件"
_ends: Mapping[int, str] = {0: "办结", -1: "终止"}


@dataclass(frozen=True, slots=True)
class Named:
    """One of the people that a case is about; ``relation``: 与户主关系, "" where the case is about the person alone."""

    person: Person
    relation: str


def waiting(who: Asking) -> Turns:
    """The turns that wait for the system's own seat: none of a resident, none of a suspended case."""
    return waiting_for(who.officer, who.scopes).filter(resident=False, case__state=State.RUNNING)


def turn_at(who: Asking, case: UUID) -> Turn | None:
    """The turn of one case that waits for the system's seat; foreign, missing and done are one."""
    return waiting(who).filter(case=case).select_related("case").order_by("pk").first()


def steps(who: Asking, procedure: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """The waiting steps, the one that waits longest first, and the key of the next page, "" at the end."""
    found = waiting(who).filter(case__procedure=procedure) if procedure else waiting(who)
    listed = page(Listing((found.select_related("case"),), ("since", "pk")), after=after, size=most_steps)
    turns = list(listed.rows)
    if not turns:
        return [], ""
    told = rows(who.officer, [turn.case for turn in turns], Clocks(who.today), mine=turns)
    names = Names({place for turn in turns for place in Places.of(turn.case).all()}, who.today)
    return [_step(row, names) for row in told], listed.next


def step(who: Asking, turn: Turn) -> dict[str, Any]:
    """One waiting step with its people, its ways out, its fields and what was written down before."""
    clocks, case = Clocks(who.today), turn.case
    (row,) = rows(who.officer, [case], clocks, mine=[turn])
    known = shown(who.officer, who.scopes, case, clocks)
    assert known.step is not None
    written = {name: known.running.field(name).told(value) for name, value in known.values.items()}
    return {
        **_step(row, Names(Places.of(case).all(), who.today)),
        "people": [
            {"person": str(named.person.pk), "name": named.person.name, "relation": named.relation}
            for named in people_of(who, case)
        ],
        "actions": [_action(known.step, move, known.running) for move in known.step.moves],
        "fields": [_field(field) for field in known.typed],
        "answered": dict(known.answered),
        "lacks": known.lacks,
        "written": written,
        "last": _last(known),
    }


def people_of(who: Asking, case: Case) -> Sequence[Named]:
    """Whom a case is about, as far as the post sees them: the person, or who belongs to the household today."""
    if case.subject_kind == "person":
        found = one.person(who.officer, case.subject_id)
        return [Named(found, "")] if found is not None else []
    if case.subject_kind != "household":
        return []
    members = Membership.objects.of_people_seen_by(who.officer, purpose=_purpose)
    here = members.filter(household_id=UUID(case.subject_id), since__lte=who.today, until__gt=who.today)
    return [Named(member.person, member.relation) for member in here.select_related("person").order_by("pk")]


def office(who: Asking) -> dict[str, str]:
    """The seat that the system stands in for."""
    (scope,) = who.scopes
    place = Names([scope.lo], who.today)(scope.lo)
    return {"line": scope.line, "level": scope.level, "region": scope.lo, "name": f"{place} {Line(scope.line).label}"}


def answered(entry: Entry) -> dict[str, Any]:
    """What became of an answer; the same whenever it is asked again."""
    running = Running.of(entry.case)
    return {
        "case": str(entry.case_id),
        "entry": entry.seq,
        "step": _numbered(running.step(entry.step)),
        "action": entry.action,
        "to": _ends.get(entry.target) or running.step(entry.target).name,
        "on": entry.on.isoformat(),
        "at": entry.at.isoformat(timespec="seconds"),
    }


def _step(row: Row, names: Names) -> dict[str, Any]:
    (wait,), case = row.waiting, row.case
    assert row.step is not None
    return {
        "case": str(case.pk),
        "seen": case.entries,
        "procedure": {"code": case.procedure, "name": row.procedure},
        "clause": {"number": case.clause, "title": row.clause},
        "step": _numbered(row.step),
        "side": wait.turn.part,
        "subject": {"kind": case.subject_kind, "name": row.whom.name if row.whom else ""},
        "since": wait.turn.since.isoformat(),
        "due": wait.clock.due.isoformat() if wait.clock.due else None,
        "state": wait.clock.state,
        **{side: _place(getattr(case, side), names) for side in ("origin", "destination", "insured")},
    }


def _place(code: str, names: Names) -> dict[str, str] | None:
    return {"code": code, "name": names(code)} if code else None


def _numbered(step: Step) -> dict[str, Any]:
    return {"number": step.number, "name": step.name}


def _action(step: Step, move: Move, running: Running) -> dict[str, Any]:
    onward = forward(step, move)
    return {
        "action": move.action,
        "to": _ends.get(move.target) or running.step(move.target).name,
        "needs_fields": onward,
        "needs_reason": not onward and move.target != step.number,
    }


def _field(field: Field) -> dict[str, Any]:
    choices = [{"code": code, "label": label} for code, label in field.choices]
    return {"name": field.name, "kind": field.kind, "ahead": field.ahead, "choices": choices}


def _last(known: Shown) -> dict[str, Any] | None:
    """What led here: a step that was given back says why."""
    told = next((entry for entry in reversed(known.entries) if entry.entry.did == Did.MOVED), None)
    if told is None:
        return None
    return {
        "step": told.step,
        "action": told.entry.action,
        "on": told.entry.on.isoformat(),
        "reason": told.reason,
        "basis": told.basis,
    }
