"""Every address behind the door is known here, sends strangers away, and shows our own pages under our own headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import get_resolver

from anju.government.models import Officer, Region, duties_of_people
from anju.journal.actions import record, system
from anju.journal.models import Entry
from tests.check.pages.test_house import HEADERS, walk
from tests.government.cast import DESTINATION, ORIGIN, client, hold, officer, post, with_password
from tests.government.pages.officer import Browser, with_app

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

SECURITY = ("door", "door", "missing", "missing", "page", "missing")
SECURITY_PRESSES = ("door", "door", "missing", "missing", "press", "missing")
# address → what a stranger, an officer halfway in (password given, no second factor set up) and a handler get, and then
# the system administrator, the security administrator and the auditor, where it is not what the handler gets
ADDRESSES: dict[str, tuple[str, ...]] = {
    "sign-in/": ("page", "door", "door"),
    "sign-in/code/": ("door", "door", "door"),
    "sign-in/by/<slug:provider_id>/": ("missing", "door", "missing"),
    "sign-in/by/<slug:provider_id>/back/": ("missing", "door", "missing"),
    "sign-out/": ("door", "press", "press"),
    "account/": ("door", "door", "page"),
    "account/password/": ("door", "door", "page"),
    "account/code/": ("door", "page", "door"),
    "account/code/remove/": ("door", "door", "door"),
    "account/password/none/": ("door", "door", "door"),
    "account/confirm/": ("door", "door", "page"),
    "account/confirm/passkey/": ("door", "door", "door"),
    "account/passkeys/": ("door", "door", "door"),
    "account/passkeys/add/": ("door", "page", "door"),
    "home/": ("door", "door", "door"),
    "accounts/": SECURITY,
    "accounts/new/": ("door", "door", "missing", "missing", "door", "missing"),
    "accounts/<uuid:officer>/": SECURITY,
    "accounts/<uuid:officer>/password/": SECURITY_PRESSES,
    "accounts/<uuid:officer>/name/": SECURITY_PRESSES,
    "accounts/<uuid:officer>/posts/": SECURITY_PRESSES,
    "accounts/<uuid:officer>/<slug:deed>/": SECURITY_PRESSES,
    "holdings/<int:holding>/end/": SECURITY_PRESSES,
    "holdings/<int:holding>/withdraw/": SECURITY_PRESSES,
    "posts/": SECURITY,
    "posts/new/": SECURITY_PRESSES,
    "posts/<int:post>/close/": SECURITY_PRESSES,
    "clients/": SECURITY,
    "clients/new/": ("door", "door", "missing", "missing", "door", "missing"),
    "clients/<uuid:client>/": SECURITY,
    "clients/<uuid:client>/change/": SECURITY_PRESSES,
    "clients/<uuid:client>/key/": SECURITY_PRESSES,
    "clients/<uuid:client>/end/": SECURITY_PRESSES,
    "regions/": SECURITY,
    "regions/suggest/": ("door", "door", "page"),
    "regions/<slug:code>/": SECURITY,
    "regions/<slug:code>/villages/": SECURITY_PRESSES,
    "villages/<slug:code>/": SECURITY,
    "villages/<slug:code>/name/": SECURITY_PRESSES,
    "villages/<slug:code>/successor/": SECURITY_PRESSES,
    "journal/": ("door", "door", "missing", "missing", "missing", "page"),
    "journal/<int:shard>/<int:seq>/": ("door", "door", "missing", "missing", "missing", "page"),
    "system/": ("door", "door", "missing", "page", "missing", "missing"),
    "journal/export/": ("door", "door", "missing", "missing", "missing", "door"),
}
STATUS = {"page": 200, "door": 302, "press": 405, "missing": 404}
DUTIES = dict(zip(("经办", "系统管理员", "安全管理员", "审计员"), duties_of_people, strict=True))
WHO = ("生人", "半途", *DUTIES)
pytestmark = pytest.mark.django_db


def ask(who: str, address: str) -> Response:
    """The answer to that visitor."""
    browser, visitor = Browser(), with_password("li", duty=DUTIES.get(who, Officer.Duty.HANDLER))
    if who in DUTIES:
        with_app(visitor)
    if who != "生人":
        browser.force_login(visitor)
    return browser.get(example(address))


def example(address: str) -> str:
    """The address with something in it that exists."""
    holding = hold(officer("held"), post())
    village = Region.objects.create(code=f"{ORIGIN[:9]}001", name="铁佛村", level=Region.Kind.VILLAGE)
    entry = note_something()
    words = {
        "<slug:provider_id>": "city",
        "<uuid:officer>": str(holding.officer_id),
        "<slug:deed>": "enable",
        "<uuid:client>": str(client(DESTINATION)[0].pk),
        "<int:holding>": str(holding.pk),
        "<int:post>": str(holding.post_id),
        "<int:shard>/<int:seq>": f"{entry.shard}/{entry.seq}",
        "regions/<slug:code>": f"regions/{ORIGIN[:6]}000000",
        "villages/<slug:code>": f"villages/{village.code}",
    }
    for word, text in words.items():
        address = address.replace(word, text)
    return f"/{address}"


def note_something() -> Entry:
    """An entry to look at."""
    return record(actor=system, action="journal.verify")


def expected(who: str, address: str) -> str:
    """As the table says."""
    row = ADDRESSES[address]
    return row[WHO.index(who)] if len(row) > 3 or who not in DUTIES else row[2]


def test_every_address_is_known() -> None:
    found = walk(get_resolver().url_patterns)
    ours = {
        address
        for address, page in found.items()
        if page.__module__.startswith(("anju.government", "anju.config", "allauth"))
    }
    assert ours == set(ADDRESSES)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_gets_what_is_theirs(address: str, who: str) -> None:
    response = ask(who, address)
    assert response.status_code == STATUS[expected(who, address)]
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert {name: response.headers.get(name) for name in HEADERS if name != "Cache-Control"} == {
        name: value for name, value in HEADERS.items() if name != "Cache-Control"
    }
    assert "no-store" in response.headers["Cache-Control"]
    for template in response.templates:
        assert "allauth" not in template.origin.name or "widgets" in str(template.name)
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    # what a script reads is no script
    assert page.count("<script") == page.count("<script src=") + page.count('type="application/json"')


@pytest.mark.parametrize("address", ["sign-in/", "sign-out/", "account/password/"])
def test_every_form_is_protected(address: str) -> None:
    assert Client(enforce_csrf_checks=True).post(f"/{address}").status_code == 403


@pytest.mark.parametrize("who", WHO)
def test_what_is_not_there_is_not_there_for_anybody(who: str) -> None:
    assert ask(who, "accounts/signup/").status_code == 404
