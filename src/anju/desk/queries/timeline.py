"""The seven relations of a person side by side, as bars over the years and as the steps they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.register.actions.relations import clauses
from anju.register.models import Person, Relation
from anju.register.models.relations import Kind
from anju.register.privacy import may_see, works_on
from anju.register.provided import moved, moved_terms
from anju.register.queries.one import relations

_least_years = 5
_last_mark = 93


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``where``: destination, origin, elsewhere or nobody; ``since`` None: nobody knows; ``until`` None: it still holds."""

    relation: Relation
    place: str
    where: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A step as it is drawn: from where on and how wide, in percent of the whole line."""

    x: float
    wide: float
    where: str


@dataclass(frozen=True, slots=True)
class Track:
    """One relation: its steps oldest first, the one that holds, its bars, and whether the officer may take the next step."""

    kind: str
    label: str
    steps: tuple[Step, ...]
    bars: tuple[Bar, ...]
    writable: bool

    @property
    def present(self) -> Step | None:
        """The step that holds."""
        return self.steps[-1] if self.steps else None


@dataclass(frozen=True, slots=True)
class Mark:
    """A year on the line."""

    x: float
    year: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The relations that the officer's lines see."""

    tracks: tuple[Track, ...]
    marks: tuple[Mark, ...]


def timeline(officer: Officer, person: Person, scopes: Sequence[Scope], on: date, at: datetime | None) -> Timeline:
    """The relations up to a day, as they were known at a moment (None: now)."""
    kinds = [kind for kind in Kind if seen(kind, scopes)]
    rows = [
        row
        for row in relations(officer, person)
        if row.kind in kinds and row.since <= on and (at is None or row.recorded_at <= at)
    ]
    names = Names((row.holder for row in rows), on)
    first = _first_day(rows, on)
    tracks = []
    for kind in kinds:
        steps = _steps([row for row in rows if row.kind == kind], person, names)
        bars = tuple(_bar(step, first, on) for step in steps if step.where != "nobody")
        open_to = works_on(scopes, clauses[kind]) and person.ended_on is None
        tracks.append(Track(kind, kind.label, steps, bars, open_to))
    return Timeline(tuple(tracks), _marks(first, on))


def seen(kind: Kind, scopes: Sequence[Scope]) -> bool:
    """Whether one of the posts works with a relation, or with what follows from where it lies."""
    return works_on(scopes, clauses[kind]) or (kind in moved_terms and may_see(scopes, moved_terms[kind]))


def _steps(rows: Sequence[Relation], person: Person, names: Names) -> tuple[Step, ...]:
    ends: list[date | None] = [*(row.since for row in rows), None][1:]
    return tuple(
        Step(row, names(row.holder), _where(row, person), None if row.since == date.min else row.since, end)
        for row, end in zip(rows, ends, strict=True)
    )


def _where(row: Relation, person: Person) -> str:
    if not row.holder:
        return "nobody"
    there = moved(row.holder, person.origin, person.destination)
    return "elsewhere" if there is None else "destination" if there else "origin"


def _first_day(rows: Sequence[Relation], on: date) -> date:
    """The first day of the line: the beginning of the year before anything that is known."""
    known = [row.since for row in rows if row.since != date.min]
    year = min([on.year - _least_years, *(day.year - 1 for day in known)])
    return date(year, 1, 1)


def _bar(step: Step, first: date, on: date) -> Bar:
    begin, end = _x(step.since or first, first, on), _x(step.until or on, first, on)
    return Bar(begin, round(max(end - begin, 0.3), 1), step.where)


def _marks(first: date, on: date) -> tuple[Mark, ...]:
    """About six years to read the line by."""
    every = max(1, -(-(on.year - first.year) // 6))
    marks = (Mark(_x(date(year, 1, 1), first, on), year) for year in range(first.year, on.year + 1, every))
    return tuple(mark for mark in marks if mark.x < _last_mark)


def _x(day: date, first: date, on: date) -> float:
    whole = max((on - first).days, 1)
    return round(min(max((day - first).days, 0) / whole, 1) * 100, 1)
