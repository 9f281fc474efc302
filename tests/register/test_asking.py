"""Rows among many values, and rows as columns: what Django itself would give, whatever stands in them and however many."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anju.government.second_wall import everything
from anju.register.among import Many
from anju.register.asking import Asked, Question, Span, columns_of
from anju.register.facts import facts_by_subject, today
from anju.register.models import Household, Membership, Person
from anju.sealing.ciphertext import Opener
from tests.register.cast import clerk, household, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def family() -> list[Person]:
    who = clerk("village")
    home = household(who)
    names = (("张青山", "户主"), ("李碧水", "配偶"), ("张长河", "之子"))
    return [zhang(who, home, name=n, order=at, relation=r) for at, (n, r) in enumerate(names, start=1)]


@pytest.mark.parametrize("wanted", [0, 1, 2, 3], ids=["没有", "一个", "两个", "全部"])
def test_ids_are_found(family: list[Person], wanted: int) -> None:
    ids = [str(person.pk) for person in family[:wanted]]
    with everything():
        assert {str(p.pk) for p in Person.objects.unscoped().filter(pk__among=Many(ids))} == set(ids)
        members = Membership.objects.unscoped().filter(person_id__among=Many(ids))
        assert {str(member.person_id) for member in members} == set(ids)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["张青山", "无此人"], {"张青山"}),
        (['引"号', "逗,号", "反\\斜", "{花括号}", "%s"], set()),
    ],
    ids=["汉字", "特殊字符"],
)
def test_texts_are_found_as_they_are(names: list[str], found: set[str]) -> None:
    with everything():
        rows = Person.objects.unscoped().filter(name__among=Many(names))
        assert set(rows.values_list("name", flat=True)) == found


def test_a_code_with_a_hyphen_keeps_it(family: list[Person]) -> None:
    with everything():
        Household.objects.unscoped().update(code="云阳-12-3")
        assert Household.objects.unscoped().filter(code__among=Many(["云阳-12-3"])).count() == 1
        assert not Household.objects.unscoped().filter(code__among=Many(["云阳123"])).exists()


def test_more_than_an_engine_takes_as_parameters(family: list[Person]) -> None:
    many = [f"人{n}" for n in range(300_000)] + [family[0].name]
    with everything():
        assert Person.objects.unscoped().filter(name__among=Many(many)).filter(pk=family[0].pk).exists()


def test_it_goes_by_the_index(family: list[Person]) -> None:
    with everything():
        plan = Person.objects.unscoped().filter(pk__among=Many([str(family[0].pk)])).explain()
    if connection.vendor == "sqlite":
        assert "SEARCH register_person USING INDEX" in plan


@pytest.mark.parametrize(
    "name",
    ['引"号', "反\\斜", "换\n行", "𠮷野家", "%s", "[]", "null", "", "a" * 32],
    ids=["引号", "反斜杠", "换行", "扩展汉字", "占位符", "空数组", "空值", "空文本", "像编号"],
)
def test_columns_hold_what_stands_there(family: list[Person], name: str) -> None:
    with everything():
        Person.objects.unscoped().filter(pk=family[0].pk).update(name=name)
        rows = Person.objects.unscoped()
        found = columns_of(rows, {"@id": "pk", "name": "name", "born": "birth_date", "phone": "phone"}, sealed="phone")
        plain = {str(pk): (text, born) for pk, text, born in rows.values_list("pk", "name", "birth_date")}
        sealed = {str(person.pk): person.phone for person in rows}
    assert {line["@id"]: line["name"] for line in found.iter_rows(named=True)} == {k: v[0] for k, v in plain.items()}
    assert {line["@id"]: line["born"] for line in found.iter_rows(named=True)} == {
        k: v[1] and v[1].isoformat() for k, v in plain.items()
    }
    opener = Opener(Person._meta.db_table, "phone")
    for line in found.iter_rows(named=True):
        kept = sealed[line["@id"]]
        assert (opener(line["@id"], line["phone"]) if line["phone"] else None) == (kept.reveal() if kept else None)


@pytest.mark.parametrize("places", [1, 2, 3, 100_000])
def test_no_row_is_lost_between_two_texts(family: list[Person], monkeypatch: pytest.MonkeyPatch, places: int) -> None:
    monkeypatch.setattr("anju.register.asking._places_a_text", places)
    with everything():
        found = columns_of(
            Person.objects.unscoped(), {"@id": "pk", "name": "name", "home": "memberships__household__code"}
        )
        expected = sorted((str(p.pk), p.name) for p in Person.objects.unscoped())
    assert sorted(zip(found["@id"], found["name"], strict=True)) == expected
    assert len(expected) > 2


def test_no_rows_are_no_rows() -> None:
    with everything():
        found = columns_of(
            Person.objects.unscoped().filter(name="无此人"), {"@id": "pk", "phone": "phone"}, sealed="phone"
        )
    assert found.height == 0
    assert found.schema == {"@id": pl.String(), "phone": pl.Binary()}


@pytest.mark.parametrize(
    "odd",
    ["a\x1eb", "\x1f", "\x1e", "", "，\n\"'\\"],
    ids=["记录分隔", "单元分隔", "只有分隔", "空", "引号换行"],
)
def test_a_text_comes_back_as_it_is(odd: str, family: list[Person]) -> None:
    """PostgreSQL's columns are cut at characters that a text may hold after all."""
    one = family[0]
    with everything():
        Person.objects.unscoped().filter(pk=one.pk).update(initials=odd)
        rows = Person.objects.unscoped().filter(pk__in=[one.pk, family[1].pk])
        found = columns_of(rows, {"@id": "pk", "initials": "initials", "ended_on": "ended_on"})
        assert rows.filter(initials__among=Many([odd, "别的"])).count() == 1
    assert dict(found.select("@id", "initials").iter_rows())[str(one.pk)] == odd
    assert found["ended_on"].null_count() == found.height == 2


