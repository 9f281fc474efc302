"""In by password and code, and out again; whoever is not in sees nothing, and learns nothing from being refused."""

from __future__ import annotations

import base64
import statistics
import time
from datetime import timedelta
from typing import cast

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from anju.government import door
from anju.government.models import Attempts, Officer
from tests.government.cast import PASSWORD, with_password
from tests.government.pages.officer import SECRET, Browser, code, with_app, without_tokens

pytestmark = pytest.mark.django_db
BEHIND_THE_DOOR = ["/account/", "/account/password/", "/account/code/", "/account/code/remove/", "/account/confirm/"]


@pytest.fixture
def li() -> Officer:
    """An officer who has set up everything."""
    return with_app(with_password("li"))


def test_password_and_code_lead_in(li: Officer) -> None:
    browser = Browser().come_in("li")
    page = browser.get("/account/").content.decode()
    assert "李干部" in page
    assert browser.get("/account/").headers["Cache-Control"].startswith(("no-store", "max-age=0"))


@pytest.mark.parametrize("address", BEHIND_THE_DOOR)
def test_a_stranger_is_led_to_the_door(address: str) -> None:
    answer = Browser().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", BEHIND_THE_DOOR)
def test_the_password_alone_opens_nothing(li: Officer, address: str) -> None:
    browser = Browser()
    browser.password("li")
    assert browser.get(address).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", ["/account/", "/account/confirm/", "/account/code/remove/"])
def test_without_a_second_factor_there_is_only_setting_it_up(address: str) -> None:
    with_password("li")
    browser = Browser()
    browser.password("li")
    assert browser.get(address).headers["Location"].startswith("/account/code/")


