"""Two families and who asks about them: made once for all tests of a module, or of a role; what a test adds is undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from anju.government.models import Officer
from anju.government.residents import RESIDENT
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
    system,
    villages,
)
from tests.government.pages.officer import Browser, confirmed_now, signed_in
from tests.once import made_once
from tests.portal.cast import at_home

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
        if role.duty == Officer.Duty.CLIENT:
            who, secret = system(role)
            return World(*families, role, who, Browser(headers={"Authorization": f"Bearer {secret}"}))
        if role.duty == RESIDENT:
            return World(*families, role, families[0].export.officer, at_home(families[0].person))
        who = account(role)
        return World(*families, role, who, signed_in(who))

    with made_once(make, django_db_blocker) as world:
        yield world


@pytest.fixture
def world(of_role: World, db: None) -> World:
    if of_role.role.duty not in (Officer.Duty.CLIENT, RESIDENT):
        confirmed_now(of_role.browser, of_role.officer)  # however long the tests before it took
    return of_role
