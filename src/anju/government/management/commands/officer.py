"""`anju officer create`: the first account. There is none before, and none has a password that anybody knows."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anju.government.actions import create_officer
from anju.government.models import Officer, duties_of_people
from anju.government.refusals import Refused


class Command(BaseCommand):
    """Opens an account; the rest is done on pages, by the security administrator."""

    help = "开账号：第一个安全管理员在这里开，其他账号由他开"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`create ACCOUNT --name NAME [--duty DUTY]`."""
        steps = parser.add_subparsers(dest="step", required=True)
        create = steps.add_parser("create", help="开一个账号；口令问两遍，不是终端就读一行")
        create.add_argument("account", help="账号：小写字母开头，3 到 40 位")
        create.add_argument("--name", required=True, help="姓名")
        create.add_argument(
            "--duty",
            choices=[duty.value for duty in duties_of_people],
            default=Officer.Duty.SECURITY.value,
            help="职责",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it. Raises `CommandError`."""
        try:
            officer = create_officer(
                by=None,
                account=options["account"],
                name=options["name"],
                duty=options["duty"],
                password=_password(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from None
        duty = Officer.Duty(officer.duty).label
        self.stdout.write(f"开好了：{officer.name}（{officer.account}），{duty}。第一次登录要换口令、设置验证器。")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("第一次登录用的口令：")
    if password != getpass("再填一次："):
        raise CommandError("两次填的不一样，没有开账号。")
    return password
