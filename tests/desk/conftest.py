"""The family at the desk, and its village's officer at a browser."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.core.cache import cache
from pytest_django import DjangoDbBlocker

from tests.desk.cast import Family, browser, family
from tests.government.pages.officer import Browser
from tests.once import made_once


@pytest.fixture(scope="module")
def registered(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Family]:
    with made_once(family, django_db_blocker) as registered:
        yield registered


@pytest.fixture
def us(registered: Family) -> Family:
    cache.clear()  # the same officers gave the same codes in the test before
    return deepcopy(registered)


@pytest.fixture
def village(us: Family) -> Browser:
    return browser(us.officer)
