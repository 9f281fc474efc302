"""Setting up a second factor: what it is made of stands nowhere in the plain, and what made it opens nothing else."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache

from anju.government.models import Officer
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, code, signed_in, with_app

pytestmark = pytest.mark.django_db
CONFIRM = "/account/confirm/"


@pytest.fixture
def li() -> Officer:
    """Somebody without a second factor."""
    cache.clear()  # where the library keeps for half a minute which codes were used
    return with_password("li")


def kept() -> str:
    """All that the sessions hold."""
    return json.dumps([session.get_decoded() for session in Session.objects.all()], ensure_ascii=False)


def begun(who: str) -> tuple[Browser, str]:
    """A browser at the page that sets up the app, and the secret that it shows."""
    browser = Browser()
    assert browser.password(who).status_code == 302
    (secret,) = re.findall(r"<code[^>]*>([A-Z2-7]{32})</code>", browser.get("/account/code/").content.decode())
    return browser, secret


def test_the_secret_of_an_app_is_sealed_until_it_is_kept(li: Officer) -> None:
    browser, secret = begun("li")
    assert "mfa.totp.secret" in kept()
    assert secret not in kept()
    assert browser.post("/account/code/", {"code": "000000"}).status_code == 200
    assert browser.post("/account/code/", {"code": code(secret)}).headers["Location"] == "/account/"
    assert "mfa.totp.secret" not in kept()
    assert Authenticator.objects.get().wrap().validate_code(code(secret, steps=1))


@pytest.mark.parametrize(
    "other", ["", "eA==", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"], ids=["没有", "不是密文", "从前的明文"]
)
def test_a_secret_that_was_not_sealed_here_is_none(li: Officer, other: str) -> None:
    browser, _ = begun("li")
    session = browser.session
    session["mfa.totp.secret"] = other
    session.save()
    known = other if len(other) == 32 else "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    assert "验证码不对" in browser.post("/account/code/", {"code": code(known)}).content.decode()
    assert not Authenticator.objects.exists()


def test_a_secret_of_a_key_that_is_retired_is_none(li: Officer) -> None:
    browser, secret = begun("li")
    session = browser.session
    sealed = bytearray(b64decode(session["mfa.totp.secret"]))
    sealed[2:4] = (999).to_bytes(2)
    session["mfa.totp.secret"] = b64encode(sealed).decode("ascii")
    session.save()
    page = browser.post("/account/code/", {"code": code(secret)})
    assert (page.status_code, "验证码不对" in page.content.decode()) == (200, True)
    assert not Authenticator.objects.exists()


def test_anothers_sealed_secret_is_none(li: Officer) -> None:
    with_password("wang")
    (browser, _), (other, secret) = begun("li"), begun("wang")
    session = browser.session
    session["mfa.totp.secret"] = other.session["mfa.totp.secret"]
    session.save()
    assert "验证码不对" in browser.post("/account/code/", {"code": code(secret)}).content.decode()


@pytest.mark.parametrize(("steps", "opens"), [(0, False), (1, True)], ids=["同一个", "下一个"])
def test_the_code_that_sets_up_the_app_confirms_nothing(li: Officer, steps: int, *, opens: bool) -> None:
    browser, secret = begun("li")
    first = code(secret)
    browser.post("/account/code/", {"code": first})
    given = code(secret, steps=1) if steps else first
    answer = browser.post(f"{CONFIRM}?next=/account/", {"code": given, "next": "/account/"})
    assert (answer.status_code == 302) is opens
    assert opens or "已经用过" in answer.content.decode()


@pytest.mark.parametrize("between", ["", " ", "-", "·"], ids=["一样", "空格", "横线", "间隔号"])
def test_a_code_is_right_once_however_it_is_written(li: Officer, between: str) -> None:
    with_app(li)
    now = code()
    written = f"{now[:3]}{between}{now[3:]}"
    first, second = Browser(), Browser()
    for browser in (first, second):
        assert browser.password("li").status_code == 302
    assert first.code(now).status_code == 302
    cache.clear()
    assert second.code(written).status_code == 200


@pytest.mark.parametrize(
    ("first", "address", "form"),
    [
        ("totp", "/account/passkeys/add/", {"name": "我的钥匙", "credential": '{"id": "geheim"}'}),
        ("webauthn", "/account/code/", {"code": "123456"}),
    ],
    ids=["通行密钥", "验证器"],
)
def test_another_factor_waits_for_the_first_and_nothing_is_kept_meanwhile(
    li: Officer, first: str, address: str, form: dict[str, str]
) -> None:
    Authenticator.objects.create(user=li, type=first, data={})
    browser = Browser()
    browser.force_login(li)
    for send in (browser.get, browser.post):
        answer = send(address, form, headers={"Referer": f"http://testserver{address}"})
        assert answer.headers["Location"].startswith(f"{CONFIRM}?next={address.replace('/', '%2F')}")
    assert "account_reauthentication_state" not in kept()
    assert not any(value in kept() for value in form.values())
    assert Authenticator.objects.count() == 1


def test_after_confirming_one_is_led_back_and_nothing_is_sent_by_itself(li: Officer) -> None:
    browser = signed_in(li, confirmed=False)
    address = "/account/passkeys/add/"
    asked = browser.post(
        address, {"name": "我的钥匙", "credential": "{}"}, headers={"Referer": f"http://testserver{address}"}
    )
    back = browser.post(asked.headers["Location"], {"code": code(), "next": address})
    assert back.headers["Location"] == address
    assert browser.get(address).status_code == 200
    assert Authenticator.objects.count() == 1
