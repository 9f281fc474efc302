"""How a resident is known: a verified ID number that the city's provider tells, of exactly one living person; and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from anju.government.models import Attempts, Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.portal.door import ResidentSessions
from anju.register.models import Person
from anju.sealing.blind_index import blind_index
from tests.government.cast import officer
from tests.government.pages.officer import Browser, signed_in
from tests.government.provider import PATIENCE_SECONDS, provider
from tests.portal.cast import at_home, somebody
from tests.register.cast import DESTINATION, number

pytestmark = pytest.mark.django_db
NUMBER = number(1)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


@pytest.fixture
def residents(issuer: str, settings: Settings) -> str:
    """The residents' provider is known to us; officers have none."""
    told: dict[str, Any] = {"server_url": issuer, "uid_field": "id_number", "verified": "id_number_verified"}
    told |= {"scope": ["openid"], "oauth_pkce_enabled": True, "hidden": True}
    app = {"provider_id": "residents", "name": "居民登录", "client_id": "anju", "secret": "s", "settings": told}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return issuer


@pytest.fixture
def zhang(db: None) -> Person:
    return somebody("张青山", NUMBER)


def come(browser: Browser, issuer: str, query: str = "", **told: Any) -> Any:
    """Through the provider and back: what the callback answers."""
    claims = {"id_number": NUMBER, "id_number_verified": True, "name": "别的名字", **told}
    claims = {name: value for name, value in claims.items() if value != "没有"}
    requests.put(f"{issuer}/users/resident", json=claims, timeout=PATIENCE_SECONDS).raise_for_status()
    there = browser.get(f"/sign-in/by/residents/{query}").headers["Location"]
    assert there.startswith(issuer)
    assert "code_challenge=" in there
    back = requests.post(there, data={"sub": "resident"}, allow_redirects=False, timeout=PATIENCE_SECONDS)
    parts = urlsplit(back.headers["Location"])
    return browser.get(f"{parts.path}?{parts.query}")


def is_in(browser: Browser) -> bool:
    return "我的七种关系" in browser.get("/my/").content.decode()


def test_without_a_provider_the_page_says_that_it_is_not_open_yet() -> None:
    page = Browser().get("/my/").content.decode()
    assert "网上自助办理还没有开通" in page
    assert "/sign-in/by/" not in page
    assert Browser().get("/sign-in/by/residents/").status_code == 404


