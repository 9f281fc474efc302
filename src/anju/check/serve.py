"""`anju serve`: the site, with one process that watches and one that answers."""

from __future__ import annotations

import argparse
import os
import shutil

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

_threads = 4


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``serve`` to the `anju` command."""
    parser = commands.add_parser("serve", help="打开网站：交台账，看应办，读指导意见")
    parser.add_argument("--host", default="127.0.0.1", help="在哪个地址上听（默认只在本机）")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="端口（默认 8000）")
    parser.set_defaults(run=run_serve)


def run_serve(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; what visitors left is removed in the end, however the answering process ended."""
    os.environ["ANJU_SERVER"] = str(os.getpid())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
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
        server.serve()
    finally:
        shutil.rmtree(settings.ANJU_VISITS, ignore_errors=True)
    return 0
