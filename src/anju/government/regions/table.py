"""The dated table of regions: which code is whose on which day, and what became of codes that were given up.

Codes are the significant digits of the 12-digit statistical code: 2 for a province, 4 a city, 6 a county, 9 a township,
12 a village. Townships are known for Chongqing only; villages are not in the table.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

province, city, county, township, village = 2, 4, 6, 9, 12
"""How many digits tell a region of each level."""
chongqing = "50"


@dataclass(frozen=True, slots=True)
class Region:
    """A region under one name. `until` is the first day on which it no longer is; `successor` what its code became."""

    code: str
    name: str
    since: date | None
    until: date | None
    successor: str

    def holds(self, on: date) -> bool:
        """Whether the region is so named and coded on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@cache
def regions() -> tuple[Region, ...]:
    """Every region of the table, by code, older ones first."""
    text = files("anju.government.regions").joinpath("regions.csv").read_text(encoding="utf-8")
    return tuple(
        Region(row["代码"], row["名称"], _day(row["起"]), _day(row["止"]), row["后继"])
        for row in csv.DictReader(text.splitlines())
    )


@cache
def by_code() -> Mapping[str, tuple[Region, ...]]:
    """The regions that have or had each code."""
    found: dict[str, list[Region]] = defaultdict(list)
    for region in regions():
        found[region.code].append(region)
    return {code: tuple(same) for code, same in found.items()}


def significant(code: str) -> str:
    """A code of up to 12 digits without the zeros that only fill it up: 500236000000 is the county 500236."""
    for length in (township, county, city, province):
        if len(code) > length and set(code[length:]) == {"0"}:
            code = code[:length]
    return code


def valid_code(code: str, on: date) -> str | None:
    """The code that stands for the same place on that day, or None if no such county (or township) ever was.

    A township's own successor goes first (five towns of 渝北 came to 北碚), then its county's; the digits below stay.
    """
    code = significant(code)
    if not exists(code):
        return None
    for length in (township, county):
        former = _ended(code[:length], on) if len(code) >= length else None
        if former is not None:
            return valid_code(former.successor + code[length:], on) or code
    return code


def exists(code: str) -> bool:
    """Whether the code's county (or city or province, if it ends there) is or was one."""
    head = code[:county] if len(code) >= county else code
    # Cities without counties number their townships below their own code (4419 00 003).
    return head in _heads() or (head.endswith("00") and head[:city] in _heads())


def merged(one: str, other: str) -> bool:
    """Whether two county codes were given up on one day for the same region (江北区 and 渝北区 for 两江新区)."""
    ends = [{(region.until, region.successor) for region in by_code().get(code, ())} for code in (one, other)]
    return one != other and any(until is not None for until, _ in ends[0] & ends[1])


def became(one: str, other: str) -> bool:
    """Whether one of two county codes was given up for the other, whichever way round.

    On a day before that, a file of today already says the later code, and it may mean the same place as the earlier.
    """
    pairs = ((one, other), (other, one))
    return any(region.successor[:county] == later for former, later in pairs for region in by_code().get(former, ()))


def name_of(code: str, on: date) -> str | None:
    """The name of the region with that code on that day (or, if it was given up, its last name)."""
    same = by_code().get(significant(code), ())
    return next((region.name for region in same if region.holds(on)), same[-1].name if same else None)


@cache
def _heads() -> frozenset[str]:
    """Every code of the table, and the first four digits of the counties that have no city row (5001, 5002)."""
    return frozenset(by_code()) | frozenset(code[:city] for code in by_code() if len(code) >= county)


def _ended(code: str, on: date) -> Region | None:
    """The region of that code if it no longer is one on that day and its code is not in use again."""
    same = by_code().get(code, ())
    ended = [region for region in same if region.until is not None and region.until <= on and region.successor != code]
    return ended[-1] if ended and not any(region.holds(on) for region in same) else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
