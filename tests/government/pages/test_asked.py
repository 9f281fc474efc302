"""An ID number that was typed into a page that is asked by its address stands there no longer."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from anju.government.models import Officer
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, signed_in
from tests.register.cast import number

pytestmark = pytest.mark.django_db
NUMBER = number(1)
PAGES = {
    "/accounts/": Officer.Duty.SECURITY,
    "/journal/": Officer.Duty.AUDIT,
    "/journal/export/": Officer.Duty.AUDIT,
}


def browser(address: str) -> Browser:
    return signed_in(with_password("li", duty=PAGES[address]))


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", ["text", "object", "who", "strange"])
@pytest.mark.parametrize(
    "typed",
    [NUMBER, f"张青山 {NUMBER}", f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}"],
    ids=["号码", "带姓名", "带空格"],
)
def test_a_number_leaves_the_address(address: str, name: str, typed: str) -> None:
    who = browser(address)
    there = who.get(f"{address}?result=done&{name}={quote(typed)}").headers["Location"]
    assert urlsplit(there).path == address
    assert parse_qs(urlsplit(there).query) == {"result": ["done"], "number": ["here"]}
    page = who.get(there)
    assert page.status_code == 200
    assert "这里不按证件号码找" in page.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "typed", ["", NUMBER[:17], "6f1c2a34-0000-7000-8000-500999198005"], ids=["没有", "少一位", "标识"]
)
def test_anything_else_stays(address: str, typed: str) -> None:
    page = browser(address).get(f"{address}?text={typed}&object={typed}")
    assert page.status_code == 200
    assert "这里不按证件号码找" not in page.content.decode()
