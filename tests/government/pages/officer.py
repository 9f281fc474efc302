"""An officer's browser, with an authenticator app in hand."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from typing import TYPE_CHECKING

from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from anju.government.models import Officer
from tests.government.cast import PASSWORD

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

SECRET = base64.b32encode(b"twenty bytes exactly").decode()
PERIOD = 30


def code(secret: str = SECRET, steps: int = 0) -> str:
    """What the app shows now, or some steps of half a minute later (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // PERIOD + steps)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def with_app(who: Officer) -> Officer:
    """The officer has set up the app."""
    TOTP.activate(who, SECRET)
    return who


def without_tokens(answer: Response) -> str:
    """The page without what differs in every form."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def signed_in(who: Officer, *, confirmed: bool = True) -> Browser:
    """The browser of an officer who has come in, and has just confirmed it with the second factor, unless not."""
    browser = Browser()
    browser.force_login(with_app(who))
    return confirmed_now(browser, who) if confirmed else browser


def confirmed_now(browser: Browser, who: Officer) -> Browser:
    """The officer's browser, just confirmed with the second factor."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = user_id_to_str(who)
    session.save()
    return browser


class Browser(Client):
    """A browser that knows the way in."""

    def password(self, account: str, password: str = PASSWORD) -> Response:
        """The first step."""
        return self.post("/sign-in/", {"login": account, "password": password})

    def code(self, value: str) -> Response:
        """The second step."""
        return self.post("/sign-in/code/", {"code": value})

    def come_in(self, account: str) -> Browser:
        """Both steps."""
        assert self.password(account).headers["Location"] == "/sign-in/code/"
        assert self.code(code()).status_code == 302
        return self
