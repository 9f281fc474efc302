"""The database of the tests: a SQLite file, or the PostgreSQL that ``python -m tests.postgres`` has started.

A test that asks for ``db`` (by fixture or mark) is undone when it ends. One that asks for ``own_database`` gets a copy in which
transactions really commit, from threads and other processes too, and which is thrown away. Both kinds carry the mark
``database`` by themselves, and ``./dev test`` runs them on both engines.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import ProgrammingError, connection, connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from anju.config.databases import address

_needs_database = {"db", "own_database"}

# How fast a machine is says nothing about an example.
hypothesis_settings.register_profile("anju", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("anju")

# What makes a password dear to guess is paid only by the tests that ask for `dear_passwords`.
_cheap, _dear = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}, dict[str, int]()
for _name, _cost in _cheap.items():
    _dear[_name] = getattr(Argon2PasswordHasher, _name)
    setattr(Argon2PasswordHasher, _name, _cost)

# Where this is set, every process that a test starts would compile all of our modules for itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Playwright leaves an event loop running in the thread of the tests, and Django takes whatever comes after for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a database. What Chromium makes of an answer is the same on both engines."""
    for item in items:
        if item.get_closest_marker("browser"):
            continue
        if _needs_database & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A SQLite test database is a file with the settings of the real one, not a shared piece of memory without a log."""
    if connection.vendor == "sqlite":
        settings.DATABASES["default"]["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "anju.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The migrated database; pytest-django's own fixture makes none where every chosen test asks for `own_database`."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost on the site: for how long a sign-in takes, and for how many try at once."""
    for name, cost in _dear.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[str]:
    """The address of this test's own copy of the migrated database; ``connection`` leads to it in every thread."""
    original = str(connection.settings_dict["NAME"])
    with django_db_blocker.unblock():
        connections.close_all()
        copy = _copied_file(original, tmp_path) if connection.vendor == "sqlite" else _copied_on_server(original)
        settings.DATABASES["default"]["NAME"] = copy
        connection.settings_dict["NAME"] = copy
        try:
            yield address(connection.settings_dict)
        finally:
            connections.close_all()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = original
            if connection.vendor == "postgresql":
                _dropped(copy)


def _dropped(copy: str) -> None:
    """A backup that a test made as another role leaves the database a moment after it has ended, and cannot be thrown out by ours."""
    until = time.monotonic() + 30
    while True:
        try:
            return _on_server(f'DROP DATABASE "{copy}" WITH (FORCE)')
        except ProgrammingError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _copied_file(original: str, folder: Path) -> str:
    copy = str(folder / "anju.sqlite3")
    with sqlite3.connect(original) as source:
        source.execute("VACUUM INTO ?", (copy,))
    source.close()
    return copy


def _copied_on_server(original: str) -> str:
    copy = f"{original}_own"
    _on_server(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    return copy


def _on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