made: list[Asked] = []


def joined_by_then(asked: Asked) -> QuerySet[Membership]:
    made.append(asked)
    return asked.present(asked.of(Membership, "person_id"))


def test_a_question_is_put_into_sql_once_a_day_and_asked_about_anybody(family: list[Person]) -> None:
    day, ids = today(), [str(person.pk) for person in family]
    names = {"@id": "person_id", "relation": "relation"}
    made.clear()
    with everything():
        for who in ([ids[0]], ids[1:], [], ids):
            found = Asked("person", who, day).columns(joined_by_then, names)
            assert sorted(found["@id"]) == sorted(who)
        assert len(made) == 1
        before = Asked("person", ids, day - timedelta(days=1)).columns(joined_by_then, names)
        assert (before.height, len(made)) == (0, 2), "the day before nobody was there yet"
        then = Asked("person", ids, day, today_at_noon()).columns(joined_by_then, names)
        assert len(made) == 3, "a moment is asked about each time"
        assert then.columns == found.columns


def today_at_noon() -> datetime:
    return timezone.localtime().replace(hour=12)


def test_what_changes_is_read_although_the_question_is_the_same(family: list[Person]) -> None:
    day, ids = today(), [str(person.pk) for person in family]
    names = {"@id": "person_id", "relation": "relation"}
    with everything():
        Asked("person", ids, day).columns(joined_by_then, names)
        Membership.objects.unscoped().filter(person=family[2]).update(until=day)
        assert sorted(Asked("person", ids, day).columns(joined_by_then, names)["@id"]) == sorted(ids[:2])


def test_nothing_is_asked_for_but_what_is_wanted(family: list[Person]) -> None:
    person = str(family[0].pk)
    with everything():
        whole = facts_by_subject("person", [person], on=today())[person]
        with CaptureQueriesContext(connection) as asked:
            some = facts_by_subject("person", [person], on=today(), only={"birth_date", "hukou_moved"})[person]
    assert some == {code: fact for code, fact in whole.items() if code in ("birth_date", "hukou_moved")}
    assert not any("cases_case" in one["sql"] or "payments_" in one["sql"] for one in asked)


def looks_at_whom(asked: Asked) -> QuerySet[Person]:
    assert not isinstance(asked.who, Span)
    return asked.of(Person).filter(pk__in=list(asked.who or ()))


def asks_nobody(_: Asked) -> QuerySet[Person]:
    return Person.objects.unscoped().filter(name="张青山")


def asks_first(asked: Asked) -> QuerySet[Person]:
    known = columns_of(asked.of(Membership, "person_id"), {"@id": "person_id"})
    return asked.of(Person).exclude(pk__in=known["@id"].to_list())


@pytest.mark.parametrize(
    "question", [looks_at_whom, asks_nobody, asks_first], ids=["看了是谁", "没说是谁", "先问了一遍"]
)
def test_a_question_that_would_be_answered_for_nobody_all_day_is_refused(question: Question) -> None:
    """Asked once with nobody known, it would say the same of everybody until tomorrow, and no error."""
    with everything(), pytest.raises(RuntimeError):
        Asked("person", ["x"], today()).columns(question, {"@id": "pk"})
