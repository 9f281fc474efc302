"""挂起的件: a shelf of those whose turn is mine, by the day on which somebody looks again; what is past stands out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from anju.cases.actions import suspend, withdraw
from anju.cases.models import Case
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.cases.test_actions import opened
from tests.desk.cast import browser
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ORIGIN, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture
def pensions(offices: Offices) -> Officer:
    """The office whose turn it is."""
    return offices.at("human_resources", "township", place_at(DESTINATION, "township"))


def suspended(case: Case, by: Officer, monkeypatch: pytest.MonkeyPatch, days: int) -> Case:
    """The case was suspended; it is to be looked at again so many days from today."""
    on = today() + timedelta(days)
    with monkeypatch.context() as then:
        then.setattr("anju.cases.actions.leaving.today", lambda: min(today(), on - timedelta(1)))
        return suspend(by=by, case=case.pk, seen=case.entries, because="等法院判决", review_on=on)


@pytest.fixture
def case(person: Person, offices: Offices, pensions: Officer) -> Case:
    county = offices.at("human_resources", "county", place_at(DESTINATION, "county"))
    return step_on(opened(person, county, "transfer_pension"), offices, "提交")


def said(who: Browser, address: str) -> str:
    text = re.sub(r"<[^>]+>", " ", who.get(address).content.decode())
    return re.sub(r"\s+", " ", text)


DAYS = {
    "昨天": (-1, "past", "已过"),
    "今天": (0, "past", ""),
    "明天": (1, "soon", ""),
    "七天以后": (7, "soon", ""),
    "八天以后": (8, "later", ""),
}
"""When somebody looks again → where it stands, and what stands out."""


@pytest.mark.parametrize(("days", "state", "mark"), DAYS.values(), ids=DAYS)
def test_the_shelf_and_the_desk_say_when_it_is_looked_at_again(
    days: int, state: str, mark: str, case: Case, pensions: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended(case, pensions, monkeypatch, days)
    there, on = browser(pensions), today() + timedelta(days)
    for narrowed in ("past", "soon", "later"):
        page = said(there, f"/cases/?list=suspended&state={narrowed}")
        assert ("张青山" in page) is (narrowed == state), narrowed
    page = said(there, "/cases/?list=suspended")
    assert f"复查日 {on} {mark}".strip() in page
    assert ("已过" in page) is bool(mark)
    desk = said(there, "/desk/")
    assert "挂起的件" in desk
    assert ("到了复查日 1" in desk) is (state == "past")
    assert f"复查日 {on}" in said(there, f"/cases/{case.pk}/")


def test_the_first_to_look_at_comes_first(
    case: Case, home: Household, offices: Offices, pensions: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = zhang(pensions_village(offices), home, name="李二", order=7, relation="之子")
    fit(str(other.pk), "transfer_pension")
    county = offices.at("human_resources", "county", place_at(DESTINATION, "county"))
    later = step_on(opened(other, county, "transfer_pension"), offices, "提交")
    suspended(case, pensions, monkeypatch, 20)
    suspended(later, pensions, monkeypatch, 3)
    there = browser(pensions)
    page = said(there, "/cases/?list=suspended")
    assert page.index("李二") < page.index("张青山")
    assert "张青山" not in said(there, "/cases/?list=suspended&text=李")
    assert "没有符合的办件" in said(there, "/cases/?list=suspended&procedure=transfer_medical")


def pensions_village(offices: Offices) -> Officer:
    return offices.at("committee", "village", DESTINATION)


def test_only_whose_turn_it_is_is_asked_to_look(
    case: Case, offices: Offices, pensions: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended(case, pensions, monkeypatch, -1)
    for line, level, region in (
        ("human_resources", "county", place_at(ORIGIN, "county")),
        ("human_resources", "township", place_at(ORIGIN, "township")),
        ("medical_security", "county", place_at(DESTINATION, "county")),
    ):
        other = browser(offices.at(line, level, region))
        assert "张青山" not in said(other, "/cases/?list=suspended"), line
        assert "挂起的件" not in said(other, "/desk/"), line


def test_what_goes_on_or_ends_is_no_longer_there(
    case: Case, pensions: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = browser(pensions)
    assert "张青山" not in said(there, "/cases/?list=suspended")
    case = suspended(case, pensions, monkeypatch, -1)
    assert "张青山" in said(there, "/cases/?list=suspended")
    withdraw(by=pensions, case=case.pk, seen=case.entries, how="本人电话")
    assert "张青山" not in said(there, "/cases/?list=suspended")
    assert "挂起的件" not in said(there, "/desk/")
    with everything():
        assert Case.objects.unscoped().get(pk=case.pk).review_on is None
