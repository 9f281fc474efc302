"""The pages of the land-rent subsidy: a county's year, who is owed it, a plot proposed and approved, the list."""

from __future__ import annotations

from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.government.models import Officer
from anju.journal.models import Entry
from anju.payments.actions import propose_rent
from anju.payments.models import RentBudget
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser as signed_in
from tests.payments.rents import budget, farming, granted, looked_at, owed, rate, tenant
from tests.register.cast import DESTINATION, KAIZHOU, YUNYANG, clerk, number

HOME = reverse("rents:rents")
KEY = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
def first(db: None) -> Officer:
    return farming("first")


@pytest.fixture
def second(db: None) -> Officer:
    return farming("second", line="rural_revitalisation")


@pytest.fixture
def person(village: Officer) -> Person:
    rate()
    return tenant(village)


def test_from_a_budget_to_a_plot_that_is_granted(first: Officer, second: Officer, person: Person) -> None:
    one, other = signed_in(first), signed_in(second)
    page = one.get(HOME).content.decode()
    assert ("还没有登记预算" in page, "登记预算</button>" in page, "提出补助<span" in page) == (True, True, False)
    assert "登记预算</button>" not in other.get(HOME).content.decode(), "rural revitalisation does not set it"
    given = {
        "county": YUNYANG,
        "year": str(today().year),
        "amount": "1000",
        "on": today().isoformat(),
        "basis": "云财农",
    }
    assert one.post(reverse("rents:budget"), given).headers["Location"].endswith("saved=budget")
    page = one.get(HOME).content.decode()
    assert ("1000.00" in page, "张青山" in page, "900.00" in page) == (True, True, True)
    form = one.get(reverse("rents:new", args=[person.pk])).content.decode()
    assert ('value="4.50"' in form, "云农发〔2026〕3号" in form) == (True, True)
    made = one.post(
        reverse("rents:new", args=[person.pk]), {"key": KEY, "plot": "A－０３", "mu": "4.5", "place": ""}
    ).headers["Location"]
    mine = one.get(made).content.decode()
    assert ("A-03" in mine, "复核无误" in mine) == (True, False), "whoever proposed it does not approve it"
    assert "900.00 元等复核" in one.get(HOME).content.decode()
    address = made.partition("?")[0]
    assert one.post(f"{address}approve/", {"paid_on": today().isoformat()}).status_code == 422
    assert other.post(f"{address}approve/", {"paid_on": ""}).status_code == 422
    assert "复核无误" in other.get(address).content.decode()
    other.post(f"{address}approve/", {"paid_on": today().isoformat()})
    assert not owed(person)
    page = other.get(HOME).content.decode()
    assert ("已补助" in page, "够条件的都补了" in page, "100.00" in page) == (True, True, True)
    assert other.post(f"{address}reverse/", {"reason": ""}).status_code == 422
    other.post(f"{address}reverse/", {"reason": "地块写错了"})
    assert "地块写错了" in one.get(address).content.decode()


def test_what_is_refused_comes_back_with_what_was_typed(first: Officer, person: Person) -> None:
    budget(first, "100")
    address, browser = reverse("rents:new", args=[person.pk]), signed_in(first)
    answer = browser.post(address, {"key": KEY, "plot": "东坡", "mu": "4.5", "place": ""})
    page = answer.content.decode()
    assert (answer.status_code, "只剩 100.00 元" in page, 'value="东坡"' in page) == (422, True, True)
    answer = browser.post(reverse("rents:budget"), {"county": YUNYANG, "amount": "-5", "on": "", "basis": "云财农"})
    assert (answer.status_code, 'value="云财农"' in answer.content.decode()) == (422, True)
    assert RentBudget.objects.count() == 1


def test_without_a_rate_the_page_says_so_and_how_many_wait(first: Officer, village: Officer) -> None:
    person = tenant(village)
    browser = signed_in(first)
    page = browser.get(HOME).content.decode()
    assert ("还没有定流转费补助标准" in page, "有 1 户够条件" in page) == (True, True)
    form = browser.get(reverse("rents:new", args=[person.pk])).content.decode()
    assert ("先在“本区县的参数”里登记" in form, 'name="plot"' in form) == (True, False)


def test_a_village_sees_its_own_and_no_budget(first: Officer, person: Person, village: Officer) -> None:
    budget(first, "12345")
    row = propose_rent(by=first, person=person.pk, plot="东坡")
    browser = signed_in(village)
    page = browser.get(HOME).content.decode()
    assert ("东坡" in page, "12345" in page, "提出补助<span" in page) == (True, False, False)
    assert "撤回</button>" not in browser.get(reverse("rents:one", args=[row.pk])).content.decode()
    near = signed_in(farming("near", "500235104203", level="village", line="committee"))
    page = near.get(HOME).content.decode()
    assert [word for word in ("东坡", "张青山", "900.00") if word in page] == []


