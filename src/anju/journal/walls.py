"""Triggers that let the journal grow and nothing else, on both databases.

Django remakes a SQLite table to change it and forgets its triggers, so they are built after every migration, and a system check
asks whether they stand. They bind everybody who uses the database's ordinary rights; who may take them down is found by the chain.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_refused = "the journal is never changed"
_step = "NEW.shard = OLD.shard AND NEW.seq = OLD.seq + 1"

_sqlite = {
    "journal_entry_update": "BEFORE UPDATE ON journal_entry",
    "journal_entry_delete": "BEFORE DELETE ON journal_entry",
    # INSERT OR REPLACE deletes without a delete trigger, unless recursive triggers are on
    "journal_entry_replace": "BEFORE INSERT ON journal_entry WHEN EXISTS (SELECT 1 FROM journal_entry AS old "
    "WHERE old.id = NEW.id OR (old.shard = NEW.shard AND old.seq = NEW.seq))",
    "journal_head_update": f"BEFORE UPDATE ON journal_head WHEN NOT ({_step})",
    "journal_head_delete": "BEFORE DELETE ON journal_head",
    "journal_head_replace": "BEFORE INSERT ON journal_head WHEN EXISTS (SELECT 1 FROM journal_head AS old "
    "WHERE old.shard = NEW.shard)",
}
_postgresql = {
    "journal_entry_update": "BEFORE UPDATE ON journal_entry FOR EACH ROW",
    "journal_entry_delete": "BEFORE DELETE ON journal_entry FOR EACH ROW",
    "journal_entry_truncate": "BEFORE TRUNCATE ON journal_entry",
    "journal_head_update": f"BEFORE UPDATE ON journal_head FOR EACH ROW WHEN (NOT ({_step}))",
    "journal_head_delete": "BEFORE DELETE ON journal_head FOR EACH ROW",
    "journal_head_truncate": "BEFORE TRUNCATE ON journal_head",
}
_function = f"""
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_refused}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def build(connection: BaseDatabaseWrapper) -> None:
    """Set up every trigger, also one that stands already: a changed definition wins."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_function)
            for name, when in _postgresql.items():
                table = when.split(" ON ")[1].split()[0]
                cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {when} EXECUTE FUNCTION journal_refuse()")
                # also while a session says that it only replicates
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        else:
            for name, when in _sqlite.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{_refused}'); END")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that do not stand, or do not act."""
    if connection.vendor == "postgresql":
        wanted, standing = set(_postgresql), "SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
    else:
        wanted, standing = set(_sqlite), "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(standing)
        return sorted(wanted - {str(name) for (name,) in cursor.fetchall()})
