"""只进不改：两种数据库都拒绝改、删、清空，表重建之后保护还在。"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from anju.journal import walls
from anju.journal.models import Entry, Head

COPY = "shard, {seq}, at, offset_minutes, officer, officer_name, post, organisation, ip, action, object_kind, object_id, purpose, result, detail, key_number, previous, digest"  # noqa: E501 - the columns of a row
COLUMNS = COPY.format(seq="seq")

ATTACKS = {
    "改内容": "UPDATE journal_entry SET purpose = 'x' WHERE seq = 2",
    "改内容不改值": "UPDATE journal_entry SET purpose = purpose",
    "删一条": "DELETE FROM journal_entry WHERE seq = 2",
    "删光": "DELETE FROM journal_entry",
    "退回链尾": "UPDATE journal_head SET seq = seq - 1 WHERE seq > 0",
    "改链尾不进位": "UPDATE journal_head SET digest = 'x' WHERE seq > 0",
    "跳过编号": "UPDATE journal_head SET seq = seq + 2 WHERE seq > 0",
    "换链": "UPDATE journal_head SET shard = shard + 100, seq = seq + 1",
    "删链尾": "DELETE FROM journal_head",
    "占同一个位置": f"INSERT INTO journal_entry ({COLUMNS}) SELECT {COLUMNS} FROM journal_entry WHERE seq = 2",
    "零号": f"INSERT INTO journal_entry ({COLUMNS}) SELECT {COPY.format(seq='0')} FROM journal_entry WHERE seq = 2",
}
ATTACKS_ON = {
    "sqlite": {
        "顶替": f"INSERT OR REPLACE INTO journal_entry ({COLUMNS}) SELECT {COLUMNS} FROM journal_entry WHERE seq = 2",
        "顶替链尾": "INSERT OR REPLACE INTO journal_head (shard, seq, digest) SELECT shard, 0, 'x' FROM journal_head",
        "改时忽略": "UPDATE OR IGNORE journal_entry SET purpose = 'x'",
    },
    "postgresql": {
        "清空": "TRUNCATE journal_entry",
        "清空链尾": "TRUNCATE journal_head CASCADE",
        "假装复制": "SET LOCAL session_replication_role = replica; DELETE FROM journal_entry",
        "插入时改": f"INSERT INTO journal_entry (id, {COLUMNS}) SELECT id, {COLUMNS} FROM journal_entry"
        " ON CONFLICT (id) DO UPDATE SET purpose = 'x'",
    },
}


def content() -> list[tuple[object, ...]]:
    return [*Entry.objects.order_by("id").values_list(), *Head.objects.order_by("shard").values_list()]


def refused(statement: str) -> None:
    # whoever is no superuser may not even say that a session only replicates
    refusals = (IntegrityError, ProgrammingError) if "replication_role" in statement else IntegrityError
    with pytest.raises(refusals), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_itself_refuses(written: None, attack: str) -> None:
    before = content()
    refused(ATTACKS[attack])
    assert content() == before


def test_the_ways_of_one_engine_are_refused_too(written: None) -> None:
    before = content()
    for statement in ATTACKS_ON[connection.vendor].values():
        refused(statement)
        assert content() == before


def test_nobody_changes_the_journal_by_its_models(written: None) -> None:
    entry = Entry.objects.all()[0]
    entry.purpose = "x"
    for change in (entry.save, entry.delete, Entry.objects.all().delete, Head.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def lost() -> list[str]:
    return [
        problem.msg for problem in run_checks(databases=["default"], tags=["database"]) if problem.id == "journal.E001"
    ]


def test_the_triggers_survive_a_remade_table(committed: str) -> None:
    """Django makes a SQLite table anew to change it, and its triggers are gone; the next `migrate` brings them back."""
    field = Entry._meta.get_field("post")
    wider = models.CharField(max_length=300, blank=True)
    wider.set_attributes_from_name("post")
    wider.model = Entry
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, field, wider)
    assert bool(walls.missing(connection)) is (connection.vendor == "sqlite")
    assert len(lost()) == len(walls.missing(connection))
    call_command("migrate", verbosity=0)
    assert lost() == []
    refused(ATTACKS["改内容"])


def test_a_trigger_taken_down_is_missed(written: None) -> None:
    assert lost() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER journal_entry_update")
        else:
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_update")
    (sentence,) = lost()
    assert "journal_entry_update 不在了" in sentence
    assert "anju migrate" in sentence


def test_migrating_again_changes_nothing(committed: str) -> None:
    before = content()
    call_command("migrate", verbosity=0)
    assert content() == before


def test_nothing_refers_to_another_table() -> None:
    """Entries survive whatever happens to officers and people."""
    for model in apps.get_app_config("journal").get_models():
        assert not [field.name for field in model._meta.get_fields() if field.is_relation]
