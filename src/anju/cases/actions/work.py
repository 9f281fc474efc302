"""What a deed on cases asks for and writes, together for all of them: one case is many that are one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from anju.cases.actions.within import deed, sender
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.models import Case, Consequence, Did, Entry, State, Turn
from anju.cases.plots import Plot, lock, no_longer_offered, others_look_again
from anju.cases.procedures import Running
from anju.cases.turns import mine, seated, turns_at, vacant
from anju.duties.opened import opening_for
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.residents import Resident, Somebody
from anju.journal.actions import Deed, record_all
from anju.policy.model import Fact
from anju.register.actions.within import scopes_of
from anju.register.among import Many
from anju.register.changes import changed
from anju.register.facts import facts_by_subject, today
from anju.walls.prepared import change, insert, prepared

K = TypeVar("K")
V = TypeVar("V")


class Work:
    """Cases that are locked already, and what is asked and said of them; `write` writes it."""

    def __init__(self, by: Somebody | None, cases: Sequence[Case]) -> None:
        self.by, self.cases = by, cases
        self.actor, self.today = acting(by), today()
        self.entries: list[Entry] = []
        self.begun: list[Turn] = []
        self.over: list[tuple[Case, int, Turn]] = []
        self.moved: list[Case] = []
        self.deeds: list[Deed] = []
        self.touched: list[Case] = []
        self.of_plots: set[Plot] = set()
        self.with_plots: list[Case] = []
        self._facts: dict[tuple[str, frozenset[str]], Mapping[str, Mapping[str, Fact]]] = {}
        self._seats: dict[tuple[bool, str, str, str], bool] = {}

    @cached_property
    def _now(self) -> datetime:
        """The moment at which cases end or take effect: the same of all, so that one statement says it."""
        return timezone.now()

    @cached_property
    def _turns(self) -> Mapping[UUID, list[Turn]]:
        found: dict[UUID, list[Turn]] = defaultdict(list)
        for turn in _waiting_at([str(case.pk) for case in self.cases]):
            found[turn.case_id].append(turn)
        return found

    @cached_property
    def _done(self) -> Mapping[UUID, list[Entry]]:
        found: dict[UUID, list[Entry]] = defaultdict(list)
        for entry in _entries_of([str(case.pk) for case in self.cases]):
            found[entry.case_id].append(entry)
        return found

    @cached_property
    def scopes(self) -> Sequence[Scope]:
        """The posts that the officer acts from, a resident from none. Raises `Refused` for an officer without one."""
        assert self.by is not None
        return () if isinstance(self.by, Resident) else scopes_of(self.by)

    def turns(self, case: Case) -> list[Turn]:
        """The turns that wait at a case."""
        return self._turns[case.pk]

    def done(self, case: Case) -> list[Entry]:
        """What was done so far, in its order."""
        return self._done[case.pk]

    def values(self, case: Case) -> dict[str, Value]:
        """What was written down so far, the latest of each."""
        return values_of(self.done(case))

    def facts(self, case: Case, terms: frozenset[str]) -> Mapping[str, Fact]:
        """What is known of some terms of a case's subject today, read for the subjects of all cases at once."""
        kind = case.subject_kind
        if (kind, terms) not in self._facts:
            subjects = {one.subject_id for one in self.cases if one.subject_kind == kind}
            self._facts[kind, terms] = facts_by_subject(kind, sorted(subjects), on=self.today, only=terms)
        return self._facts[kind, terms].get(case.subject_id, {})

    def forget_facts(self) -> None:
        """A case has changed the register: what is asked from now on is read anew."""
        self._facts = {}

    def own(self, case: Case, running: Running) -> list[Turn]:
        """The turns that whoever acts may take; another office's system only those of its own seat, a resident those of the person."""
        assert self.by is not None
        if isinstance(self.by, Resident):
            return [turn for turn in self.turns(case) if turn.resident]
        if self.by.duty == Officer.Duty.CLIENT:
            return seated(self.turns(case), self.scopes)
        return mine(self.turns(case), self.scopes, case, running, self.today, self.vacant)

    def for_another(self, turn: Turn) -> bool:
        """Whether whoever acts does it for an office that is not here."""
        return not seated([turn], self.scopes) and self.vacant(turn)

    def vacant(self, turn: Turn) -> bool:
        """Whether nobody holds the post whose turn it is."""
        seat = (turn.resident, turn.line, turn.level, turn.region)
        if seat not in self._seats:
            self._seats[seat] = vacant(turn, self.today)
        return self._seats[seat]

    def enter(
        self,
        case: Case,
        did: Did,
        *,
        step: int,
        target: int,
        told: str,
        on: date,
        action: str = "",
        part: str = "",
        key: UUID | None = None,
        sent: str = "",
    ) -> None:
        """The entry that belongs to what `case.entries` counts now; what a case stands at now is kept with it."""
        office = self.actor.post if self.by else "系统"
        by, key = sender(self.by, key)
        entry = Entry(
            case=case,
            seq=case.entries,
            did=did,
            step=step,
            action=action,
            target=target,
            part=part,
            by=by,
            office=office,
            on=on,
            key=key,
            sent=sent,
            told=told,
        )
        self.entries.append(entry)
        if did != Did.OPENED:
            self.moved.append(case)

    def stand_at(self, case: Case, step: int, since: date, running: Running, until: date | None = None) -> None:
        """Let a case stand at a step: the turns there are over, those of the step begin."""
        self.end_turns(case, self.turns(case))
        case.step = step
        self.begun += turns_at(case, running, since, until)

    def end_turns(self, case: Case, turns: Sequence[Turn]) -> None:
        """The turns are over with what is entered now."""
        self.over += [(case, case.entries, turn) for turn in turns]

    def _ended(self) -> Iterable[tuple[tuple[int, bool], int]]:
        """By which entry each turn has ended, and whether that was late: by the limits of that day, whatever they are later."""
        days = {(entry.case.pk, entry.seq): entry.on for entry in self.entries}
        clocks: dict[date, Clocks] = {}
        for case, seq, turn in self.over:
            on = days[case.pk, seq]
            timed = bool(turn.limit or turn.valid_until)
            if timed and on not in clocks:
                clocks[on] = Clocks(on)
            yield (seq, timed and clocks[on].of(turn).state == "overdue"), turn.pk

    def take_effect(self, case: Case) -> None:
        """What a case is about holds from now on, though it has not ended."""
        case.in_force_at = self._now

    def end(self, case: Case, state: State) -> None:
        """Let a case end."""
        self.end_turns(case, self.turns(case))
        case.state, case.step, case.review_on, case.closed_at = state, 0, None, self._now
        if case.plot:
            self.of_plots.add(Plot(case.destination, case.plot))
            self.with_plots.append(case)

    def note(self, action: str, case: Case, **detail: Any) -> None:
        """The journal's entry of a deed."""
        self.deeds.append(deed(action, case, **detail))

    def touch(self, case: Case) -> None:
        """Facts of a case's subject have changed."""
        self.touched.append(case)

    def write(self) -> None:
        """Write all of it; then whoever depends on a subject looks again, and the journal's entries come last."""
        lock(self.of_plots)
        for (entry, late), turns in _grouped(self._ended()):
            change(Turn, turns, until_entry=entry, ended_late=late)
        insert(self.begun)
        for stands, cases in _grouped((tuple(getattr(case, name) for name in _stands), case.pk) for case in self.moved):
            change(Case, cases, **dict(zip(_stands, stands, strict=True)))
        for case in self.with_plots:
            no_longer_offered(case)
        others_look_again(self.of_plots)
        insert(self.entries)
        for kind, subjects in _grouped((case.subject_kind, case) for case in self.touched):
            _look_again(kind, dict(_grouped((case.subject_id, case) for case in subjects)), self._now)
        record_all(actor=self.actor, deeds=self.deeds)


