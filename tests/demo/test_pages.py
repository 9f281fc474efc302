"""The demo's pages: anybody of the cast at a click, within the door's rules; and none of it where the site is no demo."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from anju.demo.cast import cast
from anju.government.door import duties_of
from anju.government.models import Officer
from anju.journal.models import Entry
from tests.check.pages.test_house import walk
from tests.government.cast import with_password

pytestmark = pytest.mark.django_db
COMMITTEE = "committee.500235001901"
STRANGER = "civil_affairs.500236001000"
ROLES = {f"{role.place}{role.title}": role.account for role in cast().by_account.values()}


def come_in(account: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert browser.post("/demo/sign-in/", {"account": account}).status_code == 302
    return browser


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize("account", ROLES.values(), ids=ROLES)
def test_one_click_is_one_sign_in(account: str) -> None:
    browser = Client()
    answer = browser.post("/demo/sign-in/", {"account": account})
    assert answer.headers["Location"] == "/home/"
    assert {"began", "seen"} <= set(browser.session.keys()), "the session ends like any other"
    page = browser.get("/account/")
    assert page.status_code == 200
    role, text = cast().by_account[account], page.content.decode()
    assert str(role.tries) in text.replace("&quot;", '"')
    assert f'<option value="{account}" selected' in text
    officer = Officer.objects.get(account=account)
    entry = Entry.objects.get(action="government.sign_in")
    assert (entry.officer, entry.result) == (str(officer.pk), "done")


@pytest.mark.usefixtures("demo", "officers")
def test_another_click_is_another_officer_and_the_first_one_is_out() -> None:
    browser = come_in(COMMITTEE)
    before = browser.session.session_key
    come_in(STRANGER, browser)
    assert browser.session.session_key != before
    assert browser.session["_auth_user_id"] == str(Officer.objects.get(account=STRANGER).pk)
    deeds = list(Entry.objects.order_by("at", "pk").values_list("action", flat=True))
    assert deeds == ["government.sign_in", "government.sign_out", "government.sign_in"]


@pytest.mark.usefixtures("demo", "officers")
def test_the_sign_in_page_shows_the_whole_cast() -> None:
    page = Client().get("/sign-in/").content.decode()
    assert all(f'value="{account}"' in page for account in ROLES.values())
    assert page.count("<form") == page.count("csrfmiddlewaretoken")


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize("address", ["/", "/sign-in/", "/guideline/", "/nowhere/"])
def test_every_page_says_that_this_is_a_demo(address: str) -> None:
    assert '<aside class="demo"' in Client().get(address).content.decode()


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize(
    "account",
    ["", "nobody", "committee.500235003901", "boss"],
    ids=["空的", "没有的", "不在角色表里的干部", "后来开的账号"],
)
def test_only_the_cast_comes_in_at_a_click(account: str) -> None:
    with_password("boss", duty=Officer.Duty.SECURITY)
    browser = Client()
    assert browser.post("/demo/sign-in/", {"account": account}).status_code == 404
    assert "_auth_user_id" not in browser.session


@pytest.mark.usefixtures("demo", "officers")
def test_a_disabled_officer_stays_out() -> None:
    Officer.objects.filter(account=COMMITTEE).update(is_active=False)
    assert Client().post("/demo/sign-in/", {"account": COMMITTEE}).status_code == 404


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize("address", ["/demo/sign-in/", "/demo/confirm/"])
def test_the_forms_are_protected_and_nothing_happens_by_a_link(address: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(address, {"account": COMMITTEE}).status_code == 403
    assert come_in(COMMITTEE).get(address).status_code == 405


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize("after", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(after: str) -> None:
    browser = Client()
    assert browser.post("/demo/sign-in/", {"account": COMMITTEE, "next": after}).headers["Location"] == "/home/"
    assert browser.post("/demo/confirm/", {"next": after}).headers["Location"] == "/home/"


@pytest.mark.usefixtures("demo", "officers")
def test_what_asks_for_a_code_elsewhere_asks_for_a_click_and_the_journal_keeps_it() -> None:
    browser = come_in(COMMITTEE)
    asked = browser.get("/in-full/")
    assert asked.headers["Location"] == "/account/confirm/?next=%2Fin-full%2F"
    page = browser.get(asked.headers["Location"]).content.decode()
    assert 'action="/demo/confirm/"' in page
    assert "六位验证码" not in page
    assert browser.post("/demo/confirm/", {"next": "/in-full/"}).headers["Location"] == "/in-full/"
    assert browser.get("/in-full/").content.decode() == "完整号码"
    (entry,) = Entry.objects.filter(action="demo.confirm")
    assert entry.officer == str(Officer.objects.get(account=COMMITTEE).pk)
    come_in(STRANGER, browser)
    assert browser.get("/in-full/").status_code == 302, "another officer has confirmed nothing"


@pytest.mark.usefixtures("demo", "officers")
def test_a_stranger_confirms_nothing() -> None:
    answer = Client().post("/demo/confirm/")
    assert answer.headers["Location"].startswith("/sign-in/")
    assert not Entry.objects.filter(action="demo.confirm").exists()


@pytest.mark.usefixtures("demo", "officers")
@pytest.mark.parametrize(
    ("come", "status"),
    [
        pytest.param({"REMOTE_ADDR": "127.0.0.1"}, 200, id="本机"),
        pytest.param({"REMOTE_ADDR": "::1"}, 200, id="本机六版"),
        pytest.param({"REMOTE_ADDR": "::ffff:127.0.0.1"}, 200, id="本机六版里的四版"),
        pytest.param({"REMOTE_ADDR": "10.0.0.5"}, 403, id="内网"),
        pytest.param({"REMOTE_ADDR": "::ffff:10.0.0.5"}, 403, id="内网六版里的四版"),
        pytest.param({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.5"}, 403, id="经过代理"),
        pytest.param({"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "anju.example.org"}, 400, id="别的名字"),
    ],
)
def test_the_demo_answers_its_own_machine_alone(come: dict[str, Any], status: int) -> None:
    assert Client(**come).get("/sign-in/").status_code == status


@pytest.mark.usefixtures("officers")
@pytest.mark.parametrize("address", ["/demo/sign-in/", "/demo/confirm/"])
def test_without_the_demo_its_addresses_do_not_exist(address: str) -> None:
    assert not [found for found in walk(get_resolver().url_patterns) if found.startswith("demo")]
    assert Client().post(address, {"account": COMMITTEE}).status_code == 404
    assert "demo" not in Client().get("/sign-in/").content.decode()


@pytest.mark.usefixtures("officers")
@pytest.mark.parametrize("address", ["/demo/sign-in/", "/demo/confirm/"])
def test_even_where_an_address_were_left_the_page_asks_whether_this_is_a_demo(address: str, settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.demo.urls"
    browser = Client()
    browser.force_login(Officer.objects.get(account=STRANGER))
    assert browser.post(address, {"account": COMMITTEE}).status_code == 404


def test_without_the_demo_there_is_no_account() -> None:
    assert not get_user_model()._default_manager.exists()


@pytest.mark.usefixtures("demo")
def test_the_demos_pages_say_for_whom_they_are() -> None:
    pages = {at: page for at, page in walk(get_resolver().url_patterns).items() if at.startswith("demo/")}
    assert set(pages) == {"demo/sign-in/", "demo/confirm/", "demo/resident/"}
    assert all(callable(page) and duties_of(page) for page in pages.values())
