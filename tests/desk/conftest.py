"""The family at the desk, and its village's officer at a browser."""

import pytest

from tests.desk.cast import Family, browser, family
from tests.government.pages.officer import Browser


@pytest.fixture
def us() -> Family:
    return family()


@pytest.fixture
def village(us: Family) -> Browser:
    return browser(us.officer)
