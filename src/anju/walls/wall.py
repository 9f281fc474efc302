"""One wall: a name, the table it stands at, what each database is told, and the sentence for an officer who runs into it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from anju.walls import kept
from anju.walls.second_wall import among_all, anywhere

_walls: dict[str, Wall] = {}


@dataclass(frozen=True, slots=True)
class Wall:
    """``sqlite`` and ``postgresql``: statements by the name of what they make (a trigger or a constraint).

    Every statement may be carried out again on a database where the wall stands. The name of the wall stands in the text of the
    database's error. PostgreSQL's policies are named ``policy …``. ``keeps``: it stands against rewriting or deleting, so that nothing
    may go round it either (`anju.walls.kept`).
    """

    name: str
    table: str
    sentence: str
    sqlite: Mapping[str, str]
    postgresql: Mapping[str, str]
    keeps: bool = False

    def made(self, vendor: str) -> Mapping[str, str]:
        """The statements for a database."""
        return self.postgresql if vendor == "postgresql" else self.sqlite


def stands(*walls: Wall) -> None:
    """List walls, at start-up."""
    _walls.update({wall.name: wall for wall in walls})


def walls() -> Sequence[Wall]:
    """Every wall that is listed."""
    return tuple(_walls.values())


def sentence(text: str) -> str | None:
    """The sentence of the wall that an error of the database names."""
    return next((wall.sentence for wall in _walls.values() if wall.sentence and wall.name in text), None)


def kept_tables(among: Collection[str]) -> Sequence[str]:
    """Those of these tables of which a wall keeps the rows."""
    return sorted({wall.table for wall in _walls.values() if wall.keeps} & set(among))


def build(connection: BaseDatabaseWrapper, but: Collection[str] = ()) -> None:
    """Set up every wall whose table stands, but those at the tables of some apps."""
    tables = {table for table in connection.introspection.table_names() if not _of(table, but)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        # SQLite asks the last trigger first: the sentence of a wall is told before that of a constraint
        kept.build(cursor, kept_tables(tables))
        for wall in _walls.values():
            if wall.table in tables:
                for name, statement in wall.made(connection.vendor).items():
                    if connection.vendor == "sqlite":  # a changed definition wins
                        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                    cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper, back: Collection[str] = ()) -> None:
    """Take down the triggers that read other tables than their own, on SQLite: where one of these is remade, which is how SQLite
    changes a table, they would stop it. And on both all triggers at the tables of apps that go ``back``, where columns that they speak of
    are about to be gone. What keeps rows by their constraints goes wherever these may change.
    """
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in kept_tables(tables):
            if connection.vendor == "sqlite" or _of(table, back):
                kept.take_down(cursor, table)
        for wall in _walls.values():
            goes = wall.table in tables and _of(wall.table, back)
            if connection.vendor == "sqlite":
                for name, statement in wall.sqlite.items():
                    if goes or set(re.findall(r"\w+", statement)) & (tables - {wall.table}):
                        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            elif goes:
                for name in wall.postgresql:
                    if not name.startswith("policy "):
                        cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {wall.table}")


def _of(table: str, apps: Collection[str]) -> bool:
    return table.partition("_")[0] in apps


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of what should stand at tables of this database, and does not."""
    tables = set(connection.introspection.table_names())
    wanted = {name for wall in _walls.values() if wall.table in tables for name in wall.made(connection.vendor)}
    wanted.update(name for table in kept_tables(tables) for name in kept.names(connection.vendor, table))
    standing = (
        "SELECT conname FROM pg_constraint UNION ALL SELECT 'policy ' || policyname FROM pg_policies UNION ALL "
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(standing)
        return sorted(wanted - {str(name) for (name,) in cursor.fetchall()})


def never_when(
    name: str,
    table: str,
    event: str,
    condition: str,
    sentence: str,
    *,
    columns: str = "",
    among: str = "",
    together: bool = False,
    locking: str = "",
) -> Wall:
    """A wall that refuses an INSERT, UPDATE or DELETE of a row for which a condition on ``NEW`` and ``OLD`` holds.

    Args:
        columns: for an UPDATE, only of these.
        among: only rows for which this holds too; it asks no other row, so that PostgreSQL calls nothing for the rest.
        together: for an INSERT of many rows: PostgreSQL asks once for all rows of a statement, when they are in their table. A condition
            that asks this table leaves out the row itself.
        locking: the condition rests on this other table: with ``together``, PostgreSQL first waits for whoever changes the rows of it that
            ``table_id`` names, keeps them from changing, and asks among all rows, whoever writes. SQLite has one writer.
    """
    of = f" OF {columns}" if columns else ""
    refused = f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    head = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
    function = (
        f"{head}BEGIN IF {condition} THEN {refused}RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$; "
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event}{of} ON {table} FOR EACH ROW "
        f"{f'WHEN ({among}) ' if among else ''}EXECUTE FUNCTION {name}()"
    )
    if together:  # `NEW` is each of the new rows, and not the row that such a trigger does not have
        asked = f"IF EXISTS (SELECT 1 FROM anju_new AS new WHERE {among or 'true'} AND {condition}) THEN {refused}"
        body = f"BEGIN {asked}RETURN NULL; END"
        if locking:  # in one order, so that two who write about the same never wait for each other
            named = f"SELECT new.{locking.rpartition('_')[2]}_id FROM anju_new AS new WHERE {among or 'true'}"
            lock = f"PERFORM 1 FROM {locking} AS named WHERE named.id IN ({named}) ORDER BY named.id FOR SHARE"
            body = among_all(f"{lock}; {asked.removesuffix('; ')}")
        function = (
            f"{head}#variable_conflict use_column\n{body} $$; CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} "
            f"REFERENCING NEW TABLE AS anju_new FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    trigger = (
        f"CREATE TRIGGER {name} BEFORE {event}{of} ON {table} FOR EACH ROW "
        f"WHEN {f'{among} AND ' if among else ''}{condition} BEGIN SELECT RAISE(ABORT, '{name}'); END"
    )
    return Wall(name, table, sentence, {name: trigger}, {name: function}, keeps=event != "INSERT")


