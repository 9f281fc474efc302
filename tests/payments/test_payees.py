"""Whom an office pays it knows by name and masked number, wherever they live, and nothing else of those out of its reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Amount, Month, Payer
from anju.payments.queries.payees import ended_before, payees
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser
from tests.payments.cast import AMOUNT, back, civil
from tests.register.cast import clerk, household, number, zhang

ELSEWHERE = "500236101000"
"""A township of a third county, which pays him."""
FULL = number(1)


@pytest.fixture
def person(db: None) -> Person:
    """张青山 lives in 云阳, and a third county has to pay him this month."""
    village = clerk("village")
    person = zhang(village, household(village))
    with everything():
        Payer.objects.create(person=person, kind="dibao", payer=ELSEWHERE, since=back(0), because="核对")
        Month.objects.create(person=person, kind="dibao", month=back(0), payer=ELSEWHERE)
    return person


def months() -> list[int]:
    with everything():
        return list(Month.objects.unscoped().values_list("pk", flat=True))


def test_the_payer_sees_whom_it_pays(person: Person) -> None:
    payer = browser(civil("payer", ELSEWHERE))
    page = payer.get("/payments/").content.decode()
    rows = page.split('id="list"')[1]
    assert ("张青山" in rows, f"{FULL[:3]}**************{FULL[-1:]}" in rows) == (True, True)
    assert FULL not in page
    assert f"/people/{person.pk}/" not in page, "no way leads on"
    for address in (f"/people/{person.pk}/", f"/payments/{person.pk}/"):
        assert payer.get(address).status_code == 404


def test_nothing_but_the_two(person: Person) -> None:
    (one,) = payees(civil("payer", ELSEWHERE), months()).values()
    assert (one.name, one.number, one.reached) == ("张青山", f"{FULL[:3]}**************{FULL[-1:]}", False)
    assert set(one.__slots__) == {"key", "name", "number", "reached"}


def test_the_payer_learns_that_money_of_a_month_after_a_death_has_to_come_back(person: Person) -> None:
    with everything():
        Amount.objects.create(
            person=person, kind="dibao", month=back(0), payer=ELSEWHERE, sort="paid", amount=AMOUNT, on=today()
        )
        Month.objects.unscoped().filter(person=person).update(state="paid")
        Person.objects.unscoped().filter(pk=person.pk).update(
            ended_on=today().replace(day=1) - timedelta(days=1), ended_because="death"
        )
    page = browser(civil("payer", ELSEWHERE)).get("/payments/?show=stray").content.decode()
    assert ("张青山" in page, "应追回" in page) == (True, True)
    other = browser(civil("other", "500240101000")).get("/payments/?show=stray").content.decode()
    assert ("张青山" in other, "应追回" in other) == (False, False)
    assert ended_before(civil("third", "500240101000"), back(0)) == frozenset()


def test_who_is_in_reach_is_a_link_without_a_number(person: Person) -> None:
    page = browser(civil("near", "500235104000")).get("/payments/").content.decode()
    assert "张青山" not in page.split('id="list"')[1], "it is no month of this office"
    (one,) = payees(civil("both", "500235000000", "county"), months()).values()
    assert (one.name, one.number, one.reached) == ("张青山", "", True)


@pytest.mark.parametrize(
    ("region", "level", "line"),
    [("500240101000", "township", "civil_affairs"), (ELSEWHERE, "township", "medical_security")],
    ids=["别县的民政", "发放地的医保"],
)
def test_whose_month_it_is_not_sees_nobody(person: Person, region: str, level: str, line: str) -> None:
    who: Officer = clerk("other", region, level, line)
    assert payees(who, months()) == {}
    assert "张青山" not in browser(who).get("/payments/").content.decode()
