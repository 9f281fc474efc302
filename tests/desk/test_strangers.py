"""Whatever somebody from elsewhere asks of a subject, the answer is that of a page that does not exist, byte for byte."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.check.pages.test_house import walk
from tests.desk.cast import MISSING, Family, again, browser, stranger
from tests.government.cast import officer
from tests.register.cast import clerk
from tests.register.joining import again as again_registered
from tests.register.joining import asked

pytestmark = pytest.mark.django_db
# address → whom it is about; what is for every handler and about nobody stands in OPEN
ABOUT = {
    "people/<uuid:key>/": "person",
    "people/<uuid:key>/reveal/<slug:field>/": "person",
    "people/<uuid:key>/facts/<str:clause>/": "person",
    "people/<uuid:key>/relations/<slug:kind>/": "person",
    "people/<uuid:key>/relations/<slug:kind>/withdraw/": "person",
    "people/<uuid:key>/party-life/": "person",
    "people/<uuid:key>/party-life/end/": "person",
    "people/<uuid:key>/wishes/<slug:kind>/": "person",
    "people/<uuid:key>/change/": "person",
    "people/<uuid:key>/places/": "person",
    "people/<uuid:key>/household/": "person",
    "people/<uuid:key>/end/": "person",
    "people/<uuid:key>/double/": "person",
    "people/<uuid:key>/double/<uuid:other>/": "person",
    "people/<uuid:key>/before/": "person",
    "people/doubles/<uuid:joining>/": "joining",
    "people/doubles/<uuid:joining>/confirm/": "joining",
    "people/doubles/<uuid:joining>/refuse/": "joining",
    "households/<uuid:key>/": "home",
    "households/<uuid:key>/reveal/": "home",
    "households/<uuid:key>/facts/<str:clause>/": "home",
    "households/<uuid:key>/places/": "home",
    "households/<uuid:key>/join/": "home",
    "households/<uuid:key>/people/new/": "home",
    "sites/<uuid:key>/": "site",
    "sites/<uuid:key>/facts/<str:clause>/": "site",
    "counties/<str:code>/": "county",
    "counties/<str:code>/facts/<str:clause>/": "county",
}
OPEN = (
    "people/", "people/party-life/", "people/by-number/", "people/new/", "people/doubles/", "households/", "households/new/",
    "sites/", "sites/new/",
    "places/", "desk/", "desk/open/",
)  # fmt: skip
READ_ONLY = {
    "people/<uuid:key>/", "households/<uuid:key>/", "sites/<uuid:key>/", "counties/<str:code>/", "people/<uuid:key>/double/",
    "people/<uuid:key>/before/", "people/doubles/<uuid:joining>/",
}  # fmt: skip
PRESSED = {
    "people/<uuid:key>/party-life/end/",
    "people/<uuid:key>/reveal/<slug:field>/", "people/<uuid:key>/relations/<slug:kind>/withdraw/",
    "households/<uuid:key>/reveal/",
}  # fmt: skip
EXAMPLES = {"<slug:field>": "number", "<slug:kind>": "hukou"}
CLAUSES = {"households/<uuid:key>/facts/<str:clause>/": "0", "sites/<uuid:key>/facts/<str:clause>/": "2.2"}
CLAUSES["counties/<str:code>/facts/<str:clause>/"] = "3.1"


def example(address: str, key: str, other: str = MISSING) -> str:
    """The address about a subject, or two."""
    found = address.replace("<uuid:key>", key).replace("<str:code>", key)
    found = found.replace("<uuid:joining>", key).replace("<uuid:other>", other)
    for word, text in {**EXAMPLES, "<str:clause>": CLAUSES.get(address, "1.1")}.items():
        found = found.replace(word, text)
    return f"/{found}"


def key_of(of: Family, address: str) -> str:
    """What the address is about."""
    kind = ABOUT[address]
    if kind == "joining":
        return str(asked(of.officer, again_registered(of.officer), of.person).pk)
    return "500235" if kind == "county" else str(getattr(of, kind).pk)


def test_every_address_is_known() -> None:
    found = walk(get_resolver().url_patterns)
    ours = {address for address, page in found.items() if page.__module__.startswith("anju.desk.")}
    assert ours == {*ABOUT, *OPEN}


def answered(address: str, method: str) -> bool:
    """Whether the page is there for that method at all."""
    if method == "PUT":
        return False
    return address not in PRESSED if method in ("GET", "HEAD") else address not in READ_ONLY


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
@pytest.mark.parametrize("address", ABOUT)
def test_a_stranger_finds_nothing(us: Family, address: str, method: str) -> None:
    them = again(stranger())
    missing = them.get("/nothing-here/").content if method != "HEAD" else b""
    for key in (key_of(us, address), "999999" if ABOUT[address] == "county" else MISSING):
        answer = them.generic(method, example(address, key, str(us.spouse.pk)))
        assert answer.status_code == (404 if answered(address, method) else 405)
        assert answer.content == (missing if answered(address, method) else b"")


@pytest.mark.parametrize("address", [a for a in ABOUT if a not in PRESSED])
def test_those_who_look_after_it_find_it(us: Family, address: str) -> None:
    who = clerk("all", "500235000000", "county", line_of(address))
    found = example(address, key_of(us, address), str(us.spouse.pk))
    assert again(browser(who)).get(found).status_code == 200


@pytest.mark.parametrize("address", [*ABOUT, *OPEN])
def test_nobody_comes_in_without_signing_in(address: str) -> None:
    answer = Client().get(example(address, MISSING))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("duty", ["system_administrator", "security_administrator", "auditor"])
@pytest.mark.parametrize("address", [*ABOUT, *OPEN])
def test_the_separate_duties_have_no_case_pages(us: Family, address: str, duty: str) -> None:
    other = browser(officer("boss", duty=duty))
    key = key_of(us, address) if address in ABOUT else ""
    answer = other.get(example(address, key))
    assert answer.status_code == 404
    assert answer.content == other.get("/nothing-here/").content


def line_of(address: str) -> str:
    """A line that does the work of the page."""
    if "party-life" in address:
        return "organisation"
    return (
        "public_security"
        if re.search("facts|relations|wishes", address) and address.startswith("people")
        else "civil_affairs"
    )