def no_overlap(name: str, table: str, keys: Sequence[str], sentence: str) -> Wall:
    """A wall that keeps the periods ``since ≤ day < until`` of rows that agree in ``keys`` apart; an empty one is in nobody's way."""
    same = " AND ".join(f"other.{column} = NEW.{column}" for column in keys)
    overlaps = (
        f"EXISTS (SELECT 1 FROM {table} AS other WHERE {same} AND other.id IS NOT NEW.id "
        "AND other.since < NEW.until AND NEW.since < other.until AND other.since < other.until) AND NEW.since < NEW.until"
    )
    triggers = {
        f"{name}_{event}": f"CREATE TRIGGER {name}_{event} BEFORE {event} ON {table} WHEN {overlaps} "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for event in ("INSERT", "UPDATE")
    }
    equal = ", ".join(f"{column} WITH =" for column in keys)
    exclusion = (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN "
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({equal}, daterange(since, until) WITH &&); "
        "END IF; END $$"
    )
    return Wall(name, table, sentence, triggers, {name: exclusion})


def goes_with_its_last(name: str, table: str, by: str, column: str) -> Wall:
    """A wall that lets a row go as soon as no row of the table ``by`` names it in ``column``; whose these are does not matter."""
    goes = (
        f"DELETE FROM {table} WHERE id = OLD.{column} AND NOT EXISTS (SELECT 1 FROM {by} WHERE {column} = OLD.{column})"
    )
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {among_all(goes)} $$; "
        f"CREATE OR REPLACE TRIGGER {name} AFTER DELETE ON {by} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    trigger = f"CREATE TRIGGER {name} AFTER DELETE ON {by} BEGIN {goes}; END"
    return Wall(name, by, "", {name: trigger}, {name: function})


def seen_within(table: str, condition: str) -> Wall:
    """Row-level security of PostgreSQL at a table: only rows for which a condition holds are seen and written."""
    name = f"{table}_within"
    statement = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
        f"DROP POLICY IF EXISTS {name} ON {table}; CREATE POLICY {name} ON {table} USING ({anywhere} OR {condition})"
    )
    return Wall(name, table, "", {}, {f"policy {name}": statement})
