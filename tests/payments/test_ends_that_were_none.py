"""A death that was none: who pays and what is held back are as before, and a month that was closed meanwhile is paid belatedly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import ask_closing, close_month, confirm_hold, hold_month, pay, postpone
from anju.payments.models import Kind, Month, Payer
from anju.payments.months import first_day, read
from anju.payments.queries.month import Filters, InMonth
from anju.payments.queries.one import tracks
from anju.register.actions import end_person, record_facts, restore_person
from anju.register.facts import today
from anju.register.models import Person
from tests.payments.cast import AMOUNT, A, B, ago, asks, back, begun, chain, civil, paid, poor, strip
from tests.payments.test_months import moved, payers, sound
from tests.register.cast import KAIZHOU, clerk


@pytest.fixture
def police(db: None) -> Officer:
    return clerk("police", KAIZHOU, "county", "public_security")


def dies(police: Officer, person: Person, months: int, because: str = "death") -> None:
    """They died on the fifteenth, so many months ago, or today where that is yet to come."""
    died = min(first_day(back(months)) + timedelta(14), today())
    end_person(by=police, person=str(person.pk), on=died, because=because)


def lives(police: Officer, person: Person) -> None:
    restore_person(by=police, person=str(person.pk), because="同名同姓")


def closed(by: Officer, month: str, payer: str = A) -> None:
    asked = ask_closing(by=by, payer=payer, month=month)
    close_month(by=civil(f"second{payer[3:6]}", payer), closing=str(asked.pk))


def held(by: Officer, person: Person, months: int, second: Officer | None = None) -> None:
    with everything():
        month = str(Month.objects.unscoped().get(person=person, month=back(months)).pk)
    hold_month(by=by, month=month, reason="银行卡冻结")
    if second is not None:
        confirm_hold(by=second, month=month)


def holds(person: Person) -> list[tuple[object, ...]]:
    """Everything that is written down of the months that are held back."""
    names = ("month", "payer", "reason", "held_by", "held_at", "confirmed_by", "confirmed_at")
    with everything():
        return list(Month.objects.unscoped().filter(person=person, state="held").order_by("month").values_list(*names))


def why(person: Person) -> list[str]:
    with everything():
        return list(Payer.objects.unscoped().filter(person=person).order_by("since").values_list("because", flat=True))


@pytest.mark.parametrize("because", ["death", "cancelled"], ids=["死亡", "户口注销"])
@pytest.mark.parametrize("told", [0, 1, 2, 3], ids=["本月死亡", "上月", "前两个月", "发过的月份以前"])
def test_a_transfer_comes_back(
    origin: Officer, destination: Officer, person: Person, police: Officer, told: int, because: str
) -> None:
    """云阳 begins with its own first month, and not with the first that nobody had paid."""
    begun(origin, ago(3))
    paid(origin, person, ago(3), ago(2))
    moved(destination, person, ago(0))
    before = chain(person), strip(person), why(person)
    dies(police, person, told, because)
    assert chain(person) != before[0]
    lives(police, person)
    assert (chain(person), strip(person), why(person)) == before
    assert sound()


@pytest.mark.parametrize("told", [0, 1, 2], ids=["本月死亡", "上月", "前两个月"])
def test_a_first_month_that_was_put_off_stays_put_off(
    origin: Officer, destination: Officer, person: Person, police: Officer, told: int
) -> None:
    begun(origin, ago(3))
    paid(origin, person, ago(3))
    moved(destination, person, ago(0))
    postpone(by=destination, person=str(person.pk), kind="dibao", month=ago(-1), reason="来不及")
    before = chain(person), strip(person), why(person)
    assert before[0][-1] == (back(-1), B)
    dies(police, person, told)
    lives(police, person)
    assert (chain(person), strip(person), why(person)) == before


@pytest.mark.parametrize("two", [True, False], ids=["两人缓发", "一人缓发"])
def test_a_month_that_was_held_back_is_held_back_by_the_same(
    origin: Officer, person: Person, police: Officer, two: bool
) -> None:
    begun(origin, ago(2))
    paid(origin, person, ago(2))
    held(origin, person, 1, civil("second", A) if two else None)
    before = strip(person), holds(person)
    assert len(before[1]) == 1
    dies(police, person, 2)
    assert holds(person) == []
    lives(police, person)
    assert (strip(person), holds(person)) == before


def test_it_is_given_back_as_often_as_it_was_taken(
    origin: Officer, destination: Officer, person: Person, police: Officer
) -> None:
    begun(origin, ago(2))
    held(origin, person, 1)
    moved(destination, person, ago(0))
    before = chain(person), strip(person), holds(person)
    for told in (2, 1, 2):
        dies(police, person, told)
        lives(police, person)
        assert (chain(person), strip(person), holds(person)) == before


def test_what_an_earlier_version_took_away_comes_back_as_the_relation_lies(
    origin: Officer, destination: Officer, person: Person, police: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(origin, ago(3))
    paid(origin, person, ago(3), ago(2))
    moved(destination, person, ago(0))
    before = chain(person)
    monkeypatch.setattr("anju.payments.chain._taken", lambda steps, held: None)
    dies(police, person, 2)
    lives(police, person)
    assert chain(person) == before


@pytest.fixture
def closed_meanwhile(origin: Officer, person: Person, police: Officer) -> Person:
    """Paid until two months ago; then a death that was none; last month was closed before that came out."""
    begun(origin, ago(3))
    paid(origin, person, ago(3), ago(2))
    dies(police, person, 2)
    closed(origin, ago(1))
    assert payers(person) == 1, "of whoever is no more no month is lacking"
    lives(police, person)
    return person


def test_a_month_that_was_closed_meanwhile_is_a_gap(origin: Officer, closed_meanwhile: Person) -> None:
    assert strip(closed_meanwhile)[back(1)] == ("", "stopped"), "nothing of a closed month changes"
    assert chain(closed_meanwhile) == [(back(3), A), (back(1), ""), (back(0), A)]
    assert payers(closed_meanwhile) == 0
    paid(origin, closed_meanwhile, ago(0))
    assert payers(closed_meanwhile) == 0, "it does not go away by what is paid of others"
    assert sound()


def test_it_is_paid_belatedly_and_is_in_order_then(origin: Officer, closed_meanwhile: Person) -> None:
    (track,) = tracks(asks(origin), closed_meanwhile)
    assert {month.row.month: month.tone for month in track.months}[back(1)] == "gap"
    pay(
        by=origin, person=str(closed_meanwhile.pk), kind="dibao", month=ago(1), payer=A, amount=AMOUNT, on=today(),
        back=True, reason="注销撤销，补发",
    )  # fmt: skip
    assert payers(closed_meanwhile) == 1
    (track,) = tracks(asks(origin), closed_meanwhile)
    assert {month.row.month: month.tone for month in track.months}[back(1)] == "paid"
    assert InMonth(asks(origin), Filters(read(ago(1)) or 0)).strays == []


@pytest.mark.parametrize("kind", list(Kind.values))
def test_whoever_dies_again_is_owed_nothing_of_it(
    village: Officer, origin: Officer, police: Officer, kind: str
) -> None:
    one = poor(village, kind)
    begun(origin, ago(3))
    paid(origin, one, ago(3), ago(2), kind=kind)
    dies(police, one, 2)
    closed(origin, ago(1))
    lives(police, one)
    dies(police, one, 2)
    assert (payers(one), chain(one, kind)[-1][1]) == (1, "")
    lives(police, one)
    assert (payers(one), [payer for payer, _ in strip(one, kind).values()]) == (0, [A, A, "", A, A])
    assert sound()


def test_a_stop_for_another_reason_is_no_gap(origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1), ago(0))
    for kind in ("none", "dibao"):
        record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": kind})
    assert payers(person) == 1


def test_the_destination_s_closed_month_stays_stopped_alone(
    origin: Officer, destination: Officer, person: Person, police: Officer
) -> None:
    """开州 goes on where it has not closed; 云阳 has closed its first month meanwhile."""
    begun(origin, ago(3))
    paid(origin, person, ago(3))
    moved(destination, person, ago(1))
    dies(police, person, 3)
    closed(destination, ago(1), B)
    lives(police, person)
    assert chain(person) == [(back(3), A), (back(1), ""), (back(0), B)]
    assert strip(person)[back(2)] == (A, "expected")
    paid(origin, person, ago(2))
    assert payers(person) == 0
    assert sound()
