"""System checks: a database that could lose or mix up what was saved is refused (`anju serve`, `anju migrate`, `anju work`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_oldest_postgresql = 150000


@register(Tags.database)
def safe_databases(*, databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """What is wrong with the settings of the connections; each message is a Chinese sentence that says what to set."""
    return [problem for alias in databases or () for problem in problems(connections[alias])]


def problems(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """As :func:`safe_databases`, for one connection."""
    return _inspect.get(connection.vendor, _unknown)(connection)


def _sqlite(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    wanted = {
        "journal_mode": (("wal",), "WAL"),
        "synchronous": ((2, 3), "FULL"),
        "foreign_keys": ((1,), "ON"),
    }
    found = {}
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    wrong = [
        _refused(f"SQLite 的 {name} 是 {found[name]}", f"必须是 {must}，否则断电可能丢失已保存的内容")
        for name, (good, must) in wanted.items()
        if found[name] not in good
    ]
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        wrong.append(_refused("SQLite 的 transaction_mode 不是 IMMEDIATE", "必须是 IMMEDIATE，否则同时办理会无故失败"))
    return wrong


_loses = "必须打开，否则断电可能丢失已保存的内容"
_wanted = {
    "fsync": (("on",), _loses),
    "full_page_writes": (("on",), _loses),
    "synchronous_commit": (("on", "local", "remote_write", "remote_apply"), _loses),
    "server_encoding": (("UTF8",), "必须是 UTF8，请用 initdb -E UTF8 重建"),
}


def _postgresql(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        found = dict(cursor.fetchall())
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        passes_walls = cursor.fetchone()[0]
    wrong = [
        _refused(f"PostgreSQL 的 {name} 是 {found[name]}", advice)
        for name, (good, advice) in _wanted.items()
        if found[name] not in good
    ]
    if passes_walls:
        advice = "行级安全对它不起作用；请另建一个普通用户拥有这个库：CREATE ROLE anju LOGIN NOSUPERUSER NOBYPASSRLS"
        wrong.append(_refused("ANJU_DATABASE_URL 里的数据库用户是超级用户，或者有 BYPASSRLS", advice))
    if int(found["server_version_num"]) < _oldest_postgresql:
        wrong.append(_refused(f"PostgreSQL 是 {found['server_version']} 版", "至少要 15 版"))
    if found["data_checksums"] != "on":
        hint = "停库后运行 pg_checksums --enable，磁盘出错才看得出来。"
        wrong.append(checks.Warning("PostgreSQL 没有打开 data_checksums。", hint=hint, id="anju.W001"))
    return wrong


def _unknown(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    return [_refused(f"数据库是 {connection.display_name}", "只能用 SQLite 或 PostgreSQL")]


def _refused(found: str, advice: str) -> CheckMessage:
    return Error(f"{found}：{advice}。", id="anju.E001")


_inspect: dict[str, Callable[[BaseDatabaseWrapper], list[CheckMessage]]] = {
    "sqlite": _sqlite,
    "postgresql": _postgresql,
}
