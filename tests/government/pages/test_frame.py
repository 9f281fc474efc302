"""The frame of a page that is behind the door: where a day begins, what each duty is offered, and what is not there for it."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from anju.government.models import Officer, duties_of_people
from anju.journal.models import Entry
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, with_app, without_tokens

pytestmark = pytest.mark.django_db
PLACES = re.compile(r'<div class="places">.*?</div>', re.DOTALL)


def come(duty: str = Officer.Duty.HANDLER, account: str = "li") -> Browser:
    """An officer of that duty has come in."""
    browser = Browser()
    browser.force_login(with_app(with_password(account, duty=duty)))
    return browser


def offered(browser: Browser, address: str = "/account/") -> list[str]:
    """What the frame offers."""
    (places,) = PLACES.findall(browser.get(address).content.decode())
    return re.findall(r">([^<>\s]+)</a>", places)


@pytest.mark.parametrize("duty", [duty.value for duty in duties_of_people])
def test_a_duty_is_offered_its_own_places_as_far_as_they_exist(duty: str, settings: Settings) -> None:
    settings.ANJU_NAVIGATION = (
        ({duty}, "mfa_index", "账号页"),
        ({duty}, "nowhere:at_all", "还没有"),
        (set(Officer.Duty.values) - {duty}, "check:guideline", "别人的"),
    )
    browser = come(duty)
    assert offered(browser) == ["账号页"]
    assert 'href="/account/" aria-current="page">账号页' in browser.get("/account/").content.decode()


@pytest.mark.parametrize("duty", [duty.value for duty in duties_of_people])
def test_every_duty_is_offered_something(duty: str) -> None:
    assert offered(come(duty))


@pytest.mark.parametrize(
    ("first", "leads"),
    [("check:guideline", "/guideline/"), ("nowhere:at_all", "/account/")],
    ids=["有这一页", "还没有"],
)
def test_a_day_begins_at_the_first_place_of_the_duty(settings: Settings, first: str, leads: str) -> None:
    settings.ANJU_NAVIGATION = (({"auditor"}, "check:front", "别人的"), ({"handler"}, first, "我的"))
    assert come().get("/home/").headers["Location"] == leads


def test_the_open_pages_offer_the_way_in() -> None:
    page = Browser().get("/").content.decode()
    assert 'href="/home/"' in page
    assert not PLACES.search(page)


@pytest.mark.parametrize("address", ["/", "/guideline/"], ids=["首页", "指导意见"])
def test_the_open_pages_have_no_frame_of_an_officer(address: str) -> None:
    browser = come()
    assert without_tokens(browser.get(address)) == without_tokens(Browser().get(address))


def test_the_promise_about_files_stands_where_files_are_given() -> None:
    promise = "离开就清除"
    assert promise in Browser().get("/").content.decode()
    assert promise not in come().get("/account/").content.decode()


@pytest.mark.urls("tests.government.pages.some_pages")
@pytest.mark.parametrize(
    ("address", "duty", "status"),
    [("/audited/", "auditor", 200), ("/audited/", "handler", 404), ("/forgotten/", "handler", 404)],
    ids=["自己的", "别人的", "没有说给谁"],
)
def test_a_page_is_there_for_its_duties_alone(address: str, duty: str, status: int) -> None:
    browser = come(duty)
    answer = browser.get(address)
    assert answer.status_code == status
    if status == 404:
        assert answer.content == browser.get("/nothing-here/").content


@pytest.mark.urls("tests.government.pages.some_pages")
def test_a_refused_page_is_in_the_journal() -> None:
    come().get("/audited/")
    entry = Entry.objects.get()
    assert (entry.action, entry.object_kind, entry.object_id, entry.result) == (
        "government.enter", "page", "audited/", "refused",
    )  # fmt: skip
    assert entry.officer_name == "李干部"
