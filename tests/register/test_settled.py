"""安置人数: what was recorded counts until as many people are registered, on any day and as it was known. On both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from anju.government.models import Officer
from anju.register.actions import create_household, create_person, create_site, leave_household, record_facts
from anju.register.facts import facts_by_subject, facts_frame, facts_of
from anju.register.models import Membership, Person, Site
from anju.register.queries.one import Settled, settled_at
from tests.register.cast import DESTINATION, ORIGIN, clerk

TODAY = timezone.localdate()
LONG_AGO, YESTERDAY = TODAY - timedelta(days=90), TODAY - timedelta(days=1)


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


def settle(by: Officer, name: str, recorded: int | None, registered: int) -> tuple[Site, list[Person]]:
    """A site with a recorded number, and a household with so many people, since long ago."""
    site = create_site(by=by, name=name, region=DESTINATION, facts={"persons": recorded})
    home = create_household(by=by, household_code=name, origin=ORIGIN, destination=DESTINATION, site=site)
    people = [create_person(by=by, name=f"{name}{n}", household=home, relation="家人") for n in range(registered)]
    Membership.objects.unscoped().filter(household=home).update(since=LONG_AGO)
    return site, people


def counted(site: Site, on: date = TODAY) -> object:
    return facts_of("site", str(site.pk), on=on).get("persons")


NUMBERS: dict[str, tuple[int | None, int, int | None]] = {
    "一个也没登记": (3, 0, 3),
    "登记了一个": (3, 1, 3),
    "差一个": (3, 2, 3),
    "刚好够": (3, 3, 3),
    "多一个": (3, 4, 4),
    "没有记录": (None, 2, 2),
    "记录是零": (0, 1, 1),
    "什么也没有": (None, 0, None),
}


@pytest.mark.parametrize(("recorded", "registered", "counts"), NUMBERS.values(), ids=NUMBERS)
def test_until_as_many_are_registered(
    recorded: int | None, registered: int, counts: int | None, village: Officer
) -> None:
    site, _ = settle(village, "安居新村", recorded, registered)
    settle(village, "别处", 7, 1)
    assert counted(site) == counts
    whole = facts_frame("site", None, on=TODAY)
    assert dict(zip(whole["@id"], whole["persons"], strict=True))[str(site.pk)] == counts
    assert facts_by_subject("site", [str(site.pk)], on=TODAY)[str(site.pk)].get("persons") == counts
    known = settled_at(site.pk, TODAY, None)
    assert known == Settled(registered, recorded)
    assert known.by_record == (recorded is not None and registered < recorded)


def test_a_past_day_reads_who_was_there(village: Officer) -> None:
    site, people = settle(village, "安居新村", 2, 3)
    leave_household(by=village, person=str(people[0].pk), until=YESTERDAY, because="分户")
    assert [counted(site, on) for on in (LONG_AGO - timedelta(days=1), LONG_AGO, TODAY)] == [2, 3, 2]
    leave_household(by=village, person=str(people[1].pk), until=TODAY, because="分户")
    assert counted(site, YESTERDAY) == 2
    assert counted(site) == 2, "one is registered; what was recorded counts again"
    assert settled_at(site.pk, TODAY, None) == Settled(1, 2)


def test_what_was_known_then_is_known_later(village: Officer) -> None:
    site, _ = settle(village, "安居新村", 2, 1)
    before = timezone.now()
    record_facts(by=village, kind="site", subject=str(site.pk), facts={"persons": 900}, because="名录")
    between = timezone.now()
    home = create_household(by=village, household_code="9", origin=ORIGIN, destination=DESTINATION, site=site)
    late = [create_person(by=village, name=f"后来{n}", household=home, relation="家人") for n in range(2)]
    Membership.objects.unscoped().filter(household=home).update(since=LONG_AGO)
    record_facts(by=village, kind="site", subject=str(site.pk), facts={"persons": None}, because="名录作废")
    after = timezone.now()
    leave_household(by=village, person=str(late[0].pk), until=LONG_AGO + timedelta(days=1), because="登记错了")
    moments = (before, between, after, timezone.now())
    told = [facts_of("site", str(site.pk), on=TODAY, at=at).get("persons") for at in moments]
    assert told == [2, 900, 3, 2]
    assert [settled_at(site.pk, TODAY, at) for at in moments[:2]] == [Settled(1, 2), Settled(1, 900)]
