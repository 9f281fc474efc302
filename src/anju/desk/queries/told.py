"""What a person wished, by kind, as far as the officer's lines work with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from anju.government.models import Officer
from anju.government.queries import Scope
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models import Person, Wish
from anju.register.models.wishes import WishKind
from anju.register.privacy import may_see, works_on
from anju.register.provided import wish_terms
from anju.register.queries.one import wishes


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words."""

    wish: Wish
    choice: str


@dataclass(frozen=True, slots=True)
class Wished:
    """A kind of wish with all answers, the latest first, and whether the officer may register another."""

    kind: str
    label: str
    answers: tuple[Said, ...]
    writable: bool


def clause_of(kind: str) -> str:
    """The clause whose work it is to ask."""
    return guideline().terms[wish_terms[kind][0]].clause


def wishes_of(officer: Officer, person: Person, scopes: Sequence[Scope], on: date, at: datetime | None) -> list[Wished]:
    """All kinds that the officer's lines see, said up to a day, as known at a moment (None: now)."""
    rows = [w for w in wishes(officer, person) if w.on <= on and (at is None or w.recorded_at <= at)]
    found = []
    for kind in WishKind:
        if may_see(scopes, wish_terms[kind][0]):
            labels = dict(choices(kind))
            answers = tuple(Said(wish, labels.get(wish.choice, wish.choice)) for wish in rows if wish.kind == kind)
            open_to = works_on(scopes, clause_of(kind)) and person.ended_on is None
            found.append(Wished(kind, kind.label, answers, open_to))
    return found
