"""`anju check`: a ledger file in, answers out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from anju.check.answers import on_polars
from anju.check.lines import lines
from anju.check.parquet import write_parquet
from anju.check.run import Checked, check_file
from anju.check.settings import UsageError, parse_settings
from anju.check.spark import on_spark
from anju.check.summary import summary
from anju.check.workbook import write_workbook
from anju.policy.errors import PolicyError
from anju.policy.load import load
from anju.tables.ledger import FileRefused

_engines = {"polars": on_polars, "spark": on_spark}
_subjects = ("person", "household", "site", "county")


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``check`` to the `anju` command."""
    parser = commands.add_parser("check", help="读一份台账，答出每个人、户、点应办什么")
    parser.add_argument("files", nargs="+", metavar="FILE", help=".xlsx .xls .csv .parquet，表头是术语或常见台账的表头")
    parser.add_argument("--policy", default="chongqing", help="页面的名字或文件夹（默认 chongqing）")
    parser.add_argument("--on", type=day, default=None, metavar="YYYY-MM-DD", help="判定日（默认今天）")
    parser.add_argument(
        "--set", action="append", default=[], metavar="术语=值", help="文件里没有的列，全部行都取这个值；可以多次"
    )
    parser.add_argument("--subject", choices=_subjects, default=None, help="说的是人、户、点还是县（默认由列看出来）")
    parser.add_argument("--engine", choices=tuple(_engines), default="polars", help="用什么算（默认 polars）")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="一行一个 JSON 对象")
    form.add_argument("--xlsx", type=Path, metavar="OUT", help="写成工作簿")
    form.add_argument("--parquet", type=Path, metavar="OUT", help="写成 Parquet")
    parser.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """0 all answered, 1 some rows refused, 2 unusable call, file or page."""
    try:
        policy = load(options.policy)
        settings = parse_settings(options.set, policy)
        on = options.on or date.today()
        checked = [
            check_file(Path(file), policy, on, settings, subject=options.subject, engine=_engines[options.engine])
            for file in options.files
        ]
    except FileRefused as refused:
        print(refused.problem.sentence(), file=sys.stderr)
        return 2
    except (PolicyError, UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in (p for one in checked for p in one.problems):
        print(problem.sentence(), file=sys.stderr)
    if not any(answers.question.decisions for one in checked for answers in one.answers):
        print("没有一条能答：表头要是术语，或者 docs/headers.md 里的表头。", file=sys.stderr)
        return 2
    try:
        _write(checked, options)
    except OSError as error:
        print(f"写不进文件：{error.strerror or error}。检查文件夹和权限，或者换一个文件名。", file=sys.stderr)
        return 2
    return 1 if any(p.severity == "refused" for one in checked for p in one.problems) else 0


def _write(checked: Sequence[Checked], options: argparse.Namespace) -> None:
    if options.json:
        for one in checked:
            for line in lines(one):
                print(line)
    elif options.xlsx:
        write_workbook(checked, options.xlsx)
        print(f"写好了：{options.xlsx}")
    elif options.parquet:
        write_parquet(checked, options.parquet)
        print(f"写好了：{options.parquet}")
    else:
        for one in checked:
            for line in summary(one):
                print(line)


def day(text: str) -> date:
    """A date option. Raises `argparse.ArgumentTypeError`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，写成 2026-06-30") from None
