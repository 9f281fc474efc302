"""What `anju serve` and `anju migrate` refuse, and what they bring up to date by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from anju.config.checks import problems
from anju.config.start import NotReady, missing_migrations, prepare
from tests.house.tracked import ROOT

Execute = Callable[[str], None]


@pytest.fixture
def execute() -> Execute:
    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


@pytest.mark.usefixtures("own_database")
def test_the_database_of_the_tests_is_safe() -> None:
    assert problems(connection) == []


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("vendor", "setting", "named"),
    [
        pytest.param("sqlite", "PRAGMA synchronous=NORMAL", "synchronous", id="提交不落盘"),
        pytest.param("sqlite", "PRAGMA foreign_keys=OFF", "foreign_keys", id="不查外键"),
        pytest.param("sqlite", "PRAGMA journal_mode=DELETE", "journal_mode", id="不记日志"),
        pytest.param("postgresql", "SET synchronous_commit=off", "synchronous_commit", id="提交不落盘"),
    ],
)
def test_an_unsafe_setting_is_named(vendor: str, setting: str, named: str, execute: Execute) -> None:
    if connection.vendor != vendor:
        assert problems(connection) == []
        return
    execute(setting)
    (problem,) = problems(connection)
    assert named in problem.msg
    assert problem.is_serious()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_skips_the_disk_is_refused(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """These two belong to the whole server, which the tests share: what it says is changed, not the server."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
        assert ["transaction_mode" in str(problem.msg) for problem in problems(connection)] == [True]
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP VIEW pg_settings AS SELECT name, CASE name WHEN %s THEN 'off' ELSE setting END "
                       "AS setting FROM pg_catalog.pg_settings", [setting])  # fmt: skip
        cursor.execute("SET search_path = pg_temp, public, pg_catalog")
    (problem,) = problems(connection)
    assert f"{setting} 是 off" in problem.msg


@pytest.mark.usefixtures("own_database")
def test_missing_tables_are_made_in_a_file_and_asked_for_on_a_server() -> None:
    call_command("migrate", "jobs", "zero", verbosity=0, skip_checks=True)
    missing = missing_migrations()
    assert missing > 0
    if connection.vendor == "sqlite":
        prepare()
        assert missing_migrations() == 0
    else:
        with pytest.raises(NotReady, match="anju migrate"):
            prepare()
        assert missing_migrations() == missing


def test_a_database_that_cannot_be_reached_is_said_in_a_sentence(
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(tmp_path)}
    environment["ANJU_DATABASE_URL"] = "postgresql://anju:geheim@127.0.0.1:1/anju"
    call = [sys.executable, "-m", "anju", "serve", "--port", "0"]
    answer = subprocess.run(call, env=environment, check=False, capture_output=True, encoding="utf-8", timeout=30)
    assert answer.returncode == 2
    assert answer.stderr.startswith("连不上数据库")
    assert "geheim" not in answer.stderr
    assert "Traceback" not in answer.stderr
