"""A small city, and the site as a demo."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from anju.config import (
    urls,
)  # before a test says that this is a demo: the addresses are settled when the module is read
from anju.demo.actions import City, make_city
from anju.demo.lives import chance_of
from anju.demo.officers import appoint, name_villages
from anju.demo.rows import Ids

assert urls.urlpatterns


@pytest.fixture(scope="module", autouse=True)
def swept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What tests undo stays on PostgreSQL's disk until it is swept up, and a city asks its tables thousands of times."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.fixture
def city(db: None) -> City:
    """A city of 120 people."""
    return make_city(people=120, seed=1, on=date.today())


@pytest.fixture
def officers(db: None) -> int:
    """The officers of a city, and nobody who lives there."""
    name_villages()
    return appoint(Ids(chance_of(1), date.today()), chance_of(1), date.today())


@pytest.fixture
def demo(settings: Settings) -> None:
    """The settings that `ANJU_DEMO=1` makes."""
    settings.ANJU_DEMO = True
    settings.ROOT_URLCONF = "tests.demo.urls"
    settings.MIDDLEWARE = ["anju.config.middleware.on_this_machine_alone", *settings.MIDDLEWARE]
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].append("anju.demo.cast.on_stage")
    settings.TEMPLATES = templates
