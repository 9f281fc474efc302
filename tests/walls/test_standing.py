"""Every wall that is listed really stands, on both databases, and a start without one is refused."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import connection

from anju.walls.wall import build, missing, walls


@pytest.mark.django_db
def test_every_wall_stands_after_a_migration() -> None:
    assert len(walls()) > 10
    assert missing(connection) == []


@pytest.mark.django_db
def test_a_wall_that_was_taken_down_is_named_and_built_again() -> None:
    with connection.cursor() as cursor:
        on = " ON register_relation" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER relation_never_rewritten{on}")
    assert missing(connection) == ["relation_never_rewritten"]
    assert [m.id for m in run_checks(databases=["default"]) if m.id == "walls.E001"] == ["walls.E001"]
    build(connection)
    assert missing(connection) == []
