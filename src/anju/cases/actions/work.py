"""What a deed on cases asks for and writes, together for all of them: one case is many that are one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from anju.cases.actions.within import deed
from anju.cases.fields import Value
from anju.cases.models import Case, Did, Entry, State, Turn
from anju.cases.procedures import Running
from anju.cases.turns import turns_at, vacant
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.journal.actions import Deed, record_all
from anju.register.actions.within import scopes_of
from anju.register.changes import changed
from anju.register.facts import today

K = TypeVar("K")
V = TypeVar("V")


class Work:
    """Cases that are locked already, and what is asked and said of them; `write` writes it."""

    def __init__(self, by: Officer | None, cases: Sequence[Case]) -> None:
        self.by, self.cases = by, cases
        self.actor, self.today = acting(by), today()
        self.entries: list[Entry] = []
        self.begun: list[Turn] = []
        self.over: list[tuple[int, int]] = []
        self.moved: list[Case] = []
        self.deeds: list[Deed] = []
        self.touched: list[tuple[str, str]] = []
        self._seats: dict[tuple[bool, str, str, str], bool] = {}

    @cached_property
    def _turns(self) -> Mapping[UUID, list[Turn]]:
        found: dict[UUID, list[Turn]] = defaultdict(list)
        for turn in (
            Turn.objects.unscoped().filter(case__in=[c.pk for c in self.cases], until_entry=None).order_by("pk")
        ):
            found[turn.case_id].append(turn)
        return found

    @cached_property
    def _done(self) -> Mapping[UUID, list[Entry]]:
        found: dict[UUID, list[Entry]] = defaultdict(list)
        for entry in Entry.objects.unscoped().filter(case__in=[c.pk for c in self.cases]).order_by("seq"):
            found[entry.case_id].append(entry)
        return found

    @cached_property
    def scopes(self) -> Sequence[Scope]:
        """The posts that the officer acts from. Raises `Refused` without one."""
        assert self.by is not None
        return scopes_of(self.by)

    def turns(self, case: Case) -> list[Turn]:
        """The turns that wait at a case."""
        return self._turns[case.pk]

    def done(self, case: Case) -> list[Entry]:
        """What was done so far, in its order."""
        return self._done[case.pk]

    def values(self, case: Case) -> dict[str, Value]:
        """What was written down so far, the latest of each."""
        return values_of(self.done(case))

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
    ) -> None:
        """The entry that belongs to what `case.entries` counts now; what a case stands at now is kept with it."""
        office = self.actor.post if self.by else "系统"
        entry = Entry(
            case=case,
            seq=case.entries,
            did=did,
            step=step,
            action=action,
            target=target,
            part=part,
            by=self.by,
            office=office,
            on=on,
            key=key,
            told=told,
        )
        self.entries.append(entry)
        if did != Did.OPENED:
            self.moved.append(case)

    def stand_at(self, case: Case, step: int, since: date, running: Running) -> None:
        """Let a case stand at a step: the turns there are over, those of the step begin."""
        self.end_turns(case, self.turns(case))
        case.step = step
        self.begun += turns_at(case, running, since)

    def end_turns(self, case: Case, turns: Sequence[Turn]) -> None:
        """The turns are over with what is entered now."""
        self.over += [(case.entries, turn.pk) for turn in turns]

    def end(self, case: Case, state: State) -> None:
        """Let a case end."""
        self.end_turns(case, self.turns(case))
        case.state, case.step, case.review_on, case.closed_at = state, 0, None, timezone.now()

    def note(self, action: str, case: Case, **detail: Any) -> None:
        """The journal's entry of a deed."""
        self.deeds.append(deed(action, case, **detail))

    def touch(self, case: Case) -> None:
        """Facts of a case's subject have changed."""
        self.touched.append((case.subject_kind, case.subject_id))

    def write(self) -> None:
        """Write all of it; then whoever depends on a subject looks again, and the journal's entries come last."""
        for entry, turns in _grouped(self.over):
            Turn.objects.unscoped().filter(pk__in=turns).update(until_entry=entry)
        Turn.objects.unscoped().bulk_create(self.begun)
        standing = (((c.state, c.step, c.entries, c.review_on, c.closed_at), c.pk) for c in self.moved)
        for (state, step, entries, review_on, closed_at), cases in _grouped(standing):
            Case.objects.unscoped().filter(pk__in=cases).update(
                state=state, step=step, entries=entries, review_on=review_on, closed_at=closed_at
            )
        Entry.objects.unscoped().bulk_create(self.entries)
        for kind, subjects in _grouped(self.touched):
            changed(kind, subjects)
        record_all(actor=self.actor, deeds=self.deeds)


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
