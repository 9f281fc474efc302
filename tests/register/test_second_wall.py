"""PostgreSQL's row-level security stands behind the scope of every query, and forgets whom it served."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.government.models import Officer
from anju.government.second_wall import OutsideTransaction, everything, tell
from anju.register.models import Household, Membership, Person, Relation
from tests.register.cast import ELSEWHERE, clerk, household, zhang


@pytest.fixture
def postgresql(own_database: str) -> Officer:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one wall")
    village = clerk("village")
    zhang(village, household(village), facts={"hukou_moved": False})
    return village


def seen(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


TABLES = ("register_person", "register_household", "register_membership", "register_relation")


@pytest.mark.parametrize("table", TABLES)
def test_whoever_has_not_said_for_whom_sees_nothing(postgresql: Officer, table: str) -> None:
    assert seen(table) == 0
    with transaction.atomic():
        assert seen(table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_what_was_told_holds_for_its_transaction_alone(postgresql: Officer, table: str) -> None:
    backend = connection.connection.info.backend_pid
    with transaction.atomic():
        assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1
        assert seen(table) == 1
    assert connection.connection.info.backend_pid == backend, "the same connection serves the next request"
    with transaction.atomic():
        assert seen(table) == 0


def test_counting_a_slice_says_for_whom_too(postgresql: Officer) -> None:
    with transaction.atomic():
        assert Person.objects.visible_to(postgresql, purpose="核对")[:5].count() == 1


@pytest.mark.parametrize("table", TABLES)
def test_even_the_bare_table_shows_a_stranger_nothing(postgresql: Officer, table: str) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with transaction.atomic():
        assert Person.objects.visible_to(stranger, purpose="核对").count() == 0
        assert seen(table) == 0
        with connection.cursor() as cursor:
            cursor.execute("UPDATE register_person SET name = 'x'")
            assert cursor.rowcount == 0
            cursor.execute("DELETE FROM register_relation")
            assert cursor.rowcount == 0


def test_nobody_writes_beyond_the_own_reach(postgresql: Officer) -> None:
    def create() -> None:
        Household.objects.create(code="9", origin=ELSEWHERE)

    def move_away() -> None:
        Person.objects.visible_to(postgresql, purpose="核对").update(origin=ELSEWHERE, destination=ELSEWHERE)

    for write in (create, move_away):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            write()


def test_whoever_acts_for_nobody_gives_the_scope_back(postgresql: Officer) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with transaction.atomic():
        assert Person.objects.visible_to(stranger, purpose="核对").count() == 0
        with everything():
            assert seen("register_person") == 1
            assert Membership.objects.unscoped().count() == 1
        assert seen("register_person") == 0


def tells(asked: CaptureQueriesContext) -> int:
    return sum("set_config" in query["sql"] for query in asked)


def test_what_the_database_knows_is_not_told_again(postgresql: Officer) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        for _ in range(3):
            assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1
            assert list(Relation.objects.visible_to(postgresql, purpose="核对"))
    assert tells(asked) == 1
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        for who, people in ((postgresql, 1), (stranger, 0), (postgresql, 1)):
            assert Person.objects.visible_to(who, purpose="核对").count() == people
            assert seen("register_person") == people
    assert tells(asked) == 3


@pytest.mark.parametrize("rolled_back", [True, False], ids=["退回保存点", "留下保存点"])
@pytest.mark.parametrize("told_before", [True, False], ids=["先说过", "没说过"])
def test_after_a_savepoint_it_is_told_again(postgresql: Officer, *, rolled_back: bool, told_before: bool) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with transaction.atomic():
        if told_before:
            assert Person.objects.visible_to(stranger, purpose="核对").count() == 0
        with transaction.atomic():
            assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1
            assert seen("register_person") == 1
            transaction.set_rollback(rolled_back)
        for who, people in ((postgresql, 1), (stranger, 0)):
            assert Person.objects.visible_to(who, purpose="核对").count() == people
            assert seen("register_person") == people


def test_whoever_asks_within_everything_sees_the_own_alone(postgresql: Officer) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with transaction.atomic():
        for who, people in ((stranger, 0), (postgresql, 1)):
            assert Person.objects.visible_to(who, purpose="核对").count() == people
            with everything():
                assert seen("register_person") == 1
                assert Person.objects.visible_to(who, purpose="核对").count() == people
                assert seen("register_person") == people
                assert Membership.objects.unscoped().count() == 1
                assert seen("register_person") == 1
            assert Person.objects.visible_to(who, purpose="核对").count() == people
            assert seen("register_person") == people


def test_rolling_back_by_hand_is_noticed(postgresql: Officer) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county")
    with transaction.atomic():
        assert Person.objects.visible_to(stranger, purpose="核对").count() == 0
        here = transaction.savepoint()
        assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1
        transaction.savepoint_rollback(here)
        assert seen("register_person") == 0
        assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1


def test_what_one_transaction_told_the_next_one_tells_again(postgresql: Officer) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for failed in (False, True, False):
        with suppress(ZeroDivisionError), transaction.atomic():
            assert seen("register_person") == 0
            assert Person.objects.visible_to(postgresql, purpose="核对").count() == 1
            assert seen("register_person") == 1
            if failed:
                fail()


def test_outside_of_a_transaction_nothing_is_asked(postgresql: Officer) -> None:
    with pytest.raises(OutsideTransaction):
        list(Relation.objects.unscoped())
    with pytest.raises(OutsideTransaction):
        tell(connection, "{}")
