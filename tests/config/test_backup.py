"""The drill of docs/site.md: back up, lose everything but the keys and the anchors, restore, and go on. On both engines.

What was lost is said once; what is cut off afterwards is found. Without its keys a restored database refuses the start.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection, connections

from anju.cli import main
from anju.config.backup import NotBackedUp, back_up, backup_role, pg_dump
from anju.government.second_wall import everything
from anju.journal.anchors import anchor
from anju.register.models import Person
from anju.register.verification import verify
from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused, make_keys
from anju.sealing.models import KnownKey
from anju.walls.wall import missing
from tests.journal.conftest import write
from tests.journal.test_verification import cut_the_tail, without_walls
from tests.postgres import _newest
from tests.register.cast import clerk, number, zhang


@pytest.fixture
def site(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site with keys and anchors of its own, and somebody in its register."""
    monkeypatch.setattr(settings, "ANJU_KEYS", tmp_path / "private" / "keys")
    monkeypatch.setattr(settings, "ANJU_ANCHORS", tmp_path / "elsewhere" / "anchors.jsonl")
    KnownKey.objects.all().delete()
    agree_on_keys()
    zhang(clerk("village"))
    return own_database


def dumped(file: Path) -> None:
    """The backup, as the site's own command or the one that it names makes it."""
    if connection.vendor == "sqlite":
        assert main(["backup", str(file)]) == 0
        return
    with pytest.raises(NotBackedUp, match=backup_role):
        back_up(file)
    program, *arguments = shlex.split(pg_dump(file))
    _run(program, *arguments)


def restored(file: Path) -> None:
    """The database is lost, and comes back from the backup."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(f"{name}{end}").unlink(missing_ok=True)
        shutil.copyfile(file, name)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    user = str(connection.settings_dict["USER"])
    _run("pg_restore", *_server(), f"--username={user}", f"--dbname={name}", "--no-owner", "--no-privileges", str(file))


def _run(program: str, *arguments: str) -> None:
    password = str(connection.settings_dict["PASSWORD"])
    subprocess.run([_newest(program), *arguments], check=True, env={**os.environ, "PGPASSWORD": password})


def _server() -> list[str]:
    told = connection.settings_dict
    return [f"--host={told['HOST']}", f"--port={told['PORT']}"]


@pytest.fixture(autouse=True)
def role(site: str) -> None:
    """The role of docs/site.md; the cluster of the tests gives its owner the same password as the site's user."""
    if connection.vendor == "sqlite":
        return
    told = connection.settings_dict
    owner = f"postgresql://postgres:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/postgres"
    made = f"CREATE ROLE {backup_role} LOGIN BYPASSRLS PASSWORD '{told['PASSWORD']}'; GRANT pg_read_all_data TO {backup_role};"
    with psycopg.connect(owner, autocommit=True) as server:  # several processes of tests share it
        server.execute(f"DO $$ BEGIN {made} EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$")


def test_the_whole_drill(site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "backup"
    for _ in range(6):
        write(office="office 0")
    anchor(settings.ANJU_ANCHORS)
    dumped(file)
    for _ in range(3):
        write(office="office 0")
    anchor(settings.ANJU_ANCHORS)

    restored(file)
    assert [one.msg for one in run_checks(databases=["default"], tags=["database"])] == []
    assert missing(connection) == []
    assert {said: n for said, n in verify().items() if n} == {}
    with everything():
        assert Person.objects.unscoped().get().number.reveal() == number(1)
    with pytest.raises(CommandError, match="1 处不对"):
        call_command("journal", "verify", anchors=settings.ANJU_ANCHORS)
    assert "末尾少了 3 条" in capsys.readouterr().err

    call_command("journal", "restored", anchors=settings.ANJU_ANCHORS, because="演练")
    call_command("journal", "verify", anchors=settings.ANJU_ANCHORS)
    assert "演练" in capsys.readouterr().out
    write(office="office 0")
    call_command("journal", "anchor", anchors=settings.ANJU_ANCHORS)
    call_command("journal", "verify", anchors=settings.ANJU_ANCHORS)
    without_walls(cut_the_tail)
    with pytest.raises(CommandError, match="处不对"):
        call_command("journal", "verify", anchors=settings.ANJU_ANCHORS)


@pytest.mark.parametrize("new", [False, True], ids=["没有密钥", "别的密钥"])
def test_without_its_keys_nothing_starts(site: str, tmp_path: Path, *, new: bool) -> None:
    file = tmp_path / "backup"
    dumped(file)
    Path(settings.ANJU_KEYS).unlink()
    restored(file)
    if new:
        make_keys(Path(settings.ANJU_KEYS))
    with pytest.raises(KeysRefused, match="放回"):
        agree_on_keys()


def test_a_backup_is_private_and_has_neither_keys_nor_anchors(site: str, tmp_path: Path) -> None:
    anchor(settings.ANJU_ANCHORS)
    file = tmp_path / "backup"
    dumped(file)
    content = file.read_bytes()
    assert number(1).encode() not in content
    for line in Path(settings.ANJU_KEYS).read_text(encoding="utf-8").splitlines()[1:]:
        key = line.split()[-1]
        assert key.encode() not in content
        assert bytes.fromhex(key) not in content
    if connection.vendor == "sqlite":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert sorted(one.name for one in tmp_path.iterdir() if "backup" in one.name) == ["backup"]


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "已经有了": (lambda file: file.write_text("x"), "不覆盖"),
    "没有这个目录": (lambda file: None, "写不出去"),
}


@pytest.mark.parametrize(("before", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_backed_up(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], before: Callable[[Path], object], says: str
) -> None:
    """On SQLite; PostgreSQL is never backed up by us, and a scheduled job hears of it by the exit status."""
    file = tmp_path / "backup" if says == "不覆盖" else tmp_path / "nowhere" / "backup"
    before(file)
    stood = file.read_bytes() if file.exists() else b""
    assert main(["backup", str(file)]) == 2
    told = capsys.readouterr().err
    assert (says if connection.vendor == "sqlite" else "pg_dump --host=") in told
    assert (file.read_bytes() if file.exists() else b"") == stood


def test_a_backup_is_of_one_moment_while_others_write(site: str, tmp_path: Path) -> None:
    """Somebody's transaction that is not committed is not in it, and nobody waits for it."""
    if connection.vendor == "postgresql":
        assert "--format=custom" in pg_dump(tmp_path / "backup")  # one transaction of pg_dump's own
        return
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE half_done (id)")
        back_up(tmp_path / "backup")
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(tmp_path / "backup")) as copy:
        assert copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half_done'").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM register_person").fetchone() == (1,)
