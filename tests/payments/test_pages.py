"""发放 as officers see it: numbers, what is in red, forms that keep what was typed, and a month that two people close."""

from __future__ import annotations

import re
from datetime import date

import pytest

from anju.government.models import Officer
from anju.register.actions import move_relation
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.payments.cast import A, B, ago, back, begun, civil, paid, poor, strip


def text_of(browser: Browser, address: str) -> str:
    """What a page says, without its tags."""
    said = browser.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said))


@pytest.fixture
def browser(origin: Officer) -> Browser:
    return signed_in(origin)


def test_an_office_begins_by_itself(browser: Browser, person: Person) -> None:
    assert "开始按月记" in text_of(browser, "/payments/")
    wrong = browser.post("/payments/begin/", {"payer": A, "month": "十一月"})
    assert (wrong.status_code, "十一月" in wrong.content.decode()) == (422, True)
    assert browser.post("/payments/begin/", {"payer": A, "month": ago(1)}).status_code == 302
    assert strip(person)[back(1)] == (A, "expected")
    assert "开始按月记" not in text_of(browser, "/payments/")


def test_what_nobody_paid_and_what_was_paid_twice_stands_out(
    browser: Browser, village: Officer, origin: Officer, destination: Officer, person: Person
) -> None:
    poor(village, name="李二", order=5, code="5")
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    paid(destination, person, ago(1), payer=B)
    said = text_of(browser, f"/payments/?month={ago(1)}&show=double")
    assert ("张青山" in said, "李二" in said, "另有" in said) == (True, False, True)
    said = text_of(browser, f"/payments/?month={ago(1)}&show=expected")
    assert ("张青山" in said, "李二" in said, "没有发" in said) == (False, True, True)
    assert "另由" in text_of(browser, f"/payments/{person.pk}/")


def test_what_is_refused_keeps_what_was_typed(browser: Browser, origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    form = {
        "kind": "dibao",
        "sort": "paid",
        "month": ago(1),
        "payer": A,
        "amount": "420.505",
        "on": today().isoformat(),
    }
    answer = browser.post(f"/payments/{person.pk}/amount/", form)
    assert (answer.status_code, "420.505" in answer.content.decode()) == (422, True)
    answer = browser.post(f"/payments/{person.pk}/amount/", {**form, "amount": "420.50", "reason": "无"})
    assert answer.status_code == 422
    assert browser.post(f"/payments/{person.pk}/amount/", {**form, "amount": "420.50"}).status_code == 302
    assert strip(person)[back(1)] == (A, "paid")
    again = browser.post(f"/payments/{person.pk}/amount/", {**form, "amount": "420.50"})
    assert "已经发过一次" in again.content.decode()


def test_two_people_close_a_month(browser: Browser, origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    sent = {"payer": A, "month": ago(1)}
    early = browser.post("/payments/ask/", sent)
    assert (early.status_code, "还有 1 个月没有发" in early.content.decode()) == (422, True)
    paid(origin, person, ago(1))
    assert browser.post("/payments/ask/", sent).status_code == 302
    own = browser.post("/payments/close/", sent)
    assert "另一位干部" in own.content.decode()
    second = signed_in(civil("second", A))
    assert second.post("/payments/close/", sent).status_code == 302
    assert "已关账" in text_of(browser, f"/payments/?month={ago(1)}")


def test_a_hold_and_a_later_first_month(
    browser: Browser, origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    first = date.fromisoformat(f"{ago(0)}-01")
    move_relation(by=destination, person=str(person.pk), kind="assistance", holder=B, since=first)
    put_off = {"kind": "dibao", "month": ago(-1), "reason": "来不及"}
    assert browser.post(f"/payments/{person.pk}/postpone/", put_off).status_code == 302
    held = {"kind": "dibao", "month": ago(0), "reason": "核查收入"}
    assert browser.post(f"/payments/{person.pk}/hold/", held).status_code == 302
    assert strip(person)[back(0)] == (A, "held")
    assert "核查收入" in text_of(browser, f"/people/{person.pk}/")
    assert browser.post(f"/payments/{person.pk}/hold/", {**held, "release": "on"}).status_code == 302
    assert strip(person) == {back(1): (A, "paid"), back(0): (A, "expected"), back(-1): (B, "expected")}


def test_another_line_sees_nothing_of_it(origin: Officer, village: Officer, person: Person) -> None:
    begun(origin, ago(1))
    browser = signed_in(village)
    assert "您的岗位不办" in text_of(browser, "/payments/")
    assert browser.get(f"/payments/{person.pk}/").status_code == 404
    assert 'id="months"' not in browser.get(f"/people/{person.pk}/").content.decode()
