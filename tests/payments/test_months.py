"""Whose month it is: across transfers, late receipts, deaths and splits, by the examples of clause 1.7."""

from __future__ import annotations

from datetime import date

import pytest

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import (
    ask_closing,
    close_month,
    confirm_hold,
    hold_month,
    postpone,
    release_month,
    take_back,
    withdraw_closing,
)
from anju.payments.chain import direct
from anju.payments.models import Amount, Month
from anju.payments.months import first_day, from_to, month_of, shifted
from anju.register.actions import (
    create_household,
    end_person,
    join_household,
    leave_household,
    move_relation,
    record_facts,
    restore_person,
)
from anju.register.facts import facts_of, today
from anju.register.models import Person
from anju.register.verification import verify
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, chain, civil, earlier, paid, poor, strip
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, clerk

JAN, FEB, MAR, APR = (ago(months) for months in (5, 4, 3, 2))
"""The first months of the clause's examples, as far back as they may still be written down."""


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
    begun(origin, JAN)
    paid(origin, person, JAN, FEB)
    moved(destination, person, MAR)
    assert chain(person) == [(back(5), A), (back(3), B)]
    months = strip(person)
    assert [months[m] for m in (back(5), back(4), back(3), back(2))] == [(A, "paid")] * 2 + [(B, "expected")] * 2
    assert sound()


def test_a_late_receipt_leaves_the_month_with_the_origin(origin: Officer, destination: Officer, person: Person) -> None:
    """迁入地四月才发：三月由迁出地照发."""
    begun(origin, JAN)
    paid(origin, person, JAN, FEB)
    moved(destination, person, MAR)
    paid(origin, person, MAR)
    assert chain(person) == [(back(5), A), (back(2), B)]
    assert strip(person)[back(3)] == (A, "paid")
    paid(destination, person, APR, payer=B)
    assert [strip(person)[m] for m in (back(3), back(2))] == [(A, "paid"), (B, "paid")]
    assert sound()


ORDERS = {
    "先记前月": ([MAR, APR], 1),
    "先记后月": ([APR, MAR], 1),
    "三个月倒着记": ([ago(1), APR, MAR], 0),
    "中间缺一个月": ([ago(1), MAR], 2),
}


@pytest.mark.parametrize(("order", "first"), ORDERS.values(), ids=ORDERS)
def test_the_first_month_moves_on_in_whatever_order_the_origin_s_are_written_down(
    origin: Officer, destination: Officer, person: Person, order: list[str], first: int
) -> None:
    """Nobody waits for the destination to pay what the origin has paid."""
    begun(origin, JAN)
    paid(origin, person, JAN, FEB)
    moved(destination, person, MAR)
    paid(origin, person, *order)
    assert chain(person) == [(back(5), A), (back(first), B)]
    assert [strip(person)[back(n)] for n in range(3, first, -1)] == [(A, "paid")] * (3 - first)
    paid(destination, person, *(ago(n) for n in range(first, -1, -1) if ago(n) not in order), payer=B)
    assert payers(person) == 1
    assert sound()


def test_a_first_month_is_put_off_beyond_what_the_origin_has_paid(
    origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, JAN)
    paid(origin, person, JAN, FEB)
    moved(destination, person, MAR)
    paid(origin, person, ago(1))
    postpone(by=destination, person=str(person.pk), kind="dibao", month=ago(1), reason="来不及")
    assert chain(person)[-1] == (back(0), B)
    assert strip(person)[back(1)] == (A, "paid")


def test_what_the_origin_has_paid_already_stays_its_month(
    origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, JAN)
    paid(origin, person, JAN, FEB, MAR)
    moved(destination, person, MAR)
    assert chain(person) == [(back(5), A), (back(2), B)]


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


@pytest.mark.parametrize("kind", ["dibao", None], ids=["种类登记着", "种类后来不知道了"])
def test_a_death_that_was_none_leaves_no_month_unpaid(origin: Officer, person: Person, kind: str | None) -> None:
    begun(origin, ago(3))
    if kind is None:
        record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": None})
    before, police = strip(person), clerk("police", KAIZHOU, "county", "public_security")
    died = first_day(back(2))
    end_person(by=police, person=str(person.pk), on=died, because="death")
    assert strip(person) != before
    restore_person(by=police, person=str(person.pk), because="同名同姓")
    assert strip(person) == before


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


@pytest.fixture
def once_dibao(origin: Officer, person: Person) -> Person:
    """Somebody whose dibao became tekun with this month, and was paid."""
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    with everything():
        direct(str(person.pk), "dibao", payer="", since=back(0), because="改为另一种救助")
        direct(str(person.pk), "tekun", payer=A, since=back(0), because="开始享受")
    Person.objects.unscoped().filter(pk=person.pk).update(facts={**person.facts, "assistance_kind": "tekun"})
    return person


