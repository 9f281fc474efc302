"""A second move and a return: whoever holds the relation of assistance gives it, and every month has one payer throughout."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anju.cases.actions import open_case, terminate
from anju.cases.models import Case
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import Given, record_amounts
from anju.payments.models import Sort
from anju.register.actions import move_relation, place_person
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.test_pages import now
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, chain, paid, strip
from tests.payments.test_cut_over import WAY
from tests.register.cast import DESTINATION, ORIGIN

WANZHOU = "500101100001"
C = f"{WANZHOU[:9]}000"


@pytest.fixture
def offices(origin: Officer, destination: Officer) -> Offices:
    """The offices of 开州, 云阳 and 万州."""
    return Offices().open_all(ORIGIN, DESTINATION, WANZHOU)


@pytest.fixture
def months(origin: Officer, person: Person) -> Person:
    """开州 has paid until five months ago."""
    begun(origin, ago(6))
    paid(origin, person, ago(6), ago(5))
    return person


def opened(offices: Offices, person: Person, giver: str) -> Case:
    by = offices.at("civil_affairs", "township", giver)
    return open_case(
        by=by,
        procedure="transfer_assistance_by_letter",
        subject=str(person.pk),
        applied_on=today() - timedelta(days=40),
        how="本人到场",
    )


def transferred(offices: Offices, person: Person, giver: str, first: int) -> Case:
    """A whole transfer: the receiving side begins so many months ago."""
    case = opened(offices, person, giver)
    for action, fields in WAY:
        told = {"首发月": ago(first)} if "首发月" in fields else {"末发月": ago(first + 1)} if fields else {}
        case = step_on(case, offices, action, on=None, **told)
    return case


def settled(offices: Offices, person: Person, *, leaves: str, for_: str, months: int) -> None:
    """The hukou went on so many months ago, and the places are corrected: where they left, and where they are."""
    police = offices.at("public_security", "county", f"{leaves[:6]}000000")
    move_relation(
        by=police, person=str(person.pk), kind="hukou", holder=for_, since=date.fromisoformat(f"{ago(months)}-01")
    )
    place_person(by=police, person=str(person.pk), origin=leaves, destination=for_, because="再次搬迁")


def test_there_and_back_and_on_again(offices: Offices, months: Person, origin: Officer, destination: Officer) -> None:
    transferred(offices, months, A, 4)
    paid(destination, months, ago(4), ago(3), payer=B)
    settled(offices, months, leaves=DESTINATION, for_=ORIGIN, months=3)
    case = transferred(offices, months, B, 2)
    assert (case.origin, case.destination) == (DESTINATION, ORIGIN), "云阳 holds it and gives it"
    paid(origin, months, ago(2), ago(1))
    settled(offices, months, leaves=ORIGIN, for_=WANZHOU, months=1)
    transferred(offices, months, A, 0)
    assert chain(months) == [(back(6), A), (back(4), B), (back(2), A), (back(0), C)]
    assert [strip(months)[back(n)][0] for n in (6, 5, 4, 3, 2, 1, 0, -1)] == [A, A, B, B, A, A, C, C]


def test_the_origin_does_not_give_what_another_holds(offices: Offices, months: Person) -> None:
    """Moved on to 万州 with 开州 still written down as the origin: 云阳 holds the relation, and is asked for first."""
    transferred(offices, months, A, 4)
    police = offices.at("public_security", "county", "500154000000")
    place_person(by=police, person=str(months.pk), origin=ORIGIN, destination=WANZHOU, because="再次搬迁")
    with pytest.raises(Refused, match=r"救助关系现在由云阳.*先把迁出地更正为云阳"):
        opened(offices, months, A)
    there = offices.at("public_security", "county", "500101000000")
    place_person(by=there, person=str(months.pk), origin=DESTINATION, destination=WANZHOU, because="从云阳迁出")
    assert opened(offices, months, B).origin == DESTINATION


def moved_on(offices: Offices, person: Person) -> None:
    police = offices.at("public_security", "county", "500235000000")
    place_person(by=police, person=str(person.pk), origin=DESTINATION, destination=WANZHOU, because="再次搬迁")


def given_on_the_list(by: Officer, person: Person, *months: int) -> None:
    """The origin does not see the person any more; what it paid comes with its list, as imports write it down."""
    given = [Given(str(person.pk), "dibao", back(n), A, AMOUNT, today(), sort=Sort.PAID) for n in months]
    with everything():
        record_amounts(given, by)


def test_who_moves_on_before_the_first_month_is_confirmed_stays_with_the_origin(
    offices: Offices, months: Person, origin: Officer, destination: Officer
) -> None:
    """The transfer cannot end any more; the origin pays on, without a month between and none twice, whether it is given up or not."""
    case = opened(offices, months, A)
    for action, _ in WAY[:4]:
        case = step_on(case, offices, action)
    moved_on(offices, months)
    for action, fields in WAY[4:-1]:
        case = step_on(case, offices, action, on=None, **{n: ago(0) for n in fields if n == "首发月"})
    with pytest.raises(Refused, match=r"又搬到了.*万州.*人已经不在那里"):
        step_on(case, offices, WAY[-1][0])
    assert chain(months) == [(back(6), A)]
    given_on_the_list(origin, months, 4, 3)
    turn = waiting(now(case))[0]
    terminate(by=offices.of(turn), case=case.pk, seen=now(case).entries, because="又搬到了万州")
    given_on_the_list(origin, months, 2, 1, 0)
    assert chain(months) == [(back(6), A)]
    assert [strip(months)[back(n)] for n in (2, 1, 0, -1)] == [(A, "paid"), (A, "paid"), (A, "paid"), (A, "expected")]


def test_a_first_month_that_was_confirmed_before_is_kept(
    offices: Offices, months: Person, origin: Officer, destination: Officer
) -> None:
    """The destination has begun: it goes on until the next transfer, and gives it."""
    case = opened(offices, months, A)
    for action, fields in WAY[:5]:
        case = step_on(case, offices, action, on=None, **{n: ago(1) for n in fields if n == "首发月"})
    moved_on(offices, months)
    for action, _ in WAY[5:]:
        case = step_on(case, offices, action)
    assert chain(months) == [(back(6), A), (back(1), B)]
    assert [strip(months)[back(n)][0] for n in (4, 3, 2, 1, 0, -1)] == [A, A, A, B, B, B]
    assert opened(offices, months, B).origin == DESTINATION