def test_a_resident_comes_in_by_the_verified_number_and_leaves_no_account(zhang: Person, residents: str) -> None:
    browser = Browser()
    assert 'href="/sign-in/by/residents/"' in browser.get("/my/").content.decode()
    answer = come(browser, residents)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/")
    cookie = answer.cookies[site.ANJU_RESIDENT_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert is_in(browser)
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()
    assert not Officer.objects.exists()
    assert not Attempts.objects.exists()
    entry = Entry.objects.get(action="portal.sign_in")
    told = (entry.officer, entry.officer_name, entry.post, entry.organisation, entry.result)
    assert told == (str(zhang.pk), "张**", "本人", DESTINATION, "done")
    assert Entry.objects.filter(action="portal.look", officer=str(zhang.pk), object_id=str(zhang.pk)).exists()
    stored = "".join(session.session_data for session in Session.objects.all())
    assert NUMBER not in stored


def test_the_number_may_be_written_as_old_and_wide_as_it_likes(zhang: Person, residents: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in NUMBER)
    browser = Browser()
    come(browser, residents, id_number=wide)
    assert is_in(browser)


REFUSED: dict[str, dict[str, Any]] = {
    "没有这一项": {"id_number": "没有"},
    "空": {"id_number": ""},
    "数字": {"id_number": int(NUMBER[:17])},
    "列表": {"id_number": [NUMBER]},
    "校验位不对": {"id_number": NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")},
    "没有核实": {"id_number_verified": False},
    "没说核实没有": {"id_number_verified": "没有"},
    "核实写成文字": {"id_number_verified": "true"},
    "台账里没有": {"id_number": number(9)},
}


@pytest.mark.parametrize("told", REFUSED.values(), ids=REFUSED)
def test_a_number_that_is_nobodys_is_refused_like_an_unknown_one(
    zhang: Person, residents: str, told: dict[str, Any]
) -> None:
    browser = Browser()
    answer = come(browser, residents, **told)
    assert answer.status_code == 403
    assert "没有找到您" in answer.content.decode()
    assert not is_in(browser)
    entry = Entry.objects.get(action="portal.sign_in")
    assert (entry.officer, entry.object_id, entry.result) == ("", "", "failed")


def test_somebody_deceased_does_not_come_in_and_a_session_ends_with_the_death(zhang: Person, residents: str) -> None:
    browser = at_home(zhang)
    assert is_in(browser)
    with everything():
        Person.objects.unscoped().filter(pk=zhang.pk).update(ended_on=timezone.localdate(), ended_because="death")
    assert not is_in(browser)
    assert not Session.objects.exists()
    assert come(Browser(), residents).status_code == 403


def test_a_number_that_is_corrected_ends_the_session_of_whoever_came_in_by_it(zhang: Person) -> None:
    browser = at_home(zhang)
    assert is_in(browser)
    with everything():
        Person.objects.unscoped().filter(pk=zhang.pk).update(number_index=blind_index(number(9)))
    assert not is_in(browser)
    assert not Session.objects.exists()


def test_many_whose_number_nobody_has_checked_lock_out_nobody(zhang: Person, residents: str) -> None:
    for _ in range(7):
        assert come(Browser(), residents, id_number_verified=False).status_code == 403
    assert not Entry.objects.filter(action="portal.lock").exists()


def test_nothing_is_connected_by_the_way(zhang: Person, residents: str) -> None:
    browser = Browser()
    assert come(browser, residents, "?process=connect").status_code == 403
    assert not is_in(browser)


def test_an_answer_that_was_not_asked_for_is_refused_in_plain_words(residents: str) -> None:
    answer = Browser().get("/sign-in/by/residents/back/?code=stolen&state=made-up")
    assert answer.status_code == 403
    assert "没有登录成功" in answer.content.decode()


def test_officers_are_not_offered_the_residents_provider(residents: str) -> None:
    assert "/sign-in/by/" not in Browser().get("/sign-in/").content.decode()


@pytest.mark.parametrize("least", ["account", "address"], ids=["同一个号码", "同一个地址"])
def test_after_too_many_attempts_nobody_is_asked_any_more(
    zhang: Person, residents: str, settings: Settings, least: str
) -> None:
    settings.ANJU_MOST_ATTEMPTS = {**settings.ANJU_MOST_ATTEMPTS, least: 2}
    answers = [come(Browser(), residents, id_number=number(9)).status_code for _ in range(4)]
    assert answers == [403, 403, 429, 429]
    assert Entry.objects.filter(action="portal.lock", result="refused").count() == 1


def test_a_number_given_by_hand_opens_nothing(zhang: Person, residents: str) -> None:
    browser = Browser()
    for address in ("/my/", "/my/sign-out/", "/sign-in/by/residents/"):
        browser.post(address, {"id_number": NUMBER, "number": NUMBER, "person": str(zhang.pk)})
        browser.get(address, {"id_number": NUMBER, "person": str(zhang.pk)})
    assert not is_in(browser)


def test_a_residents_session_is_no_officers_and_an_officers_no_residents(zhang: Person) -> None:
    resident = at_home(zhang)
    for address in ("/home/", "/people/", f"/people/{zhang.pk}/", "/account/", "/journal/"):
        assert resident.get(address).headers["Location"].startswith("/sign-in/"), address
    clerk = signed_in(officer("li"))
    assert not is_in(clerk)
    assert clerk.get("/my/letters/01900000-0000-7000-8000-000000000000/").headers["Location"] == "/my/"
    # each key in the other one's cookie
    swapped = Browser()
    swapped.cookies[site.SESSION_COOKIE_NAME] = resident.cookies[site.ANJU_RESIDENT_COOKIE].value
    assert swapped.get("/account/").headers["Location"].startswith("/sign-in/")
    swapped = Browser()
    swapped.cookies[site.ANJU_RESIDENT_COOKIE] = clerk.cookies[site.SESSION_COOKIE_NAME].value
    assert not is_in(swapped)


def test_an_officers_session_with_a_person_in_it_is_still_no_residents(zhang: Person) -> None:
    clerk = signed_in(officer("li"))
    session, now = clerk.session, timezone.now().isoformat()
    session.update({"person": str(zhang.pk), "number": zhang.number_index, "began": now, "seen": now})
    session.save()
    clerk.cookies[site.ANJU_RESIDENT_COOKIE] = clerk.cookies[site.SESSION_COOKIE_NAME].value
    assert not is_in(clerk)


@pytest.mark.parametrize(
    ("began", "seen", "stays"),
    [(0, 0, True), (0, 29, True), (0, 31, False), (11 * 60 + 59, 1, True), (12 * 60 + 1, 1, False)],
    ids=["刚来", "二十九分钟没动", "三十一分钟没动", "将满十二小时", "过了十二小时"],
)
def test_a_session_ends(zhang: Person, began: int, seen: int, *, stays: bool) -> None:
    browser, now = at_home(zhang), timezone.now()
    session = ResidentSessions(browser.cookies[site.ANJU_RESIDENT_COOKIE].value)
    session["began"] = (now - timedelta(minutes=max(began, seen))).isoformat()
    session["seen"] = (now - timedelta(minutes=seen)).isoformat()
    session.save()
    assert is_in(browser) is stays
    assert Session.objects.exists() is stays


def test_signing_out_ends_the_session_on_the_server(zhang: Person) -> None:
    browser = at_home(zhang)
    key = browser.cookies[site.ANJU_RESIDENT_COOKIE].value
    answer = browser.post("/my/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    again = Browser()
    again.cookies[site.ANJU_RESIDENT_COOKIE] = key
    assert not is_in(again)
    assert Entry.objects.get(action="portal.sign_out").officer == str(zhang.pk)


def test_signing_in_again_ends_the_session_before(zhang: Person, residents: str) -> None:
    other = somebody("李明", number(2))
    browser = at_home(other)
    come(browser, residents)
    assert "张青山" in browser.get("/my/").content.decode()
    assert Session.objects.filter(session_data__contains="").count() >= 1
    assert sum(bool(ResidentSessions(row.session_key).get("person")) for row in Session.objects.all()) == 1
