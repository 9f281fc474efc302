"""Every page of the site, as whoever sees most of it, can be read by everyone: at a desk and on a phone, in Chinese and in English.

A page that is new is walked to by itself; one that nobody in the city of `everywhere.py` is let in to fails the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as ours
from django.test import override_settings
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, Route
from pytest_django import DjangoDbBlocker

from tests.browser.conftest import visit
from tests.browser.everywhere import DOORS, ELSEWHERE, Everywhere, Shown
from tests.browser.test_ledger import RULES
from tests.government.pages.officer import Browser
from tests.house.tracked import ROOT
from tests.once import made_once

SITE = "http://127.0.0.1:1"
"""Where nothing listens: every answer comes from this process."""
DESK, PHONE = 1280, 390
LOOK = """async rules => {
    const page = document.documentElement;
    const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > page.clientWidth + 1);
    const found = rules.length ? (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations : [];
    return [
        ...found.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id}: ${n.target.join(" ")} ${n.html.slice(0, 200)}`)),
        ...(page.scrollWidth > page.clientWidth ? wide.slice(0, 3).map(e => `wide: ${e.outerHTML.slice(0, 200)}`) : []),
        ...(document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"]),
        ...(/^\\S.* · /.test(document.title) ? [] : [`title: ${document.title}`]),
    ];
}"""
OPEN = "document.querySelectorAll('main details:not(.more)').forEach(fold => { fold.open = true; })"
NEVER_SHOWN = {
    "check/progress.html": "tests/browser/test_ledger.py",
    "error.html": "tests/check/pages/test_house.py",
    "refused.html": "tests/check/pages/test_house.py",
    "exchange/undo.html": "tests/exchange/test_undone_by_two.py",
    "mfa/authenticate.html": "tests/browser/test_sign_in.py",
    "mfa/webauthn/reauthenticate.html": "tests/browser/test_sign_in.py",
    "socialaccount/authentication_error.html": "tests/government/pages/test_single_sign_on.py",
    "portal/letter.html": "tests/portal/test_own_page.py",
    "portal/refused.html": "tests/portal/test_sign_in.py",
    "portal/sorry.html": "tests/portal/test_sign_in.py",
}
"""Templates of whole pages that no address here answers with, and the test that looks at them."""


@dataclass(frozen=True)
class Asked:
    """Every page; the first by each template in English, by template; and what each address said to whom, by route."""

    pages: Sequence[Shown]
    english: Mapping[str, Shown | None]
    said: Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Asked:
    """Asked once for all tests; however long it takes, the second factor stays fresh. Chromium begins by closing the database:
    nothing of it is left open.
    """
    pages, english = list[Shown](), dict[str, Shown | None]()
    fresh = override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=24 * 3600)
    with fresh, made_once(Everywhere, django_db_blocker) as everywhere, django_db_blocker.unblock():
        for page in everywhere.pages():
            pages.append(page)
            if page.form is None and page.template not in english:
                english[page.template] = everywhere.shown(page.route, page.who, page.path, None, language="en")
    return Asked(pages, english, everywhere.said)


@dataclass
class Window:
    """A browser window that is given pages as they were answered, with the site's own scripts and styles."""

    page: Page
    now: Shown | None = None

    def __post_init__(self) -> None:
        self.said: list[str] = []
        self.assets: dict[str, tuple[bytes, Mapping[str, str]]] = {}
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route("**/*", self._answer)

    def _hear(self, message: ConsoleMessage) -> None:
        self.said.append(message.text)

    def _answer(self, route: Route) -> None:
        assert self.now is not None
        path = route.request.url.removeprefix(SITE)
        if route.request.is_navigation_request():
            body, headers = self.now.body, self.now.headers
        elif path.startswith(ours.STATIC_URL):
            body, headers = self._asset(path)
        else:  # how far something is: the page is looked at as it was answered
            route.fulfill(status=204)
            return
        kept = {name: text for name, text in headers.items() if name not in ("Content-Length", "Set-Cookie")}
        route.fulfill(body=body, headers=kept)

    def _asset(self, path: str) -> tuple[bytes, Mapping[str, str]]:
        if path not in self.assets:
            answer = Browser().get(path)
            self.assets[path] = answer.getvalue(), dict(answer.headers)
        return self.assets[path]

    def faults(self, shown: Shown, *widths: int, rules: Sequence[str] = RULES) -> list[str]:
        """What is wrong with a page at some widths, with all that can be opened on it open; axe looks for its ``rules``."""
        self.now, found = shown, list[str]()
        self.said.clear()
        self.page.set_viewport_size({"width": widths[0], "height": 900})
        self.page.goto(f"{SITE}{shown.path}")
        self.page.evaluate(OPEN)
        if rules:
            self.page.evaluate(AXE_SCRIPT)
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            found += [f"{shown} {width}: {fault}" for fault in self.page.evaluate(LOOK, list(rules))]
        return found + [f"{shown}: {text}" for text in self.said]


@pytest.fixture
def window(chromium: Chromium) -> Iterator[Window]:
    context = visit(chromium, SITE)
    yield Window(context.new_page())
    context.close()


@pytest.mark.django_db
def test_every_page_is_shown_to_somebody(asked: Asked) -> None:
    assert [template for template, page in asked.english.items() if page is None] == []
    shown_here = set(chain.from_iterable((shown.route, shown.template) for shown in asked.pages))
    without_a_page = {route for route, said in asked.said.items() if not leads_on(said)} - shown_here
    assert sorted(without_a_page) == sorted(ELSEWHERE)
    assert sorted(whole_pages() - shown_here) == sorted(NEVER_SHOWN)


@pytest.mark.browser
@pytest.mark.django_db
def test_every_page_can_be_read_by_everyone(window: Window, asked: Asked) -> None:
    """Whether it fits, and what the console says, is asked of every page on a phone.

    axe looks at each address there, at each template at a desk and in English too, and at the first answer by it to a form.
    """
    faults, seen = list[str](), set[tuple[str, str]]()
    for shown in asked.pages:
        kind = "asked" if shown.form is None else "sent"
        new_address, new_template = ((kind, one) not in seen for one in (shown.route, shown.template))
        seen |= {(kind, shown.route), (kind, shown.template)}
        if kind == "sent" or not new_template:
            axe = new_template or (kind == "asked" and new_address)
            faults += window.faults(shown, PHONE, rules=RULES if axe else ())
            continue
        faults += window.faults(shown, DESK, PHONE)
        english = asked.english[shown.template]
        assert english is not None
        faults += window.faults(english, PHONE)
    assert faults == []


def leads_on(said: Mapping[str, str]) -> bool:
    """Whether somebody was answered with anything but a page or a refusal: a press, a file, a part of a page, the way to another."""
    return any(
        answer.startswith(("200 ", "405 "))
        or answer.endswith("json")
        or (answer[:4] == "302 " and answer[4:] not in DOORS)
        for answer in said.values()
    )


def whole_pages() -> set[str]:
    """The templates that are pages of their own: no part of another (``_name``), none that others extend or include."""
    folders = (ROOT / "src" / "anju").glob("*/templates")
    files = {str(path.relative_to(folder)): path for folder in folders for path in folder.rglob("*.html")}
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files.values())
    return {name for name, path in files.items() if not path.name.startswith("_") and f'"{name}"' not in texts}


@pytest.mark.browser
@pytest.mark.django_db
def test_what_cannot_be_read_is_found(window: Window) -> None:
    body = b'<!doctype html><title>x</title><h1>1</h1><h1>2</h1><img src="/static/x.png"><p style="width:2000px">wide</html>'
    shown = Shown("", "生人", "/", None, {"Content-Type": "text/html"}, body, "")
    found = " ".join(window.faults(shown, PHONE))
    assert [
        part for part in ("image-alt", "html-has-lang", "wide: <p", "not one h1", "title: x") if part not in found
    ] == []
