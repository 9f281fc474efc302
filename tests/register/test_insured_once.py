"""I12: one insured region per person and scheme on a day, and a pension that is drawn stays: what the night finds. On both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import move_relation, record_facts
from anju.register.models import Person, Relation
from anju.register.verification import verify
from tests.register.cast import ELSEWHERE, KAIZHOU, YUNYANG, clerk, zhang

TODAY = timezone.localdate()
ONCE = "养老、医保同一天只有一个参保地"
STAYS = "已经领取养老待遇的，参保地没有再换"
SINCE = TODAY - timedelta(days=100)


@pytest.fixture
def office(db: None) -> Officer:
    return clerk("pensions", YUNYANG, "county", "human_resources")


@pytest.fixture
def person(office: Officer) -> Person:
    found = zhang(clerk("village"), facts={"pension_status": "contributing"})
    move_relation(by=office, person=str(found.pk), kind="pension", holder=KAIZHOU, since=SINCE, because="enrolled")
    return found


def planted(person: Person, kind: str, holder: str, since: date, after: date | None) -> None:
    """A step as nobody may write it: past the actions, and past an index and walls that are gone."""
    with everything():
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS relation_one_after_another")
            on = " ON register_relation" if connection.vendor == "postgresql" else ""
            for wall in ("relation_drawn_pension_stays", "register_relation_never_replaced_INSERT"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {wall}{on}")
        because = "moved" if holder else "status"
        Relation.objects.create(person=person, kind=kind, holder=holder, since=since, because=because, after=after)


FORKS: dict[str, tuple[str, str, int]] = {
    "同时在两个地方": ("pension", YUNYANG, 1),
    "另一种保险": ("medical", YUNYANG, 0),
    "终止的不算": ("pension", "", 0),
}


@pytest.mark.parametrize(("kind", "holder", "found"), FORKS.values(), ids=FORKS)
def test_two_insured_regions_on_one_day(kind: str, holder: str, found: int, person: Person) -> None:
    assert verify()[ONCE] == 0
    planted(person, kind, holder, TODAY, None)
    assert verify()[ONCE] == found


def test_one_after_the_other_is_one_at_a_time(office: Officer, person: Person) -> None:
    for days, holder in ((50, YUNYANG), (20, ELSEWHERE)):
        day = TODAY - timedelta(days=days)
        move_relation(by=office, person=str(person.pk), kind="pension", holder=holder, since=day)
    assert verify()[ONCE] == 0
    planted(person, "pension", KAIZHOU, TODAY - timedelta(days=30), TODAY - timedelta(days=50))
    assert verify()[ONCE] == 1, "from twenty days ago on there are two"


def draws(office: Officer, person: Person, status: str = "drawing") -> None:
    record_facts(by=office, kind="person", subject=str(person.pk), facts={"pension_status": status})


def test_a_pension_that_was_drawn_before_it_moved(office: Officer, person: Person) -> None:
    draws(office, person)
    assert verify()[STAYS] == 0
    planted(person, "pension", YUNYANG, TODAY, SINCE)
    assert verify()[STAYS] == 1
    draws(office, person, "contributing")
    assert verify()[STAYS] == 1, "it was drawn when it was registered, whatever is recorded later"


def test_a_pension_that_is_drawn_after_it_moved(office: Officer, person: Person) -> None:
    move_relation(by=office, person=str(person.pk), kind="pension", holder=YUNYANG, since=TODAY)
    draws(office, person)
    assert verify()[STAYS] == 0


HARMLESS: dict[str, tuple[str, str]] = {"同一个地方": ("pension", KAIZHOU), "终止": ("pension", "")}


@pytest.mark.parametrize(("kind", "holder"), HARMLESS.values(), ids=HARMLESS)
def test_a_pension_that_stays_or_ends(kind: str, holder: str, office: Officer, person: Person) -> None:
    draws(office, person)
    planted(person, kind, holder, TODAY, SINCE)
    assert verify()[STAYS] == 0


def test_a_reference_to_nobody_is_found(person: Person) -> None:
    assert verify()["没有指向空处的引用"] == 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # deferred to the end of a transaction that is undone
            cursor.execute("UPDATE register_relation SET id = id WHERE 1 = 0")
            cursor.execute(
                "INSERT INTO register_partylife (person_id, place, place_name, since, until, evidence, recorded_at) "
                f"VALUES ('{'0' * 32}', '{YUNYANG}', '', '2026-01-01', '2026-02-01', '', '2026-01-01 00:00:00')"
            )
            assert verify()["没有指向空处的引用"] == 1
            cursor.execute("DELETE FROM register_partylife")
    else:
        with everything(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = 'register_partylife'::regclass AND contype = 'f'"
            )
            (name,) = cursor.fetchone()
            cursor.execute(f"ALTER TABLE register_partylife DROP CONSTRAINT {name}")
            cursor.execute(
                f"ALTER TABLE register_partylife ADD CONSTRAINT {name} FOREIGN KEY (person_id) "
                "REFERENCES register_person (id) NOT VALID"
            )
        assert verify()["没有指向空处的引用"] == 1
