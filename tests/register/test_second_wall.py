"""PostgreSQL's row-level security stands behind the scope of every query, and forgets whom it served."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

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


def test_outside_of_a_transaction_nothing_is_asked(postgresql: Officer) -> None:
    with pytest.raises(OutsideTransaction):
        list(Relation.objects.unscoped())
    with pytest.raises(OutsideTransaction):
        tell(connection, "{}")
