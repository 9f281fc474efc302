"""The family Zhang, who moved from 开州 to 云阳, and the officers who look after them; all made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from stdnum.cn import ric

from anju.government.models import Officer
from anju.policy.model import Fact
from anju.register.actions import create_household, create_person
from anju.register.models import Household, Person
from tests.government.cast import SINCE, hold, officer, post

ORIGIN = "500154101201"
DESTINATION = "500235104202"
ELSEWHERE = "500236000000"
KAIZHOU, YUNYANG = "500154000000", "500235000000"


def clerk(account: str, region: str = DESTINATION, level: str = "village", line: str = "committee") -> Officer:
    """An officer with one post."""
    who = officer(account)
    hold(who, post(region, level, line), SINCE)
    return who


def number(order: int, born: date = date(1980, 5, 6)) -> str:
    """An ID number of a region that does not exist, with a true check digit; an odd order is a man."""
    body = f"500999{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def household(
    by: Officer, code: str = "5000000000000001", origin: str = ORIGIN, destination: str = DESTINATION
) -> Household:
    """A household that moved."""
    return create_household(by=by, household_code=code, origin=origin, destination=destination)


def zhang(
    by: Officer,
    home: Household | None = None,
    *,
    name: str = "张青山",
    order: int = 1,
    relation: str = "户主",
    facts: Mapping[str, Fact | None] | None = None,
) -> Person:
    """A member of the family."""
    return create_person(
        by=by,
        name=name,
        number=number(order),
        household=home,
        relation=relation,
        origin=ORIGIN,
        destination=DESTINATION,
        facts=facts,
    )
