"""Every address of the site is known here, carries its headers, and answers in a sentence whatever is asked of it."""

from __future__ import annotations

import os
import re
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.check.pages.visitor import Visitor

# address → method, and an example below the visit's address (or "" for none)
ADDRESSES = {
    "": "GET",
    "check/": "POST",
    "samples/<slug:name>/": "POST",
    "samples/<slug:name>.xlsx": "GET",
    "templates/<slug:subject>.xlsx": "GET",
    "language/<slug:code>/": "GET",
    "check/<slug:token>/": "GET",
    "check/<slug:token>/progress/": "GET",
    "check/<slug:token>/rows/<int:part>/<slug:decision>/": "GET",
    "check/<slug:token>/row/<int:part>/<int:at>/": "GET",
    "check/<slug:token>/missing/": "GET",
    "check/<slug:token>/problems/": "GET",
    "check/<slug:token>/files/<slug:kind>/": "GET",
    "check/<slug:token>/clear/": "POST",
    "guideline/": "GET",
    "guideline/<str:clause>/": "GET",
    "guideline/<str:clause>/try/": "GET",
}
EXAMPLES = {
    "<slug:name>": "people", "<slug:subject>": "person", "<slug:code>": "en", "<int:part>": "0", "<int:at>": "0",
    "<slug:decision>": "pension_route", "<slug:kind>": "xlsx", "<str:clause>": "1.5",
}  # fmt: skip
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= walk(pattern.url_patterns, address)
        else:
            found[address] = pattern.callback
    return found


def example(address: str, token: str) -> str:
    for word, text in {**EXAMPLES, "<slug:token>": token}.items():
        address = address.replace(word, text)
    return f"/{address}{'?subject=person' if address.endswith('try/') else ''}"


def test_every_address_is_known() -> None:
    found = walk(get_resolver().url_patterns)
    ours = {address for address, page in found.items() if page.__module__.startswith("anju.check.")}
    assert ours == set(ADDRESSES)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(answered: tuple[Visitor, str], address: str, method: str) -> None:
    visitor, visit = answered
    if method == "POST" and ADDRESSES[address] == "POST":
        pytest.skip("what these do has tests of its own")
    response = visitor.browser.generic(method, example(address, visit.split("/")[2]))
    expected = {200, 302} if method == ADDRESSES[address] else {405}
    assert response.status_code in expected
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", [a for a, method in ADDRESSES.items() if method == "GET"])
def test_no_page_has_a_style_or_a_script_of_its_own(answered: tuple[Visitor, str], address: str) -> None:
    visitor, visit = answered
    response = visitor.browser.get(example(address, visit.split("/")[2]), follow=True)
    if response.headers["Content-Type"].startswith("text/html"):
        page = response.content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=")
        assert " onclick=" not in page
        assert "hx-on" not in page


@pytest.mark.parametrize("address", [a for a, method in ADDRESSES.items() if method == "POST"])
def test_every_form_is_protected(answered: tuple[Visitor, str], address: str) -> None:
    response = Client(enforce_csrf_checks=True).post(example(address, answered[1].split("/")[2]))
    assert response.status_code == 403
    assert "这张表单过期了" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("/nothing/", "没有这一页"), ("/guideline/9.9/", "没有这一页"), ("/samples/nothing.xlsx", "没有这一页")],
)
def test_what_is_not_there_is_said_in_a_sentence(visitor: Visitor, address: str, sentence: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 404
    assert sentence in response.content.decode()
    assert "或者要找的已经不在，或者不在您能看的范围里" in response.content.decode()
    assert not re.search("文件|上传|这次访问", response.content.decode()), "whatever was looked for"


def test_our_own_faults_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anju.check.pages.guideline", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "这是程序的问题" in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org"])
def test_other_hosts_are_refused(host: str) -> None:
    assert Client().get("/", headers={"Host": host}).status_code == 400


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 60 MB of nothing."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * 60_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.xlsx", b"", "文件是空的"),
        ("坏.xlsx", b"PK\x03\x04" + os.urandom(2000), "打不开"),
        ("改名.xlsx", b"%PDF-1.7", "这是PDF 文件"),
        ("弹.xlsx", bomb(), "没有打开"),
        ("无关.csv", "甲,乙\n1,2\n".encode(), "没有找到认得的表头"),
        ("没有列.csv", "姓名,年龄\n张青山,40\n".encode(), "一条也答不了"),
    ],
    ids=["空文件", "坏文件", "改了名", "压缩弹", "没有表头", "答不了"],
)
def test_a_hostile_file_ends_in_a_sentence(visitor: Visitor, name: str, content: bytes, sentence: str) -> None:
    address = visitor.check(name, content)
    page = visitor.text(address)
    assert "这份文件没法判定" in page
    assert sentence in page
    assert visitor.get("/").status_code == 200
    assert visitor.get(f"{address}missing/").status_code == 404
