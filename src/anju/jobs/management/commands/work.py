"""`anju work`: do background jobs until asked to stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from anju.jobs.worker import Stop, work


class Command(BaseCommand):
    """Takes background jobs one after the other; as many of these processes as one likes may run."""

    help = "做后台工作：导入、重算、定时任务。可以同时开几个；被杀掉的，它的工作由别的接着做。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The lease is how long the others wait before they take a silent worker's job."""
        parser.add_argument("--lease", type=float, default=30, help="多少秒没有动静就算停了（默认 30）")
        parser.add_argument("--until-idle", action="store_true", help="没有可做的就结束")
        parser.add_argument("--parent", type=int, help="这个进程结束，就跟着结束")

    def handle(self, *, lease: float, until_idle: bool, parent: int | None, **_: Any) -> None:
        """Work; SIGTERM ends after the job under way, a second one at once."""
        stop = Stop(parent)
        stop.listen()
        work(lease=timedelta(seconds=lease), stop=stop, until_idle=until_idle)
