"""Officers who do anything at any time: no step is skipped, nothing is done twice, and every case waits for somebody or has ended.

``ANJU_FUZZ_EXAMPLES=350`` makes it 10,500 deeds.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.cases.actions import open_case, resume, suspend, take_step, terminate, withdraw
from anju.cases.models import Case, Did, Entry, State, Turn, open_states
from anju.cases.procedures import Running, subject_of
from anju.cases.recorded import Recorded
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person, Relation
from tests.cases.cast import Offices, value_for
from tests.register.cast import DESTINATION, ORIGIN

PAGES = guideline()
OF_PEOPLE = [p.code for p in PAGES.procedures.values() if subject_of(PAGES, p.code) in ("person", "household")]
DEEDS = 30
EXAMPLES = int(os.environ.get("ANJU_FUZZ_EXAMPLES", "25"))
LINES = ("committee", "public_security", "organisation", "human_resources", "medical_security", "civil_affairs")


class Undone(Exception):
    """Ends an example's transaction."""


class Play:
    """One case, and what must be true of it after every deed."""

    def __init__(self, data: st.DataObject, offices: Offices, subject: str, procedure: str) -> None:
        self.data, self.offices = data, offices
        running = Running(PAGES, PAGES.procedures[procedure])
        actor = next(a for step in running.procedure.steps for a in step.actors if not a.person)
        place = ORIGIN if actor.side in ("origin", "both") else DESTINATION
        by = offices.at(actor.line, actor.level, place_at(place, actor.level))
        self.case = open_case(by=by, procedure=procedure, subject=subject, applied_on=today(), how="本人到场")
        self.running = running
        self.check()

    def rows(self) -> tuple[Case, Sequence[Entry], Sequence[Turn]]:
        with everything():
            case = Case.objects.unscoped().get(pk=self.case.pk)
            entries = list(Entry.objects.unscoped().filter(case=case).order_by("seq"))
            return case, entries, list(Turn.objects.unscoped().filter(case=case).order_by("pk"))

    def somebody(self, turns: Sequence[Turn]) -> Officer:
        """Mostly whose turn it is, sometimes anybody."""
        waiting = [turn for turn in turns if turn.until_entry is None]
        right: int = self.data.draw(st.integers(0, 4), "right one")
        if waiting and right:
            return self.offices.of(waiting[right % len(waiting)])
        level = self.data.draw(st.sampled_from(["village", "township", "county"]), "level")
        place = self.data.draw(st.sampled_from([ORIGIN, DESTINATION]), "place")
        return self.offices.at(self.data.draw(st.sampled_from(LINES), "line"), level, place_at(place, level))

    def deed(self) -> None:
        """One deed, allowed or not; what is refused changes nothing."""
        before = self.rows()
        case, _, turns = before
        who, seen = self.somebody(turns), case.entries - (self.data.draw(st.integers(0, 9), "late") == 0)
        kind = self.data.draw(
            st.sampled_from(["step"] * 8 + ["suspend", "resume", "resume", "withdraw", "terminate"]), "deed"
        )
        try:
            with transaction.atomic():
                self._do(kind, who, case, seen)
        except Refused:
            assert self.rows() == before
        else:
            assert len(self.rows()[1]) == len(before[1]) + 1
        self.check()

    def _do(self, kind: str, who: Officer, case: Case, seen: int) -> None:
        same: dict[str, Any] = {"by": who, "case": case.pk, "seen": seen}
        if kind == "suspend":
            suspend(**same, because="等材料", review_on=today() + timedelta(7))
        elif kind == "resume":
            resume(**same)
        elif kind == "withdraw":
            withdraw(**same, how=self.data.draw(st.sampled_from(["", "", "", "本人电话"])))
        elif kind == "terminate":
            terminate(**same, because=self.data.draw(st.sampled_from(["", "", "", "不再需要"])))
        else:
            number = case.step or 1
            step = self.running.step(number)
            action = self.data.draw(st.sampled_from([*(move.action for move in step.moves), "没有这样的"]), "action")
            with everything():
                owned = Recorded.of(case, self.running).owned(step)
            typed = [f for f in self.running.fields(number) if f.name not in owned]
            fields = {f.name: value_for(f) for f in typed if self.data.draw(st.integers(0, 19))}
            reason = self.data.draw(st.sampled_from(["", "有出入"]), "reason")
            take_step(**same, action=action, fields=fields, reason=reason, basis="回函")

    def check(self) -> None:
        case, entries, turns = self.rows()
        assert [entry.seq for entry in entries] == list(range(1, case.entries + 1))
        waiting = [turn for turn in turns if turn.until_entry is None]
        assert bool(waiting) == (case.state in open_states)
        assert {turn.step for turn in waiting} <= {case.step}
        at, parts = 1, set[str]()
        for entry in entries[1:]:
            assert entry.step == at
            if entry.did == Did.MOVED:
                moves = {(move.action, move.target) for move in self.running.step(at).moves}
                assert (entry.action, entry.target) in moves
                parts.add(entry.part)
                both = any(actor.side == "both" for actor in self.running.step(at).actors)
                goes = entry.target == 0 or entry.target > at
                if not both or not goes or parts == {"origin", "destination"}:
                    at, parts = entry.target, set()
        ended = entries[-1].did in (Did.WITHDRAWN, Did.TERMINATED)
        assert case.step == (0 if ended or at <= 0 else at)
        assert (case.state == State.DONE) == (at == 0)


def opened(data: st.DataObject, offices: Offices, person: Person, home: Household) -> Play:
    """A case of some procedure; another where one cannot be opened, because 参保地 is not registered."""
    while True:
        procedure = data.draw(st.sampled_from(OF_PEOPLE), "procedure")
        subject = str(person.pk if subject_of(PAGES, procedure) == "person" else home.pk)
        try:
            return Play(data, offices, subject, procedure)
        except Refused:
            continue


def play(data: st.DataObject, offices: Offices, person: Person, home: Household) -> None:
    game = opened(data, offices, person, home)
    for _ in range(DEEDS):
        game.deed()
        if game.rows()[0].state not in open_states:
            game = opened(data, offices, person, home)
    with everything():
        steps = Relation.objects.unscoped().filter(person=person).order_by("kind", "since")
        assert all(step.holder for step in steps)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_officers_do(data: st.DataObject, offices: Offices, person: Person, home: Household) -> None:
    try:
        with transaction.atomic():
            play(data, offices, person, home)
            raise Undone
    except Undone:
        pass
