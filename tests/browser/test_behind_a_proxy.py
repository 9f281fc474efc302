"""A real deployment: named hosts, `anju serve`, and a proxy that terminates TLS before it."""

from __future__ import annotations

import http.client
import os
import re
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import QUIET, serving
from tests.browser.test_sign_in import NEW
from tests.browser.tls import certificate, tls_proxy
from tests.government.cast import PASSWORD
from tests.house.tracked import ROOT

pytestmark = pytest.mark.browser
HOST = "anju.example.org"
PROXY = "127.0.0.2"
"""From where the proxy calls; the tests themselves call from 127.0.0.1, which is nobody's proxy."""


@dataclass(frozen=True)
class Deployment:
    """Its ports, the certificate of the proxy and the database."""

    proxy: int
    server: int
    certificate: Path
    database: Path

    def ask(
        self, path: str = "/sign-in/", *, plain: bool = False, **headers: str
    ) -> tuple[int, list[tuple[str, str]], str]:
        """Status, headers and page, through the proxy, or in the plain and past it."""
        there: http.client.HTTPConnection
        if plain:
            there = http.client.HTTPConnection("127.0.0.1", self.server)
        else:
            known = ssl.create_default_context(cafile=str(self.certificate))
            there = http.client.HTTPSConnection("127.0.0.1", self.proxy, context=known)
        with closing(there):
            said = {name.replace("_", "-"): value for name, value in headers.items()}
            there.request("GET", path, headers={"Host": f"{HOST}:{self.proxy}", **said})
            answer = there.getresponse()
            return answer.status, answer.getheaders(), answer.read().decode()

    def addresses(self, action: str) -> list[str]:
        """From where the journal says that it was done."""
        with closing(sqlite3.connect(self.database)) as database:
            found = database.execute("SELECT ip FROM journal_entry WHERE action = ? ORDER BY id", [action]).fetchall()
        return [ip for (ip,) in found]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """An office's installation with one account, boss."""
    folder = tmp_path_factory.mktemp("deployment")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANJU_")}
    environment |= {
        "PYTHONPATH": str(ROOT / "src"),
        "ANJU_RUNTIME": str(folder),
        "ANJU_HOSTS": HOST,
        "ANJU_PROXIES": PROXY,
    }
    call = [sys.executable, "-m", "anju", "officer", "create", "boss", "--name", "王安全"]
    subprocess.run(call, env=environment, input=f"{PASSWORD}\n", encoding="utf-8", check=True, capture_output=True)
    with serving(environment) as address:
        server, made = urlsplit(address).port or 0, certificate(folder, HOST)
        with tls_proxy(made, server, calls_from=PROXY) as proxy:
            yield Deployment(proxy, server, made, folder / "anju.sqlite3")


def test_an_officer_signs_in_and_sends_forms(deployment: Deployment, chromium: Browser) -> None:
    away = [*QUIET, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"]
    browser = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=away)
    context = browser.new_context(ignore_https_errors=True, base_url=f"https://{HOST}:{deployment.proxy}")
    page = context.new_page()
    sent: list[str | None] = []
    page.on("request", lambda one: sent.append(one.headers.get("origin")) if one.method == "POST" else None)
    page.goto("/sign-in/")
    page.get_by_label("账号").fill("boss")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="换口令")).to_be_visible()
    page.get_by_label("现在的口令").fill(PASSWORD)
    page.get_by_label("新口令", exact=True).fill(NEW)
    page.get_by_label("再填一次新口令").fill(NEW)
    page.get_by_role("button", name="换口令").click()
    expect(page.get_by_role("heading", name="设置验证器")).to_be_visible()
    assert set(sent) == {f"https://{HOST}:{deployment.proxy}"}
    assert len(sent) == 2
    kept = {cookie["name"]: (cookie["secure"], cookie["httpOnly"], cookie["path"]) for cookie in context.cookies()}
    assert kept == dict.fromkeys(["__Host-anju_session", "__Host-anju_form"], (True, True, "/"))
    browser.close()
    assert deployment.addresses("government.sign_in") == ["127.0.0.1"], "the browser's, not the proxy's"
    assert deployment.addresses("government.change_password") == ["127.0.0.1"]


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/no/such/page/"], ids=["登录", "首页", "没有的页"])
def test_the_answer_keeps_the_browser_at_https(deployment: Deployment, path: str) -> None:
    _, headers, _ = deployment.ask(path)
    assert dict(headers)["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_every_cookie_is_of_this_host_alone(deployment: Deployment) -> None:
    cookies = [
        value
        for path in ("/sign-in/", "/language/en/")
        for name, value in deployment.ask(path)[1]
        if name == "set-cookie"
    ]
    assert len(cookies) == 2
    for cookie in cookies:
        assert re.match("__Host-anju_(form|language)=", cookie)
        assert {"secure", "httponly", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
        assert "samesite=" in cookie.lower()
        assert "domain=" not in cookie.lower()


@pytest.mark.parametrize(
    "claimed",
    [{}, {"X_Forwarded_Proto": "https"}, {"X_Forwarded_Proto": "https", "X_Forwarded_For": PROXY}],
    ids=["什么也不说", "说是加密的", "说是代理"],
)
def test_past_the_proxy_nobody_gets_in(deployment: Deployment, claimed: dict[str, str]) -> None:
    status, headers, page = deployment.ask(plain=True, **claimed)
    assert status == 403
    assert page.startswith("这个网站只用 HTTPS")
    assert "set-cookie" not in dict(headers)


def test_what_somebody_writes_for_the_proxy_is_not_the_address(deployment: Deployment) -> None:
    _, headers, page = deployment.ask()
    (token,) = re.findall('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = dict(headers)["set-cookie"].split(";")[0]
    known = ssl.create_default_context(cafile=str(deployment.certificate))
    with closing(http.client.HTTPSConnection("127.0.0.1", deployment.proxy, context=known)) as there:
        origin = f"https://{HOST}:{deployment.proxy}"
        said = {"Cookie": form, "Origin": origin, "X-Forwarded-For": "10.9.9.9", "X-Forwarded-Proto": "http"}
        said |= {"Host": f"{HOST}:{deployment.proxy}", "Content-Type": "application/x-www-form-urlencoded"}
        before = deployment.addresses("government.sign_in")
        there.request("POST", "/sign-in/", f"login=boss&password=falsch&csrfmiddlewaretoken={token}", said)
        assert there.getresponse().status == 200
    assert deployment.addresses("government.sign_in") == [*before, "127.0.0.1"]
