"""Many rows at once are what single rows would be, and run into the same constraints and walls, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Field, Model

from anju.government.refusals import sentence
from anju.government.second_wall import everything
from anju.register import mass
from anju.register.mass import delete, indexed, insert, new_ids, update
from anju.register.models import Household, Membership, Person, Relation, Wish
from anju.register.models.subjects import new_id
from anju.sealing.blind_index import blind_index
from tests.register.cast import DESTINATION, ORIGIN, number

AWKWARD = '她说："好"，\n逗号, \\N 和\t空格'
in_database = pytest.mark.django_db


def people(count: int) -> pl.DataFrame:
    """People with the least that a person has."""
    ids = sorted(str(new_id()) for _ in range(count))
    return pl.DataFrame({"id": ids, "name": [f"张{at}" for at in range(count)], "origin": ORIGIN})


def persons() -> list[Person]:
    return list(Person.objects.unscoped().order_by("pk"))


@in_database
def test_a_row_comes_back_as_it_was_given() -> None:
    frame = people(2).with_columns(
        pl.Series("name", [AWKWARD, "张长河"]),
        pl.Series("birth_date", [date(1944, 2, 29), None]),
        pl.Series("facts", ['{"age_at_hukou_move":3}', "{}"]),
    )
    numbers = [number(1), None]
    with everything():
        insert(Person, frame.with_columns(pl.Series("number", numbers), indexed(numbers)))
    first, second = persons()
    assert (first.name, first.birth_date, first.facts) == (AWKWARD, date(1944, 2, 29), {"age_at_hukou_move": 3})
    assert first.number.reveal() == number(1)
    assert (second.number, second.number_index, second.birth_date, second.facts) == (None, None, None, {})
    assert (second.phone, second.sex, second.destination, second.revision) == (None, "", "", 1)
    assert [str(row.pk) for row in (first, second)] == frame["id"].to_list()


@in_database
def test_what_is_sealed_opens_in_its_own_row_whichever_part_it_was_written_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mass, "_at_once", 2)
    frame = people(5).with_columns(pl.Series("phone", ["1380000000" + str(at) for at in range(4)] + [""]))
    with everything():
        insert(Person, frame)
        found = persons()
    assert [p.phone and p.phone.reveal() for p in found] == [*frame["phone"][:4], None]
    assert b"138" not in b"".join(bytes(p.phone.ciphertext) for p in found[:4])


@in_database
def test_what_is_left_out_gets_its_default() -> None:
    with everything():
        insert(Household, pl.DataFrame({"code": ["1", "2"], "origin": ORIGIN}))
        insert(Person, people(1))
        (person,) = persons()
        first, _ = Household.objects.unscoped().order_by("code")
        insert(
            Membership,
            pl.DataFrame({"person_id": str(person.pk), "household_id": str(first.pk), "since": date(2019, 1, 1)}),
        )
        membership = Membership.objects.unscoped().get()
    assert (membership.until, membership.relation) == (date.max, "")
    assert membership.household_id == first.pk


@in_database
def test_what_all_rows_say_is_in_each_of_them() -> None:
    """PostgreSQL is told it once; what differs, what is sealed and what nobody has stand beside it."""
    same = {"birth_date": date(1944, 2, 29), "facts": '{"rural_house":true}', "phone": "13800000000", "people": AWKWARD}
    frame = people(3).with_columns(pl.Series("sex", ["女", "", "女"]), **{name: pl.lit(v) for name, v in same.items()})
    numbers = [None, number(1), None]
    with everything():
        insert(Person, frame.with_columns(pl.Series("number", numbers), indexed(numbers)))
        insert(Person, people(1).with_columns(pl.lit("").alias("phone")))
    *found, alone = persons()
    assert [(p.sex, p.number and p.number.reveal()) for p in found] == [("女", None), ("", number(1)), ("女", None)]
    for person in found:
        told = (person.birth_date, person.facts, person.phone.reveal(), person.people, person.origin, person.revision)
        assert told == (date(1944, 2, 29), {"rural_house": True}, "13800000000", AWKWARD, ORIGIN, 1)
    assert (alone.phone, alone.number, alone.birth_date) == (None, None, None)


@in_database
def test_postgresql_counts_a_table_anew_that_has_grown_beyond_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite plans without counting")
    monkeypatch.setattr(mass, "_at_once", 3)
    known = _counted()  # nothing takes a count back
    with everything():
        insert(Person, people(2))
        assert _counted() == known, "few rows are not worth it"
        insert(Person, people(max(known, 0) + 3))
        grown = len(persons())
        assert _counted() == grown
        insert(Person, people(3))
    assert _counted() == grown, "nor are those that are fewer than were known"


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'register_person'::regclass")
        return int(cursor.fetchone()[0])


@in_database
def test_the_first_and_the_last_day_and_a_moment_are_kept() -> None:
    moment = datetime(2026, 6, 30, 15, 4, 5, 678, tzinfo=UTC)
    with everything():
        insert(Person, people(1))
        (person,) = persons()
        given = {"person_id": str(person.pk), "kind": "hukou", "holder": ORIGIN, "since": date.min}
        insert(Relation, pl.DataFrame({**given, "because": "recorded", "recorded_at": moment}))
        wish = {"person_id": str(person.pk), "kind": "hukou", "choice": "willing", "on": date(2026, 1, 1)}
        insert(Wish, pl.DataFrame(wish))
        step, said = Relation.objects.unscoped().get(), Wish.objects.unscoped().get()
    assert (step.since, step.recorded_at, step.after) == (date.min, moment, None)
    assert said.recorded_at.year >= 2026


@in_database
def test_many_parts_are_written_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step of a relation may stand in another part than the step before it, but behind it."""
    monkeypatch.setattr("anju.register.mass._at_once", 3)
    with everything():
        insert(Person, people(1))
        (person,) = persons()
        days = [date(2018 + year, 1, 1) for year in range(8)]
        steps = {"person_id": str(person.pk), "kind": "hukou", "holder": [ORIGIN, DESTINATION] * 4, "because": "moved"}
        insert(Relation, pl.DataFrame({**steps, "since": days, "after": [None, *days[:-1]]}))
        (last,) = Relation.objects.unscoped().last_steps()
    assert (last.since, last.after) == (days[-1], days[-2])


