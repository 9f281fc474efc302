"""From where to where a household moved, when, and how."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from anju.demo.lives import pick
from anju.demo.places import SitePlan, Village, elsewhere, sites, villages
from anju.government.regions.table import county, province, township

_first_day, _days = date(2016, 10, 1), 1500
"""The houses of the thirteenth five-year plan were moved into from late 2016 to the end of 2020."""
_centralized = 0.76
_poor = 0.82


@dataclass(frozen=True, slots=True)
class Move:
    """One household's move. ``site`` None: settled on its own (分散)."""

    code: str
    origin: str
    destination: str
    site: SitePlan | None
    moved_in: date
    registered_poor: bool
    people: str
    address: str

    @property
    def scope(self) -> str:
        """搬迁跨度."""
        for length, name in ((township, "same_township"), (county, "same_county"), (province, "cross_county")):
            if self.origin[:length] == self.destination[:length]:
                return name
        return "cross_province"


def move(chance: random.Random, at: int) -> Move:
    """The move of the household with that number; the first ones fill each site once."""
    site = sites()[at] if at < len(sites()) else _some_site(chance) if chance.random() < _centralized else None
    home = site.village if site else chance.choice(_takes_in())
    origin, destination = _origin(chance, home), home.code
    if site is None and chance.random() < 0.06:
        origin, destination = chance.choice(_gives_away()).code, chance.choice(elsewhere)
    return Move(
        code=f"500999{at + 1:010d}",
        origin=origin,
        destination=destination,
        site=site,
        moved_in=_first_day + timedelta(days=chance.randrange(_days)),
        registered_poor=chance.random() < _poor,
        people=pick(chance, ("汉族", 88), ("土家族", 9), ("苗族", 3)),
        address=_address(chance, site),
    )


@cache
def _takes_in() -> Sequence[Village]:
    return tuple(village for village in villages().values() if village.takes_in)


@cache
def _gives_away() -> Sequence[Village]:
    return tuple(village for village in villages().values() if not village.takes_in)


@cache
def _gives_away_in(code: str) -> Sequence[Village]:
    """The villages of a township or county from which people moved away."""
    return tuple(village for village in _gives_away() if village.code.startswith(code))


@cache
def _sizes() -> Sequence[int]:
    return tuple(accumulate(site.size for site in sites()))


def _some_site(chance: random.Random) -> SitePlan:
    return chance.choices(sites(), cum_weights=_sizes())[0]


def _origin(chance: random.Random, home: Village) -> str:
    """Mostly the same county, now and then the township or another county, rarely another province."""
    draw, near = chance.random(), _gives_away_in(home.township)
    if near and draw < 0.35:
        return chance.choice(near).code
    if draw < 0.72:
        return chance.choice(_gives_away_in(home.county)).code
    if draw < 0.96:
        away = [village for village in _gives_away() if village.county != home.county]
        return chance.choice(away).code
    return chance.choice(elsewhere)


def _address(chance: random.Random, site: SitePlan | None) -> str:
    one = chance.randint
    return (
        f"{site.name}{one(1, 18)}栋{one(1, 3)}单元{one(1, 6)}0{one(1, 4)}" if site else f"{one(1, 9)}组{one(1, 60)}号"
    )
