"""换届: a registration and a choice are of one election; those of the next one are asked for anew, on both sides (2.3-5, I6, I8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import record_facts, record_wish
from anju.register.facts import facts_of, today
from anju.register.models import Person, Wish
from tests.register.cast import clerk, household, zhang

pytestmark = pytest.mark.django_db
LAST = date(2021, 12, 20)
NEXT = date(today().year + 1, 6, 1)
OF_LAST: Mapping[str, Fact] = {
    "hukou_moved": False,
    "election_day": LAST,
    "destination_body": "village",
    "moved_in_on": date(2019, 3, 1),
    "voter_registrations": 1,
    "barred_from_list": True,
    "assembly_consent": True,
    "voter_appeal": "settled",
    "voter_list_published_on": date(2021, 11, 25),
    "voter_appeal_on": date(2021, 11, 26),
}
ANEW: Mapping[str, Fact | None] = {
    "voter_registrations": 0,
    "barred_from_list": None,
    "assembly_consent": False,
    "voter_appeal": "not_published",
    "voter_list_published_on": None,
    "voter_appeal_on": None,
}


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def voter(village: Officer) -> Person:
    """张青山, who chose the old village at the last election, and was registered."""
    person = zhang(village, household(village), facts=dict(OF_LAST))
    record_wish(by=village, person=str(person.pk), kind="election", choice="origin", on=LAST, how="当面")
    return person


def announced(by: Officer, person: Person, day: date, **more: Fact) -> dict[str, Fact | None]:
    """What is known once an election day is recorded."""
    record_facts(by=by, kind="person", subject=str(person.pk), facts={"election_day": day, **more})
    return known(person)


def known(person: Person, on: date | None = None) -> dict[str, Fact | None]:
    facts = facts_of("person", str(person.pk), on=on or today())
    return {code: facts.get(code) for code in (*ANEW, "election_choice")}


def asked(person: Person) -> int:
    with everything():
        return Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), kind="ask_election_choice").count()


DAYS = {
    "五年以后": (date(2026, 12, 20), True),
    "提前一年": (date(2025, 12, 20), True),
    "提前一年多一天，还算这一届": (date(2025, 12, 19), False),
    "推迟三个月": (date(2022, 3, 20), False),
    "提早一个月": (date(2021, 11, 20), False),
    "写错的年份改回去": (date(2016, 12, 20), False),
}


@pytest.mark.parametrize(("day", "another"), DAYS.values(), ids=DAYS)
def test_a_term_later_all_is_asked_anew(day: date, another: bool, village: Officer, voter: Person) -> None:
    before = known(voter)
    assert before == {**{code: OF_LAST[code] for code in ANEW}, "election_choice": "origin"}
    after = announced(village, voter, day)
    assert after == ({**ANEW, "election_choice": "unstated"} if another else before)
    assert known(voter, LAST)["election_choice"] == "origin", "what he chose then stays what he chose then"


def test_both_villages_ask_him_and_the_offer_stands_again(village: Officer, voter: Person) -> None:
    assert asked(voter) == 0
    announced(village, voter, NEXT)
    with everything():
        (duty,) = Duty.objects.unscoped().owed().filter(subject_id=str(voter.pk), kind="ask_election_choice")
    assert (duty.origin, duty.destination) == (voter.origin, voter.destination)
    record_wish(by=village, person=str(voter.pk), kind="election", choice="origin", on=today(), how="电话")
    assert asked(voter) == 0
    with everything():
        owed = set(Duty.objects.unscoped().owed().filter(subject_id=str(voter.pk)).values_list("kind", flat=True))
    assert "register_voter_at_origin" in owed


SAID = {
    "选举日当天说的，是上一届的": (LAST, "unstated"),
    "选举过后说的，是这一届的": (LAST + timedelta(1), "destination"),
    "昨天说的": (today() - timedelta(1), "destination"),
}


@pytest.mark.parametrize(("on", "stands"), SAID.values(), ids=SAID)
def test_what_he_said_since_the_last_election_stands(on: date, stands: str, village: Officer, voter: Person) -> None:
    record_wish(by=village, person=str(voter.pk), kind="election", choice="destination", on=on, how="电话")
    assert announced(village, voter, NEXT)["election_choice"] == stands


def test_what_is_told_with_the_day_is_of_that_election(village: Officer, voter: Person) -> None:
    told: dict[str, Fact] = {"voter_registrations": 2, "voter_appeal": "open", "voter_appeal_on": today()}
    assert announced(village, voter, NEXT, **told) == {**ANEW, **told, "election_choice": "unstated"}


def test_a_first_election_day_ends_nothing(village: Officer) -> None:
    person = zhang(village, household(village), facts={"voter_registrations": 1, "hukou_moved": False})
    record_wish(by=village, person=str(person.pk), kind="election", choice="origin", on=today(), how="当面")
    after = announced(village, person, NEXT)
    assert (after["voter_registrations"], after["assembly_consent"], after["election_choice"]) == (1, None, "origin")


def test_what_was_not_known_of_the_last_one_is_not_known_of_the_next(village: Officer) -> None:
    person = zhang(village, household(village), facts={"election_day": LAST, "hukou_moved": False})
    assert announced(village, person, NEXT)["voter_registrations"] is None
    with everything():
        assert not Wish.objects.unscoped().filter(person=person).exists()


def test_twice_put_off_is_asked_once(village: Officer, voter: Person) -> None:
    announced(village, voter, NEXT)
    assert announced(village, voter, NEXT + timedelta(30))["voter_registrations"] == 0
    with everything():
        said = list(Wish.objects.unscoped().filter(person=voter).order_by("on").values_list("choice", flat=True))
    assert said == ["origin", "unstated"]
