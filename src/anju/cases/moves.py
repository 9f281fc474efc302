"""Somebody moves on, or back, while a case runs: the case stays between the places with which it began, and says so (domain 1.9).

Its turns, letters and steps are addressed and never rewritten, and another office has to receive anew: so no case is led elsewhere. It does
not bring a relation to where the person does not live any more; whose turn it is ends it, and what is owed for the new place the pages say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from anju.cases.models import Case, Entry
from anju.cases.procedures import Running, stays
from anju.cases.turns import Places, aim_of, place_at, sides, sides_of, within_one
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Effect
from anju.register.among import Many
from anju.register.models import Former, Household, Person
from anju.walls.prepared import prepared

Now = Mapping[tuple[str, str], tuple[str, str]]
"""Where subjects (kind, id) came from and where they are."""
_tables: Mapping[str, Any] = {"person": Person, "household": Household}
_names: Mapping[str, str] = {"person": "这个人", "household": "这户"}


@dataclass(frozen=True, slots=True)
class Went:
    """``places`` as the register says since ``at``; what it does not know, or knows more closely, stays the case's."""

    case: Case
    places: Places
    at: datetime

    @property
    def on(self) -> date:
        """The day on which the register learnt of it."""
        return timezone.localdate(self.at)

    @property
    def codes(self) -> tuple[str, ...]:
        """The places that `told` names."""
        return (*self.places.all(), *Places.of(self.case).all())

    def told(self, names: Names | None = None) -> str:
        """In one sentence: where to, since when, and what becomes of the case."""
        named, who = names or Names(self.codes, self.on), _names[self.case.subject_kind]
        day = f"{self.on.year} 年 {self.on.month} 月 {self.on.day} 日"
        if self.places.destination == self.case.destination:
            left = f"这件还按从{named(self.case.origin)}迁出办"
            return f"{who}的迁出地 {day}改登记为{named(self.places.origin)}，{left}。"
        back = bool(self.case.origin) and within_one(self.places.destination, self.case.origin)
        went = f"{who} {day}{'搬回了' if back else '又搬到了'}{named(self.places.destination)}"
        return f"{went}，这件还按迁到{named(self.case.destination)}办。"


def went_on(cases: Iterable[Case], known: Now | None = None, *, lock: bool = False) -> Mapping[UUID, Went]:
    """Of open cases those whose person or household is registered elsewhere by now.

    Args:
        known: where those subjects are that the officer sees; only the others are asked for.
        lock: nobody registers another place until the transaction ends.
    """
    running = [case for case in cases if case.closed_at is None and case.subject_kind in _tables]
    now = dict(known or {})
    now |= _places({(c.subject_kind, c.subject_id) for c in running} - now.keys(), lock=lock)
    moved = {c: places for c in running if (places := _elsewhere(c, now.get((c.subject_kind, c.subject_id))))}
    times = _times(moved, now)
    return {case.pk: Went(case, places, times[case.subject_kind, case.subject_id]) for case, places in moved.items()}


def hold_still(cases: Iterable[Case]) -> None:
    """Let nobody judge whom cases are about for a step of theirs, or register another place, until the transaction ends."""
    _places({(case.subject_kind, case.subject_id) for case in cases if case.subject_kind in _tables}, lock=True)


def check_arrives(case: Case, running: Running, effects: Sequence[Effect], days: Mapping[str, date], on: date) -> None:
    """Raise `Refused` where a case would bring a relation, or its end what two sides of a move do together, to a place that the person has
    left. What was so before the register learnt of the move is written as it was.

    Args:
        effects: what changes now.
        days: from which day on, by the name under which it was written down; what has none is done ``on``.
    """
    if case.subject_kind != "person" or (went := went_on([case], lock=True).get(case.pk)) is None:
        return
    for side, level, name in _aims(running, effects):
        was, now = (place_at(getattr(places, side), level) for places in (Places.of(case), went.places))
        before = days.get(name, on) < went.on and not _written_since(case, name, went.at)
        if not within_one(was, now) and not before:
            raise Refused(f"{went.told()}人已经不在那里，不能照此办理；请终止这一件，到新地方该办的，应办里会有。")