@in_database
def test_what_a_constraint_or_a_wall_refuses_has_its_sentence() -> None:
    twice = people(2).with_columns(pl.lit("2" * 64).alias("number_index"), pl.lit(b"x" * 40).alias("number"))
    overlapping = {"since": date(2019, 1, 1), "until": [date(2021, 1, 1), date(2022, 1, 1)]}
    with everything():
        insert(Person, people(1))
        insert(Household, pl.DataFrame({"code": ["1", "2"], "origin": ORIGIN}))
        (person,) = persons()
        homes = [str(row.pk) for row in Household.objects.unscoped()]
        for table, rows, told in (
            (Person, twice, "同一个人不能登记两次"),
            (
                Membership,
                pl.DataFrame({"person_id": str(person.pk), "household_id": homes, **overlapping}),
                "已经在一户里",
            ),
        ):
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                insert(table, rows)
            assert told in sentence(refused.value)
    assert len(persons()) == 1


@in_database
def test_a_column_that_is_not_there_is_named() -> None:
    with everything(), pytest.raises(ValueError, match="nickname"):
        insert(Person, people(1).with_columns(pl.lit("x").alias("nickname")))


@pytest.mark.usefixtures("own_database")
def test_nothing_is_written_outside_of_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        insert(Person, people(1))


@pytest.mark.usefixtures("own_database")
def test_the_second_wall_holds_for_many_rows() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one wall")
    with pytest.raises(Exception, match="row-level security"), transaction.atomic():
        insert(Person, people(1))


@in_database
def test_rows_get_new_values_by_their_key() -> None:
    with everything():
        insert(Person, people(3))
        ids = [str(row.pk) for row in persons()]
        given = {"id": [ids[2], ids[0]], "name": [AWKWARD, "张改名"], "birth_date": [date(1950, 1, 1), None]}
        update(Person, pl.DataFrame({**given, "facts": ['{"rural_house":true}', "{}"], "revision": [2, 2]}))
    assert [(row.name, row.revision) for row in persons()] == [("张改名", 2), ("张1", 1), (AWKWARD, 2)]
    assert persons()[2].facts == {"rural_house": True}


@in_database
def test_rows_are_deleted_by_what_they_say() -> None:
    with everything():
        insert(Person, people(2))
        first, second = (str(row.pk) for row in persons())
        insert(Household, pl.DataFrame({"code": ["1"], "origin": ORIGIN}))
        home = str(Household.objects.unscoped().get().pk)
        days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 1)]
        lived = {"person_id": [first, first, second], "since": days, "until": [days[1], date.max, date.max]}
        insert(Membership, pl.DataFrame(lived).with_columns(pl.lit(home).alias("household_id")))
        delete(Membership, pl.DataFrame({"person_id": [first], "household_id": [home], "since": [days[0]]}))
        left = list(Membership.objects.unscoped().order_by("since").values_list("person_id", "since"))
    assert [(str(person), since) for person, since in left] == [(second, days[0]), (first, days[1])]


def test_ids_grow_in_the_order_of_the_rows() -> None:
    before = new_id()
    ids = [UUID(text) for text in new_ids(1000)]
    assert ids == sorted(set(ids))
    assert {(one.version, one.variant) for one in ids} == {(before.version, before.variant)}
    assert ids[0].int >> 80 in range(before.int >> 80, (new_id().int >> 80) + 1)


def test_many_indexes_are_those_of_single_numbers() -> None:
    numbers = [number(1), None, f" {number(2).lower()} ", ""]
    assert indexed(numbers).to_list() == [blind_index(number(1)), None, blind_index(number(2)), None]


@in_database
def test_an_error_in_between_leaves_nothing_that_stands_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mass, "_at_once", 2)
    frame, close, closed = people(4), mass._closed, list[pl.DataFrame]()

    def once_and_no_more(model: type[Model], fields: Mapping[str, Field[Any, Any]], rows: pl.DataFrame) -> Any:
        closed.append(rows)
        if len(closed) == 2:
            raise ValueError("the second part cannot be sealed")
        return close(model, fields, rows)

    monkeypatch.setattr(mass, "_closed", once_and_no_more)
    with everything():
        with pytest.raises(ValueError, match="cannot be sealed"), transaction.atomic():
            insert(Person, frame)
        closed.clear()
        with pytest.raises(ValueError, match="cannot be sealed"):  # and where nothing takes the first part back
            insert(Person, frame)
        insert(Person, frame.tail(2))
        assert len(persons()) == 4
