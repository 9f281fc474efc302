"""``ANJU_DATABASE_URL`` → the database with the only settings under which nothing saved is ever lost (docs/adr/0006)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# Behind row-level security a question looks dear to the planner, and would be compiled for longer than it takes. Many rows come by
# way of a table of the transaction's: within these bounds, taken as they are needed, 20,000 of them are sorted without a file.
_session = "-c jit=off -c temp_buffers=64MB -c work_mem=32MB"
_known = "sqlite:///文件的完整路径，或者 postgresql://用户:密码@主机:端口/库名"
# What a writer waits for another one before it gives up, in seconds; a mass import holds the lock for longer than a click.
_longest_wait = 60


class DatabaseURLRefused(Exception):
    """``ANJU_DATABASE_URL`` cannot be read; the message is a Chinese sentence without the address, which may hold a password."""


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings for the database at ``url``; an empty one means the file ``anju.sqlite3`` in ``folder``."""
    scheme = urlsplit(url).scheme
    if not url:
        return _sqlite(folder / "anju.sqlite3")
    if scheme == "sqlite":
        return _sqlite(Path(unquote(urlsplit(url).path)))
    if scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise DatabaseURLRefused(f"ANJU_DATABASE_URL 写的不是能用的数据库。应写：{_known}。")


def _sqlite(file: Path) -> dict[str, Any]:
    if not file.is_absolute() or file == Path("/"):
        raise DatabaseURLRefused(f"ANJU_DATABASE_URL 里的文件要写完整路径。应写：{_known}。")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        # A request in one transaction would take the only write lock even to read. Actions have their own transactions.
        "ATOMIC_REQUESTS": False,
        # Closing the last connection folds the log back into the file: too dear for every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": _longest_wait,
            "transaction_mode": "IMMEDIATE",
            # 64 MB of pages a connection, taken as they are needed: people are inserted in half the time of the 2 MB given unasked.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
        },
        "TEST": {},
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
    except ProgrammingError:
        raise DatabaseURLRefused(f"ANJU_DATABASE_URL 读不懂。应写：{_known}。") from None
    given = parts.pop("options", "").removeprefix(f"{_session} ")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "anju"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        # Row-level security reads who asks from the transaction, so that nothing of it is left for the next request.
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "options": f"{_session} {given}" if given and given != _session else _session},
        "TEST": {},
    }


def address(settings: dict[str, Any]) -> str:
    """The URL that leads another process to the same database as ``settings``."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite://{quote(str(settings['NAME']))}"
    fields = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {key: str(settings[name]) for key, name in fields.items() if settings[name]}
    return f"postgresql://?{urlencode({**parts, **settings['OPTIONS']}, quote_via=quote)}"