def check_none_behind(kind: str, subject: str, running: Running) -> None:
    """Raise `Refused` where a case still runs for somebody that leads to another place, of this procedure or with the same relation."""
    moves = _relations(running)
    others = Case.objects.unscoped().filter(subject_kind=kind, subject_id=subject, closed_at=None).order_by("pk")
    for went in went_on(others if kind in _tables else ()).values():
        other = Running.of(went.case)
        if other.procedure.code == running.procedure.code or moves & _relations(other):
            ends = "办完" if stays(went.case) else "终止"
            raise Refused(
                f"“{other.procedure.name}”还有一件没有结束：{went.told()}先由轮到的单位{ends}那一件，再立新的。"
            )


def _places(wanted: Set[tuple[str, str]], *, lock: bool) -> Now:
    """Where subjects are whom the officer does not see any more: their case is the officer's all the same."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for kind in {of for of, _ in wanted}:
        with everything():
            rows = _where([key for of, key in wanted if of == kind], kind=kind, lock=lock)
            found |= {(kind, str(pk)): (was, is_) for pk, was, is_ in rows}
    return found


@prepared
def _where(ids: Sequence[str], *, kind: str, lock: bool) -> QuerySet[Any, tuple[UUID, str, str]]:
    rows = _tables[kind].objects.unscoped().filter(pk__among=Many(ids)).order_by("pk")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found: QuerySet[Any, tuple[UUID, str, str]] = rows.values_list("pk", "origin", "destination")
    return found


def _elsewhere(case: Case, now: tuple[str, str] | None) -> Places | None:
    """The places of a case as they would be now; None where they are its own, or told only more or less closely."""
    were = (case.origin, case.destination)
    known = [
        new if new and old and not within_one(new, old) else old for new, old in zip(now or were, were, strict=True)
    ]
    return None if tuple(known) == were else Places(known[0], known[1], case.insured)


def _times(moved: Iterable[Case], now: Now) -> Mapping[tuple[str, str], datetime]:
    """Since when subjects are where they are: until then they were known to be elsewhere."""
    keys = {(case.subject_kind, case.subject_id) for case in moved}
    if not keys:
        return {}
    found: dict[tuple[str, str], datetime] = {}
    with everything():
        for former in Former.objects.filter(subject_id__in=[key for _, key in keys]).order_by("-revision"):
            key = (former.subject_kind, former.subject_id)
            were = [former.facts.get(name) or "" for name in ("origin_code", "destination_code")]
            if key in keys and not all(map(within_one, were, now[key])):
                found.setdefault(key, former.until)
    return {key: found.get(key, timezone.now()) for key in keys}


def _aims(running: Running, effects: Sequence[Effect]) -> list[tuple[str, str, str]]:
    """Side, level and the day's name of what is brought where: relations; where a case moves none, what both sides do together."""
    if _relations(running):
        return [(*aim_of(effect.becomes), effect.since) for effect in effects if effect.kind == "relation"]
    if any(e.step for e in effects) or not {"origin", "destination"} <= set(sides_of(running.procedure)):
        return []
    actors = (actor for step in running.procedure.steps for actor in step.actors if not actor.person)
    return [("destination", actor.level, "") for actor in actors if "destination" in sides[actor.side]]


def _relations(running: Running) -> frozenset[str]:
    return frozenset(effect.what for effect in running.procedure.effects if effect.kind == "relation")


def _written_since(case: Case, name: str, at: datetime) -> bool:
    """Whether a field was written down at an earlier step, but only after a moment."""
    entries = Entry.objects.unscoped().filter(case=case).order_by("-seq") if name else ()
    told = next((e for e in entries if name in json.loads(e.told.reveal()).get("fields", {})), None)
    return told is not None and told.at >= at
