"""Who has ended holds nothing any more (I19), and a pension that is drawn stays (I12): the database holds it whoever writes, and whenever.

What two do at the same moment is tried on both engines: the second one waits, and is refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import sentence
from anju.government.second_wall import everything
from anju.register.actions import end_person, move_relation, record_facts, restore_person
from anju.register.changes import changed
from anju.register.models import Household, Membership, Person, Relation
from anju.register.verification import verify
from tests.race import race
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, zhang

TODAY = timezone.localdate()
BEGAN = TODAY - timedelta(days=100)
ENDED = "这个人已经注销"
DRAWN = "已经领取养老待遇的"


def step(person: Person, kind: str, holder: str, *, since: date = TODAY, after: date | None = None) -> Relation:
    because = "moved" if holder else "status"
    return Relation.objects.create(person=person, kind=kind, holder=holder, since=since, because=because, after=after)


def joins(person: Person) -> Membership:
    home = Household.objects.create(code="7", origin=ORIGIN, destination=DESTINATION)
    return Membership.objects.create(person=person, household=home, since=TODAY)


def stays_in(person: Person, days: int) -> int:
    """The household has the person until some days after today, instead of the first."""
    until = TODAY + timedelta(days)
    home = joins(person)
    Membership.objects.unscoped().filter(pk=home.pk).update(until=TODAY + timedelta(1))
    ends(person)
    return Membership.objects.unscoped().filter(pk=home.pk).update(until=until)


def last_of(person: Person, kind: str) -> date:
    found = Relation.objects.unscoped().filter(person=person, kind=kind).order_by("-since").first()
    assert found
    return found.since


def drawing(person: Person) -> int:
    return Person.objects.unscoped().filter(pk=person.pk).update(facts={"pension_status": "drawing"})


def ends(person: Person) -> int:
    on = TODAY - timedelta(days=1)
    return Person.objects.unscoped().filter(pk=person.pk).update(ended_on=on, ended_because="death")


def pension(person: Person, holder: str) -> Relation:
    return step(person, "pension", holder, after=last_of(person, "pension"))


WRITES: dict[str, tuple[Callable[[Person], object], str]] = {
    "活着，开头一条": (lambda p: step(p, "election", DESTINATION), ""),
    "活着，入户": (joins, ""),
    "缴费中，换地方": (lambda p: pension(p, YUNYANG), ""),
    "领取，还在原地": (lambda p: (drawing(p), pension(p, KAIZHOU)), ""),
    "领取，终止": (lambda p: (drawing(p), pension(p, "")), ""),
    "领取，别的关系": (lambda p: (drawing(p), step(p, "medical", YUNYANG)), ""),
    "领取，换地方": (lambda p: (drawing(p), pension(p, YUNYANG)), DRAWN),
    "注销了，开头一条": (lambda p: (ends(p), step(p, "election", DESTINATION)), ENDED),
    "注销了，接着转": (lambda p: (ends(p), step(p, "hukou", DESTINATION, after=last_of(p, "hukou"))), ENDED),
    "注销了，补一条早的": (lambda p: (ends(p), step(p, "party", DESTINATION, since=BEGAN)), ENDED),
    "注销了，入户": (lambda p: (ends(p), joins(p)), ENDED),
    "注销了，早一天出户": (lambda p: stays_in(p, 1), ""),
    "注销了，晚一天出户": (lambda p: stays_in(p, 2), ENDED),
}


def family() -> Person:
    """Somebody whose pension is paid into in another county."""
    person = zhang(clerk("village"), facts={"hukou_moved": False, "pension_status": "contributing"})
    office = clerk("pensions", YUNYANG, "county", "human_resources")
    move_relation(by=office, person=str(person.pk), kind="pension", holder=KAIZHOU, since=BEGAN, because="enrolled")
    return person


@pytest.fixture
def person(db: None) -> Person:
    return family()


@pytest.mark.parametrize(("write", "refused"), WRITES.values(), ids=WRITES)
def test_the_database_itself_refuses(person: Person, write: Callable[[Person], object], refused: str) -> None:
    if not refused:
        with everything():
            write(person)
        return
    with pytest.raises(IntegrityError) as error, everything(), transaction.atomic():
        write(person)
    assert sentence(error.value).startswith(refused)


def test_a_death_that_was_none_gives_back_what_it_took(person: Person) -> None:
    police = clerk("police", YUNYANG, "county", "public_security")
    end_person(by=police, person=str(person.pk), on=BEGAN, because="death")
    restore_person(by=police, person=str(person.pk), because="登错了人")
    with everything():
        assert Relation.objects.unscoped().filter(person=person, kind="pension", holder=KAIZHOU).exists()


def ending(officers: Mapping[str, Officer], person: Person) -> None:
    end_person(by=officers["police"], person=str(person.pk), on=TODAY, because="death")


def begins_to_draw(officers: Mapping[str, Officer], person: Person) -> None:
    record_facts(by=officers["pensions"], kind="person", subject=str(person.pk), facts={"pension_status": "drawing"})


def draws_by_itself(_officers: Mapping[str, Officer], person: Person) -> None:
    with everything():
        drawing(person)
        changed("person", [str(person.pk)])


RACES: dict[str, tuple[Any, Callable[[Person], object], str]] = {
    "注销时登记关系": (ending, lambda p: step(p, "election", ELSEWHERE), ENDED),
    "注销时入户": (ending, joins, ENDED),
    "开始领取时转走": (begins_to_draw, lambda p: pension(p, YUNYANG), DRAWN),
    "绕过动作开始领取时转走": (draws_by_itself, lambda p: pension(p, YUNYANG), DRAWN),
}


@pytest.mark.parametrize(("deed", "write", "refused"), RACES.values(), ids=RACES)
def test_of_two_at_the_same_moment(
    own_database: str, deed: Any, write: Callable[[Person], object], refused: str
) -> None:
    """One is done and not committed yet when the other writes what rests on it, as an import does that has compared before."""
    person = family()
    officers = {"police": clerk("police", YUNYANG, "county", "public_security")}
    officers["pensions"] = Officer.objects.get(account="pensions")
    done = threading.Event()

    def first() -> bool:
        with transaction.atomic():
            deed(officers, person)
            done.set()
            time.sleep(1)
        return True

    def second() -> bool:
        done.wait(30)
        with everything():
            write(person)
        return True

    run = race(2, lambda number: (first, second)[number]())
    assert run.won == 1
    assert [sentence(error)[: len(refused)] for error in run.raised if isinstance(error, IntegrityError)] == [refused]
    assert {said: n for said, n in verify().items() if n} == {}
