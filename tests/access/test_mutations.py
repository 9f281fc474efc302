"""Take any one scope away, and an answer changes: no `visible_to` or `visible_by` is there for nothing, and each is held by a question.

Several of one request hold the same rows, so that nothing is seen where one of them alone is forgotten. Therefore it is asked the other
way round: by somebody for whom all is open, in posts and lines as in rows, while one call alone is asked for a stranger. A call is held
where this changes an answer, or what is written; that something breaks is no proof.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from anju.government.lines import Line
from tests.access.calls import Call, Strangers, watched, written
from tests.access.conftest import Families
from tests.access.direct import DIRECT
from tests.access.filled import filled
from tests.access.questions import BY_HAND, SYSTEM, Asked, Open, Question, holds, pages
from tests.access.world import DESTINATION, FAR_DESTINATION, FAR_ORIGIN, LONG_AGO, ORIGIN, ROLES, system
from tests.government.cast import hold, officer, post
from tests.government.pages.officer import Browser, signed_in
from tests.once import made_once
from tests.portal.cast import as_resident, at_home

Made = dict[Call, list[Question]]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def everywhere(families: Families, django_db_blocker: DjangoDbBlocker) -> Iterator[Open]:
    """The families, and who sees them both."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's second wall is told of the stranger, too, and breaks what is written next")
    with made_once(lambda: _opened(families), django_db_blocker) as made:
        yield made


def _opened(families: Families) -> Open:
    own, far, lodger = families
    keeper, other = own.export.officer, officer("colleague", name="某同事")
    for who in (keeper, other):
        who.set_unusable_password()  # comes in by the city's own sign-in
        who.save(update_fields=["password"])
        for what in _seats() - {(held.post.region, held.post.level, held.post.line) for held in who.holdings.all()}:
            hold(who, post(*what), LONG_AGO)
    own, far = filled(own, keeper, other), filled(far, keeper, other)
    stranger = officer("outsider", name="某外人")
    for line in Line:
        hold(stranger, post("500240000000", "county", line), LONG_AGO)
    browsers = {
        "keeper": signed_in(keeper),
        "other": signed_in(other),
        BY_HAND: at_home(own.person),
        SYSTEM: Browser(headers={"Authorization": f"Bearer {system(ROLES['接口迁入村村居'])[1]}"}),
    }
    for one in (own, far):
        browsers["keeper"].get(f"/people/{one.person.pk}/")
        browsers["keeper"].get(f"/households/{one.household.pk}/")
    for browser in browsers.values():
        browser.raise_request_exception = False  # a page that breaks says so
    return Open(own, far, keeper, other, browsers, Strangers(stranger, as_resident(lodger.person)))


def _seats() -> set[tuple[str, str, str]]:
    """Every line in the city, and those seats of the families' places that cases wait for."""
    seats = {("500000000000", "city", str(line)) for line in Line}
    for place in (ORIGIN, DESTINATION, FAR_ORIGIN, FAR_DESTINATION):
        seats |= {(place, "village", "committee"), (f"{place[:9]}000", "township", "civil_affairs")}
        seats |= {(f"{place[:6]}000000", "county", line) for line in ("civil_affairs", "medical_security")}
    return seats


@pytest.fixture(scope="module")
def made(everywhere: Open, django_db_blocker: DjangoDbBlocker) -> Made:
    """Which pages and functions make a call."""
    found: Made = {}
    with django_db_blocker.unblock(), _confirmed():
        questions: list[Question] = [*map(Asked, DIRECT.values()), *pages(everywhere)]
        for question in questions:
            with watched(everywhere.strangers) as calls:
                question.answer(everywhere)
            for call in calls:
                found.setdefault(call, []).append(question)
    return found


def _confirmed() -> override_settings:
    """However long it takes, the second factor stays fresh."""
    return override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=24 * 3600)


@pytest.mark.parametrize("name", DIRECT)
def test_a_function_that_is_asked_directly_holds_its_call(everywhere: Open, name: str) -> None:
    question = Asked(DIRECT[name])
    with watched(everywhere.strangers) as calls:
        assert question.answer(everywhere) is not None, "it breaks"
    assert any(holds(question, call, everywhere) for call in calls if call.name == name), sorted(calls)


@pytest.mark.faults
@pytest.mark.parametrize("file", written())
def test_every_call_is_held(everywhere: Open, made: Made, file: str) -> None:
    held = set()
    with _confirmed():
        for call, questions in made.items():
            if call.file == file and any(holds(question, call, everywhere) for question in questions):
                held.add(call.line)
    assert sorted(written()[file] - held) == []
