"""缓发: one officer holds a month back and says why, another one agrees; until then it is open. The shelf, by age, of both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import ask_closing, confirm_hold, hold_month, pay, release_month
from anju.payments.models import Month
from anju.payments.queries.standing import no_money, told
from anju.register.actions import move_relation
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.desk.cast import browser
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, civil, paid, poor, strip
from tests.payments.test_pages import text_of
from tests.race import race
from tests.register.cast import DESTINATION, YUNYANG, clerk


def month_of(person: Person, months: int) -> Month:
    with everything():
        return Month.objects.unscoped().select_related("held_by", "confirmed_by").get(person=person, month=back(months))


def held(by: Officer, person: Person, *months: int) -> None:
    for one in months:
        hold_month(by=by, month=str(month_of(person, one).pk), reason="核查收入")


def payers(person: Person) -> object:
    with everything():
        return facts_of("person", str(person.pk), on=today()).get("assistance_payers")


@pytest.fixture
def second(db: None) -> Officer:
    return civil("second", A)


@pytest.fixture
def kept(origin: Officer, person: Person) -> Person:
    """Somebody who was paid two months ago, and not last month."""
    begun(origin, ago(2))
    paid(origin, person, ago(2))
    return person


IN_ORDER = {"一个人缓发": (False, 0, 1), "另一位复核过": (True, 1, 0)}
"""Whether a second officer agrees → 本月救助发放方数, and how many months are open."""


@pytest.mark.parametrize(("agreed", "n", "open_"), IN_ORDER.values(), ids=IN_ORDER)
def test_a_month_is_in_order_once_two_hold_it_back(
    agreed: bool, n: int, open_: int, origin: Officer, second: Officer, kept: Person
) -> None:
    assert payers(kept) == 0
    held(origin, kept, 1)
    if agreed:
        confirm_hold(by=second, month=str(month_of(kept, 1).pk))
    assert payers(kept) == n
    with everything():
        owed = set(Duty.objects.unscoped().owed().filter(subject_id=str(kept.pk)).values_list("kind", flat=True))
    assert ("pay_missed_assistance" in owed) is (n == 0)
    if open_:
        with pytest.raises(Refused, match="其中 1 个月的缓发还没有人复核"):
            ask_closing(by=origin, payer=A, month=ago(1))
    else:
        assert ask_closing(by=origin, payer=A, month=ago(1)).pk


def test_who_held_it_back_does_not_agree_alone(origin: Officer, second: Officer, kept: Person) -> None:
    key = str(month_of(kept, 1).pk)
    with pytest.raises(Refused, match="这个月现在是“应发”"):
        confirm_hold(by=second, month=key)
    held(origin, kept, 1)
    with pytest.raises(Refused, match="缓发的人不能自己复核"):
        confirm_hold(by=origin, month=key)
    confirm_hold(by=second, month=key)
    with pytest.raises(Refused, match="已经有人复核过了"):
        confirm_hold(by=civil("third", A), month=key)
    row = month_of(kept, 1)
    assert (row.held_by, row.confirmed_by, told(row, no_money, over=True)) == (origin, second, "缓发")
    release_month(by=origin, month=key)
    row = month_of(kept, 1)
    assert (row.state, row.held_by, row.confirmed_by, row.confirmed_at) == ("expected", None, None, None)
    held(second, kept, 1)
    assert month_of(kept, 1).unconfirmed, "what was agreed to before counts no more"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201], ids=["空", "空格", "太长"])
def test_a_reason_is_always_written(reason: str, origin: Officer, kept: Person) -> None:
    with pytest.raises(Refused, match="要写明为什么"):
        hold_month(by=origin, month=str(month_of(kept, 1).pk), reason=reason)


def test_what_is_paid_keeps_who_held_it_back(origin: Officer, second: Officer, kept: Person) -> None:
    held(origin, kept, 1)
    paid(origin, kept, ago(1))
    assert (month_of(kept, 1).state, month_of(kept, 1).held_by, payers(kept)) == ("paid", origin, 1)


def test_where_another_office_pays_now_somebody_there_has_to_agree(
    origin: Officer, destination: Officer, second: Officer, kept: Person
) -> None:
    paid(origin, kept, ago(1))
    held(origin, kept, 0, -1)
    for month in (0, -1):
        confirm_hold(by=second, month=str(month_of(kept, month).pk))
    first = date.fromisoformat(f"{ago(0)}-01")
    move_relation(by=destination, person=str(kept.pk), kind="assistance", holder=B, since=first)
    rows = [month_of(kept, month) for month in (0, -1)]
    assert [(row.payer, row.unconfirmed) for row in rows] == [(B, True), (B, True)]
    assert [row.reason for row in rows] == ["核查收入", "核查收入"]
    confirm_hold(by=destination, month=str(rows[0].pk))
    assert not month_of(kept, 0).unconfirmed


def test_one_of_many_agrees(own_database: str) -> None:
    village, origin = clerk("village"), civil("origin", A)
    others = [civil(f"origin{n}", A) for n in range(8)]
    person = poor(village)
    begun(origin, ago(1))
    held(origin, person, 1)
    key = str(month_of(person, 1).pk)

    def agree(number: int) -> bool:
        confirm_hold(by=others[number], month=key)
        return True

    found = race(8, agree)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert month_of(person, 1).confirmed_by in others


Who = Callable[[], Officer]
SIDES: dict[str, tuple[Who, bool]] = {
    "迁出镇": (lambda: civil("a", A), True),
    "迁入镇": (lambda: civil("b", B), True),
    "迁入县": (lambda: civil("county", YUNYANG, "county"), True),
    "外县民政": (lambda: civil("far", "500236000000", "county"), False),
    "迁入村村居": (lambda: clerk("committee", DESTINATION), False),
    "迁入县公安": (lambda: clerk("police", YUNYANG, "county", "public_security"), False),
}


@pytest.mark.parametrize(("who", "sees"), SIDES.values(), ids=SIDES)
def test_both_sides_see_what_is_held_back(who: Who, sees: bool, origin: Officer, kept: Person) -> None:
    held(origin, kept, 1, 0)
    there = browser(who())
    desk, shelf = text_of(there, "/desk/"), text_of(there, "/payments/held/")
    assert ("缓发的月份" in desk, "待复核 2" in desk) == (sees, sees)
    assert ("张青山" in shelf, "核查收入" in shelf) == (sees, sees)
    assert (shelf.index(ago(1)) < shelf.index(ago(0))) if sees else ago(1) not in shelf


AGES = {"全部": ("", [5, 3, 2, 1, 0]), "本月": ("age=0", [0]), "1–2": ("age=1", [2, 1]), "3–5": ("age=3", [5, 3]),
        "半年": ("age=6", []), "待复核": ("show=alone", [5, 3, 1, 0]), "复核过": ("show=confirmed", [2]),
        "乱写": ("age=x&show=y", [5, 3, 2, 1, 0])}  # fmt: skip


@pytest.mark.parametrize(("query", "months"), AGES.values(), ids=AGES)
def test_the_shelf_is_narrowed_by_age(
    query: str, months: Sequence[int], origin: Officer, second: Officer, person: Person
) -> None:
    begun(origin, ago(5))
    held(origin, person, 5, 3, 2, 1, 0)
    confirm_hold(by=second, month=str(month_of(person, 2).pk))
    said = browser(origin).get(f"/payments/held/?{query}").content.decode()
    found = [n for n in range(9) if f'class="number">{ago(n)}<' in said]
    assert sorted(found, reverse=True) == months


def test_a_second_officer_agrees_from_the_shelf(origin: Officer, second: Officer, kept: Person) -> None:
    held(origin, kept, 1)
    own, other = browser(origin), browser(second)
    sent: dict[str, Any] = {"kind": "dibao", "month": ago(1), "confirm": "1", "shelf": "1"}
    assert "看过了，同意缓发" not in text_of(own, "/payments/held/")
    refused = own.post(f"/payments/{kept.pk}/hold/", sent)
    assert (refused.status_code, "不能自己复核" in refused.content.decode()) == (422, True)
    assert "看过了，同意缓发" in text_of(other, f"/payments/{kept.pk}/")
    assert "看过了，同意缓发" in text_of(other, "/payments/held/")
    assert other.post(f"/payments/{kept.pk}/hold/", sent)["Location"] == "/payments/held/?saved=hold"
    assert "复核了" in text_of(other, "/payments/held/?saved=hold")
    assert not month_of(kept, 1).unconfirmed


def test_the_month_s_page_counts_it_as_open_until_then(origin: Officer, second: Officer, kept: Person) -> None:
    held(origin, kept, 1)
    there, address = browser(origin), f"/payments/?month={ago(1)}"
    assert "待复核 1" in text_of(there, address)
    for show, seen in (("expected", True), ("alone", True), ("held", False)):
        assert ("缓发，待复核" in text_of(there, f"{address}&show={show}")) is seen, show
    confirm_hold(by=second, month=str(month_of(kept, 1).pk))
    for show, seen in (("expected", False), ("alone", False), ("held", True)):
        assert ("核查收入" in text_of(there, f"{address}&show={show}")) is seen, show
    assert "提出关账" in text_of(there, address)


def test_a_late_payment_settles_what_is_held_back(origin: Officer, kept: Person) -> None:
    held(origin, kept, 1)
    told: dict[str, Any] = {"person": str(kept.pk), "kind": "dibao", "month": ago(1), "payer": A, "amount": AMOUNT}
    pay(by=origin, **told, on=today(), back=True, reason="核查完了")
    assert strip(kept)[back(1)] == (A, "paid")
