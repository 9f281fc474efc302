"""Money that the bank returned is still owed, and money that was taken back is not; what was paid after a stop is shown."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import ask_closing, close_month, confirm_hold, hold_month, pay, take_back
from anju.payments.chain import direct
from anju.payments.models import Amount, Month
from anju.payments.months import first_day
from anju.payments.queries.households import ByHousehold
from anju.payments.queries.month import Filters, InMonth, rows
from anju.payments.queries.one import tracks
from anju.payments.queries.own import own_months
from anju.register.actions import end_person
from anju.register.facts import today
from anju.register.models import Person
from anju.register.queries.paging import page
from tests.desk.cast import browser
from tests.payments.cast import AMOUNT, A, B, ago, asks, back, begun, civil, paid, strip
from tests.payments.test_months import moved, payers, sound
from tests.payments.test_pages import text_of
from tests.portal.cast import as_resident
from tests.register.cast import KAIZHOU, clerk


def given_back(by: Officer, person: Person, month: str, amount: Decimal = AMOUNT, *, returned: bool = True) -> None:
    """The bank returned it, or the office took it back."""
    take_back(
        by=by, person=str(person.pk), kind="dibao", month=month, payer=A, amount=amount, on=today(), offset=False,
        returned=returned, reason="账号错，银行退汇" if returned else "多发",
    )  # fmt: skip


def tone(by: Officer, person: Person, months: int) -> str:
    (track,) = tracks(asks(by), person)
    return {month.row.month: month.tone for month in track.months}[back(months)]


def own(person: Person, months: int) -> tuple[str, Decimal]:
    """What the resident reads of a month."""
    return {row.text: (row.state, row.paid) for row in own_months(as_resident(person), today())}[ago(months)]


@pytest.fixture
def sent(origin: Officer, person: Person) -> Person:
    """开州 has paid until last month."""
    begun(origin, ago(2))
    paid(origin, person, ago(2), ago(1))
    return person


CASES = {
    "全部退汇": (AMOUNT, True, ("expected", 0, "gap")),
    "退汇少一分": (AMOUNT - Decimal("0.01"), True, ("paid", 1, "paid")),
    "全部追回，不该发": (AMOUNT, False, ("paid", 1, "paid")),
}


@pytest.mark.parametrize(("amount", "returned", "found"), CASES.values(), ids=CASES)
def test_a_month_whose_money_came_back_is_to_be_paid(
    origin: Officer, sent: Person, amount: Decimal, returned: bool, found: tuple[str, int, str]
) -> None:
    given_back(origin, sent, ago(1), amount, returned=returned)
    assert (strip(sent)[back(1)], payers(sent), tone(origin, sent, 1)) == ((A, found[0]), *found[1:])
    assert sound()


def test_a_month_that_is_held_back_is_not_a_gap(origin: Officer, sent: Person) -> None:
    given_back(origin, sent, ago(1))
    with everything():
        month = str(Month.objects.unscoped().get(person=sent, month=back(1)).pk)
    hold_month(by=origin, month=month, reason="核对账号")
    confirm_hold(by=civil("second", A), month=month)
    (track,) = tracks(asks(origin), sent)
    assert {m.row.month: (m.told, m.tone) for m in track.months}[back(1)] == ("缓发", "held")


WORDS = {
    "还没有退": (None, True, "已发"),
    "全部退汇": (AMOUNT, True, "银行退了回来，还没有再发"),
    "退汇少一分": (AMOUNT - Decimal("0.01"), True, "已发，部分退汇"),
    "退汇一分": (Decimal("0.01"), True, "已发，部分退汇"),
    "全部追回，不该发": (AMOUNT, False, "已发"),
}


@pytest.mark.parametrize("closed", [False, True], ids=["没有关账", "关了账"])
@pytest.mark.parametrize(("amount", "returned", "words"), WORDS.values(), ids=WORDS)
def test_how_it_stands_is_said_in_the_same_words_everywhere(
    origin: Officer, sent: Person, amount: Decimal | None, returned: bool, words: str, closed: bool
) -> None:
    if closed:
        asked = ask_closing(by=origin, payer=A, month=ago(1))
        close_month(by=civil("second", A), closing=str(asked.pk))
    if amount is not None:
        given_back(origin, sent, ago(1), amount, returned=returned)
    seen = InMonth(asks(origin), Filters(back(1), office=A))
    (track,) = tracks(asks(origin), sent)
    (home,) = (listed := ByHousehold(asks(origin), seen)).homes(listed.groups)
    told = {
        "按月": [row.told for row in rows(page(seen.listing()).rows, seen)],
        "按人": [month.told for month in track.months if month.row.month == back(1)],
        "按户": [line.told for line in home.lines],
        "本人": [own(sent, 1)[0]],
    }
    assert told == {place: [words] for place in told}
    there = browser(origin)
    for address in (
        f"/payments/?month={ago(1)}",
        f"/payments/{sent.pk}/",
        f"/payments/households/?month={ago(1)}&office={A}",
    ):
        assert words in text_of(there, address)


def test_it_cannot_be_closed_until_it_is_paid_again(origin: Officer, sent: Person) -> None:
    given_back(origin, sent, ago(1))
    with pytest.raises(Refused, match="还有 1 个月没有发"):
        ask_closing(by=origin, payer=A, month=ago(1))
    paid(origin, sent, ago(1))
    assert (strip(sent)[back(1)], payers(sent)) == ((A, "paid"), 1)
    ask_closing(by=origin, payer=A, month=ago(1))
    with everything():
        rows = Amount.objects.unscoped().filter(month=back(1)).order_by("recorded_at").values_list("sort", "amount")
        assert list(rows) == [("paid", AMOUNT), ("returned", AMOUNT), ("back", AMOUNT)]


def test_it_comes_back_as_often_as_it_is_sent(origin: Officer, sent: Person) -> None:
    for _ in range(2):
        given_back(origin, sent, ago(1))
        assert payers(sent) == 0
        paid(origin, sent, ago(1))
        assert payers(sent) == 1
    with pytest.raises(Refused, match="已经发过一次"):
        paid(origin, sent, ago(1))
    given_back(origin, sent, ago(1), returned=False)
    assert (strip(sent)[back(1)], payers(sent)) == ((A, "paid"), 1), "and what is taken back at last is not owed"


def test_it_is_sent_again_once(origin: Officer, sent: Person) -> None:
    given_back(origin, sent, ago(1))
    key = uuid4()
    for _ in range(2):
        pay(
            by=origin, person=str(sent.pk), kind="dibao", month=ago(1), payer=A, amount=AMOUNT, on=today(), key=key
        )  # fmt: skip
    with everything():
        assert Amount.objects.unscoped().filter(month=back(1), sort="back").count() == 1


def test_no_more_is_returned_than_was_sent(origin: Officer, sent: Person) -> None:
    with pytest.raises(Refused, match="退汇的不能比发出的还多"):
        given_back(origin, sent, ago(1), AMOUNT + Decimal("0.01"))


def test_a_closed_month_stays_and_is_a_gap_until_it_is_paid_again(origin: Officer, sent: Person) -> None:
    asked = ask_closing(by=origin, payer=A, month=ago(1))
    close_month(by=civil("second", A), closing=str(asked.pk))
    given_back(origin, sent, ago(1))
    assert (strip(sent)[back(1)], payers(sent), tone(origin, sent, 1)) == ((A, "paid"), 0, "gap")
    assert own(sent, 1) == ("银行退了回来，还没有再发", Decimal(0))
    paid(origin, sent, ago(1))
    assert (payers(sent), tone(origin, sent, 1)) == (1, "paid")
    assert own(sent, 1) == ("已发", AMOUNT)
    assert sound()


IN_CLOSED = {
    "全部退汇": (AMOUNT, True, (0, 1)),
    "退汇少一分": (AMOUNT - Decimal("0.01"), True, (1, 0)),
    "全部追回，不该发": (AMOUNT, False, (1, 0)),
}


@pytest.mark.parametrize(("amount", "returned", "counts"), IN_CLOSED.values(), ids=IN_CLOSED)
def test_a_closed_month_s_page_says_what_is_not_paid(
    origin: Officer, sent: Person, amount: Decimal, returned: bool, counts: tuple[int, int]
) -> None:
    asked = ask_closing(by=origin, payer=A, month=ago(1))
    close_month(by=civil("second", A), closing=str(asked.pk))
    given_back(origin, sent, ago(1), amount, returned=returned)
    (office,) = InMonth(asks(origin), Filters(back(1))).offices()
    assert ((office.paid, office.unpaid), office.total, office.open) == (counts, 1, 0)
    listed = [
        len(page(InMonth(asks(origin), Filters(back(1), show=show)).listing()).rows) for show in ("paid", "expected")
    ]
    assert tuple(listed) == counts
    there = text_of(browser(origin), f"/payments/?month={ago(1)}")
    assert ("银行退了回来，还没有再发" in there) is (counts == (0, 1))
    assert "已关账" in there
    if counts == (0, 1):
        paid(origin, sent, ago(1))
    (office,) = InMonth(asks(origin), Filters(back(1))).offices()
    assert (office.paid, office.unpaid) == (1, 0)


IN_PART = {"退了一部分": (["100"], [], "100.00"), "退了两次": (["100", "0.50"], [], "100.50"), "再发了一部分": (["100"], ["99.99"], "0.01"),
           "再发了全部": (["100"], ["100"], "")}  # fmt: skip


@pytest.mark.parametrize(("came", "again", "owed"), IN_PART.values(), ids=IN_PART)
def test_the_strip_says_how_much_came_back(
    origin: Officer, sent: Person, came: list[str], again: list[str], owed: str
) -> None:
    for amount in came:
        given_back(origin, sent, ago(1), Decimal(amount))
    for amount in again:
        pay(
            by=origin, person=str(sent.pk), kind="dibao", month=ago(1), payer=A, amount=Decimal(amount), on=today(),
            back=True, reason="账号改了",
        )  # fmt: skip
    there = browser(origin)
    for address in (f"/payments/{sent.pk}/", f"/people/{sent.pk}/"):
        said = text_of(there, address)
        assert ("退汇 ¥" in said) is bool(owed)
        assert not owed or f"退汇 ¥{owed}，还没有再发" in said
    given_back(origin, sent, ago(1), Decimal("1"), returned=False)
    said = text_of(there, f"/payments/{sent.pk}/")
    assert (f"退汇 ¥{owed}，还没有再发" in said) is bool(owed), "what was taken back is not owed"


def test_what_was_held_back_before_is_held_back_by_nobody(origin: Officer, sent: Person) -> None:
    with everything():
        month = str(Month.objects.unscoped().get(person=sent, month=back(0)).pk)
    hold_month(by=origin, month=month, reason="核对账号")
    confirm_hold(by=civil("second", A), month=month)
    paid(origin, sent, ago(0))
    given_back(origin, sent, ago(0))
    with everything():
        row = Month.objects.unscoped().get(pk=month)
    assert (row.state, row.held_by, row.held_at, row.confirmed_by, row.confirmed_at) == ("expected", *[None] * 4)


def test_of_whoever_is_no_more_nothing_is_owed_when_it_comes_back(origin: Officer, sent: Person) -> None:
    """Paid before the death was known; the account was shut."""
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(sent.pk), on=first_day(back(2)), because="death")
    assert strip(sent)[back(1)] == (A, "paid")
    given_back(origin, sent, ago(1))
    assert strip(sent)[back(1)] == ("", "stopped")
    assert sound()


def test_what_another_paid_stays_the_other_s(origin: Officer, destination: Officer, sent: Person) -> None:
    moved(destination, sent, ago(1))
    given_back(origin, sent, ago(1))
    assert strip(sent)[back(1)] == (A, "expected"), "who paid it pays it again"
    paid(destination, sent, ago(1), payer=B)
    assert payers(sent) == 1


def test_the_database_opens_no_month_whose_money_did_not_come_back(origin: Officer, sent: Person) -> None:
    given_back(origin, sent, ago(1), returned=False)
    with everything():
        months = Month.objects.unscoped().filter(person=sent, month=back(1))
        with pytest.raises(DatabaseError, match=r"month_paid_stays|发了的月份不改写"), transaction.atomic():
            months.update(state="expected")


STOPS = {"死亡": ("death", True), "不再享受": ("none", False)}


@pytest.mark.parametrize(("because", "dead"), STOPS.values(), ids=STOPS)
def test_what_was_paid_after_a_stop_stands_on_the_office_s_page(
    origin: Officer, destination: Officer, person: Person, because: str, dead: bool
) -> None:
    begun(origin, ago(2))
    paid(origin, person, ago(2))
    if dead:
        police = clerk("police", KAIZHOU, "county", "public_security")
        end_person(by=police, person=str(person.pk), on=first_day(back(2)), because="death")
    else:
        with everything():
            direct(str(person.pk), "dibao", payer="", since=back(1), because="不再享受")
    before = InMonth(asks(origin), Filters(back(1)))
    assert [office.stray for office in before.offices()] == []
    paid(origin, person, ago(1))
    seen = InMonth(asks(origin), Filters(back(1), show="stray"))
    assert [(office.code, office.stray, office.double) for office in seen.offices()] == [(A, 1, 0)]
    assert [row.person_id for row in page(seen.listing()).rows] == [person.pk]
    assert InMonth(asks(destination), Filters(back(1))).offices() == [], "nobody of 云阳 has paid it"
    assert InMonth(asks(origin), Filters(back(1), office=B)).offices() == []
    given_back(origin, person, ago(1), returned=False)
    assert InMonth(asks(origin), Filters(back(1))).offices() == []
