"""`anju backup`: a SQLite file as it is at one moment, while the site goes on; for PostgreSQL, what to run instead.

Neither the keys nor the anchors are in it: who finds a backup reads no number, and who restores one is found by the anchors.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

backup_role = "anju_backup"
"""A role of PostgreSQL that may pass row-level security, which the site's own must not (docs/site.md)."""


class NotBackedUp(Exception):
    """There is no backup; the message is in Chinese and says what to do."""


def beside() -> str:
    """What has to be kept besides, and where it is."""
    return (
        f"里面没有密钥和锚定文件，要另外备份，和它分开放：密钥 {settings.ANJU_KEYS}，锚定文件 {settings.ANJU_ANCHORS}。"
        "丢了密钥，备份也打不开。"
    )


def back_up(file: Path) -> int:
    """Write the database into a new file that belongs to its user alone: whole on the disk, or not there at all.

    Returns:
        its bytes.
    Raises:
        NotBackedUp: on PostgreSQL; a file of this name is there; there is no database; the copy is not sound.
        OSError: it cannot be written.
    """
    if connection.vendor == "postgresql":
        raise NotBackedUp(f"PostgreSQL 用 pg_dump 备份：\n{pg_dump(file)}\n{beside()}")
    source = Path(connection.settings_dict["NAME"])
    if not source.exists():
        raise NotBackedUp(f"还没有数据库：{source}。")
    if file.exists():
        raise NotBackedUp(f"{file} 已经有了，不覆盖：请换一个文件名。")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(source, timeout=60)) as database:
            database.execute("VACUUM INTO ?", (str(draft),))
        with closing(sqlite3.connect(draft)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise NotBackedUp("数据库文件已经损坏，这份备份不能用：请用以前的备份恢复。")
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(file)
    except sqlite3.Error as error:
        raise NotBackedUp(f"备份没做成：{error}。请看看磁盘还有没有地方，数据库是不是完好。") from error
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return file.stat().st_size


def pg_dump(file: Path) -> str:
    """The command for a PostgreSQL, with the role of `backup_role`; whose password it asks for."""
    told = connection.settings_dict
    host = [f"--{name}={told[name.upper()]}" for name in ("host", "port") if told[name.upper()]]
    return " ".join(
        ["pg_dump", *host, f"--username={backup_role}", "--format=custom", f"--file={file}", str(told["NAME"])]
    )