_stands = ("state", "step", "entries", "plot", "in_force_at", "review_on", "closed_at")
"""What of a case changes, and only together with an entry."""


@prepared
def _waiting_at(cases: Sequence[str]) -> QuerySet[Turn]:
    return Turn.objects.unscoped().filter(case__among=Many(cases), until_entry=None).order_by("pk")


@prepared
def _entries_of(cases: Sequence[str]) -> QuerySet[Entry]:
    return Entry.objects.unscoped().filter(case__among=Many(cases)).order_by("seq")


def values_of(done: Sequence[Entry]) -> dict[str, Value]:
    """What was written down in entries, the latest of each."""
    values: dict[str, Value] = {}
    for entry in done:
        values.update(json.loads(entry.told.reveal()).get("fields", {}))
    return values


def _grouped(pairs: Iterable[tuple[K, V]]) -> Iterable[tuple[K, list[V]]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found.items()


def _look_again(kind: str, cases: Mapping[str, Sequence[Case]], now: datetime) -> None:
    """Say that facts of the cases' subjects have changed, and keep what opened for it, of cases that took effect ``now`` or are done
    (domain 1.9).
    """
    with opening_for(kind, list(cases)) as opened:
        changed(kind, list(cases))
    done = {
        subject: [
            case for case in some if case.in_force_at == now or (case.state, case.in_force_at) == (State.DONE, None)
        ]
        for subject, some in cases.items()
    }
    followed = ((case, duty) for duty, subjects in opened for subject in subjects for case in done[subject])
    Consequence.objects.unscoped().bulk_create(Consequence(case=case, duty_id=duty) for case, duty in followed)
