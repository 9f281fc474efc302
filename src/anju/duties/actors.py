"""Whose duty it is: which kinds a line at a level has, and by which of a duty's places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from anju.duties.models import Duty
from anju.duties.owed import fill_in
from anju.policy.model import Actor, Policy
from anju.register.guideline import guideline

_columns: Mapping[str, tuple[str, ...]] = {
    "origin": ("origin",),
    "destination": ("destination",),
    "insured": ("insured",),
    "paying": ("insured",),
    "both": ("origin", "destination"),
    "own": ("destination",),
}
"""The side of an actor → where a duty has its place: who pays where an insurer has its own; 本级 is the subject's own region, which stands
as its destination.
"""
_levels = ("village", "township", "county", "city")


@dataclass(frozen=True, slots=True)
class Reach:
    """Kinds of duties that belong to a post if a place of theirs lies in its region; of 补录 those that ask for one of ``clauses``."""

    column: str
    kinds: frozenset[str]
    clauses: frozenset[str]

    def condition(self, lo: str, hi: str) -> Q:
        """The duties of a post of the region ``lo ≤ code < hi``."""
        there = Q(**{f"{self.column}__gte": lo, f"{self.column}__lt": hi})
        asked = Q(pk__in=[])
        for clause in sorted(self.clauses):
            asked |= Q(terms__contains=f"{clause} ")
        return there & (Q(kind__in=sorted(self.kinds)) | Q(kind=fill_in) & asked)

    def holds(self, duty: Duty, lo: str, hi: str) -> bool:
        """Whether a duty is one of them."""
        asks = duty.kind == fill_in and any(f"{clause} " in duty.terms for clause in self.clauses)
        return lo <= getattr(duty, self.column) < hi and (asks or duty.kind in self.kinds)


def reaches(policy: Policy, line: str, level: str) -> tuple[Reach, ...]:
    """What belongs to a line at a level, by place."""
    return _reaches(policy.version, line, level) if policy is guideline() else _worked_out(policy, line, level)


@lru_cache(maxsize=256)
def _reaches(_version: str, line: str, level: str) -> tuple[Reach, ...]:
    return _worked_out(guideline(), line, level)


def _worked_out(policy: Policy, line: str, level: str) -> tuple[Reach, ...]:
    kinds: dict[str, set[str]] = defaultdict(set)
    clauses: dict[str, set[str]] = defaultdict(set)
    for kind in policy.duties.values():
        for actor in kind.actors:
            if (actor.line, actor.level) == (line, level):
                for column in _columns[actor.side]:
                    kinds[column].add(kind.code)
    for clause in policy.clauses:
        for actor in recorders(policy, clause):
            if (actor.line, actor.level) == (line, level):
                for column in _columns[actor.side]:
                    clauses[column].add(clause)
    return tuple(Reach(column, frozenset(kinds[column]), frozenset(clauses[column])) for column in {**kinds, **clauses})


def recorders(policy: Policy, clause: str) -> tuple[Actor, ...]:
    """Who is to record what a clause misses: of those who do its work the ones nearest to the people. Whoever pays
    may have nobody in reach but by name.
    """
    duties = [
        a
        for kind in policy.duties.values()
        if kind.clause == clause
        for a in kind.actors
        if not (a.person or a.side == "paying")
    ]
    nearest = min((_levels.index(actor.level) for actor in duties), default=0)
    return tuple(dict.fromkeys(actor for actor in duties if _levels.index(actor.level) == nearest))
