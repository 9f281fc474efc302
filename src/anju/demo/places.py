"""Where the synthetic city lies: three real counties with real townships, and villages and sites that are made up.

The villages are numbered from 901 on, which no list of the statistics office does.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from anju.government.regions.table import county, name_of, township

counties = ("500154000000", "500235000000", "500236000000")
"""开州区, 云阳县, 奉节县."""
elsewhere = ("500238000000", "422802000000", "511723000000", "610927000000")
"""Where a few came from or went to: 巫溪县, 利川市, 开江县, 镇坪县; the last three lie in other provinces."""
_kinds = {"城镇集中": "urban", "农村集中": "rural"}


@dataclass(frozen=True, slots=True)
class Village:
    """A made-up village or community; ``takes_in``: there is a site in it."""

    code: str
    name: str
    takes_in: bool

    @property
    def county(self) -> str:
        """The county's six digits."""
        return self.code[:county]

    @property
    def township(self) -> str:
        """The township's nine digits."""
        return self.code[:township]

    @property
    def is_community(self) -> bool:
        """社区 rather than 村."""
        return self.name.endswith("社区")


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site; ``size``: how many people it would have if the city were as large as its 40 sites are in life (domain.md §4)."""

    name: str
    village: Village
    kind: str
    size: int


@cache
def _table() -> tuple[dict[str, str], ...]:
    text = files("anju.demo").joinpath("places.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def villages() -> Mapping[str, Village]:
    """Every village by its code."""
    taking_in = {row["代码"] for row in _table() if row["安置点"]}
    return {row["代码"]: Village(row["代码"], row["村社区"], row["代码"] in taking_in) for row in _table()}


@cache
def sites() -> tuple[SitePlan, ...]:
    """The 40 sites."""
    return tuple(
        SitePlan(row["安置点"], villages()[row["代码"]], _kinds[row["类型"]], int(row["人数"]))
        for row in _table()
        if row["安置点"]
    )


@cache
def townships() -> tuple[str, ...]:
    """The townships with villages of the city, with 12 digits."""
    return tuple(sorted({f"{village.township}000" for village in villages().values()}))


def full_name(code: str, on: date) -> str:
    """云阳县双江街道梨园社区, as far down as the code goes."""
    lengths = (county,) if code.endswith("000000") else (county, township)
    above = "".join(name_of(code[:length], on) or "" for length in lengths)
    return above + (villages()[code].name if code in villages() else "")
