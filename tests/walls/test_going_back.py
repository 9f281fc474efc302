"""A version that turns out wrong is gone back from: migrations run backwards and forwards again, on both databases."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from anju.walls import kept
from anju.walls.wall import missing, walls

BACK = {
    "到时限记下逾期以前": "0009",
    "到合办以前": "0010",
    "到地块以前": "0011",
    "到居民自己办以前": "0012",
    "到居民交材料以前": "0013",
    "到一份材料只存一次以前": "0014",
    "到一起立的件有名字以前": "0015",
}


def migrated(app: str, to: str) -> None:
    call_command("migrate", app, to, verbosity=0, skip_checks=True)


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("to", BACK.values(), ids=BACK)
def test_cases_go_back_and_come_again(to: str) -> None:
    migrated("cases", to)
    gone = set(missing(connection))
    of_cases = [wall for wall in walls() if wall.table.startswith("cases_")]
    at_cases = {
        name
        for wall in of_cases
        for name in (*wall.made(connection.vendor), *kept.names(connection.vendor, wall.table))
    }
    assert gone
    assert gone <= at_cases, "the walls of other apps stand"
    call_command("migrate", verbosity=0, skip_checks=True)
    assert missing(connection) == []
