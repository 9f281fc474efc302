"""The families of the city, one after the other; as many as one wants, and the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from anju.demo.life import Life, went_along
from anju.demo.lives import Numbers, chance_of, household, pick
from anju.demo.moves import Move, move
from anju.demo.recorded import benefits, rights, self_government
from anju.demo.recorded.households import household_facts
from anju.demo.story import zhang_family, zhang_household, zhang_move
from anju.policy.model import Fact


@dataclass(frozen=True, slots=True)
class Family:
    """A household: its move, what is recorded of it, and its members, the head first."""

    move: Move
    facts: Mapping[str, Fact | None]
    lives: Sequence[Life]


def families(seed: int, on: date) -> Iterator[Family]:
    """All families that a city of that seed may have on a day, without end; the first is 张青山's."""
    numbers = Numbers()
    yield Family(zhang_move(), zhang_household(on), zhang_family(numbers, on))
    for at in count():
        chance = chance_of(seed, at)
        moved = move(chance, at)
        yield Family(moved, household_facts(moved, on, chance), _lives(moved, numbers, on, chance))


def first_people(families: Iterator[Family], people: int) -> Iterator[Family]:
    """Families until there are so many people; of the last one perhaps not all."""
    left = people
    while left > 0:
        family = next(families)
        yield Family(family.move, family.facts, family.lives[:left])
        left -= len(family.lives)


def _lives(moved: Move, numbers: Numbers, on: date, chance: random.Random) -> list[Life]:
    members = household(chance, numbers, on)
    along = went_along(moved, members, on, chance)
    wish = pick(chance, ("willing", 30), ("unwilling", 42), ("", 28))
    lives = [Life(m, moved, on, chance, day) for m, day in zip(members, along, strict=True)]
    alone = len(members) == 1 and lives[0].age >= benefits.draws_from
    helped = pick(chance, ("tekun", 25 if alone else 0), ("dibao", 3 if alone else 8.5), ("none", 100))
    for life in lives:
        _tell(life, wish, helped, whole=all(along))
    return lives


def _tell(life: Life, wish: str, helped: str, *, whole: bool) -> None:
    """Everything that offices know of one person."""
    rights.hukou(life, wish)
    rights.say_wish(life, wish)
    rights.collective(life)
    rights.party(life)
    rights.land(life)
    benefits.pension(life)
    benefits.medical(life)
    benefits.assistance(life, helped, whole=whole)
    self_government.election(life)
    self_government.sides(life)
    if life.maybe(0.03 if life.age >= 75 else 0.004 if life.age >= 2 else 0):
        life.end(life.day(life.on - timedelta(days=700)))
