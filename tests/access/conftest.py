"""Two families and who asks about them: made once for all tests of a module, or of a role; what a test adds is undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.access.asking import World
from tests.access.world import (
    DESTINATION,
    FAR_DESTINATION,
    FAR_ORIGIN,
    ORIGIN,
    ROLES,
    Family,
    account,
    entangled,
    family,
    villages,
)
from tests.government.pages.officer import confirmed_now, signed_in
from tests.once import made_once

Families = tuple[Family, Family, Family]


@pytest.fixture(scope="module")
def families(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Families]:
    def make() -> Families:
        villages()
        return entangled(family("麃", 1, ORIGIN, DESTINATION), family("彧", 2, FAR_ORIGIN, FAR_DESTINATION))

    with made_once(make, django_db_blocker) as families:
        yield families


@pytest.fixture(scope="module")
def of_role(request: pytest.FixtureRequest, families: Families, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    def make() -> World:
        role = ROLES[request.param]
        who = account(role)
        return World(*families, role, who, signed_in(who))

    with made_once(make, django_db_blocker) as world:
        yield world


@pytest.fixture
def world(of_role: World, db: None) -> World:
    confirmed_now(of_role.browser, of_role.officer)  # however long the tests before it took
    return of_role
