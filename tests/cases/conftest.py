"""The family Zhang and the offices of both sides."""

from __future__ import annotations

import pytest

from anju.government.models import Officer
from anju.register.models import Household, Person
from tests.cases.cast import Offices
from tests.cases.fitting import fit
from tests.register.cast import clerk, household, zhang


@pytest.fixture
def village(db: None) -> Officer:
    """The village committee of the destination."""
    return clerk("village")


@pytest.fixture
def offices(db: None) -> Offices:
    """All offices of both sides."""
    return Offices().open_all()


@pytest.fixture
def home(village: Officer) -> Household:
    """A household that moved from 开州 to 云阳."""
    return household(village)


@pytest.fixture
def person(village: Officer, home: Household) -> Person:
    """张青山, whom the transfers of clauses 1.2, 1.3, 1.5 and 1.7 are for."""
    found = zhang(village, home)
    fit(str(found.pk), "transfer_party", "transfer_pension", "transfer_assistance_by_letter", "confirm_membership")
    return found
