"""What is never rewritten or deleted is not replaced either, nor emptied away: REPLACE on SQLite, TRUNCATE on PostgreSQL."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from anju.government.refusals import sentence
from anju.government.second_wall import everything
from anju.register.models import Former, Formerly, Membership, Person, Relation, Wish
from anju.walls.wall import kept_tables, missing
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, clerk, household, zhang

TABLES = kept_tables(connection.introspection.django_table_names())
STEP = "person_id, kind, holder, place_name, since, after, because, evidence, recorded_at"
ELSEWHERE_STEP = STEP.replace("holder", f"'{ELSEWHERE}'")
FIRST = "FROM register_relation WHERE kind = 'hukou' AND after IS NULL"
WISH = 'person_id, kind, choice, "on", again, how, recorded_at'
FORMER = "subject_kind, subject_id, until, facts, guarded, revision"

REPLACING = {
    "顶替中间一步": f"INSERT OR REPLACE INTO register_relation (id, {STEP}) SELECT id, {ELSEWHERE_STEP} {FIRST}",
    "不写编号，同一天": f"INSERT OR REPLACE INTO register_relation ({STEP}) SELECT {ELSEWHERE_STEP} {FIRST}",
    "不写编号，同样是开头": f"INSERT OR REPLACE INTO register_relation ({STEP}) "
    f"SELECT {ELSEWHERE_STEP.replace('since', chr(39) + '1999-01-01' + chr(39))} {FIRST}",
    "REPLACE INTO": f"REPLACE INTO register_relation (id, {STEP}) SELECT id, {ELSEWHERE_STEP} {FIRST}",
    "挪到别的一步上": "UPDATE OR REPLACE register_relation SET id = (SELECT min(id) FROM register_relation) "
    "WHERE id = (SELECT max(id) FROM register_relation)",
    "顶替意愿": f"INSERT OR REPLACE INTO register_wish (id, {WISH}) SELECT id, {WISH.replace('choice', chr(39) + 'no' + chr(39))} "
    "FROM register_wish",
    "意愿不写编号": f"INSERT OR REPLACE INTO register_wish ({WISH}) SELECT {WISH} FROM register_wish",
    "顶替以前的事实": f"INSERT OR REPLACE INTO register_former (id, {FORMER}) "
    f"SELECT id, {FORMER.replace('facts', chr(39) + '{}' + chr(39))} FROM register_former",
    "以前的事实，同一版": f"INSERT OR REPLACE INTO register_former (id, {FORMER}) SELECT '{'0' * 32}', {FORMER} FROM register_former",
    "顶替曾用名": "INSERT OR REPLACE INTO register_formerly SELECT * FROM register_formerly",
    "同一个曾用名": f"INSERT OR REPLACE INTO register_formerly (id, person_id, name, until) "
    f"SELECT '{'0' * 32}', person_id, name, until FROM register_formerly",
    "顶替一个人": "INSERT OR REPLACE INTO register_person SELECT * FROM register_person",
    "同一个证件号码": "INSERT OR REPLACE INTO register_person (id, facts, revision, name, initials, pinyin, number, number_index, origin, "
    f"destination, sex, people, ended_because) SELECT '{'0' * 32}', facts, revision, name, initials, pinyin, number, number_index, "
    "origin, destination, sex, people, ended_because FROM register_person",
    "改成别人的户": "UPDATE OR REPLACE register_membership SET household_id = (SELECT min(household_id) FROM register_membership), "
    "relation = '户主', person_id = (SELECT max(id) FROM register_person)",
}
DELETING = {
    "删掉意愿": "DELETE FROM register_wish",
    "删掉以前的事实": "DELETE FROM register_former",
    "删掉曾用名": "DELETE FROM register_formerly",
}
CONTENT = (Person, Relation, Wish, Former, Formerly, Membership)


@pytest.fixture
def person(db: None) -> Person:
    village = clerk("village")
    home = household(village)
    found = zhang(village, home, facts={"hukou_moved": False})
    zhang(village, home, name="李秀兰", order=2, relation="配偶")
    with everything():
        first = Relation.objects.unscoped().get(person=found)
        given = {"kind": "hukou", "holder": DESTINATION, "because": "moved"}
        Relation.objects.create(person=found, since=date(2026, 3, 1), after=first.since, **given)
        Wish.objects.create(person=found, kind="hukou", choice="willing", on=date(2026, 3, 1))
        Former.objects.create(
            subject_kind="person", subject_id=str(found.pk), until=timezone.now(), facts={}, revision=9
        )
        Formerly.objects.create(person=found, name="张小山")
        connection.check_constraints()  # PostgreSQL empties no table while something of it is to be checked
    return found


def content() -> list[object]:
    with everything():
        return [list(table._base_manager.order_by("pk").values_list()) for table in CONTENT]


def refused(statement: str) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return error.value


@pytest.mark.parametrize("attack", DELETING.values(), ids=DELETING)
def test_what_was_said_is_not_deleted(person: Person, attack: str) -> None:
    before = content()
    assert sentence(refused(attack)).endswith("。")
    assert content() == before


@pytest.mark.parametrize("attack", REPLACING.values(), ids=REPLACING)
def test_nothing_is_put_in_its_place(person: Person, attack: str) -> None:
    """On SQLite, where REPLACE deletes without asking; PostgreSQL knows no such statement."""
    if connection.vendor == "postgresql":
        attack = f"TRUNCATE {attack.partition('register_')[1]}{attack.partition('register_')[2].split()[0]} CASCADE"
    before = content()
    refused(attack)
    assert content() == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_no_table_that_keeps_its_rows_is_emptied_or_moved(table: str) -> None:
    if connection.vendor == "postgresql":
        assert "anju_never_emptied" in str(refused(f"TRUNCATE {table} CASCADE"))
    else:
        standing = connection.introspection.table_names()
        assert table in standing
        assert not {name for name in missing(connection) if name.startswith(table)}


@pytest.mark.usefixtures("person")
def test_a_second_row_is_refused_in_the_words_of_its_constraint() -> None:
    """The wall comes first on SQLite, and says what the constraint would have said."""
    with everything():
        step = Relation.objects.unscoped().filter(after=None).first()
    assert step
    again = Relation(person=step.person, kind=step.kind, holder=ORIGIN, since=date(2027, 1, 1), because="moved")
    with pytest.raises(IntegrityError) as error, everything(), transaction.atomic():
        again.save()
    assert sentence(error.value) == "这种关系刚刚有人接着办了，请打开最新的再看。"


@pytest.mark.usefixtures("own_database")
def test_the_register_goes_back_and_comes_again() -> None:
    call_command("migrate", "register", "0013", verbosity=0, skip_checks=True)
    gone = set(missing(connection))
    assert any("_never_" in name for name in gone)
    call_command("migrate", verbosity=0, skip_checks=True)
    assert missing(connection) == []
