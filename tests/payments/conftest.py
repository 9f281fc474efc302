"""Civil affairs of both sides, and 张青山, whose dibao 开州 pays."""

from __future__ import annotations

import pytest

from anju.government.models import Officer
from anju.register.models import Person
from tests.payments.cast import civil, poor
from tests.register.cast import DESTINATION, ORIGIN, clerk


@pytest.fixture
def village(db: None) -> Officer:
    """The village committee of the destination, which registers people."""
    return clerk("village")


@pytest.fixture
def origin(db: None) -> Officer:
    """The township that pays before the move."""
    return civil("origin", ORIGIN[:9] + "000")


@pytest.fixture
def destination(db: None) -> Officer:
    """The township that pays after it."""
    return civil("destination", DESTINATION[:9] + "000")


@pytest.fixture
def person(village: Officer) -> Person:
    """张青山."""
    return poor(village)
