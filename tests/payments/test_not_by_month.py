"""不按月发: that somebody is helped once and not by the month is recorded; a number of offices never is, it follows from the months."""

from __future__ import annotations

import re

import pytest

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.register.actions import record_facts
from anju.register.facts import facts_by_subject, facts_of, today
from anju.register.models import Person
from tests.desk.cast import browser
from tests.payments.cast import ago, begun, civil
from tests.register.cast import ORIGIN

CODE = "assistance_payers"


@pytest.fixture
def origin(db: None) -> Officer:
    return civil("origin", f"{ORIGIN[:9]}000")


def known(person: Person) -> set[object]:
    """What the register knows of it, by both ways of asking."""
    key = str(person.pk)
    return {
        facts_of("person", key, on=today()).get(CODE),
        facts_by_subject("person", [key], on=today())[key].get(CODE),
    }


def record(by: Officer, person: Person, fact: str | int | None) -> None:
    record_facts(by=by, kind="person", subject=str(person.pk), facts={CODE: fact})


def test_it_is_recorded_and_taken_back(origin: Officer, person: Person) -> None:
    record(origin, person, "irregular")
    assert known(person) == {"irregular"}
    record(origin, person, None)
    assert known(person) == {None}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_no_number_is(origin: Officer, person: Person, number: int) -> None:
    with pytest.raises(Refused, match="这里只记“不按月发”"):
        record(origin, person, number)


def test_a_month_takes_its_place(origin: Officer, person: Person) -> None:
    record(origin, person, "irregular")
    begun(origin, ago(1))
    assert known(person) == {0}, "a month is over, and nobody paid it"


def test_the_form_offers_it_and_leaves_what_months_say_alone(origin: Officer, person: Person) -> None:
    screen, address = browser(origin), f"/people/{person.pk}/facts/1.7/"
    page = screen.get(address).content.decode()
    assert f'name="{CODE}.special"' in page
    assert f'name="{CODE}"' not in page
    form = dict(re.findall(r'<input type="hidden" name="(revision)" value="(\d+)"', page))
    assert screen.post(address, {**form, f"{CODE}.special": "irregular", "because": "临时救助"}).status_code == 302
    assert known(person) == {"irregular"}
