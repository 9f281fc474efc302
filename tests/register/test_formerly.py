"""What people were called and numbered before: kept, shown, found, and never taken for somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from anju.government.models import Officer
from anju.government.second_wall import everything, looking_everywhere
from anju.register.actions import change_person
from anju.register.models import Formerly, Person
from anju.register.queries.lists import Filters, persons
from anju.register.queries.one import formerly, person_by_number, person_once_numbered
from anju.register.queries.paging import page
from anju.sealing.blind_index import blind_index
from tests.register.cast import ELSEWHERE, clerk, number, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def person(village: Officer) -> Person:
    return zhang(village)


def again(person: Person) -> Person:
    with looking_everywhere():
        return Person.objects.unscoped().get(pk=person.pk)


def change(by: Officer, person: Person, **changes: Any) -> None:
    change_person(by=by, person=str(person.pk), changes=changes, because="更正")


def told(by: Officer, person: Person) -> list[str]:
    """The latest first; numbers in full."""
    return [one.name or one.number.reveal() for one in formerly(by, again(person))]


CHANGES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "没改过": ([], []),
    "改名": ([{"name": "张青云"}], ["张青山"]),
    "改号码": ([{"number": number(3)}], [number(1)]),
    "一起改": ([{"name": "张青云", "number": number(3)}], [number(1), "张青山"]),
    "只改民族": ([{"people": "苗族"}], []),
    "写的和原来一样": ([{"name": "张青山", "number": number(1)}], []),
    "改了两次": ([{"name": "张青云"}, {"name": "张青松"}], ["张青云", "张青山"]),
    "改回来": ([{"name": "张青云"}, {"name": "张青山"}], ["张青云"]),
    "改回来又改去": ([{"name": "张青云"}, {"name": "张青山"}, {"name": "张青云"}], ["张青山"]),
    "号码去掉": ([{"number": ""}], [number(1)]),
    "去掉又填回来": ([{"number": ""}, {"number": number(1)}], []),
}


@pytest.mark.parametrize(("changes", "kept"), CHANGES.values(), ids=CHANGES)
def test_what_was_before_is_kept(
    village: Officer, person: Person, changes: list[dict[str, Any]], kept: list[str]
) -> None:
    for one in changes:
        change(village, person, **one)
    assert sorted(told(village, person)) == sorted(kept)


def test_the_former_number_lies_sealed(village: Officer, person: Person) -> None:
    change(village, person, number=number(3))
    with connection.cursor() as cursor, everything():
        cursor.execute("SELECT * FROM register_formerly")
        ((row),) = cursor.fetchall()
    texts = [bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in row]
    assert not any(number(1).encode() in text for text in texts)
    assert blind_index(number(1)).encode() in texts


def test_a_list_finds_by_the_former_name(village: Officer, person: Person) -> None:
    change(village, person, name="李青山")
    for words in ("李青", "张青", "张青山"):
        found = page(persons(village, Filters(text=words))).rows
        assert [one.name for one in found] == ["李青山"], words
    assert not page(persons(village, Filters(text="青山"))).rows
    assert not page(persons(clerk("stranger", ELSEWHERE, "county"), Filters(text="张青"))).rows


def test_a_former_number_leads_to_the_person(village: Officer, person: Person) -> None:
    change(village, person, number=number(3))
    stranger = clerk("stranger", ELSEWHERE, "county")
    for ask, given in ((person_by_number, number(3)), (person_once_numbered, number(1))):
        assert ask(village, given) == person
        assert ask(stranger, given) is None
    assert person_by_number(village, number(1)) is None, "another one may have it: nobody joins a household by it"


def test_who_has_a_number_now_stands_before_who_had_it(village: Officer, person: Person) -> None:
    change(village, person, number=number(3))
    other = zhang(village, name="李碧水", order=1)
    assert person_by_number(village, number(1)) == other
    change(village, other, number=number(5))
    assert person_once_numbered(village, number(1)) is None, "two had it: it says nothing"


INSERTED = "INSERT INTO register_formerly (id, person_id, name, until) SELECT person_id, person_id,"
ATTACKS: dict[str, tuple[str, str]] = {
    "改写姓名": ("formerly_never_rewritten", "UPDATE register_formerly SET name = '王五' WHERE name <> ''"),
    "既有名又有号": ("formerly_name_or_number", "UPDATE register_formerly SET number = 'x' WHERE name <> ''"),
    "记两遍": (
        "formerly_named_once|UNIQUE constraint failed: register_formerly.person_id, register_formerly.name",
        f"{INSERTED} name, until FROM register_formerly WHERE name <> ''",
    ),
    "什么也没有": (
        "formerly_name_or_number",
        f"{INSERTED} '', until FROM register_formerly WHERE name <> ''",
    ),
}


@pytest.mark.parametrize(("wall", "statement"), ATTACKS.values(), ids=ATTACKS)
def test_the_database_keeps_it(village: Officer, person: Person, wall: str, statement: str) -> None:
    change(village, person, name="张青云", number=number(3))
    with pytest.raises(IntegrityError, match=wall), everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with looking_everywhere():
        assert Formerly.objects.unscoped().count() == 2
