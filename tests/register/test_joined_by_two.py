"""That it takes two to join two records, whatever the program does: attacks on the tables by hand, and many at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything, looking_everywhere
from anju.journal.models import Entry
from anju.register.actions import refuse_join
from anju.register.models import Formerly, Joining, Person
from anju.register.verification import verify
from tests.race import race
from tests.register.cast import clerk, zhang
from tests.register.joining import again, agreed, asked, known, twice

MANY = 16


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def second(db: None) -> Officer:
    return clerk("second")


def noted(deed: str) -> list[str]:
    """About whom it is noted."""
    return sorted(Entry.objects.filter(action=f"register.{deed}").values_list("object_id", flat=True))


ATTACKS: dict[str, tuple[str, str]] = {
    "没有人同意就并": (
        "person_joined_by_two_update",
        "UPDATE register_person SET joined_into_id = %(stays)s, origin = '', destination = '' WHERE id = %(goes)s",
    ),
    "申请的人自己确认": (
        "joining_two_people",
        "UPDATE register_joining SET stage = 'joined', decided_by_id = asked_by_id, decided_at = asked_at",
    ),
    "没有人确认就算并了": ("joining_decided_in_time", "UPDATE register_joining SET stage = 'joined'"),
    "过期才确认": (
        "joining_decided_in_time",
        "UPDATE register_joining SET stage = 'joined', decided_by_id = %(second)s, decided_at = '2099-01-01 00:00:00'",
    ),
    "换成别的两条": ("joining_never_rewritten|joining_two_records", "UPDATE register_joining SET stays_id = goes_id"),
    "改写理由": ("joining_never_rewritten", "UPDATE register_joining SET because = '别的'"),
    "去掉申请": ("joining_never_erased", "DELETE FROM register_joining"),
    "没有地方": ("person_is_somewhere", "UPDATE register_person SET origin = '', destination = ''"),
}
AFTERWARDS: dict[str, tuple[str, str]] = {
    "再分开": (
        "person_joined_for_good",
        "UPDATE register_person SET joined_into_id = NULL, origin = '500154101201' WHERE id = %(goes)s",
    ),
    "又有了地方": ("person_is_somewhere", "UPDATE register_person SET origin = '500154101201' WHERE id = %(goes)s"),
    "并入自己": ("person_", "UPDATE register_person SET joined_into_id = id WHERE id = %(goes)s"),
    "不算并了": (
        "joining_steps_in_order",
        "UPDATE register_joining SET stage = 'waiting', decided_by_id = NULL, decided_at = NULL",
    ),
}


def attacked(statement: str, wall: str, joining: Joining, second: Officer) -> None:
    keys = {"goes": joining.goes_id, "stays": joining.stays_id, "second": second.pk}
    given = {name: key if connection.vendor == "postgresql" else key.hex for name, key in keys.items()}
    with pytest.raises(IntegrityError, match=wall), everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given if "%(" in statement else None)


@pytest.mark.parametrize(("wall", "statement"), ATTACKS.values(), ids=ATTACKS)
def test_the_database_holds_it(village: Officer, second: Officer, wall: str, statement: str) -> None:
    stays, goes = twice(village)
    attacked(statement, wall, asked(village, goes, stays), second)


@pytest.mark.parametrize(("wall", "statement"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_the_database_holds_it_afterwards(village: Officer, second: Officer, wall: str, statement: str) -> None:
    stays, goes = twice(village)
    joining = asked(village, goes, stays)
    agreed(second, joining)
    attacked(statement, wall, joining, second)


def test_a_number_is_still_one_persons(village: Officer, second: Officer) -> None:
    numbered, goes = twice(village)
    agreed(second, asked(village, numbered, goes))
    with pytest.raises(Refused, match="已经登记了"):
        zhang(village)
    assert verify()["一个证件号码只登记一个人"] == 0


def test_sixteen_agree_and_one_has_joined_them(own_database: str) -> None:
    village, agreeing = clerk("village"), [clerk(f"agrees{n}") for n in range(MANY)]
    stays, goes = twice(village)
    joining = asked(village, goes, stays)

    def agree(n: int) -> bool:
        if n % 4:
            return bool(agreed(agreeing[n], joining))
        refuse_join(by=agreeing[n], joining=joining.pk, because="是堂兄弟")
        return True

    outcome = race(MANY, agree)
    assert outcome.won == 1
    assert outcome.only_raised(Refused)
    assert len(noted("join")) + len(noted("refuse_join")) == 2
    assert (known(goes.pk).joined_into_id == stays.pk) == bool(noted("join"))


def test_two_ways_at_once_one_wins(own_database: str) -> None:
    village, agreeing = clerk("village"), [clerk(f"agrees{n}") for n in range(MANY)]
    one_, other = again(village), again(village)
    both = [asked(village, one_, other), asked(village, other, one_)]
    outcome = race(MANY, lambda n: bool(agreed(agreeing[n], both[n % 2])))
    assert outcome.won == 1
    assert outcome.only_raised(Refused, Person.DoesNotExist)
    with looking_everywhere():
        assert Person.objects.unscoped().count() == 1
        assert Formerly.objects.unscoped().count() == 0
