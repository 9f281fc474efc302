"""A file says that the hukou has moved, or who draws a pension; the register keeps it as steps of a relation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anju.policy.model import Fact
from anju.register.models.relations import Because, Kind
from anju.register.provided import moved_terms

unknown_since = date.min
"""A relation whose beginning nobody knows."""

_held: Mapping[str, tuple[str, frozenset[Fact]]] = {
    Kind.PARTY: ("party_member", frozenset({True})),
    Kind.PENSION: ("pension_status", frozenset({"contributing", "drawing"})),
    Kind.MEDICAL: ("medical_status", frozenset({"resident", "employee"})),
    Kind.ASSISTANCE: ("assistance_kind", frozenset({"dibao", "tekun", "other"})),
}
"""Relations that not everybody has: the fact that tells, and the values with which somebody holds it."""
of_counties = frozenset({Kind.PENSION, Kind.MEDICAL})
"""Relations that a county holds, so that within it they do not move."""


def held_by(kind: str) -> tuple[str, frozenset[Fact]]:
    """The fact that tells whether somebody has such a relation, and its values with which they do; "" for what everybody has."""
    return _held.get(kind, ("", frozenset[Fact]()))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a relation, as `anju.register.models.relations.Relation` stores it."""

    kind: str
    holder: str
    since: date
    because: str


def steps_of(
    facts: Mapping[str, Fact | None], origin: str, destination: str
) -> tuple[list[Step], dict[str, Fact | None]]:
    """The steps that facts tell, oldest first, and the facts that remain to be recorded as they are.

    Both places must be known and differ; else it cannot be told where a relation lies, and the fact is kept as it is. But insurance is a
    county's: where both lie in one county it lies there, whatever is known of a move.
    """
    kept = dict(facts)
    steps: list[Step] = []
    if not origin or not destination:
        return steps, kept
    county = f"{origin[:6]}000000" if origin[:6] == destination[:6] else ""
    for kind, term in moved_terms.items():
        has_moved = facts.get(term)
        status, held = held_by(kind)
        if status and facts.get(status) not in held:
            continue
        if has_moved is None or origin == destination:
            if county and kind in of_counties:
                steps.append(Step(kind, county, unknown_since, Because.RECORDED))
            continue
        kept.pop(term, None)
        day = facts.get("hukou_moved_on") if kind == Kind.HUKOU else None
        if not has_moved:
            steps.append(Step(kind, origin, unknown_since, Because.RECORDED))
        elif isinstance(day, date):
            steps.append(Step(kind, origin, unknown_since, Because.RECORDED))
            steps.append(Step(kind, destination, day, Because.MOVED))
        else:
            steps.append(Step(kind, destination, unknown_since, Because.RECORDED))
        if kind == Kind.HUKOU:
            kept.pop("hukou_moved_on", None)
    return steps, kept
