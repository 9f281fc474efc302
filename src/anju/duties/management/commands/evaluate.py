"""`anju evaluate`: what everybody owes by the guideline, now and in the foreground."""

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from anju.duties.everyone import evaluate_all
from anju.policy.errors import PolicyError


class Command(BaseCommand):
    """Ends with 2 when the database is out of reach, or the pages have no values for the day."""

    help = "全部重算应办，只写变化的"

    def add_arguments(self, parser: CommandParser) -> None:
        """``--on DAY``."""
        parser.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="判定日（默认今天）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate everyone, and say what changed."""
        begun = time.monotonic()
        try:
            changed = evaluate_all(options["on"] or timezone.localdate(), report=self.tell)
        except PolicyError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except DatabaseError as problem:
            raise CommandError("数据库连不上，或者还没有建表，请先运行 anju migrate。", returncode=2) from problem
        self.stdout.write(
            f"开出 {changed.opened} 件，了结 {changed.closed} 件，随事实改动 {changed.followed} 件，"
            f"用时 {time.monotonic() - begun:.1f} 秒。"
        )

    def tell(self, done: int, total: int) -> None:
        """How far it is, where somebody watches."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")