def test_tekun_becomes_dibao_again_after_its_last_month(origin: Officer, once_dibao: Person) -> None:
    record_facts(by=origin, kind="person", subject=str(once_dibao.pk), facts={"assistance_kind": "dibao"})
    assert chain(once_dibao, "tekun") == [(back(0), A), (back(-1), "")]
    assert chain(once_dibao) == [(back(1), A), (back(0), ""), (back(-1), A)]
    assert (strip(once_dibao)[back(0)][0], strip(once_dibao, "tekun")[back(0)]) == ("", (A, "expected"))
    assert sound()


def test_where_the_kind_is_unknown_what_was_stopped_stays_stopped(
    origin: Officer, destination: Officer, once_dibao: Person
) -> None:
    record_facts(by=origin, kind="person", subject=str(once_dibao.pk), facts={"assistance_kind": None})
    moved(destination, once_dibao, ago(0))
    assert chain(once_dibao) == [(back(1), A), (back(0), "")]
    assert chain(once_dibao, "tekun") == [(back(0), B)], "what goes on goes over"
    assert sound()


def test_of_a_split_household_everybody_keeps_every_month(
    village: Officer, origin: Officer, destination: Officer
) -> None:
    old, son = poor(village), poor(village, name="张远", order=3, code="2")
    begun(origin, ago(2))
    for one in (old, son):
        paid(origin, one, ago(2), ago(1))
    earlier(son)
    leave_household(by=village, person=str(son.pk), until=today(), because="拆户")
    home = create_household(by=village, household_code="3", origin=ORIGIN, destination=DESTINATION)
    join_household(by=village, person=str(son.pk), household=str(home.pk), relation="户主", since=today())
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


@pytest.mark.parametrize("month", ["1926-10", "1900-01", ago(37)])
def test_a_year_that_was_mistyped_makes_no_months(origin: Officer, person: Person, month: str) -> None:
    """Nobody could take them back."""
    with pytest.raises(Refused, match=f"{month} 太早了，最早写 {ago(36)}"):
        begun(origin, month)
    with pytest.raises(Refused, match="太早了"):
        paid(origin, person, month)
    assert strip(person) == {}


def test_months_begin_at_the_earliest_three_years_back(origin: Officer, person: Person) -> None:
    begun(origin, ago(36))
    assert list(strip(person)) == list(from_to(back(36), back(-1)))


def test_a_chain_begins_with_no_month_that_is_too_long_ago(person: Person) -> None:
    with everything():
        direct(str(person.pk), "dibao", payer=A, since=192610, because="开始享受")
    assert chain(person) == [(back(36), A)]


def test_what_was_paid_long_ago_is_still_taken_back(origin: Officer, person: Person) -> None:
    with everything():
        Amount.objects.create(
            person=person, kind="dibao", month=back(40), payer=A, sort="paid", amount=AMOUNT, on=today(), by=origin
        )
    take_back(
        by=origin, person=str(person.pk), kind="dibao", month=ago(40), payer=A, amount=AMOUNT, on=today(),
        offset=False, reason="多发",
    )  # fmt: skip
    assert Amount.objects.unscoped().filter(person=person).count() == 2


def test_an_office_begins_with_so_many_months_at_once(
    village: Officer, origin: Officer, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = poor(village, name="王秀英", order=2, code="2")
    monkeypatch.setattr("anju.payments.actions.beginning._most_months", 9)
    with pytest.raises(Refused, match=f"一次最多记 9 个月：这里有 2 人，从 {ago(2)} 起记"):
        begun(origin, ago(3))
    assert strip(other) == {}
    begun(origin, ago(2))
    assert [len(strip(one)) for one in (person, other)] == [4, 4]


def test_only_the_office_s_own_line_begins(person: Person) -> None:
    for by in (civil("elsewhere", B), clerk("police", KAIZHOU, "county", "public_security")):
        with pytest.raises(Refused, match="不在您的范围里"):
            begun(by, ago(0))


def test_a_county_is_no_office_that_pays(person: Person) -> None:
    """Else everybody of its townships would be the county's from then on."""
    county = civil("county", KAIZHOU, "county")
    with pytest.raises(Refused, match="按乡镇记"):
        begun(county, ago(0), payer=KAIZHOU)
    with pytest.raises(Refused, match="按乡镇关账"):
        ask_closing(by=county, payer=KAIZHOU, month=ago(1))
    assert strip(person) == {}


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
            confirm_hold(by=stranger, month=month)
        with pytest.raises(Refused, match="没有这一条"):
            close_month(by=stranger, closing=closing)
        with pytest.raises(Refused, match="没有这一条"):
            withdraw_closing(by=stranger, closing=closing)
