"""Whom a proxy may speak for, and which proxy may."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from anju.config.middleware import by_https_alone, told_by_the_proxy
from anju.config.proxies import ProxiesWrong, client_of, proxies_of
from tests.house.tracked import ROOT

PROXIES = "127.0.0.2, 10.8.0.0/16, fd00::/8"


@pytest.mark.parametrize(
    ("peer", "passed_on", "client"),
    [
        pytest.param("127.0.0.1", "10.0.0.9", "127.0.0.1", id="不是代理说的不信"),
        pytest.param("127.0.0.2", "10.0.0.9", "10.0.0.9", id="代理说的信"),
        pytest.param("127.0.0.2", "", "127.0.0.2", id="代理没说"),
        pytest.param("127.0.0.2", "1.2.3.4, 10.0.0.9", "10.0.0.9", id="前面是自己写的"),
        pytest.param("127.0.0.2", "1.2.3.4,10.0.0.9,10.8.0.7", "10.0.0.9", id="经过两道代理"),
        pytest.param("127.0.0.2", "10.8.0.7", "10.8.0.7", id="只有代理自己"),
        pytest.param("127.0.0.2", "10.7.255.255", "10.7.255.255", id="网段前一个"),
        pytest.param("127.0.0.2", "1.2.3.4,10.8.0.0", "1.2.3.4", id="网段第一个"),
        pytest.param("127.0.0.2", "1.2.3.4,10.8.255.255", "1.2.3.4", id="网段最后一个"),
        pytest.param("127.0.0.2", "1.2.3.4,10.9.0.0", "10.9.0.0", id="网段后一个"),
        pytest.param("127.0.0.2", "1.2.3.4, unknown", "127.0.0.2", id="不是地址就到此为止"),
        pytest.param("127.0.0.2", "10.0.0.9:4711", "127.0.0.2", id="带端口不是地址"),
        pytest.param("127.0.0.2", "1.2.3.4,<b>,10.8.0.7", "10.8.0.7", id="再往前不是地址"),
        pytest.param("::ffff:127.0.0.2", "10.0.0.9", "10.0.0.9", id="写成六版的代理"),
        pytest.param("127.0.0.2", "::ffff:10.0.0.9", "10.0.0.9", id="写成六版的人"),
        pytest.param("fd00::1", "2001:db8::9", "2001:db8::9", id="六版"),
        pytest.param("fe80::1", "2001:db8::9", "fe80::1", id="六版不是代理"),
        pytest.param("", "10.0.0.9", "", id="不知道是谁"),
    ],
)
def test_the_last_hop_that_is_no_proxy_asks(peer: str, passed_on: str, client: str) -> None:
    assert client_of(peer, passed_on, proxies_of(PROXIES)) == client


@pytest.mark.parametrize(
    ("text", "many"),
    [("", 0), ("127.0.0.1", 1), (" 127.0.0.1 , ::1,", 2), ("10.0.0.0/8", 1)],
    ids=["没有", "一个", "两个", "网段"],
)
def test_proxies_are_addresses_and_networks(text: str, many: int) -> None:
    assert len(proxies_of(text)) == many


@pytest.mark.parametrize("text", ["*", "localhost", "10.0.0.1/8", "0.0.0.0/0", "127.0.0.1,::/0", "10.0.0.256"])
def test_a_wrong_list_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ProxiesWrong, match="ANJU_PROXIES 是“") as refused:
        proxies_of(text)
    assert text in str(refused.value)


def seen(request: HttpRequest) -> HttpResponse:
    """An answer that tells who asked and how."""
    return HttpResponse(f"{request.scheme} {request.META['REMOTE_ADDR']}")


@pytest.mark.parametrize(
    ("peer", "scheme", "told"),
    [
        pytest.param("127.0.0.2", "https", "https 10.0.0.9", id="代理说是加密的"),
        pytest.param("127.0.0.2", "http", "http 10.0.0.9", id="代理说没加密"),
        pytest.param("127.0.0.2", "", "http 10.0.0.9", id="代理没说"),
        pytest.param("127.0.0.2", "https, http", "http 10.0.0.9", id="代理说了两样"),
        pytest.param("127.0.0.1", "https", "http 127.0.0.1", id="别人说的"),
    ],
)
def test_only_a_proxy_says_how_somebody_asked(peer: str, scheme: str, told: str, settings: Settings) -> None:
    settings.ANJU_PROXIES = proxies_of("127.0.0.2")
    headers = {"X-Forwarded-For": "10.0.0.9", "X-Forwarded-Proto": scheme}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer)
    assert told_by_the_proxy(seen)(request).content.decode() == told


@pytest.mark.parametrize(("secure", "status"), [(True, 200), (False, 403)], ids=["加密的", "没加密"])
def test_what_comes_in_the_plain_is_refused(status: int, *, secure: bool) -> None:
    answer = by_https_alone(seen)(RequestFactory().get("/", secure=secure))
    assert answer.status_code == status
    assert ("ANJU_PROXIES" in answer.content.decode()) is not secure


def run(folder: Path, *call: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """A module in an environment without a setting but those."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANJU_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(folder), **extra}
    environment["DJANGO_SETTINGS_MODULE"] = "anju.config.settings"
    return subprocess.run(
        [sys.executable, "-m", *call], env=environment, check=False, capture_output=True, encoding="utf-8", timeout=120
    )


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        pytest.param({"ANJU_HOSTS": "anju.example.org"}, "还要写 ANJU_PROXIES", id="没写代理"),
        pytest.param({"ANJU_HOSTS": "anju.example.org", "ANJU_PROXIES": "*"}, "不能是所有地址", id="谁都信"),
        pytest.param({"ANJU_PROXIES": "localhost"}, "ANJU_PROXIES 是“localhost”", id="不是地址"),
    ],
)
def test_a_start_is_refused_in_a_sentence(extra: dict[str, str], sentence: str, tmp_path: Path) -> None:
    answer = run(tmp_path, "anju", "serve", **extra)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_nothing_is_left_to_say_of_a_deployment(tmp_path: Path) -> None:
    deployed = {"ANJU_HOSTS": "anju.example.org", "ANJU_PROXIES": "127.0.0.1"}
    answer = run(tmp_path, "django", "check", "--deploy", "--fail-level", "WARNING", **deployed)
    assert answer.returncode == 0, answer.stderr
