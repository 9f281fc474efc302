"""发放 as officers see it: numbers, what is in red, forms that keep what was typed, and a month that two people close."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pytest_django import Settings

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import take_back
from anju.payments.models import Amount
from anju.register.actions import end_person, move_relation
from anju.register.facts import today
from anju.register.models import Person
from anju.register.verification import verify
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, civil, paid, poor, strip
from tests.register.cast import KAIZHOU, clerk


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


def test_what_is_refused_is_a_look_too(browser: Browser, origin: Officer, person: Person, settings: Settings) -> None:
    begun(origin, ago(1))
    looks = Entry.objects.filter(action="register.look", object_id=str(person.pk), result="done")
    before = looks.count()
    for number, deed in enumerate(("amount", "hold", "postpone"), 1):
        assert browser.post(f"/payments/{person.pk}/{deed}/", {}).status_code == 422
        assert looks.count() == before + number
    settings.ANJU_MOST_FILES_AN_HOUR = 0
    answer = browser.post(f"/payments/{person.pk}/amount/", {})
    assert (answer.status_code, "张青山" in answer.content.decode()) == (429, False)


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


def test_what_is_sent_twice_is_written_down_once(browser: Browser, origin: Officer, person: Person) -> None:
    """The second time it is told that it is done; the key is the form's, a new one each time the page opens."""
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    address = f"/payments/{person.pk}/"
    keys = [re.search(r'name="key" value="([0-9a-f-]{36})"', browser.get(address).content.decode()) for _ in range(2)]
    first, second = (found[1] for found in keys if found)
    assert first != second
    base = {"kind": "dibao", "month": ago(1), "payer": A, "on": today().isoformat(), "reason": "少发"}
    for sort, amount, key in (("back", "10.00", first), ("recovered", "3.00", second)):
        form = {**base, "sort": sort, "amount": amount, "key": key}
        answers = [browser.post(f"{address}amount/", form) for _ in range(2)]
        assert [answer.headers.get("Location") for answer in answers] == [f"{address}?saved=amount"] * 2
    with everything():
        assert sorted(Amount.objects.unscoped().values_list("sort", flat=True)) == ["back", "paid", "recovered"]
    other = browser.post(f"{address}amount/", {**base, "sort": "back", "amount": "11.00", "key": first})
    assert (other.status_code, "这张表已经记过一笔" in other.content.decode()) == (422, True), "not lost without a word"


def test_what_was_paid_after_a_death_is_to_be_taken_back(
    browser: Browser, village: Officer, origin: Officer, person: Person
) -> None:
    """Only the months after that of the death, and only until the money is back."""
    poor(village, name="李二", order=5, code="5")
    begun(origin, ago(3))
    paid(origin, person, ago(2), ago(1))
    died = date.fromisoformat(f"{ago(2)}-15")
    end_person(
        by=clerk("police", KAIZHOU, "county", "public_security"), person=str(person.pk), on=died, because="death"
    )
    sentence = "注销以后的月份没有发了没追回的"
    assert verify()[sentence] == 1
    assert "张青山" not in text_of(browser, f"/payments/?month={ago(2)}&show=stray")
    said = text_of(browser, f"/payments/?month={ago(1)}&show=stray")
    assert ("张青山" in said, "李二" in said, "应追回" in said, "另有" in said) == (True, False, True, False)
    assert "张青山" not in text_of(browser, f"/payments/?month={ago(1)}&show=double")
    assert text_of(browser, f"/payments/{person.pk}/").count("应追回") == 1
    take_back(
        by=origin, person=str(person.pk), kind="dibao", month=ago(1), payer=A, amount=AMOUNT, on=today(),
        offset=False, reason="去世以后发的",
    )  # fmt: skip
    assert verify()[sentence] == 0
    assert "张青山" not in text_of(browser, f"/payments/?month={ago(1)}&show=stray")
    assert "应追回" not in text_of(browser, f"/payments/{person.pk}/")


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
