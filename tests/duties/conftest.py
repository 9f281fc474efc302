"""The family Zhang with what they owe, and the officers who look after them."""

from __future__ import annotations

import pytest

from anju.government.models import Officer
from anju.register.models import Household, Person
from tests.duties.facts import ZHANG
from tests.register.cast import YUNYANG, clerk, household, zhang

FACTS = {k: v for k, v in ZHANG.items() if k not in ("move_scope", "birth_date", "hukou_moved")}


@pytest.fixture
def village(db: None) -> Officer:
    """The village committee of the destination."""
    return clerk("village")


@pytest.fixture
def pensions(db: None) -> Officer:
    """The pensions' line of the county of the destination."""
    return clerk("pensions", YUNYANG, "county", "human_resources")


@pytest.fixture
def family(village: Officer) -> Household:
    """A household that moved from 开州 to 云阳."""
    return household(village)


@pytest.fixture
def person(village: Officer, family: Household) -> Person:
    """张青山: his hukou has moved, his pension has not, and he has not said what he wants."""
    return zhang(village, family, facts={**FACTS, "hukou_moved": True})
