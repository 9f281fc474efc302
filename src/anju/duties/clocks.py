"""Until when a duty is due, and how that looks today: computed whenever somebody asks, never stored.

A deadline grows with the day that it counts from. So for each kind of duty there is one last day from which it would be overdue by now,
and a database can find, order and count what is overdue without knowing a single deadline.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.db.models import Q

from anju.calendar.deadlines import Length, due_estimated, due_on
from anju.duties.editions import Counties
from anju.duties.models import Duty
from anju.duties.owed import length_of
from anju.policy.edition import Edition
from anju.policy.model import Deadline, DutyKind, Policy
from anju.register.guideline import guideline

soon_days = 7
"""A duty that is due within so many days is soon due."""
states = ("overdue", "soon", "later", "undated")
_furthest = timedelta(days=366 * 40)
_presses = ("must", "principle")
"""可以 and 鼓励 are never late."""


@dataclass(frozen=True, slots=True)
class Clock:
    """``due`` None: not dated. ``state``: one of `states`. ``due_kind`` legal · principle · internal · "": only 法定 is red when
    overdue. ``estimated``: it counts working days of a year whose holidays are not published.
    """

    due: date | None
    state: str
    due_kind: str
    estimated: bool


class Clocks:
    """The deadlines of all kinds on a day, in every county."""

    def __init__(self, on: date, policy: Policy | None = None) -> None:
        self.on = on
        self.policy = policy or guideline()
        self.counties = Counties.of(self.policy, on)

    def of(self, duty: Duty) -> Clock:
        """How late a duty is; once it is closed, until when it was due."""
        kind = self.policy.duties.get(duty.kind)
        if kind is None:
            return Clock(None, "undated", "", estimated=False)
        edition = self.counties.edition(duty.destination[:6])
        length = length_of(kind.deadline, edition)
        due = due_on(kind.deadline, duty.counts_from, length)
        if due is None or duty.counts_from is None:
            return Clock(None, "undated", kind.due_kind, estimated=False)
        return Clock(due, self._state(kind, due), kind.due_kind, due_estimated(length, duty.counts_from, due))

    def _state(self, kind: DutyKind, due: date) -> str:
        if kind.strength not in _presses or due > self.on + timedelta(days=soon_days):
            return "later"
        return "overdue" if due < self.on else "soon"

    def within(self, state: str, due_kind: str = "") -> Q:
        """The condition for open duties in a state, of one kind of deadline or of all. Raises `KeyError` for no state."""
        dated = self._dated(due_kind)
        overdue, until_soon = (
            self._reached(due_kind, self.on),
            self._reached(due_kind, self.on + timedelta(soon_days + 1)),
        )
        conditions = {
            "overdue": overdue,
            "soon": until_soon & ~overdue,
            "later": dated & ~until_soon,
            "undated": ~dated,
        }
        return conditions[state]

    def _dated(self, due_kind: str) -> Q:
        kinds = [k.code for k in self._kinds(due_kind) if k.deadline.kind != "none"]
        return Q(kind__in=kinds, counts_from__isnull=False)

    def _kinds(self, due_kind: str) -> list[DutyKind]:
        return [kind for kind in self.policy.duties.values() if not due_kind or kind.due_kind == due_kind]

    def _reached(self, due_kind: str, day: date) -> Q:
        """Duties that were due before a day: by kind those that count from its last day or earlier."""
        pressing = [k for k in self._kinds(due_kind) if k.strength in _presses and k.deadline.kind != "none"]
        everywhere = self.counties.edition("")
        found, special = Q(pk__in=[]), self._special
        for last, kinds in self._last_days(pressing, everywhere, day).items():
            elsewhere = Q()
            for county in special:
                own = [k for k in kinds if k in special[county]]
                if own:
                    elsewhere &= ~(Q(kind__in=own) & _in(county))
            found |= Q(kind__in=kinds, counts_from__lte=last) & elsewhere
        for county, changed in special.items():
            there = [k for k in pressing if k.code in changed]
            for last, kinds in self._last_days(there, self.counties.edition(county), day).items():
                found |= Q(kind__in=kinds, counts_from__lte=last) & _in(county)
        return found

    def _last_days(self, kinds: list[DutyKind], edition: Edition, day: date) -> Mapping[date, list[str]]:
        by_day: dict[date, list[str]] = defaultdict(list)
        for kind in kinds:
            by_day[last_day(kind, edition, day)].append(kind.code)
        return by_day

    @cached_property
    def _special(self) -> Mapping[str, frozenset[str]]:
        """Counties in which deadlines have another length, with the kinds of which that is so."""
        everywhere = self.counties.edition("")
        found: dict[str, frozenset[str]] = {}
        for county in sorted(self.counties.special):
            edition = self.counties.edition(county)
            kinds = frozenset(
                k.code
                for k in self.policy.duties.values()
                if k.deadline.parameter
                and edition.parameters.get(k.deadline.parameter) != everywhere.parameters.get(k.deadline.parameter)
            )
            if kinds:
                found[county] = kinds
        return found


def _in(county: str) -> Q:
    return Q(destination__gte=f"{county}000000", destination__lte=f"{county}999999")


def last_day(kind: DutyKind, edition: Edition, day: date) -> date:
    """The last day from which a duty of the kind is due before ``day``: a deadline never falls when its beginning rises."""
    return last_day_of(kind.deadline, length_of(kind.deadline, edition), day)


@lru_cache(maxsize=4096)
def last_day_of(deadline: Deadline, length: Length | None, day: date) -> date:
    """The last day from which a deadline of some length is over before ``day``."""
    low, high = day - _furthest, day + _furthest
    while high - low > timedelta(days=1):
        middle = low + (high - low) // 2
        due = due_on(deadline, middle, length)
        if due is not None and due < day:
            low = middle
        else:
            high = middle
    return low
