"""`anju verify`: whether what must be true of the register and of all that stands on it is true."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from anju.register.verification import verify


class Command(BaseCommand):
    """Ends with 1 when something is not true, with 2 when the database is out of reach."""

    help = "核对台账和应办：每一问的答案都要是 0"

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask everything; each question with its answer on a line."""
        try:
            answers = verify()
        except DatabaseError as problem:
            raise CommandError("数据库连不上，或者还没有建表，请先运行 anju migrate。", returncode=2) from problem
        for sentence, n in answers.items():
            self.stdout.write(f"{n}\t{sentence}")
        broken = sum(n > 0 for n in answers.values())
        if broken:
            raise CommandError(f"{broken} 问不是 0，请告诉维护的人。")
