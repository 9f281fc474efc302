"""`anju serve`, and the commands that need the database: `anju migrate`, … are Django's management commands."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, ManagementUtility, call_command
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from anju.config.backup import NotBackedUp, back_up, beside
from anju.config.beside import Beside
from anju.config.databases import DatabaseURLRefused
from anju.config.proxies import ProxiesWrong
from anju.config.runtime import DemoRefused, is_loopback
from anju.config.start import NotReady, fit_to_migrate, prepare
from anju.journal.log_host import AddressWrong

_threads = 4
_management = {
    "evaluate": "全部重算应办（每夜自动做一次）",
    "journal": "操作日志：核对有没有被改动，把链尾记到库外，说明恢复过备份",
    "keys": "加密密钥：添新密钥，改写旧密文，停用旧密钥",
    "letters": "把文书的正文和版式写进一个目录，改好了放进 ANJU_LETTERS",
    "migrate": "让数据库跟上这一版程序（先备份）",
    "officer": "开账号：第一个安全管理员",
    "verify": "核对台账和应办：每一问的答案都要是 0",
    "work": "做后台工作（打开网站时自带一个；城市里可以另开几个）",
}
"""Name and help of each management command that `anju` offers; its own options are behind ``anju NAME --help``."""
_unprepared = {"journal", "letters", "migrate"}
"""They put right what keeps others from starting, or tell what it is."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``serve`` and the management commands to the `anju` command."""
    parser = commands.add_parser("serve", help="打开网站：交台账，看应办，读指导意见")
    parser.add_argument("--host", default="127.0.0.1", help="在哪个地址上听（默认只在本机）")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="端口（默认 8000）")
    parser.set_defaults(run=run_serve)
    parser = commands.add_parser("demo", help="造演示用的城市：人和事都是编的，放在演示自己的库里")
    parser.add_argument("--people", type=int, default=5000, help="多少人（默认 5000）")
    parser.add_argument("--seed", type=int, default=1, help="种子：同一个数，同一天，造出同一座城市（默认 1）")
    parser.add_argument("--again", action="store_true", help="原来那座不要了，重新造")
    parser.add_argument("--if-none", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run_demo)
    parser = commands.add_parser("backup", help="备份数据库到一个新文件，网站不用停（PostgreSQL：说用哪条 pg_dump）")
    parser.add_argument("file", type=Path, help="新文件；密钥和锚定文件不在里面，要另外备份")
    parser.set_defaults(run=run_backup)
    for name, text in _management.items():
        # What follows is for Django to read, so that nothing here may look like an option.
        parser = commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
        parser.add_argument("arguments", nargs="*")
        parser.set_defaults(run=partial(run_management, name))


def run_management(name: str, options: argparse.Namespace) -> int:
    """Run a management command on a database that is ready for it; it prints, and exits by itself where it fails."""
    if not _set_up():
        return 2
    try:
        if name == "migrate":
            fit_to_migrate()
        elif name not in _unprepared and not {"-h", "--help"}.intersection(options.arguments):
            prepare()
    except NotReady as refused:
        return _say(refused)
    # Django would not migrate a database that lacks a wall, which is what builds it
    unchecked = ["--skip-checks"] if name == "migrate" else []
    ManagementUtility(["anju", name, *unchecked, *options.arguments]).execute()
    return 0


def run_demo(options: argparse.Namespace) -> int:
    """Make the city of the demo in the demo's own folder; whatever else the environment says, never anywhere else."""
    os.environ["ANJU_DEMO"] = "1"
    if not _set_up():
        return 2
    try:
        if options.again:
            for end in ("", "-wal", "-shm"):
                Path(f"{settings.DATABASES['default']['NAME']}{end}").unlink(missing_ok=True)
        prepare()
        call_command("demo", people=options.people, seed=options.seed, if_none=options.if_none)
    except (NotReady, CommandError) as refused:
        return _say(refused)
    return 0


def run_backup(options: argparse.Namespace) -> int:
    """Back the database up, also one that no start would take; where that is done by another program, say which and end with 2."""
    if not _set_up():
        return 2
    try:
        size = back_up(options.file)
    except NotBackedUp as refused:
        return _say(refused)
    print(f"备份好了：{options.file}，{size / 1e6:.1f} MB。{beside()}")
    return 0


def _make_city() -> int:
    """Make the demo's city, unless there is one, in a process of its own, whose exit status is returned.

    The site's processes are forks of this one, and would wait for ever for threads of Polars that are not theirs.
    """
    return subprocess.run([sys.executable, "-m", "anju", "demo", "--if-none"], check=False).returncode


def run_serve(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; what visitors left is removed in the end, however the answering process ended."""
    os.environ["ANJU_SERVER"] = str(os.getpid())
    if not _set_up():
        return 2
    try:
        if settings.ANJU_DEMO and not is_loopback(options.host):
            raise NotReady("演示只在本机开：--host 要写 127.0.0.1。")
        if settings.SESSION_COOKIE_SECURE and not settings.ANJU_PROXIES:
            raise NotReady(
                "写了 ANJU_HOSTS，还要写 ANJU_PROXIES：反向代理的地址，同一台机器上是 127.0.0.1。怎么配见 docs/site.md。"
            )
        prepare()
        if settings.ANJU_DEMO and (status := _make_city()):
            return status
    except (NotReady, CommandError) as refused:
        return _say(refused)
    server = Granian(
        "anju.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        blocking_threads=_threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    try:
        with Beside("work", "--parent", str(os.getpid())):
            server.serve()
    finally:
        shutil.rmtree(settings.ANJU_VISITS, ignore_errors=True)
    return 0


def _set_up() -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
    try:
        django.setup()
    except (AddressWrong, DatabaseURLRefused, DemoRefused, ProxiesWrong) as refused:
        return not _say(refused)
    return True


def _say(refused: Exception) -> int:
    print(refused, file=sys.stderr)
    return 2
