"""In by a city's own sign-in: a real OpenID Connect provider runs beside the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from pytest_django import Settings

from anju.config.proxies import proxies_of
from anju.government import actions
from anju.government.models import Officer
from anju.journal.models import Entry
from tests.government.cast import officer
from tests.government.pages.officer import Browser, code, with_app
from tests.government.provider import PATIENCE_SECONDS, provider

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of the provider; it ends with the tests of this file."""
    with provider() as address:
        yield address


@pytest.fixture(autouse=True)
def city(issuer: str, settings: Settings) -> str:
    """The city's sign-in is known to us."""
    found = {"server_url": issuer, "uid_field": "preferred_username", "oauth_pkce_enabled": True}
    app = {"provider_id": "city", "name": "统一登录", "client_id": "anju", "secret": "s", "settings": found}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return issuer


@pytest.fixture
def li() -> Officer:
    """An officer without a password here, who has set up the app."""
    boss = officer("boss", duty=Officer.Duty.SECURITY)
    return with_app(actions.create_officer(by=boss, account="lixia", name="李干部", duty="handler", password=None))


def come_back(browser: Browser, issuer: str, account: str, query: str = "", **told: Any) -> str:
    """Through the city's sign-in and back: where the callback leads, or what it says."""
    claims = {"preferred_username": account, "name": "市里的名字", "phone_number": "13800138000", **told}
    claims = {name: value for name, value in claims.items() if value != "没有"}
    requests.put(f"{issuer}/users/subject-of-{account}", json=claims, timeout=PATIENCE_SECONDS).raise_for_status()
    there = browser.get(f"/sign-in/by/city/{query}").headers["Location"]
    assert there.startswith(issuer)
    assert "code_challenge=" in there
    back = requests.post(there, data={"sub": f"subject-of-{account}"}, allow_redirects=False, timeout=PATIENCE_SECONDS)
    parts = urlsplit(back.headers["Location"])
    answer = browser.get(f"{parts.path}?{parts.query}")
    return answer.headers.get("Location") or answer.content.decode()


def test_the_door_offers_the_city() -> None:
    assert 'href="/sign-in/by/city/' in Browser().get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    ("proxies", "back"),
    [("127.0.0.1", "https://testserver"), ("127.0.0.2", "http://testserver")],
    ids=["代理说是加密的", "别人说的"],
)
def test_the_city_leads_back_as_the_officer_came(city: str, settings: Settings, proxies: str, back: str) -> None:
    settings.ANJU_PROXIES = proxies_of(proxies)
    passed_on = {"Host": "testserver", "X-Forwarded-For": "10.0.0.9", "X-Forwarded-Proto": "https"}
    there = Browser(headers=passed_on).get("/sign-in/by/city/").headers["Location"]
    assert parse_qs(urlsplit(there).query)["redirect_uri"] == [f"{back}/sign-in/by/city/back/"]


def test_an_officer_comes_in_by_the_city_and_the_own_second_factor(li: Officer, city: str) -> None:
    browser = Browser()
    assert come_back(browser, city, "lixia") == "/sign-in/code/"
    assert browser.get("/account/").status_code == 302
    browser.code(code())
    assert "李干部" in browser.get("/account/").content.decode()
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("account", ["nobody", "gone"], ids=["没有账号", "停用"])
def test_an_unknown_and_a_disabled_officer_are_refused_alike(li: Officer, city: str, account: str) -> None:
    Officer.objects.filter(pk=officer("gone").pk).update(is_active=False)
    browser = Browser()
    assert "没有登录" in come_back(browser, city, account)
    assert browser.get("/account/").status_code == 302
    assert Officer.objects.count() == 3


@pytest.mark.parametrize(
    "claim", ["没有", "", " ", None, 7, ["lixia"], {"a": "lixia"}, "l" * 300],
    ids=["没有这一项", "空", "空格", "无", "数字", "列表", "表", "太长"],
)  # fmt: skip
def test_a_claim_that_names_nobody_is_refused_like_an_unknown_officer(li: Officer, city: str, claim: Any) -> None:
    browser = Browser()
    unknown = come_back(browser, city, "nobody")
    assert "没有登录" in unknown
    assert come_back(Browser(), city, "lixia", preferred_username=claim) == unknown
    assert [entry.result for entry in Entry.objects.filter(action="government.sign_in")] == ["failed", "failed"]


def test_nothing_is_connected_by_the_way(li: Officer, city: str) -> None:
    assert "没有登录" in come_back(Browser(), city, "lixia", "?process=connect")
    assert not SocialAccount.objects.exists()


def test_an_answer_that_was_not_asked_for_is_refused(li: Officer) -> None:
    answer = Browser().get("/sign-in/by/city/back/?code=stolen&state=made-up")
    assert answer.status_code in {200, 401, 403}
    assert "没有登录" in answer.content.decode()
