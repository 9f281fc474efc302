"""What the database refuses whoever writes, and who wins when sixteen write at once. On both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import pytest
from django.db import DataError, IntegrityError, connection

from anju.government.models import Officer, never
from anju.government.proving import questions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register import verification
from anju.register.actions import (
    create_household,
    create_person,
    join_household,
    move_relation,
    record_facts,
    record_wish,
)
from anju.register.models import Former, Household, Membership, PartyLife, Person, Relation, Site, Wish
from anju.register.verification import verify
from tests.race import race
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, YUNYANG, clerk, household, number, zhang

DAY = date(2026, 3, 1)
T = TypeVar("T")


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def person(village: Officer) -> Person:
    return zhang(village, household(village), facts={"hukou_moved": False})


def step(person: Person, before: Relation | None, **given: object) -> Relation:
    whole = {
        "kind": "hukou",
        "holder": DESTINATION,
        "since": DAY,
        "because": "moved",
        "after": before and before.since,
        **given,
    }
    return Relation(person=person, **whole)


ATTACKS: dict[str, Callable[[Person, Relation], object]] = {
    "同一个证件号码": lambda p, r: Person.objects.create(
        name="张重复", origin=ORIGIN, number_index=p.number_index, number="x"
    ),
    "有检索码没有号码": lambda p, r: Person.objects.create(name="张无号", origin=ORIGIN, number_index="0" * 64),
    "没有地点的人": lambda p, r: Person.objects.create(name="张无处"),
    "地点不是代码": lambda p, r: Person.objects.create(name="张某", origin="重庆"),
    "没有地点的户": lambda p, r: Household.objects.create(code="x"),
    "两个户主": lambda p, r: Membership.objects.create(
        person=Person.objects.create(name="张二", origin=ORIGIN),
        household=Household.objects.unscoped().get(),
        relation="户主",
        since=DAY,
    ),
    "从前有两个户主": lambda p, r: Membership.objects.create(
        person=Person.objects.create(name="张二", origin=ORIGIN),
        household=former_head(p),
        relation="户主",
        since=date(2020, 1, 1),
        until=date(2024, 1, 2),
    ),
    "后来说成从前就是户主": lambda p, r: (
        Membership.objects.create(
            person=Person.objects.create(name="张二", origin=ORIGIN),
            household=former_head(p),
            relation="配偶",
            since=date(2020, 1, 1),
        ),
        Membership.objects.unscoped().filter(relation="配偶").update(relation="户主"),
    ),
    "两户同在": lambda p, r: Membership.objects.create(
        person=p, household=Household.objects.create(code="2", origin=ORIGIN), since=date(2020, 1, 1), until=never
    ),
    "两户重叠一天": lambda p, r: Membership.objects.create(
        person=p,
        household=Household.objects.create(code="2", origin=ORIGIN),
        since=date(2020, 1, 1),
        until=date.max.replace(day=30),
    ),
    "第二个开头": lambda p, r: step(p, None).save(),
    "接在别人后面": lambda p, r: step(Person.objects.create(name="别人", origin=ORIGIN), r).save(),
    "接在别的关系后面": lambda p, r: step(p, r, kind="party").save(),
    "日子倒着走": lambda p, r: step(p, r, since=date.min).save(),
    "两条接在一条后面": lambda p, r: both(step(p, r), step(p, r, since=date(2026, 4, 1))),
    "户籍悬空": lambda p, r: step(p, r, holder="", because="status").save(),
    "终止没有原因": lambda p, r: step(p, r, holder="", because="moved").save(),
    "没有的关系": lambda p, r: step(p, None, kind="friend").save(),
    "改写历史": lambda p, r: Relation.objects.unscoped().filter(pk=r.pk).update(holder=ELSEWHERE),
    "删掉中间一条": lambda p, r: (both(step(p, r)), Relation.objects.unscoped().filter(pk=r.pk).delete()),
    "改写意愿": lambda p, r: (
        Wish.objects.create(person=p, kind="hukou", choice="willing", on=DAY),
        Wish.objects.unscoped().update(choice="unwilling"),
    ),
    "同一天同样的意愿": lambda p, r: [
        Wish.objects.create(person=p, kind="hukou", choice="willing", on=DAY) for _ in range(2)
    ],
    "改写以前的事实": lambda p, r: (
        Former.objects.create(
            subject_kind="person", subject_id=str(p.pk), until="2026-03-01T00:00Z", facts={}, revision=9
        ),
        Former.objects.update(facts={"rural_house": True}),
    ),
    "参加地重叠": lambda p, r: [
        PartyLife.objects.create(person=p, place=DESTINATION, since=date(2026, 1, n), until=never) for n in (1, 2)
    ],
    "同名的安置点": lambda p, r: [Site.objects.create(name="新村", region=DESTINATION) for _ in range(2)],
    "删掉有历史的人": lambda p, r: raw("DELETE FROM register_person"),
    "注销没有原因": lambda p, r: Person.objects.unscoped().filter(pk=p.pk).update(ended_on=DAY),
}


def former_head(person: Person) -> Household:
    """The household; its only head so far left it on 3 January 2024."""
    Membership.objects.unscoped().update(since=date(2023, 1, 1), until=date(2024, 1, 3))
    return Household.objects.unscoped().get()


def test_one_head_after_the_other(person: Person) -> None:
    with everything():
        home = former_head(person)
        wife = Person.objects.create(name="李秀兰", origin=ORIGIN)
        Membership.objects.create(person=wife, household=home, relation="户主", since=date(2024, 1, 3))
        other = Person.objects.create(name="张老", origin=ORIGIN)
        Membership.objects.create(
            person=other, household=home, relation="户主", since=date(2020, 1, 1), until=date(2023, 1, 1)
        )
    assert verify()["一户同一天只有一个户主"] == 0


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(person: Person, attack: Callable[[Person, Relation], object]) -> None:
    beginning = Relation.objects.unscoped().get()
    with pytest.raises((IntegrityError, DataError)):
        carried_out(attack, person, beginning)


def carried_out(attack: Callable[[Person, Relation], object], person: Person, beginning: Relation) -> None:
    """The attack, and what the database only checks at the end of a transaction."""
    with everything():
        attack(person, beginning)
        connection.check_constraints()


@pytest.fixture
def racing(own_database: str) -> Officer:
    return clerk("village")


def test_of_sixteen_who_register_one_person_one_does(racing: Officer) -> None:
    run = race(
        16, lambda n: create_person(by=racing, name=f"张{n}", number=number(1), origin=ORIGIN, destination=DESTINATION)
    )
    assert run.won == 1
    assert run.only_raised(Refused)


def test_of_sixteen_who_open_a_household_one_does(racing: Officer) -> None:
    run = race(16, lambda n: create_household(by=racing, household_code="7", origin=ORIGIN, destination=DESTINATION))
    assert run.won == 1
    assert run.only_raised(Refused)


def test_of_sixteen_who_take_the_next_step_one_does(racing: Officer) -> None:
    police = clerk("police", YUNYANG, "county", "public_security")
    person = zhang(racing, facts={"hukou_moved": False})
    seen = asked(lambda: str(Relation.objects.unscoped().get().pk))
    run = race(
        16,
        lambda n: move_relation(
            by=police, person=str(person.pk), kind="hukou", holder=DESTINATION, since=date(2026, 1, n + 1), seen=seen
        ),
    )
    assert run.won == 1
    assert run.only_raised(Refused)
    assert asked(lambda: Relation.objects.unscoped().count()) == 2


def test_of_sixteen_who_take_a_person_in_one_does(racing: Officer) -> None:
    homes = [household(racing, code=str(n)) for n in range(16)]
    person = zhang(racing)
    run = race(
        16,
        lambda n: done(
            join_household, by=racing, person=str(person.pk), household=str(homes[n].pk), relation="", since=DAY
        ),
    )
    assert run.won == 1
    assert run.only_raised(Refused)


def test_of_sixteen_who_become_head_one_does(racing: Officer) -> None:
    home = household(racing)
    people = [zhang(racing, name=f"张{n}", order=n) for n in range(16)]
    run = race(
        16,
        lambda n: done(
            join_household, by=racing, person=str(people[n].pk), household=str(home.pk), relation="户主", since=DAY
        ),
    )
    assert run.won == 1


def test_sixteen_who_record_facts_lose_none(racing: Officer) -> None:
    person = zhang(racing)
    run = race(
        16,
        lambda n: done(
            record_facts,
            by=racing,
            kind="person",
            subject=str(person.pk),
            facts={"votes_eligible": n + 1},
            because=str(n),
        ),
    )
    assert run.won == 16
    assert asked(Former.objects.count) == 16
    assert asked(lambda: Person.objects.unscoped().get().revision) == 17


def test_sixteen_of_whom_each_saw_the_first_revision(racing: Officer) -> None:
    person = zhang(racing)
    run = race(
        16,
        lambda n: done(
            record_facts, by=racing, kind="person", subject=str(person.pk), facts={"votes_eligible": n + 1}, revision=1
        ),
    )
    assert run.won == 1
    assert run.only_raised(Refused)


def test_sixteen_who_note_the_same_wish_note_it_once(racing: Officer) -> None:
    person = zhang(racing)
    run = race(
        16,
        lambda n: record_wish(by=racing, person=str(person.pk), kind="hukou", choice="willing", on=DAY, how="当面"),
    )
    assert run.won == 1
    assert run.only_raised(Refused)


def test_verification_keeps_no_writer_waiting(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite a transaction is the one writer; on PostgreSQL the question is asked for all regions."""

    def waits() -> int:
        if connection.vendor == "sqlite":
            return int(connection.in_atomic_block)
        return int(not connection.in_atomic_block)

    monkeypatch.setattr(verification, "questions", lambda: {**questions(), "不占着写": waits})
    assert {sentence: n for sentence, n in verify().items() if n} == {}


def asked(question: Callable[[], T]) -> T:
    """What a question outside of any page answers."""
    with everything():
        return question()


def done(deed: Callable[..., object], **given: object) -> bool:
    """Whether a deed that returns nothing was done."""
    deed(**given)
    return True


def both(*rows: Relation) -> int:
    for row in rows:
        row.save()
    return len(rows)
