"""Exactly as many guesses are checked as there are places, and a code is right exactly once, however many ask at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from anju.government import lockout
from anju.government.models import Attempts, Officer, UsedCode
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, code, with_app
from tests.race import race

pytestmark = pytest.mark.usefixtures("dear_passwords")


def test_of_64_at_once_five_get_a_place(own_database: str) -> None:
    found = race(64, lambda number: lockout.reserve("account", "li").free)
    assert found.raised == []
    assert found.won == 5
    assert Attempts.objects.get().n == 64


@pytest.mark.django_db
@pytest.mark.parametrize(("attempts", "locked"), [(4, False), (5, True)], ids=["四次", "五次"])
def test_locked_is_who_has_no_place_left(attempts: int, *, locked: bool) -> None:
    for _ in range(attempts):
        lockout.reserve("account", "li")
    assert lockout.is_locked("account", "li") is locked
    assert not lockout.is_locked("account", "wang")
    assert lockout.reserve("account", "li").free is not locked
    Attempts.objects.update(since=timezone.now() - timedelta(minutes=settings.ANJU_LOCK_MINUTES, seconds=1))
    assert not lockout.is_locked("account", "li")


def test_of_64_guesses_at_once_five_are_checked(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def check(who: Officer, word: str) -> bool:
        checked.append(word)
        return False

    with_app(with_password("li"))
    monkeypatch.setattr(Officer, "check_password", check)
    found = race(64, lambda number: Browser().password("li", f"Falsch-falsch-{number}").status_code)
    assert found.raised == []
    assert len(checked) == 5


def test_of_32_who_use_a_code_at_once_one_is_right(own_database: str) -> None:
    found = race(32, lambda number: lockout.use_once("li", "123456"))
    assert found.raised == []
    assert found.won == 1


def test_of_many_sessions_one_comes_in_with_a_code(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.ANJU_MOST_ATTEMPTS", {"account": 99, "address": 99, "code": 99})
    with_app(with_password("li"))
    browsers = [Browser() for _ in range(8)]
    for browser in browsers:
        browser.password("li")
    now = code()
    found = race(8, lambda number: browsers[number].code(now).status_code == 302)
    assert found.raised == []
    assert found.won == 1


@pytest.mark.django_db
def test_used_codes_are_forgotten_when_they_could_not_be_right_any_more() -> None:
    assert lockout.use_once("li", "123456")
    assert not lockout.use_once("li", "123456")
    assert lockout.use_once("wang", "123456")
    UsedCode.objects.update(at="2020-01-01T00:00:00Z")
    assert lockout.use_once("li", "123456")
    assert UsedCode.objects.count() == 1
