"""Nobody sees anybody outside of his scope: every address × every role × own, foreign and missing × every method.

`matrix.csv` says what each role gets on its own family's page; it was read by people, and a page that is not in it fails here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.access.asking import MISSING, Address, World, alike, case_addresses, leaks
from tests.access.posting import posted
from tests.access.world import FAR_DESTINATION, FAR_ORIGIN, ROLES, Family, family, sees
from tests.government.pages.officer import Browser

METHODS = ("GET", "POST", "PUT", "DELETE")
STATUS = {"看": {200}, "办": {405}, "无": {404}, "转": {302}, "拒": {401}}
TABLE = Path(__file__).with_name("matrix.csv")
pytestmark = pytest.mark.django_db


def table() -> Mapping[str, Mapping[str, str]]:
    """Route → role → what the role gets by GET on a page of a family that it sees."""
    with TABLE.open(encoding="utf-8") as stream:
        return {row.pop("网址"): row for row in csv.DictReader(stream)}


every_role = pytest.mark.parametrize("of_role", ROLES, indirect=True)


def test_every_address_is_in_the_table() -> None:
    assert sorted(table()) == sorted({address.route for address in case_addresses()})
    assert all(set(row) == set(ROLES) for row in table().values())


@every_role
def test_each_role_gets_what_the_table_says(world: World) -> None:
    expected = table()
    wrong = []
    for address in case_addresses():
        asked = address.of(world.own)
        status = int(world.said(asked).split("\n")[0])
        if status not in STATUS[expected[address.route][world.role.name]]:
            wrong.append((asked, status, expected[address.route][world.role.name]))
    assert wrong == []


@every_role
def test_what_is_foreign_looks_like_what_is_missing(world: World) -> None:
    told = []
    for address, method in _with_methods():
        for other in (world.own, world.far):
            if not address.about_somebody or address.seen_by(world.role, other):
                continue
            foreign, missing = address.of(other), address.of(None)
            form = posted(address, other)
            said = alike(world.said(foreign, method, form), foreign, key_in(address, other))
            if said != alike(world.said(missing, method, form), missing, key_in(address, None)):
                told.append((method, address.route, said[:200]))
    assert told == []


@every_role
def test_no_answer_holds_a_foreign_word(world: World) -> None:
    found = []
    for address, method in _with_methods():
        # what answers to the others at all answers to these two
        for other in (world.own, world.far, world.lodger, None) if method in ("GET", "POST") else (world.far, None):
            asked = address.of(other)
            form = posted(address, other)
            said = world.said(asked, method, form)
            shows = "reveal" in address.route or "identity" in address.route
            if shows and method == "POST" and other and address.seen_by(world.role, other):
                continue  # asked for in full, with a purpose: tests/desk
            for kin in (world.own, world.far):
                told = {word for word in leaks(said, world.role, kin, asked) if word not in form.values()}
                found += [(method, asked, word) for word in told]
    assert found == []


@every_role
def test_more_people_elsewhere_change_nothing_here(world: World) -> None:
    if sees(world.role, world.far):
        pytest.skip("this role sees them come")
    pages = [address.of(world.own) for address in case_addresses()]
    before = {asked: world.said(asked) for asked in pages}
    family("燚", 3, FAR_ORIGIN, FAR_DESTINATION)
    family("犇", 4, FAR_DESTINATION, FAR_ORIGIN)
    assert [asked for asked in pages if world.ask(asked) != before[asked]] == []


def test_a_stranger_is_led_to_the_door(django_user_model: object) -> None:
    for address, method in _with_methods():
        answer = Browser().generic(method, address.of(None))
        if address.route.startswith("api/"):
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), address.route
            continue
        if address.route == "my/":  # the way in stands there
            assert answer.status_code == (200 if method == "GET" else 405)
            continue
        if address.route.startswith("my/"):
            assert (answer.status_code, answer.headers["Location"]) == (302, "/my/"), address.route
            continue
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), address.route


def _with_methods() -> Iterator[tuple[Address, str]]:
    for address in case_addresses():
        for method in METHODS:
            yield address, method


def key_in(address: Address, of: Family | None) -> object:
    """The part of an address that names a family."""
    first = address.route.split("/")[0]
    if of is None:
        return "500999000000" if first == "counties" else MISSING
    keys: Mapping[str, Callable[[], object]] = {
        "people": lambda: of.person.pk,
        "payments": lambda: of.person.pk,
        "households": lambda: of.household.pk,
        "sites": lambda: of.site.pk,
        "counties": lambda: of.county,
        "import": lambda: of.batch.pk,
        "export": lambda: of.export.pk,
        "letters": lambda: of.letter.pk,
        "settlements": lambda: of.person.pk if "new" in address.route else of.settlement.pk,
        "premiums": lambda: of.premiums.pk,
        "rents": lambda: of.person.pk if "new" in address.route else of.rent.pk,
        "api": lambda: of.person.pk if "rest" in address.route else address.case_of(of),
        "comparisons": lambda: of.comparison.pk,
        "reassessments": lambda: of.person.pk if "/of/" in address.route else of.household.pk,
        "my": lambda: of.letter.pk if "letters" in address.route else address.case_of(of),
        "cases": lambda: of.person.pk if "new" in address.route else address.case_of(of),
    }
    return keys[first]()
