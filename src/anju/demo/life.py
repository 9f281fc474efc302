"""One person's life since the move: what is recorded of it by clause, the steps of the relations, and what was said when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from anju.demo.lives import Member, T, pick
from anju.demo.moves import Move
from anju.demo.places import villages
from anju.policy.model import Fact
from anju.register.steps import unknown_since


class Step(NamedTuple):
    """One step of a relation, ``after`` the day of the step before."""

    kind: str
    holder: str
    since: date
    because: str
    after: date | None
    place_name: str


class Said(NamedTuple):
    """One wish."""

    kind: str
    choice: str
    on: date
    how: str


@dataclass(slots=True)
class Life:
    """What is known of somebody; the clauses fill it in (`anju.demo.recorded`)."""

    member: Member
    move: Move
    on: date
    chance: random.Random
    hukou_on: date | None
    """The day of the household's move of hukou, if this person went along."""
    age: int = field(init=False)
    """Whole years today."""
    facts: dict[str, Fact] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    wishes: list[Said] = field(default_factory=list)
    party_since: date | None = None
    takes_part_since: date | None = None
    """The day from which a party member takes part here without belonging here."""
    died_on: date | None = None
    payers: int | None = None
    """How many offices paid assistance last month; None where nobody knows."""

    def __post_init__(self) -> None:
        self.age = self.member.age(self.on)

    @property
    def is_head(self) -> bool:
        """户主."""
        return self.member.relation == "户主"

    def maybe(self, share: float) -> bool:
        """True for that share of all."""
        return self.chance.random() < share

    def fact(self, code: str, value: Fact, *, blank: float = 0.015) -> None:
        """Record a fact; now and then nobody has."""
        if self.chance.random() >= blank:
            self.facts[code] = value

    def pick(self, *shares: tuple[T, float]) -> T:
        """One of several, each as often of a hundred times as its share says."""
        return pick(self.chance, *shares)

    def day(self, first: date, last: date | None = None) -> date:
        """Some day from the first one to the last one, or to yesterday."""
        end = last or self.on - timedelta(days=1)
        return first + timedelta(days=int(self.chance.random() * max(1, (end - first).days + 1)))

    def hold(self, kind: str, since: date, *then: tuple[str, date, str], because: str = "recorded") -> None:
        """The relation is held at the origin from a day on, and then by others: holder, day, reason."""
        first = since if since == unknown_since else max(since, self.member.born)
        after: date | None = None
        for holder, day, why in ((self.move.origin, first, because), *then):
            if after is not None and day <= after:
                continue
            self.steps.append(Step(kind, holder, day, why, after, unit(kind, holder)))
            after = day

    def unsaid(self, code: str, value: Fact) -> None:
        """Nothing has been said yet, and that is known: 未表态, 未征求, not applied."""
        self.fact(code, value, blank=0.03)

    def say(self, kind: str, choice: str, on: date) -> None:
        """Express a wish; a day that has not come yet is today."""
        how = self.pick(("当面", 60), ("电话", 20), ("书面", 15), ("代录", 5))
        self.wishes.append(Said(kind, choice, min(on, self.on), how))

    def end(self, died_on: date) -> None:
        """Every relation ends on the day of death."""
        self.died_on = died_on
        self.steps = [step for step in self.steps if step.since < died_on]
        last = {step.kind: step for step in self.steps}
        self.steps += [Step(kind, "", died_on, "death", step.since, "") for kind, step in last.items()]
        self.wishes = [said for said in self.wishes if said.on <= died_on]
        if self.takes_part_since and self.takes_part_since >= died_on:
            self.takes_part_since = None


_units = {"party": "党支部", "collective": "股份经济合作联合社"}


def unit(kind: str, holder: str) -> str:
    """The party branch or the collective of a village; other relations lie with the office."""
    village = villages().get(holder)
    return f"{village.name}{_units[kind]}" if village and kind in _units else ""


def went_along(move: Move, members: Sequence[Member], on: date, chance: random.Random) -> list[date | None]:
    """For each member the day of the household's move of hukou; None for those who stayed registered where they came from."""
    willing = {"same_township": 0.7, "same_county": 0.6, "cross_county": 0.52, "cross_province": 0.42}[move.scope]
    if chance.random() >= willing:
        return [None] * len(members)
    days = (on - move.moved_in).days
    day = move.moved_in + timedelta(days=min(days - 1, 40 + int(days * chance.betavariate(1.1, 2.6))))
    stays = {"父": 0.12, "母": 0.12}
    return [max(day, m.born) if chance.random() >= stays.get(m.relation, 0.03) else None for m in members]
