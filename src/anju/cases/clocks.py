"""Until when a step is due: since whose turn it is, and as long as the page or the county says. Computed whenever somebody asks.

A limit grows with the day that it counts from. So for each limit there is one last day from which it would be over by now, and a database
can find what is overdue without knowing a single deadline. A case that is suspended waits with its clock running.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.db.models import Q

from anju.calendar.deadlines import Length, due_estimated
from anju.cases.models import Turn
from anju.cases.procedures import hanging_limits
from anju.duties.clocks import last_day_of, soon_days, states
from anju.duties.editions import Counties
from anju.duties.versions import policy_of
from anju.policy.edition import Edition
from anju.policy.model import Deadline, Policy
from anju.register.guideline import guideline

__all__ = ["Clock", "Clocks", "soon_days", "states"]


@dataclass(frozen=True, slots=True)
class Clock:
    """``due`` None: the page sets no limit. ``state``: one of `states`. ``internal``: an office's own limit, none of the law.
    ``estimated``: it counts working days of a year whose holidays are not published. ``left``: days until then, negative when it is over.
    """

    due: date | None
    state: str
    internal: bool = False
    estimated: bool = False
    left: int = 0


class Clocks:
    """The limits of all steps on a day, in every county."""

    def __init__(self, on: date, policy: Policy | None = None) -> None:
        self.on = on
        self.policy = policy or guideline()
        self.counties = Counties.of(self.policy, on)

    def of(self, turn: Turn) -> Clock:
        """How late a turn is."""
        length = length_of(turn.limit, self.counties.edition(turn.region[:6]))
        if length is None:
            return Clock(None, "undated")
        due = turn.valid_until or length.after(turn.since) + _over(turn.limit, self.policy)
        state = "overdue" if due < self.on else "soon" if due <= self.on + timedelta(soon_days) else "later"
        internal = "内控" in self.policy.parameters[turn.limit][0].source
        estimated = turn.valid_until is None and due_estimated(length, turn.since, due)
        return Clock(due, state, internal, estimated, (due - self.on).days)

    def told(self, limit: str, region: str) -> str:
        """How long a limit is at a place: 5 工作日; "" for none."""
        length = length_of(limit, self.counties.edition(region[:6]))
        return f"{length.count} {length.unit}" if length else ""

    def within(self, state: str) -> Q:
        """The condition for turns in a state. Raises `KeyError` for no state."""
        dated = self._dated()
        overdue, until_soon = self._reached(self.on), self._reached(self.on + timedelta(soon_days + 1))
        conditions = {
            "overdue": overdue,
            "soon": until_soon & ~overdue,
            "later": dated & ~until_soon,
            "undated": ~dated,
        }
        return conditions[state]

    def due_before(self, day: date) -> Q:
        """The condition for turns that were due before a day."""
        return self._reached(day)

    @property
    def _limits(self) -> tuple[str, ...]:
        return limits_of(self.policy.version)

    def _dated(self) -> Q:
        everywhere = self.counties.edition("")
        found = Q(limit__in=[name for name in self._limits if length_of(name, everywhere) is not None])
        for county, own in self._special.items():
            found |= Q(limit__in=own) & _in(county)
        return found

    @cached_property
    def _special(self) -> Mapping[str, tuple[str, ...]]:
        """Counties in which limits have another length, with those limits."""
        everywhere, found = self.counties.edition(""), {}
        for county in sorted(self.counties.special):
            edition = self.counties.edition(county)
            own = tuple(name for name in self._limits if length_of(name, edition) != length_of(name, everywhere))
            if own:
                found[county] = own
        return found

    def _reached(self, day: date) -> Q:
        """Turns that were due before a day: by limit those that began on its last day or earlier; those with a day of their own by that."""
        found = Q(pk__in=[])
        for last, names in _last_days(self._limits, self.counties.edition(""), day).items():
            elsewhere = Q()
            for county, changed in self._special.items():
                if own := [name for name in names if name in changed]:
                    elsewhere &= ~(Q(limit__in=own) & _in(county))
            found |= Q(limit__in=names, since__lte=last) & elsewhere
        for county, changed in self._special.items():
            for last, names in _last_days(changed, self.counties.edition(county), day).items():
                found |= Q(limit__in=names, since__lte=last) & _in(county)
        return found & Q(valid_until=None) | Q(valid_until__lt=day)


def length_of(limit: str, edition: Edition) -> Length | None:
    """How long a limit is on the edition's day; None for none, and for one that the pages no longer know."""
    value = edition.parameters.get(limit)
    if value is None or isinstance(value, date):
        return None
    return Length.of(value, edition.policy.parameters[limit][0].unit)


@lru_cache(maxsize=8)
def limits_of(version: str) -> tuple[str, ...]:
    """The limits that the steps of all procedures of a version name."""
    steps = (step for procedure in policy_of(version).procedures.values() for step in procedure.steps)
    return tuple(dict.fromkeys(step.limit for step in steps if step.limit))


def _last_days(limits: Iterable[str], edition: Edition, day: date) -> Mapping[date, list[str]]:
    by_day: dict[date, list[str]] = defaultdict(list)
    for name in limits:
        deadline = Deadline(name, "after", name)
        length = length_of(name, edition)
        if length is not None:
            by_day[last_day_of(deadline, length, day - _over(name, edition.policy))].append(name)
    return by_day


def _over(limit: str, policy: Policy) -> timedelta:
    """What comes on top: while a notice hangs the step waits, and on the day after it is still in time."""
    return timedelta(limit in hanging_limits(policy.version))


def _in(county: str) -> Q:
    return Q(region__gte=f"{county}000000", region__lte=f"{county}999999")
