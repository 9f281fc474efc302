"""Civil affairs of both sides, and 张青山, whose dibao 开州 pays."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from anju.government.models import Officer
from anju.register.models import Household, Person
from tests.payments.assessed import member
from tests.payments.cast import Clock, ago, begun, civil, paid, poor
from tests.register.cast import DESTINATION, ORIGIN, clerk, household


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


@pytest.fixture
def home(village: Officer) -> Household:
    """An empty household."""
    return household(village)


@pytest.fixture
def family(village: Officer, origin: Officer, home: Household) -> list[Person]:
    """张青山, his wife and his son; 开州 has paid all three until last month."""
    people = [
        member(village, home, name, order, relation)
        for order, (name, relation) in enumerate((("张青山", "户主"), ("王秀英", "配偶"), ("张小山", "之子")), start=1)
    ]
    begun(origin, ago(1))
    for one in people:
        paid(origin, one, ago(1))
    return people


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, db: None) -> Clock:
    """Goes to the morning of a day."""
    real = timezone.now

    def go(day: date) -> None:
        ahead = timezone.make_aware(datetime.combine(day, time(9))) - real()
        monkeypatch.setattr(timezone, "now", lambda: real() + ahead)

    return go
