"""A place of its own for what is handed in, and the officers of the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from anju.government.models import Officer
from tests.desk.cast import browser
from tests.exchange.cast import ELSEWHERE, clerk
from tests.government.pages.officer import Browser, signed_in
from tests.register.cast import YUNYANG


@pytest.fixture(scope="session", autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files on their way lie in folders of the tests' own."""
    home = tmp_path_factory.mktemp("runtime")
    visits = home / "visits" / "1"
    with override_settings(ANJU_VISITS=visits, FILE_UPLOAD_TEMP_DIR=visits, ANJU_IMPORTS=home / "imports"):
        yield


@pytest.fixture
def importer(db: None) -> Officer:
    return clerk("importer")


@pytest.fixture
def second(db: None) -> Officer:
    return clerk("second")


@pytest.fixture
def county(db: None) -> Officer:
    """Who hands in at the county, whatever lines a column is of."""
    return clerk("county", YUNYANG, "county", _lines)


@pytest.fixture
def other(db: None) -> Officer:
    """Who accepts at the county."""
    return clerk("other", YUNYANG, "county", _lines)


_lines = (
    "civil_affairs", "human_resources", "medical_security", "organisation", "public_security", "agriculture",
    "rural_revitalisation",
)  # fmt: skip


@pytest.fixture
def mine(importer: Officer) -> Browser:
    """Who hands in, without a fresh second factor."""
    return browser(importer)


@pytest.fixture
def theirs(second: Officer) -> Browser:
    """Who accepts, just confirmed."""
    return _confirmed(second)


@pytest.fixture
def strange(db: None) -> Browser:
    """An officer of another county."""
    return _confirmed(clerk("stranger", ELSEWHERE))


def _confirmed(who: Officer) -> Browser:
    who.set_unusable_password()  # comes in by the city's own sign-in
    who.save()
    return signed_in(who)