def test_setting_up_the_app_opens_the_door() -> None:
    with_password("li")
    browser = Browser()
    browser.password("li")
    page = browser.get("/account/code/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "验证码不对" in browser.post("/account/code/", {"code": "000000"}).content.decode()
    assert browser.post("/account/code/", {"code": code(secret)}).headers["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200
    assert browser.get("/account/code/remove/", follow=True).redirect_chain == [("/account/", 302)]


def test_the_secret_of_the_app_is_sealed(li: Officer) -> None:
    stored = Authenticator.objects.get().data["secret"]
    assert SECRET not in stored
    assert SECRET.encode() not in base64.b64decode(stored)


def test_the_open_pages_stay_open_and_know_nobody(li: Officer) -> None:
    stranger, officer = Browser(), Browser().come_in("li")
    mine, theirs = officer.get("/guideline/"), stranger.get("/guideline/")
    assert mine.content == theirs.content
    assert "Cookie" not in theirs.headers.get("Vary", "")
    assert not stranger.cookies


@pytest.mark.parametrize(
    ("account", "password"),
    [("li", "Falsch-falsch-1"), ("nobody", PASSWORD), ("gone", PASSWORD), ("li", PASSWORD.lower()), ("LI ", "x")],
    ids=["口令错", "没有这个账号", "账号停用", "大小写错", "账号写法"],
)
def test_a_refusal_says_the_same_whatever_was_wrong(li: Officer, account: str, password: str) -> None:
    gone = with_password("gone")
    Officer.objects.filter(pk=gone.pk).update(is_active=False)
    answer = Browser().password(account, password)
    assert answer.status_code == 200
    assert answer.content.decode().count("账号或口令不对。") == 1
    assert without_tokens(answer) == without_tokens(Browser().password("nobody-else", "Falsch-falsch-1"))


def test_a_refusal_takes_as_long_whatever_was_wrong(
    dear_passwords: None, li: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ANJU_MOST_ATTEMPTS", {"account": 999, "address": 999, "code": 999})
    browser = Browser()
    taken: dict[str, list[float]] = {"li": [], "nobody": []}
    for _ in range(7):
        for account, times in taken.items():
            begun = time.process_time()  # what else runs on the machine does not count
            browser.password(account, "Falsch-falsch-1")
            times.append(time.process_time() - begun)
    known, unknown = (statistics.median(times) for times in taken.values())
    assert abs(known - unknown) < 0.25 * max(known, unknown)


def test_an_account_is_known_however_it_is_typed(li: Officer) -> None:
    assert Browser().password(" Li ").headers["Location"] == "/sign-in/code/"


@pytest.mark.parametrize(("wrong", "opens"), [(4, True), (5, False)], ids=["错四次", "错五次"])
def test_the_fifth_wrong_password_locks_the_account(li: Officer, wrong: int, *, opens: bool) -> None:
    browser = Browser()
    for _ in range(wrong):
        browser.password("li", "Falsch-falsch-1")
    answer = browser.password("li")
    assert (answer.status_code == 302) is opens
    assert opens or "试的次数太多了" in answer.content.decode()


def test_a_locked_account_says_the_same_whether_it_exists_or_not() -> None:
    browser = Browser()
    pages = [browser.password("nobody", "Falsch-falsch-1").content.decode() for _ in range(6)]
    assert "试的次数太多了" in pages[5]


def test_another_account_is_not_locked_with_it(li: Officer) -> None:
    with_app(with_password("wang"))
    for _ in range(6):
        Browser().password("wang", "Falsch-falsch-1")
    assert Browser().password("li").status_code == 302


@pytest.mark.parametrize(("wrong", "opens"), [(2, True), (3, False)], ids=["错两次", "错三次"])
def test_an_address_is_locked_for_all_accounts(
    li: Officer, monkeypatch: pytest.MonkeyPatch, wrong: int, *, opens: bool
) -> None:
    monkeypatch.setattr(settings, "ANJU_MOST_ATTEMPTS", {"account": 5, "address": 3, "code": 5})
    for number in range(wrong):
        Browser().password(f"a{number}")
    answer = Browser().password("li")
    assert answer.status_code == (302 if opens else 200)
    said = answer.content.decode()
    assert ("从这里试错的次数太多了" in said) is not opens
    assert "请安全管理员解锁" not in said, "who opens accounts again opens no address"
    assert Browser(REMOTE_ADDR="10.0.0.9").password("li").status_code == 302


def test_an_office_that_shares_an_address_comes_in(li: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ANJU_MOST_ATTEMPTS", {"account": 5, "address": 3, "code": 5})
    for number in range(2):
        Browser().password(f"a{number}")
    for number in range(5):
        with_app(with_password(f"clerk{number}"))
        assert Browser().password(f"clerk{number}").status_code == 302
    Browser().password("a2")
    assert Browser().password("li").status_code == 200, "right ones give back their own place and no other"


def test_a_right_password_without_its_code_stays_an_attempt_of_the_account(li: Officer) -> None:
    answers = [Browser().password("li").status_code for _ in range(6)]
    assert answers == [302] * 5 + [200]


def test_a_lock_ends_by_itself(li: Officer) -> None:
    for _ in range(6):
        Browser().password("li", "Falsch-falsch-1")
    Attempts.objects.update(since=timezone.now() - timedelta(minutes=settings.ANJU_LOCK_MINUTES, seconds=1))
    assert Browser().password("li").status_code == 302


def test_signing_in_forgets_the_attempts(li: Officer) -> None:
    browser = Browser()
    for _ in range(3):
        browser.password("li", "Falsch-falsch-1")
    browser.come_in("li")
    assert not Attempts.objects.filter(kind__in=["account", "code"]).exists()


def test_what_was_typed_as_an_account_is_not_kept() -> None:
    Browser().password("my-secret-password", "x")
    assert not Attempts.objects.filter(subject__contains="secret").exists()
    assert Attempts.objects.count() == 2


@pytest.mark.parametrize(("wrong", "opens"), [(4, True), (5, False)], ids=["错四次", "错五次"])
def test_the_fifth_wrong_code_locks_too(li: Officer, wrong: int, *, opens: bool) -> None:
    browser = Browser()
    browser.password("li")
    for _ in range(wrong):
        browser.code("000000")
    assert (browser.code(code()).status_code == 302) is opens


def test_a_code_is_right_once(li: Officer) -> None:
    now = code()
    Browser().come_in("li")
    second = Browser()
    second.password("li")
    assert "已经用过" in second.code(now).content.decode()
    assert second.code(code(steps=1)).status_code == 302


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(li: Officer, steps: int, *, right: bool) -> None:
    browser = Browser()
    browser.password("li")
    assert (browser.code(code(steps=steps)).status_code == 302) is right


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(li: Officer, target: str) -> None:
    browser = Browser()
    browser.post(f"/sign-in/?next={target}", {"login": "li", "password": PASSWORD, "next": target})
    assert browser.code(code()).headers["Location"] == "/home/"


def test_out_is_out_on_the_server(li: Officer) -> None:
    browser = Browser().come_in("li")
    kept = browser.cookies["anju_session"].value
    answer = browser.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.exists()
    browser.cookies["anju_session"] = kept
    assert browser.get("/account/").headers["Location"].startswith("/sign-in/")


def test_out_needs_a_press() -> None:
    assert Browser().get("/sign-out/").status_code in {302, 405}


def test_the_session_has_another_name_than_before_signing_in(li: Officer) -> None:
    browser = Browser()
    browser.password("li")
    before = browser.cookies["anju_session"].value
    browser.code(code())
    assert browser.cookies["anju_session"].value != before


@pytest.mark.parametrize(
    ("began", "seen", "ends"),
    [
        (timedelta(), timedelta(minutes=29, seconds=50), False),
        (timedelta(), timedelta(minutes=30), True),
        (timedelta(hours=11, minutes=59), timedelta(), False),
        (timedelta(hours=12), timedelta(), True),
    ],
    ids=["离开不到三十分钟", "离开三十分钟", "不到十二小时", "十二小时"],
)
def test_a_session_ends(li: Officer, began: timedelta, seen: timedelta, *, ends: bool) -> None:
    browser = Browser().come_in("li")
    session, now = browser.session, timezone.now()
    session["began"], session["seen"] = (now - began).isoformat(), (now - seen).isoformat()
    session.save()
    assert (browser.get("/account/").status_code == 302) is ends


def test_a_disabled_account_is_out_at_the_next_request_and_stays_out(li: Officer) -> None:
    browser = Browser().come_in("li")
    Officer.objects.filter(pk=li.pk).update(is_active=False)
    assert browser.get("/account/").status_code == 302


def test_a_new_stamp_ends_every_session(li: Officer) -> None:
    browser = Browser().come_in("li")
    Officer.objects.filter(pk=li.pk).update(session_stamp="00000000-0000-4000-8000-000000000000")
    assert browser.get("/account/").status_code == 302


def test_the_confirmation_leads_back(li: Officer) -> None:
    browser = Browser().come_in("li")
    assert browser.get("/account/confirm/").status_code == 200
    answer = browser.post("/account/confirm/?next=/guideline/", {"code": code(steps=1), "next": "/guideline/"})
    assert answer.headers["Location"] == "/guideline/"


@pytest.mark.parametrize(
    ("minutes", "asks"), [(None, True), (4.9, False), (5, True)], ids=["没有确认过", "不到五分钟", "五分钟"]
)
def test_what_is_shown_in_full_asks_again_after_five_minutes(
    li: Officer, rf: RequestFactory, minutes: float | None, *, asks: bool
) -> None:
    browser = Browser().come_in("li")
    if minutes is not None:
        browser.post("/account/confirm/", {"code": code(steps=1)})
        session = browser.session
        session["account_authentication_methods"][-1]["at"] = time.time() - 60 * minutes
        session.save()
    request = rf.post("/people/1/reveal/", {"purpose": "核对"}, headers={"Referer": "http://testserver/people/1/"})
    request.user, request.session = li, browser.session
    cast(door.OfficersRequest, request).officer = li
    answer = door.confirmed_again(lambda request: HttpResponse("完整"))(request)
    assert isinstance(answer, HttpResponseRedirect) is asks
    if asks:
        assert answer.headers["Location"] == "/account/confirm/?next=%2Fpeople%2F1%2F"
        assert "核对" not in str(dict(request.session))
