"""The real site in a process of its own, and Debian's Chromium in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.house.tracked import ROOT

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120.0  # nothing is measured: it only ends at some time


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a process of this installation is started with."""
    runtime = tmp_path_factory.mktemp("runtime")
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(runtime)}


@pytest.fixture(scope="session")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The site's address."""
    with serving(environment) as address:
        yield address


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """An installation's site. When it stops, nothing of any visit may be left."""
    runtime, port = Path(environment["ANJU_RUNTIME"]), free_port()
    server = subprocess.Popen([sys.executable, "-m", "anju", "serve", "--port", str(port)], env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        assert server.wait(timeout=20) == 0
    assert list((runtime / "visits").iterdir()) == []


def _wait(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address):
                return
        except urllib.error.HTTPError:  # it answers, if only those whom its proxy speaks for
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer within {START_SECONDS} s")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of all tests. What is open of the database is closed before Playwright's loop runs and before it ends.

    Inside a loop Django keeps connections of its own; those from outside would stay open, out of reach of `own_database`.
    """
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        connections.close_all()


def visit(chromium: Browser, site: str, width: int = 1280, height: int = 900) -> BrowserContext:
    """A visitor of the site who asked for no motion: what axe measures half-way through a fade is no colour of ours."""
    seen: ViewportSize = {"width": width, "height": height}
    return chromium.new_context(viewport=seen, base_url=site, accept_downloads=True, reduced_motion="reduce")


@pytest.fixture(params=["desktop"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A fresh browser window on the front page; ``phone`` is 390 points wide. The console has to stay silent."""
    width, height = (390, 844) if request.param == "phone" else (1280, 900)
    context = visit(chromium, site, width, height)
    window = context.new_page()
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("pageerror", lambda error: said.append(str(error)))
    window.goto("/")
    yield window
    context.close()
    # Chromium notes every refused form and every sign-out there; what it says of scripts, styles and their policy must not occur
    expected = ("Failed to load resource: the server responded", "Clear-Site-Data header")
    assert [text for text in said if not text.startswith(expected)] == []
