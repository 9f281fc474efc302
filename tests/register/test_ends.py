"""Death and cancellation: what ends with somebody, what is void, and how a mistake is taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from anju.duties import subjects
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.actions import (
    end_person,
    join_household,
    leave_household,
    move_relation,
    record_wish,
    restore_person,
)
from anju.register.models import Household, Membership, Person, Relation
from anju.register.verification import verify
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, clerk, household, zhang

TODAY = timezone.localdate()


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


def test_death_ends_every_relation_on_one_day(village: Officer) -> None:
    person = zhang(
        village, household(village), facts={"hukou_moved": True, "pension_status": "drawing", "pension_moved": False}
    )
    end_person(by=village, person=str(person.pk), on=date(2026, 4, 1), because="death")
    last = {r.kind: (r.holder, r.since, r.because) for r in Relation.objects.unscoped().last_steps()}
    assert last == {kind: ("", date(2026, 4, 1), "death") for kind in ("hukou", "pension")}
    home = Membership.objects.unscoped().get()
    assert (home.since, home.until) == (TODAY, TODAY)
    with pytest.raises(Refused, match="不再登记"):
        record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=TODAY, how="当面")
    with pytest.raises(Refused):
        end_person(by=village, person=str(person.pk), on=date(2026, 4, 2), because="death")


DAYS: dict[str, tuple[date, date, date]] = {
    "登记以前去世": (TODAY - timedelta(days=9), TODAY, TODAY),
    "登记当天去世": (TODAY, TODAY, TODAY),
    "登记以后去世": (TODAY, TODAY - timedelta(days=9), TODAY),
    "去世以后才补登记": (TODAY - timedelta(days=9), TODAY - timedelta(days=3), TODAY - timedelta(days=3)),
}


@pytest.mark.parametrize(("on", "since", "until"), DAYS.values(), ids=DAYS)
def test_nobody_stays_in_a_household_after_death(village: Officer, on: date, since: date, until: date) -> None:
    home = household(village)
    person = zhang(village, home)
    Membership.objects.unscoped().update(since=since)
    end_person(by=village, person=str(person.pk), on=on, because="death")
    assert Membership.objects.unscoped().get().until == until
    assert subjects.placed("household", [str(home.pk)], TODAY)["ended"].to_list() == [True]
    assert verify()["注销了的人不再在户里"] == 0
    wife = zhang(village, home, name="李秀兰", order=2)
    assert Membership.objects.unscoped().get(person=wife).relation == "户主"
    with pytest.raises(Refused, match="已经有户主"):
        restore_person(by=village, person=str(person.pk), because="同名同姓，登记错了人")


def test_who_stays_behind_is_found(village: Officer) -> None:
    zhang(village, household(village))
    Person.objects.unscoped().update(ended_on=TODAY, ended_because="death")
    assert verify()["注销了的人不再在户里"] == 1


def test_a_household_out_of_reach_loses_its_dead_too(village: Officer) -> None:
    person = zhang(village)
    with everything():
        far = Household.objects.create(code="远", origin=ELSEWHERE)
        Membership.objects.create(person=person, household=far, since=date(2020, 1, 1))
    end_person(by=village, person=str(person.pk), on=TODAY, because="death")
    with everything():
        assert Membership.objects.unscoped().get().until == TODAY


def state() -> tuple[object, ...]:
    """What a death changes."""
    steps = Relation.objects.unscoped().order_by("kind", "since").values_list()
    memberships = Membership.objects.unscoped().order_by("pk").values_list()
    people = Person.objects.unscoped().values_list("ended_on", "ended_because", "ended_with", "facts")
    return [step[1:] for step in steps], list(memberships), list(people)


def test_a_death_by_mistake_is_taken_back(village: Officer) -> None:
    person = zhang(village, household(village), facts={"hukou_moved": True, "pension_status": "contributing"})
    before = state()
    end_person(by=village, person=str(person.pk), on=date(2026, 4, 1), because="death")
    assert state() != before
    with pytest.raises(Refused, match="写明为什么"):
        restore_person(by=village, person=str(person.pk), because=" ")
    restore_person(by=village, person=str(person.pk), because="同名同姓，登记错了人")
    assert state() == before
    with pytest.raises(Refused, match="没有注销"):
        restore_person(by=village, person=str(person.pk), because="再来一次")
    record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=TODAY, how="当面")


def test_what_was_void_holds_again(village: Officer) -> None:
    first, second = household(village), household(village, code="2")
    person = zhang(village, first, facts={"hukou_moved": False})
    on = TODAY - timedelta(days=20)
    Membership.objects.unscoped().update(
        since=on - timedelta(days=9), until=on + timedelta(days=3), ended_at=timezone.now()
    )
    join_household(
        by=village, person=str(person.pk), household=str(second.pk), relation="户主", since=on + timedelta(days=3)
    )
    for day, place in ((1, DESTINATION), (5, ORIGIN)):
        move_relation(
            by=village,
            person=str(person.pk),
            kind="hukou",
            holder=place,
            since=on + timedelta(days=day),
            evidence=f"云公户〔2026〕{day}号",
        )
    before = state()
    end_person(by=village, person=str(person.pk), on=on, because="death")
    assert [r.holder for r in Relation.objects.unscoped().order_by("since")] == [ORIGIN, ""]
    restore_person(by=village, person=str(person.pk), because="同名同姓，登记错了人")
    assert state() == before


def test_who_had_left_that_day_stays_away(village: Officer) -> None:
    person = zhang(village, household(village))
    Membership.objects.unscoped().update(since=date(2020, 1, 1))
    leave_household(by=village, person=str(person.pk), until=TODAY, because="分户")
    before = state()
    end_person(by=village, person=str(person.pk), on=TODAY, because="cancelled")
    restore_person(by=village, person=str(person.pk), because="登记错了人")
    assert state() == before


def test_only_whoever_keeps_the_hukou_takes_a_death_back(village: Officer) -> None:
    person = zhang(village)
    end_person(by=village, person=str(person.pk), on=TODAY, because="cancelled")
    culture = clerk("culture", DESTINATION[:6] + "000000", "county", "culture")
    with pytest.raises(Refused, match="不归您的条线办"):
        restore_person(by=culture, person=str(person.pk), because="错了")


def test_a_stranger_takes_nothing_back(village: Officer) -> None:
    person = zhang(village)
    end_person(by=village, person=str(person.pk), on=TODAY, because="cancelled")
    stranger = clerk("stranger", ELSEWHERE, "county", "public_security")
    with pytest.raises(Refused, match="不在您的范围里"):
        restore_person(by=stranger, person=str(person.pk), because="错了")
    assert Person.objects.unscoped().get(pk=person.pk).ended_on == TODAY


def test_nobody_dies_tomorrow(village: Officer) -> None:
    person = zhang(village)
    with pytest.raises(Refused, match="不能晚于今天"):
        end_person(by=village, person=str(person.pk), on=TODAY + timedelta(days=1), because="death")


def test_what_was_registered_after_a_death_is_void(village: Officer) -> None:
    person = zhang(village, facts={"hukou_moved": False})
    move_relation(by=village, person=str(person.pk), kind="hukou", holder=DESTINATION, since=TODAY)
    end_person(by=village, person=str(person.pk), on=TODAY - timedelta(days=20), because="death")
    steps = Relation.objects.unscoped().filter(kind="hukou").order_by("since").values_list("holder", "because")
    assert list(steps)[-1] == ("", "death")
    assert DESTINATION not in [holder for holder, _ in steps]
    entry = Entry.objects.get(action="register.end_person")
    assert json.loads(entry.detail)["void"] == [{"relation": "hukou", "holder": DESTINATION, "since": str(TODAY)}]
