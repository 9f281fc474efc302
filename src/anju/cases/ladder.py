"""The ladder 催办: what is overdue climbs from whoever handles it to the head, the lead department, supervision, the joint meeting.

How many working days after the due day it stands on which rung is a parameter of 3.1. Where it stands is computed whenever somebody looks.
Only what 必须 or 法定 stands behind climbs by itself; what 可以 or 鼓励 leads to never does, and nothing waits for a resident up there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.db.models import Q

from anju.calendar.deadlines import Length
from anju.cases.clocks import Clocks, length_of, limits_of
from anju.cases.models import Turn
from anju.duties.owed import strengths
from anju.duties.versions import policy_of
from anju.government.lines import Level, Line
from anju.government.queries import Scope


@dataclass(frozen=True, slots=True)
class Rung:
    """``parameter``: the one of 3.1 that says when a step has climbed here. ``procedure``: what is opened from here, "" for none."""

    code: str
    label: str
    parameter: str
    procedure: str = ""


rungs: Sequence[Rung] = (
    Rung("head", "负责人", "升到负责人"),
    Rung("lead", "牵头部门", "升到牵头部门", "press_departments"),
    Rung("supervision", "督导", "升到督导", "supervise"),
    Rung("meeting", "联席会议", "升到联席会议", "hold_meeting"),
)
_by_code: Mapping[str, Rung] = {rung.code: rung for rung in rungs}
_villagers = (Line.COMMITTEE, Line.COLLECTIVE)
_may = ("may", "encourage")


def rung_of(code: str) -> Rung | None:
    """A rung by its code."""
    return _by_code.get(code)


class Ladder:
    """The rungs on a day, in every county."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks

    def climbed(self, rung: Rung, scopes: Sequence[Scope]) -> Q:
        """The condition for open turns that have climbed to a rung where one of the posts sits, or beyond it."""
        found = Q(pk__in=[])
        for scope in scopes:
            last = self._last(rung, scope.lo[:6])
            below = _below(rung, scope)
            if last is not None and below is not None:
                found |= below & Q(region__gte=scope.lo, region__lt=scope.hi) & self.clocks.due_before(last)
        return found & climbing(self.clocks.policy.version)

    def stands(self, turn: Turn) -> Rung | None:
        """The highest rung that a turn has climbed to; None for one that is not there yet."""
        due = self.clocks.of(turn).due
        if due is None:
            return None
        reached = [
            rung for rung in rungs if (n := self._length(rung, turn.region[:6])) and n.after(due) < self.clocks.on
        ]
        return reached[-1] if reached else None

    def _last(self, rung: Rung, county: str) -> date | None:
        """The day before which a turn was due that stands on a rung now."""
        length = self._length(rung, county)
        if length is None:
            return None
        day = self.clocks.on
        while length.after(day) >= self.clocks.on:
            day -= timedelta(1)
        return day + timedelta(1)

    def _length(self, rung: Rung, county: str) -> Length | None:
        return length_of(rung.parameter, self.clocks.counties.edition(county))


@lru_cache(maxsize=8)
def climbing(version: str) -> Q:
    """The condition for turns that climb by themselves: a duty that 必须 leads there, or the limit is the law's."""
    policy = policy_of(version)
    strongest: dict[str, str] = {}
    for kind in policy.duties.values():
        what, code = kind.ends
        if what == "procedure":
            strongest[code] = min(strongest.get(code, kind.strength), kind.strength, key=strengths.index)
    must = [code for code, strength in strongest.items() if strength == "must"]
    never = [code for code, strength in strongest.items() if strength in _may]
    legal = [name for name in limits_of(version) if "内控" not in policy.parameters[name][0].source]
    lawful = Q(limit__in=legal) & ~Q(case__procedure__in=never)
    return (Q(case__procedure__in=must) | lawful) & Q(resident=False)


def _below(rung: Rung, scope: Scope) -> Q | None:
    """The turns that climb to a post at a rung; None where it has none. 民政 leads in its county, as 3.1 says."""
    if rung.code != "head":
        return Q() if (scope.level, scope.line) == (Level.COUNTY, Line.CIVIL_AFFAIRS) else None
    if (scope.level, scope.line) == (Level.TOWNSHIP, Line.GOVERNMENT):
        return Q(level=Level.VILLAGE, line__in=_villagers)
    if scope.level != Level.COUNTY:
        return None
    own = Q(level=Level.TOWNSHIP, line=scope.line)
    return own | Q(level=Level.COUNTY) & ~Q(line=scope.line) if scope.line == Line.GOVERNMENT else own
