"""What Django's constraints cannot say: an officer holds the same post only once on a day.

PostgreSQL excludes overlapping ranges; SQLite has triggers. Django remakes a SQLite table to change it and forgets its
triggers, so both are set up after every migration, and a system check asks whether they are there.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

overlap = "holding_no_overlap"
sentence = "这位干部在这段时间里已经有这个岗位。"

_sqlite = """
CREATE TRIGGER IF NOT EXISTS {name}_{event} BEFORE {event} ON government_postholding
WHEN EXISTS (
    SELECT 1 FROM government_postholding AS other
    WHERE other.officer_id = NEW.officer_id AND other.post_id = NEW.post_id
      AND other.id IS NOT NEW.id AND other.since < NEW.until AND NEW.since < other.until
)
BEGIN SELECT RAISE(ABORT, '{name}'); END
"""
_postgresql = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'holding_no_overlap') THEN
            ALTER TABLE government_postholding ADD CONSTRAINT holding_no_overlap EXCLUDE USING gist
                (officer_id WITH =, post_id WITH =, daterange(since, until) WITH &&);
        END IF;
    END $$
    """,
)


def build(connection: BaseDatabaseWrapper) -> None:
    """Set up what is missing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _postgresql:
                cursor.execute(statement)
        else:
            for event in ("INSERT", "UPDATE"):
                cursor.execute(_sqlite.format(name=overlap, event=event))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of walls that the database does not have."""
    wanted = {overlap} if connection.vendor == "postgresql" else {f"{overlap}_INSERT", f"{overlap}_UPDATE"}
    known = (
        "SELECT conname FROM pg_constraint"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(known)
        return sorted(wanted - {str(name) for (name,) in cursor.fetchall()})
