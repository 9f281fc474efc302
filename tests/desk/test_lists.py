"""The lists of people, households and sites, and the search for an ID number."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.register.models import Household, Person
from anju.register.queries import paging
from tests.desk.cast import Family, browser, line, stranger
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ORIGIN, clerk, household, number, zhang

pytestmark = pytest.mark.django_db


def listed(who: Browser, address: str, *, part: bool = False) -> list[str]:
    """The names of the rows."""
    answer = who.get(address, headers={"HX-Request": "true"} if part else {})
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]+">([^<]+)</a>', answer.content.decode())


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/people/", ["李碧水", "张长河", "张青山"]),
        ("/people/?side=out", []),
        ("/people/?side=nonsense", ["李碧水", "张长河", "张青山"]),
        ("/people/?text=zc", ["张长河"]),
        ("/people/?text=李", ["李碧水"]),
        ("/people/?ended=1", []),
        (f"/people/?region={DESTINATION}", ["李碧水", "张长河", "张青山"]),
        (f"/people/?region={ORIGIN}", []),
        ("/people/?site=x&after=x&before=", []),
        ("/households/", ["5000000000000001"]),
        ("/households/?text=张长", ["5000000000000001"]),
        ("/households/?text=5000000000000002", []),
        ("/sites/", ["青龙安置点"]),
        ("/sites/?text=青龙", ["青龙安置点"]),
        ("/sites/?text=白虎", []),
    ],
)
def test_a_list_shows_what_is_asked_for(village: Browser, address: str, found: list[str]) -> None:
    assert listed(village, address) == found
    assert listed(village, address, part=True) == found


def test_only_the_part_that_changes_is_sent_to_htmx(village: Browser) -> None:
    part = village.get("/people/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="list"')
    assert "<html" not in part


def test_numbers_are_masked_and_never_whole(us: Family, village: Browser) -> None:
    for address in ("/people/", f"/people/{us.person.pk}/", f"/households/{us.home.pk}/", "/households/"):
        page = village.get(address).content.decode()
        for order in (1, 2, 3):
            assert number(order) not in page
    assert "500**************7" in village.get("/people/").content.decode()


def test_a_row_says_whose_household_it_is_and_where(village: Browser) -> None:
    page = village.get("/people/").content.decode()
    assert "青龙安置点" in page
    assert "户主" in page
    assert "云阳县" in page


def test_the_other_side_sees_them_as_those_who_left(us: Family) -> None:
    origin = browser(clerk("origin", ORIGIN, "village", "committee"))
    assert listed(origin, "/people/?side=out") == ["李碧水", "张长河", "张青山"]
    assert listed(origin, "/people/") == []


def test_a_stranger_sees_nobody(us: Family) -> None:
    them = stranger()
    for address in ("/people/", "/people/?side=out", "/people/?text=张", "/households/", "/sites/"):
        assert listed(them, address) == []
    assert "青龙安置点" not in them.get(f"/people/?site={us.site.pk}").content.decode()


def test_somebody_whom_the_officer_may_not_see_is_counted_nowhere(us: Family) -> None:
    """A household in reach with a person whose own places are elsewhere."""
    Person.objects.unscoped().filter(name="张长河").update(origin="", destination="500236000000")
    village = browser(us.officer)
    assert listed(village, "/households/?text=张长") == []
    assert re.search(
        r'人数">?[^<]*class="number">2<|class="number">2</td>', village.get("/households/").content.decode()
    )
    assert "张长河" not in village.get(f"/households/{us.home.pk}/").content.decode()


@pytest.mark.parametrize("given", [number(1), f" {number(1)} ", number(1).lower()])
def test_an_id_number_leads_to_its_person(us: Family, village: Browser, given: str) -> None:
    answer = village.post("/people/by-number/", {"number": given})
    assert answer.headers["Location"] == f"/people/{us.person.pk}/"


@pytest.mark.parametrize(("given", "status"), [("", 422), ("123", 404), (number(7), 404), ("张", 404)])
def test_a_number_that_leads_nowhere_is_said(village: Browser, given: str, status: int) -> None:
    answer = village.post("/people/by-number/", {"number": given})
    assert answer.status_code == status
    assert "没有找到这个证件号码" in answer.content.decode()
    assert number(7) not in answer.content.decode()


def test_a_foreign_number_and_a_missing_one_are_told_alike(us: Family) -> None:
    them = stranger()
    foreign, missing = (them.post("/people/by-number/", {"number": number(order)}).content for order in (1, 9))
    tokens = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert tokens.sub(b"", foreign) == tokens.sub(b"", missing)


@pytest.mark.parametrize("address", ["/people/", "/households/", "/sites/", "/cases/"])
def test_a_number_in_the_wrong_box_does_not_stay_in_the_address(village: Browser, address: str) -> None:
    answer = village.get(address, {"text": f" {number(1)}"})
    assert answer.status_code == 302
    assert number(1) not in answer.headers["Location"]
    assert "它不会留在网址里" in village.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("address", ["/households/", "/sites/", "/cases/"])
def test_a_number_typed_into_a_part_of_a_page_changes_all_of_it(village: Browser, address: str) -> None:
    answer = village.get(address, {"text": number(1)}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"].partition("?")[0] == "/people/"
    assert number(1) not in answer.headers["HX-Redirect"]


@pytest.mark.parametrize("code", ["5000000000000001", "50015410120100"], ids=["户编号", "更短的"])
def test_the_number_of_a_household_is_looked_for(us: Family, village: Browser, code: str) -> None:
    assert village.get("/households/", {"text": code}).status_code == 200


def test_a_list_of_many_asks_no_more_questions_than_one_of_few(us: Family, village: Browser) -> None:
    def questions(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert village.get(address).status_code == 200
        return len(asked)

    few = {address: questions(address) for address in ("/people/", "/households/", "/sites/")}
    for n in range(10, 18):
        zhang(us.officer, household(us.officer, code=f"50000000000000{n}"), name=f"王{n}", order=n)
    assert {address: questions(address) for address in few} == few


def test_a_long_list_has_pages_and_says_how_long_it_is(
    us: Family, village: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "page_size", 2)
    monkeypatch.setattr(paging.page, "__kwdefaults__", {"after": "", "before": "", "size": 2})
    first = village.get("/people/").content.decode()
    assert "共 3 条" in first
    (following,) = re.findall(r'href="(/people/[^"]*after=[^"]+)"', first)
    assert listed(village, following.replace("&amp;", "&")) == ["张青山"]
    assert "2 以上" in village.get("/people/?text=z").content.decode() or listed(village, "/people/?text=z") == [
        "张长河",
        "张青山",
    ]


def test_a_line_of_the_county_sees_the_same_people(us: Family) -> None:
    assert listed(browser(line("organisation")), "/people/") == ["李碧水", "张长河", "张青山"]
    assert Household.objects.unscoped().count() == 1
