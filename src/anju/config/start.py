"""What has to be true before the site, a worker or another command begins: a safe database that has this version's tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from anju.config.checks import problems


class NotReady(Exception):
    """The start is refused; the message is in Chinese and says what to do."""


def prepare() -> None:
    """Check the settings and bring a SQLite file up to date; a PostgreSQL is only ever changed by `anju migrate`.

    A city has several servers that start at any time, and somebody who makes a backup first; one machine has neither.
    """
    with _reaching_it():
        _make_private()
        _refuse(problems(connection))
        missing = missing_migrations()
        if missing and connection.vendor != "sqlite":
            raise NotReady(f"数据库还缺 {missing} 步更新。请先备份，再运行：anju migrate")
        if missing:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        _refuse(run_checks(databases=["default"]))


def fit_to_migrate() -> None:
    """Refuse what no migration mends: an unsafe database or role, another database's keys. Raises `NotReady`.

    That each wall stands is asked later: one that is missing is what a migration builds.
    """
    with _reaching_it():
        _make_private()
        _refuse([one for one in run_checks(databases=["default"]) if one.id != "walls.E001"])


@contextmanager
def _reaching_it() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise NotReady(
            f"连不上数据库，或者它不让写。请检查 ANJU_DATABASE_URL 和数据库。（{type(error).__name__}）"
        ) from error
    finally:
        connections.close_all()


def missing_migrations() -> int:
    """How many migrations of this version the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _make_private() -> None:
    """A new SQLite file belongs to its user alone; its log gets the same mode."""
    if connection.vendor == "sqlite":
        try:
            os.close(os.open(connection.settings_dict["NAME"], os.O_WRONLY | os.O_CREAT, 0o600))
        except OSError as error:
            raise NotReady(f"建不了数据库文件，请检查目录和权限：{connection.settings_dict['NAME']}") from error


def _refuse(found: Sequence[CheckMessage]) -> None:
    serious = [problem for problem in found if problem.is_serious() and not problem.is_silenced()]
    if serious:
        raise NotReady("\n".join(f"{problem.msg} {problem.hint or ''}".rstrip() for problem in serious))
