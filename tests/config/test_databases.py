"""Which database an address means, with which settings; and that the tests' own copies are what they promise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from anju.config.databases import DatabaseURLRefused, address, database

FOLDER = Path("/var/anju")
SESSION = "-c jit=off -c temp_buffers=64MB -c work_mem=32MB"
SAFE_SQLITE = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        pytest.param("", "/var/anju/anju.sqlite3", id="不写-私有目录里的文件"),
        pytest.param("sqlite:///srv/anju.sqlite3", "/srv/anju.sqlite3", id="指定文件"),
        pytest.param("sqlite:///srv/%E5%8F%B0%E8%B4%A6%20a.sqlite3", "/srv/台账 a.sqlite3", id="中文和空格"),
    ],
)
def test_sqlite(url: str, file: str) -> None:
    settings = database(url, FOLDER)
    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == file
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings["OPTIONS"]["init_command"] == SAFE_SQLITE
    assert database(address(settings), Path("/elsewhere")) == settings


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "postgresql://clerk:s%40fe@10.0.0.5:5433/anju?sslmode=verify-full",
            {"NAME": "anju", "USER": "clerk", "PASSWORD": "s@fe", "HOST": "10.0.0.5", "PORT": "5433"}
            | {"OPTIONS": {"sslmode": "verify-full", "options": SESSION}},
            id="全写",
        ),
        pytest.param(
            "postgresql:///anju?host=/run/postgresql",
            {"NAME": "anju", "USER": "", "PASSWORD": "", "HOST": "/run/postgresql", "PORT": ""}
            | {"OPTIONS": {"options": SESSION}},
            id="本机套接字",
        ),
        pytest.param(
            "postgresql:///anju?options=-c%20statement_timeout%3D60s",
            {"NAME": "anju", "OPTIONS": {"options": f"{SESSION} -c statement_timeout=60s"}},
            id="自己的选项也留着",
        ),
    ],
)
def test_postgresql(url: str, expected: dict[str, Any]) -> None:
    settings = database(url, FOLDER)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert {key: settings[key] for key in expected} == expected
    assert settings["ATOMIC_REQUESTS"]
    assert database(address(settings), FOLDER) == settings


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://root:geheim@db/anju", id="别的数据库"),
        pytest.param("sqlite://", id="没写文件"),
        pytest.param("anju.sqlite3", id="不是地址"),
        pytest.param("postgresql://db/anju?geheim=1", id="不认识的选项"),
    ],
)
def test_what_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseURLRefused, match="ANJU_DATABASE_URL") as refused:
        database(url, FOLDER)
    assert "geheim" not in str(refused.value)


@pytest.mark.usefixtures("own_database")
def test_what_one_thread_commits_another_one_sees() -> None:
    MigrationRecorder(connection).record_applied("own", "thread")
    with ThreadPoolExecutor(1) as pool:
        assert ("own", "thread") in pool.submit(_applied).result()


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("copy", ["第一份", "第二份"])
def test_an_own_database_begins_clean(copy: str) -> None:
    assert ("own", "clean") not in MigrationRecorder(connection).applied_migrations()
    MigrationRecorder(connection).record_applied("own", "clean")


@pytest.mark.usefixtures("own_database")
def test_a_page_is_read_while_somebody_writes() -> None:
    """On SQLite too, where there is one writer: a request that only reads does not ask for the lock."""
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        MigrationRecorder(connection).record_applied("own", "writer")
        assert pool.submit(_front_page).result(timeout=10) == 200


def _front_page() -> int:
    try:
        return Client().get("/").status_code
    finally:
        connection.close()


@pytest.mark.django_db
def test_own_databases_leave_nothing_behind() -> None:
    assert not [key for key in MigrationRecorder(connection).applied_migrations() if key[0] == "own"]


def _applied() -> set[tuple[str, str]]:
    try:
        return set(MigrationRecorder(connection).applied_migrations())
    finally:
        connection.close()
