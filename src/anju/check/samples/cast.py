"""The people of the samples. All of them are made up; the same ones every time. The synthetic city takes its names from here."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric

Cell = str | int | None

families = "张 李 王 冉 谭 向 田 彭 陈 何 罗 周 熊 秦".split()
men = "青山 长河 晨光 远航 大石 春雷 云海 松涛 明月 晓峰 南风 小满".split()
women = "碧水 晓禾 月桂 春燕 秋菊 小荷 映山 静溪 初雪 青禾 杏花 谷雨".split()
_relations = ("之子", "之女", "之父", "之母", "之儿媳", "之孙子")
_ages = {"之子": (8, 34), "之女": (6, 30), "之父": (62, 86), "之母": (60, 84), "之儿媳": (22, 32), "之孙子": (1, 9)}
_made_up_region = "500999"
_today = date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up. ``number`` has a true check digit and a region that does not exist."""

    household: str
    name: str
    number: str
    born: date
    male: bool
    relation: str

    @property
    def age(self) -> int:
        """Whole years on the day for which the samples were thought up."""
        return _today.year - self.born.year - ((_today.month, _today.day) < (self.born.month, self.born.day))


def cast() -> tuple[tuple[Person, ...], ...]:
    """Fourteen households of two to five people each; the first is the family Zhang."""
    chance = random.Random(20200624)  # noqa: S311 - the same people every time, nothing secret
    return tuple(_household(chance, at, family) for at, family in enumerate(families))


def _household(chance: random.Random, at: int, family: str) -> tuple[Person, ...]:
    code = f"50099900{at + 1:08d}"
    members = [("户主", True, chance.randint(33, 58)), ("配偶", False, chance.randint(32, 56))]
    for relation in chance.sample(_relations, chance.randint(0, 3)):
        members.append((relation, relation in ("之子", "之父", "之孙子"), chance.randint(*_ages[relation])))
    his, hers = chance.sample(men, 5), chance.sample(women, 5)
    people = []
    for place, (relation, male, age) in enumerate(members):
        own = family if relation in ("户主", "之子", "之女", "之父", "之孙子") else chance.choice(families)
        born = date(_today.year - age, chance.randint(1, 6), chance.randint(1, 28))
        name = own + (his if male else hers)[place]
        number = made_up_number(born, at * 20 + place * 2 + (1 if male else 0))
        people.append(Person(code, name, number, born, male, relation))
    return tuple(people)


def made_up_number(born: date, order: int) -> str:
    """An identity number of a region that does not exist, with a true check digit; an odd order (0 to 999) is a man."""
    body = f"{_made_up_region}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(f"{body}0")
