"""Whose month it is: across transfers, late receipts, deaths and splits, by the examples of clause 1.7."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import (
    ask_closing,
    close_month,
    hold_month,
    postpone,
    release_month,
    withdraw_closing,
)
from anju.payments.models import Month
from anju.payments.months import from_to, month_of, shifted
from anju.register.actions import (
    create_household,
    end_person,
    join_household,
    leave_household,
    move_relation,
    record_facts,
)
from anju.register.facts import facts_of, today
from anju.register.models import Person
from anju.register.verification import verify
from tests.payments.cast import A, B, ago, back, begun, chain, civil, paid, poor, strip
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, clerk


def moved(by: Officer, person: Person, first: str, holder: str = B) -> None:
    """The relation goes over on the first day of a month."""
    move_relation(
        by=by, person=str(person.pk), kind="assistance", holder=holder, since=date.fromisoformat(f"{first}-01")
    )


def payers(person: Person) -> int | None:
    """本月救助发放方数, as the register knows it today."""
    found = facts_of("person", str(person.pk), on=today()).get("assistance_payers")
    return found if isinstance(found, int) else None


def sound() -> bool:
    """Every question about months has its 0."""
    return not [sentence for sentence, n in verify().items() if n]


def test_nothing_is_recorded_before_an_office_begins(person: Person) -> None:
    assert (strip(person), payers(person)) == ({}, None)


def test_months_are_expected_until_the_next_one(origin: Officer, person: Person) -> None:
    begun(origin, ago(2))
    assert strip(person) == {back(n): (A, "expected") for n in (2, 1, 0, -1)}
    assert payers(person) == 0  # two months are over, and nobody has paid
    paid(origin, person, ago(2), ago(1))
    assert payers(person) == 1


def test_the_origin_pays_until_the_month_before_the_first(
    origin: Officer, destination: Officer, person: Person
) -> None:
    """回执首发月 2021-03 → 迁出地发到 2021-02."""
    begun(origin, "2021-01")
    paid(origin, person, "2021-01", "2021-02")
    moved(destination, person, "2021-03")
    assert chain(person) == [(202101, A), (202103, B)]
    months = strip(person)
    assert [months[m] for m in (202101, 202102, 202103, 202104)] == [(A, "paid")] * 2 + [(B, "expected")] * 2
    assert sound()


def test_a_late_receipt_leaves_the_month_with_the_origin(origin: Officer, destination: Officer, person: Person) -> None:
    """迁入地四月才发：三月由迁出地照发."""
    begun(origin, "2021-01")
    paid(origin, person, "2021-01", "2021-02")
    moved(destination, person, "2021-03")
    paid(origin, person, "2021-03")
    assert chain(person) == [(202101, A), (202104, B)]
    assert strip(person)[202103] == (A, "paid")
    paid(destination, person, "2021-04", payer=B)
    assert [strip(person)[m] for m in (202103, 202104)] == [(A, "paid"), (B, "paid")]
    assert sound()


def test_what_the_origin_has_paid_already_stays_its_month(
    origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, "2021-01")
    paid(origin, person, "2021-01", "2021-02", "2021-03")
    moved(destination, person, "2021-03")
    assert chain(person) == [(202101, A), (202104, B)]


def test_the_first_month_is_put_off_by_either_side(origin: Officer, destination: Officer, person: Person) -> None:
    begun(origin, ago(2))
    paid(origin, person, ago(2), ago(1))
    moved(destination, person, ago(0))
    with pytest.raises(Refused, match="只能往后推"):
        postpone(by=destination, person=str(person.pk), kind="dibao", month=ago(0), reason="来不及")
    postpone(by=destination, person=str(person.pk), kind="dibao", month=ago(-1), reason="来不及")
    assert chain(person) == [(back(2), A), (back(-1), B)]
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_reminded": True})
    assert chain(person)[-1] == (back(-1), B), "a change of another fact does not take it back"
    assert sound()


def test_a_month_that_the_destination_paid_is_not_put_off(
    origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    moved(destination, person, ago(0))
    paid(destination, person, ago(0), payer=B)
    with pytest.raises(Refused, match="已经发了"):
        postpone(by=origin, person=str(person.pk), kind="dibao", month=ago(-1), reason="来不及")


def test_within_a_township_nothing_changes(origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    move_relation(by=origin, person=str(person.pk), kind="assistance", holder=ORIGIN[:9] + "202", since=today())
    assert chain(person) == [(back(1), A)]


def test_across_provinces_the_other_side_keeps_its_own_months(origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    moved(origin, person, ago(0), holder="420527000000")
    assert strip(person)[back(0)] == ("420527000000", "held")
    assert payers(person) == 1
    assert sound()


def test_death_stops_from_the_next_month(origin: Officer, person: Person) -> None:
    begun(origin, ago(3))
    paid(origin, person, ago(3))
    died = date.fromisoformat(f"{ago(2)}-15")
    end_person(
        by=clerk("police", KAIZHOU, "county", "public_security"), person=str(person.pk), on=died, because="death"
    )
    assert strip(person) == {
        back(3): (A, "paid"),
        back(2): (A, "expected"),
        back(1): ("", "stopped"),
        back(0): ("", "stopped"),
        back(-1): ("", "stopped"),
    }
    assert sound()


def test_who_gets_no_more_is_stopped_and_who_gets_it_again_goes_on(origin: Officer, person: Person) -> None:
    begun(origin, ago(0))
    key = str(person.pk)
    record_facts(by=origin, kind="person", subject=key, facts={"assistance_kind": "none"})
    assert strip(person) == {back(0): (A, "expected"), back(-1): ("", "stopped")}
    record_facts(by=origin, kind="person", subject=key, facts={"assistance_kind": "dibao"})
    assert [payer for payer, _ in strip(person).values()] == [A, A]
    assert sound()


def test_dibao_becomes_tekun_with_the_next_month(origin: Officer, person: Person) -> None:
    begun(origin, ago(0))
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": "tekun"})
    assert chain(person) == [(back(0), A), (back(-1), "")]
    assert chain(person, "tekun") == [(back(-1), A)]
    assert sound()


def test_of_a_split_household_everybody_keeps_every_month(
    village: Officer, origin: Officer, destination: Officer
) -> None:
    old, son = poor(village), poor(village, name="张远", order=3, code="2")
    begun(origin, ago(2))
    for one in (old, son):
        paid(origin, one, ago(2), ago(1))
    leave_household(by=village, person=str(son.pk), until=today() + timedelta(1), because="拆户")
    home = create_household(by=village, household_code="3", origin=ORIGIN, destination=DESTINATION)
    join_household(
        by=village, person=str(son.pk), household=str(home.pk), relation="户主", since=today() + timedelta(1)
    )
    moved(destination, son, ago(0))
    assert {month: payer for month, (payer, _) in strip(old).items()} == dict.fromkeys(strip(old), A)
    assert list(strip(son)) == list(from_to(back(2), shifted(month_of(today()))))
    assert [payer for payer, _ in strip(son).values()] == [A, A, B, B]
    assert sound()


def test_who_comes_to_an_office_that_keeps_months_has_them_at_once(
    village: Officer, origin: Officer, person: Person
) -> None:
    begun(origin, ago(1))
    late = poor(village, "tekun", name="王秀英", order=2, code="2")
    assert strip(late, "tekun") == {back(n): (A, "expected") for n in (0, -1)}


def test_only_the_office_s_own_line_begins(person: Person) -> None:
    for by in (civil("elsewhere", B), clerk("police", KAIZHOU, "county", "public_security")):
        with pytest.raises(Refused, match="不在您的范围里"):
            begun(by, ago(0))


def test_a_month_and_its_closing_elsewhere_are_not_there(origin: Officer, person: Person) -> None:
    """Not even that they are somebody else's is told, however their keys became known."""
    begun(origin, ago(2))
    paid(origin, person, ago(2))
    closing = str(ask_closing(by=origin, payer=A, month=ago(2)).pk)
    with everything():
        month = str(Month.objects.unscoped().get(person=person, month=back(1)).pk)
    for stranger in (
        civil("elsewhere", "500236000000", "county"),
        clerk("police", KAIZHOU, "county", "public_security"),
    ):
        with pytest.raises(Refused, match="没有这一条"):
            hold_month(by=stranger, month=month, reason="核对")
        with pytest.raises(Refused, match="没有这一条"):
            release_month(by=stranger, month=month)
        with pytest.raises(Refused, match="没有这一条"):
            close_month(by=stranger, closing=closing)
        with pytest.raises(Refused, match="没有这一条"):
            withdraw_closing(by=stranger, closing=closing)
