"""The officer's own new password."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from anju.government.actions import set_password
from anju.government.models import Officer
from tests.government.cast import PASSWORD, with_password
from tests.government.pages.officer import Browser, code, with_app

pytestmark = pytest.mark.django_db
NEW = "Lv-shui-2027-qing"


@pytest.fixture
def browser() -> Browser:
    """The browser of 李干部, signed in."""
    with_app(with_password("li"))
    return Browser().come_in("li")


def change(browser: Browser, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> str:
    answer = browser.post("/account/password/", {"oldpassword": old, "password1": new, "password2": again}, follow=True)
    return answer.content.decode()


def test_a_new_password_replaces_the_old_one(browser: Browser) -> None:
    change(browser)
    assert browser.get("/account/").status_code == 200
    assert Browser().password("li").status_code == 200
    assert Browser().password("li", NEW).status_code == 302


def test_other_sessions_end_with_the_old_password(browser: Browser) -> None:
    other = Browser()
    other.force_login(Officer.objects.get())
    assert other.get("/account/").status_code == 200
    change(browser)
    assert other.get("/account/").status_code == 302


def test_who_has_no_password_here_is_not_asked_for_one(browser: Browser) -> None:
    assert "换口令" in browser.get("/account/").content.decode()
    who = Officer.objects.get()
    who.set_unusable_password()
    who.save()
    browser.force_login(who)
    page = browser.get("/account/password/", follow=True)
    assert (page.status_code, page.redirect_chain[-1][0]) == (200, "/account/")
    assert "您在这里没有口令" in page.content.decode()
    assert "换口令" not in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "Falsch-falsch-1"}, "现在的口令不对"),
        ({"new": PASSWORD, "again": PASSWORD}, "不能和现在的一样"),
        ({"new": "kurz", "again": "kurz"}, "口令要 12 到 200 个字符"),
        ({"new": "qingshanlvshui", "again": "qingshanlvshui"}, "至少要有 3 种"),
    ],
    ids=["旧口令错", "没有变", "太短", "种类少"],
)
def test_a_bad_new_password_is_refused_in_a_sentence(browser: Browser, fields: dict[str, str], sentence: str) -> None:
    assert sentence in change(browser, **fields)
    assert Officer.objects.get().check_password(PASSWORD)


def test_none_of_the_last_passwords_comes_back(browser: Browser) -> None:
    """The five before the one that holds; the sixth before it may."""
    words = [PASSWORD, *(f"Lv-shui-20{number}-qing" for number in range(27, 33))]
    for old, new in pairwise(words):
        change(browser, old=old, new=new, again=new)
        assert Officer.objects.get().check_password(new)
    for former in words[1:6]:
        # beside what is always said of a new one
        assert change(browser, old=words[6], new=former, again=former).count("不能是以前用过的最近 5 个口令") == 2
    assert Officer.objects.get().check_password(words[6])
    change(browser, old=words[6], new=PASSWORD, again=PASSWORD)
    assert Officer.objects.get().check_password(PASSWORD)


def test_a_password_that_somebody_set_is_a_former_one_as_well(browser: Browser) -> None:
    boss, who = with_password("boss", duty=Officer.Duty.SECURITY), Officer.objects.get(account="li")
    set_password(by=boss, officer=who, password="Jin-men-zi-hao-1")
    again = Browser()
    again.password("li", "Jin-men-zi-hao-1")
    again.code(code(steps=1))
    for former in (PASSWORD, "Jin-men-zi-hao-1"):
        change(again, old="Jin-men-zi-hao-1", new=former, again=former)
        assert Officer.objects.get(account="li").check_password("Jin-men-zi-hao-1")
    change(again, old="Jin-men-zi-hao-1")
    assert Officer.objects.get(account="li").check_password(NEW)


def test_guessing_the_old_password_is_counted(browser: Browser) -> None:
    for _ in range(5):
        change(browser, old="Falsch-falsch-1")
    assert "试的次数太多了" in change(browser)


@pytest.mark.parametrize("since", [None, timedelta(days=90)], ids=["别人设的", "九十天前"])
def test_a_password_that_is_due_has_to_be_changed_first(browser: Browser, since: timedelta | None) -> None:
    Officer.objects.update(password_since=since and timezone.now() - since)
    assert browser.get("/account/").headers["Location"].startswith("/account/password/")
    change(browser)
    assert browser.get("/account/").status_code == 200
