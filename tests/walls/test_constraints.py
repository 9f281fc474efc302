"""What the models promise, the database holds: every constraint and index of every table stands under its name, on both engines."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

TABLES = {
    model._meta.db_table: {one.name for one in (*model._meta.constraints, *model._meta.indexes)}
    for model in apps.get_models()
    if model.__module__.startswith("anju.") and (model._meta.constraints or model._meta.indexes)
}


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_every_constraint_stands(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # a constraint has its name only in the text of its table
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = %s", [table])
            texts = " ".join(f'"{name}" {sql}' for name, sql in cursor.fetchall())
            standing = {name for name in TABLES[table] if f'"{name}"' in texts}
        else:
            standing = set(connection.introspection.get_constraints(cursor, table))
    assert TABLES[table] - standing == set()
