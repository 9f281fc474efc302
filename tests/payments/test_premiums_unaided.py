"""代缴未到账: from what the comparison found to the premium that is returned, and back to what is still owed."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import approve, ask_return, confirm_return, draw_up
from anju.payments.comparing import compare
from anju.payments.models import Batch, Insurance, Premium
from anju.payments.months import month_of
from anju.register.actions import record_facts
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.payments.cast import Clock
from tests.payments.test_premiums import contributor, looked_at, social
from tests.payments.test_premiums_late import LAST, MONDAY, insured, over
from tests.payments.test_premiums_paid_elsewhere import listed
from tests.register.cast import YUNYANG, clerk

PAID = "已复核代缴，没有到账的退回重提"


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


@pytest.fixture
def payer(village: Officer) -> Person:
    return looked_at(contributor(village))


def paid(first: Officer, second: Officer) -> Batch:
    return approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch


def found(person: Person, month: int) -> None:
    """The month's list says that nothing arrived."""
    listed(person, [(month, YUNYANG, "pension", False)])
    with everything():
        compare(Insurance.PENSION, YUNYANG, month)


def page(browser: Browser, month: str = "") -> str:
    told = {"insurance": "pension", "sort": "unaided"} | ({"month": month} if month else {})
    return browser.get(reverse("comparisons:comparisons"), told).content.decode()


def keys(batch: Batch) -> list[int]:
    with everything():
        return list(Premium.objects.unscoped().filter(batch=batch).values_list("pk", flat=True))


def test_what_did_not_arrive_leads_to_the_batch_until_it_is_returned(
    first: Officer, second: Officer, payer: Person
) -> None:
    batch = paid(first, second)
    found(payer, month_of(today()))
    mine = signed_in(first)
    way = f"{reverse('premiums:batch', args=[batch.pk])}?person={payer.pk}"
    shown = page(mine)
    assert (f"{batch.year} 年的养老代缴：{PAID}" in shown, f'href="{way}"' in shown, "去退回" in shown) == (True,) * 3
    ask_return(by=first, batch=batch.pk, premiums=keys(batch), because="名单说没有到账")
    shown = page(signed_in(second))
    assert ("退回等复核" in shown, f'href="{way}"' in shown, PAID in shown) == (True, True, False)
    confirm_return(by=second, batch=batch.pk, premiums=keys(batch))
    shown = page(mine)
    assert ("未办" in shown, way in shown) == (True, False)


def test_a_list_from_before_it_was_paid_proves_nothing(first: Officer, second: Officer, payer: Person) -> None:
    found(payer, month_of(today()))
    batch = paid(first, second)
    browser = signed_in(first)
    shown = page(browser)
    assert ("到没到账看下一份名单" in shown, "去退回" in shown) == (True, False)
    with everything():
        compare(Insurance.PENSION, YUNYANG, month_of(today()))
    assert f"{reverse('premiums:batch', args=[batch.pk])}?person={payer.pk}" in page(browser)


def test_what_another_office_paid_is_not_returned_here(first: Officer, payer: Person) -> None:
    record_facts(by=first, kind="person", subject=str(payer.pk), facts={"premium_paid": True})
    found(payer, month_of(today()))
    shown = page(signed_in(first))
    assert ("张青山" in shown, "去退回" in shown) == (True, False)


def test_who_sees_the_finding_and_not_the_premium_is_not_led_there(
    first: Officer, second: Officer, payer: Person
) -> None:
    paid(first, second)
    found(payer, month_of(today()))
    shown = page(signed_in(clerk("township", YUNYANG[:6] + "101000", "township", "human_resources")))
    assert "去退回" not in shown


@pytest.mark.parametrize(("of", "leads"), [(2026, True), (2025, False)], ids=["那一年代缴过", "那一年没有代缴"])
def test_a_list_of_the_year_before_leads_to_the_premium_of_that_year(
    at: Clock, village: Officer, first: Officer, second: Officer, of: int, leads: bool
) -> None:
    at(LAST)
    person = insured(village, 1, "张青山")
    batch = paid(first, second)
    at(MONDAY)
    over(person)
    found(person, of * 100 + 12)
    shown = page(signed_in(first), f"{of}-12")
    assert ("张青山" in shown, str(batch.pk) in shown) == (True, leads)
    assert date(of, 12, 1) < today()