def test_what_is_proposed_beyond_the_budget_is_said(first: Officer, person: Person, village: Officer) -> None:
    budget(first, "1000")
    propose_rent(by=first, person=person.pk, plot="东坡")
    propose_rent(by=first, person=tenant(village, order=3, code="3", name="李二").pk, plot="西坡")
    assert "等复核的比余额多 800.00 元" in signed_in(first).get(HOME).content.decode()


def test_the_list_is_a_workbook_with_masked_numbers(first: Officer, second: Officer, person: Person) -> None:
    budget(first)
    granted(first, second, person, "东坡")
    address = f"{reverse('rents:list')}?county={YUNYANG}&year={today().year}"
    answer = signed_in(first).get(address)
    (row,) = (
        python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1:]
    )
    assert [row[at] for at in (1, 3, 5, 6, 7, 8, 9, 12)] == [
        "张青山", "5000000000000001", "东坡", "4.50", "200.00", "900.00", "已补助", today().isoformat(),
    ]  # fmt: skip
    assert str(row[2]).startswith("500***")
    assert number(1) not in row
    assert Entry.objects.filter(action="payments.take_rents").exists()


@pytest.mark.parametrize(
    ("region", "level", "line"),
    [
        (KAIZHOU, "county", "agriculture"),
        (YUNYANG, "county", "civil_affairs"),
        ("500235105000", "township", "agriculture"),
    ],
    ids=["外县", "别的条线", "邻镇"],
)
def test_for_strangers_it_is_not_there(first: Officer, person: Person, region: str, level: str, line: str) -> None:
    budget(first)
    row = propose_rent(by=first, person=person.pk, plot="东坡")
    stranger = signed_in(clerk("stranger", region, level, line))
    assert stranger.get(reverse("rents:one", args=[row.pk])).status_code == 404
    assert stranger.get(reverse("rents:new", args=[person.pk])).status_code == 404
    for name in ("approve", "withdraw", "reverse"):
        assert stranger.post(reverse(f"rents:{name}", args=[row.pk])).status_code == 404
    assert "东坡" not in stranger.get(HOME).content.decode()
    listed = stranger.get(f"{reverse('rents:list')}?county={YUNYANG}")
    assert listed.status_code == (404 if line != "agriculture" or region == KAIZHOU else 200)


def test_a_county_or_a_year_that_is_none(first: Officer) -> None:
    browser = signed_in(first)
    assert browser.get(f"{HOME}?county={KAIZHOU}").status_code == 404
    for year in ("abcd", "", "٢٠٢٦", "99999", "0000", "2019", "3000"):
        page = browser.get(HOME, {"year": year})
        assert (page.status_code, page.context["year"]) == (200, today().year)
        assert browser.post(reverse("rents:budget"), {"county": YUNYANG, "year": year}).status_code == 422
    assert [browser.get(HOME, {"year": year}).context["year"] for year in ("2020", "2999")] == [2020, 2999]
    assert browser.get(HOME, {"year": str(today().year - 1)}).status_code == 200


def test_the_page_asks_no_more_questions_for_many(
    first: Officer, second: Officer, person: Person, village: Officer
) -> None:
    budget(first, "99999")
    browser = signed_in(first)

    def questions(*orders: int) -> int:
        for order in orders:
            one = tenant(village, order=order, code=str(order), name=f"李{order}")
            granted(first, second, one, f"{order}号")
            looked_at(tenant(village, order=order + 100, code=f"{order}00", name=f"王{order}"))
        with CaptureQueriesContext(connection) as asked:
            assert "提出补助<span" in browser.get(HOME).content.decode()
        return len(asked)

    questions(3)
    assert questions(5) == questions(7, 9, 11)


def test_the_city_goes_from_county_to_county(first: Officer) -> None:
    city = signed_in(farming("city", "500000000000", level="city"))
    budget(first)
    budget(farming("there", KAIZHOU), county=KAIZHOU)
    page = city.get(HOME, {"county": YUNYANG})
    assert page.context["others"] == [(KAIZHOU, "开州区")]
    with CaptureQueriesContext(connection) as two:
        city.get(HOME, {"county": YUNYANG})
    budget(farming("third", "500236000000"), county="500236000000")
    with CaptureQueriesContext(connection) as three:
        city.get(HOME, {"county": YUNYANG})
    assert len(two) == len(three)


def test_a_township_proposes_and_a_village_does_not(first: Officer, person: Person, village: Officer) -> None:
    budget(first)
    township = signed_in(farming("township", f"{DESTINATION[:9]}000", level="township"))
    address = reverse("rents:new", args=[person.pk])
    assert township.get(address).status_code == 200
    assert signed_in(village).get(address).status_code == 404
