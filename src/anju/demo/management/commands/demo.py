"""`anju demo`: make the synthetic city, in the demo's own database and nowhere else."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from anju.demo.actions import is_there, make_city
from anju.demo.insured import compare_lists
from anju.demo.papers import lay_out
from anju.demo.twice import register_twice
from anju.demo.under_way import set_to_work
from anju.government.refusals import Refused


class Command(BaseCommand):
    """Makes the city of the demo."""

    help = "造演示用的城市：人和事都是编的"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How large, and which."""
        parser.add_argument("--people", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--if-none", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it. Raises `CommandError`."""
        if not settings.ANJU_DEMO:
            raise CommandError("演示城市只造在演示自己的库里：请运行 anju demo。")
        if is_there():
            if options["if_none"]:
                return
            raise CommandError("已经有一座演示城市了。要重新造，请加 --again。")
        people = options["people"]
        self.stdout.write(f"正在造一座演示城市：3 个区县、40 个安置点、{people:,} 人，都是编的。要等几秒……")
        began = monotonic()
        seed, today = options["seed"], timezone.localdate()
        try:
            city = make_city(people=people, seed=seed, on=today)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        cases, compared = set_to_work(seed, today), compare_lists(seed, today)
        letters, twice = lay_out(today), register_twice(today)
        took = monotonic() - began
        self.stdout.write(
            f"造好了：{city.households:,} 户，{city.officers} 名干部，{cases} 件在办，{letters} 份文书，比对了 {compared} 份参保名单，"
            f"{twice} 人登记了两次，用了 {took:.0f} 秒。"
        )
