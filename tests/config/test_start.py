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
from anju.config.runtime import runtime_folder
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


@pytest.mark.django_db
def test_a_user_who_passes_every_wall_is_refused() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no users")
    owner = connection.copy()
    owner.settings_dict["USER"] = "postgres"
    try:
        assert ["行级安全" in str(problem.msg) for problem in problems(owner) if problem.id == "anju.E001"] == [True]
    finally:
        owner.close()


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


def run_anju(database: str, runtime: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(runtime)}
    environment["ANJU_DATABASE_URL"] = database
    call = [sys.executable, "-m", "anju", *arguments]
    return subprocess.run(call, env=environment, check=False, capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize(
    ("command", "database", "sentence"),
    [
        pytest.param("serve", "postgresql://anju:geheim@127.0.0.1:1/anju", "连不上数据库", id="连不上"),
        pytest.param("work", "mysql://anju:geheim@127.0.0.1/anju", "ANJU_DATABASE_URL 写的不是", id="别的数据库"),
        pytest.param("work", "sqlite:///nowhere/anju.sqlite3", "建不了数据库文件", id="没有目录"),
    ],
)
def test_a_start_is_refused_in_a_sentence(command: str, database: str, sentence: str, tmp_path: Path) -> None:
    answer = run_anju(database, tmp_path, command)
    assert answer.returncode == 2
    assert answer.stderr.startswith(sentence)
    assert "anju:geheim" not in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_command_on_one_machine_makes_its_own_file(tmp_path: Path) -> None:
    answer = run_anju("", tmp_path, "work", "--until-idle")
    assert (answer.returncode, answer.stderr) == (0, "")
    file = tmp_path / "anju.sqlite3"
    assert file.stat().st_mode & 0o777 == 0o600
    assert run_anju("", tmp_path, "migrate", "--check").returncode == 0


def test_a_server_is_brought_up_to_date_by_hand(own_database: str) -> None:
    call_command("migrate", "jobs", "zero", verbosity=0, skip_checks=True)
    if connection.vendor == "postgresql":
        refused = run_anju(own_database, runtime_folder(), "work", "--until-idle")
        assert refused.returncode == 2
        assert "anju migrate" in refused.stderr
    assert run_anju(own_database, runtime_folder(), "migrate").returncode == 0
    assert run_anju(own_database, runtime_folder(), "work", "--until-idle").returncode == 0


def test_a_wall_that_a_new_version_brings_without_a_table_is_built_by_hand(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER wish_never_rewritten{' ON register_wish' if connection.vendor == 'postgresql' else ''}"
        )
    refused = run_anju(own_database, runtime_folder(), "work", "--until-idle")
    assert refused.returncode == 2
    assert "wish_never_rewritten" in refused.stderr
    assert run_anju(own_database, runtime_folder(), "migrate").returncode == 0
    assert run_anju(own_database, runtime_folder(), "work", "--until-idle").returncode == 0


def test_what_no_migration_mends_is_refused_before_it(own_database: str, tmp_path: Path) -> None:
    """A wall may be missing; the keys of another database, or a role that no wall holds, may not."""
    assert run_anju(own_database, runtime_folder(), "migrate").returncode == 0
    refused = run_anju(own_database, tmp_path, "migrate")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "密钥" in refused.stderr
