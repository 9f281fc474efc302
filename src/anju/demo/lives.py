"""Who the people are: households as one finds them, ages that fit together, names and ID numbers that are nobody's."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from anju.check.samples.cast import families, made_up_number, men, women

T = TypeVar("T")
Age = tuple[str, bool, int]
"""与户主关系, whether a man, and the age in whole years."""

_shapes = (
    ("elder", 6), ("single", 3), ("old_couple", 9), ("couple", 4), ("nuclear", 43), ("one_parent", 6),
    ("three_generations", 25), ("grandparents", 4),
)  # fmt: skip
"""The kinds of households and how many of a hundred there are: 3.6 people in the mean, as in resettled counties."""
of_the_story = frozenset({"张青山", "秦碧水", "谭月桂", "张晓禾"})
"""Nobody else in the city has a name of the family that the guides follow."""
_first_orders = 300
_same_day = 1000
"""Below 300, the numbers of one day are those of the sample ledgers."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody made up. ``relation``: to the head of the household."""

    relation: str
    male: bool
    born: date
    name: str
    number: str

    @property
    def sex(self) -> str:
        """男 or 女."""
        return "男" if self.male else "女"

    def age(self, on: date) -> int:
        """Whole years on a day."""
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


class Numbers:
    """ID numbers with a true check digit in a region that does not exist, each once."""

    def __init__(self) -> None:
        self._given: Counter[tuple[date, bool]] = Counter()

    def __call__(self, born: date, *, male: bool) -> str:
        """The next one of a day. Raises `ValueError` when there are no more: beyond twenty million people."""
        order = _first_orders + 2 * self._given[born, male] + male
        if order >= _same_day:
            raise ValueError(f"no ID number is left for somebody born on {born}")
        self._given[born, male] += 1
        return made_up_number(born, order)


def chance_of(*seeds: object) -> random.Random:
    """Chance that falls the same way every time."""
    return random.Random("/".join(map(str, seeds)))  # noqa: S311 - the same city every time, nothing secret


def pick(chance: random.Random, *shares: tuple[T, float]) -> T:
    """One of several, each as often of a hundred times as its share says."""
    left = chance.random() * 100
    for value, share in shares:
        left -= share
        if left < 0:
            return value
    return shares[-1][0]


def household(chance: random.Random, numbers: Numbers, on: date) -> tuple[Member, ...]:
    """The members of a household, its head first."""
    ages = _ages(pick(chance, *_shapes), chance)
    own, married = chance.choice(families), chance.choice(families)
    taken: set[str] = set()
    members = []
    for relation, male, age in ages:
        family = own if relation not in _married_in else married if relation == "母" else chance.choice(families)
        name = _name(chance, family, male=male, taken=taken)
        born = min(on, _birthday(chance, age, on))
        members.append(Member(relation, male, born, name, numbers(born, male=male)))
    return tuple(members)


_married_in = frozenset({"配偶", "母", "儿媳", "女婿"})


def _birthday(chance: random.Random, age: int, on: date) -> date:
    """Some day on which a person was born who is that old now."""
    return on - timedelta(days=int(365.25 * age) + chance.randint(1, 364))


def _name(chance: random.Random, family: str, *, male: bool, taken: set[str]) -> str:
    """A name that nobody else of the household has: the parts of two given names, or one of them alone."""
    given = men if male else women
    while True:
        first, second = chance.choice(given)[0], chance.choice(given)[1]
        name = family + (second if chance.random() < 0.12 else first + second)
        if name not in taken and name not in of_the_story:
            taken.add(name)
            return name


def _ages(shape: str, chance: random.Random) -> Sequence[Age]:
    one = chance.randint
    if shape == "elder":
        return [("户主", chance.random() < 0.5, one(60, 89))]
    if shape == "single":
        return [("户主", chance.random() < 0.85, one(27, 59))]
    if shape in ("old_couple", "couple"):
        head = one(56, 83) if shape == "old_couple" else one(24, 45)
        return _couple(head, chance)
    if shape == "grandparents":
        head = one(57, 76)
        grown_away = _couple(head, chance) if chance.random() < 0.6 else [("户主", chance.random() < 0.4, head)]
        return [*grown_away, *_children(chance, ("孙子", "孙女"), one(6, min(17, head - 44)))]
    if shape == "three_generations":
        return _three_generations(chance)
    head = one(27, 55)
    first = one(max(0, head - 33), max(1, head - 22))
    parents = _parents(head, chance) if chance.random() < 0.36 else []
    adults = _couple(head, chance) if shape == "nuclear" else [("户主", chance.random() < 0.55, head)]
    return [*adults, *_children(chance, ("子", "女"), min(first, 27)), *parents]


def _couple(head: int, chance: random.Random) -> list[Age]:
    male = chance.random() < 0.87
    spouse = head - chance.randint(-2, 5) if male else head + chance.randint(-2, 5)
    return [("户主", male, head), ("配偶", not male, max(spouse, 20))]


def _children(chance: random.Random, words: tuple[str, str], eldest: int) -> list[Age]:
    """One to three children, the eldest of that age."""
    found: list[Age] = []
    age = eldest
    for _ in range(pick(chance, (1, 40), (2, 47), (3, 13))):
        if age >= 0:
            male = chance.random() < 0.52
            found.append((words[0] if male else words[1], male, age))
        age -= chance.randint(1, 6)
    return found


def _parents(head: int, chance: random.Random) -> list[Age]:
    both = chance.random() < 0.4
    age = min(head + chance.randint(20, 31), 96)
    mother = ("母", False, age)
    return [("父", True, min(age + chance.randint(-2, 4), 98)), mother] if both else [mother]


def _three_generations(chance: random.Random) -> list[Age]:
    """An older head, a grown son or daughter with wife or husband, and their children."""
    head = chance.randint(49, 72)
    heir = head - chance.randint(21, 29)
    son = chance.random() < 0.8
    found = _couple(head, chance) if chance.random() < 0.85 else [("户主", chance.random() < 0.5, head)]
    found.append(("子" if son else "女", son, heir))
    if heir >= 23 and chance.random() < 0.78:
        found.append(("儿媳" if son else "女婿", not son, heir + chance.randint(-4, 2)))
        found += _children(chance, ("孙子", "孙女"), min(chance.randint(0, heir - 21), 20))
    return found
