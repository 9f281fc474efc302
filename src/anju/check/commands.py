"""`anju check`: a ledger file in, answers out."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from pkgutil import resolve_name

from anju.check.lines import lines
from anju.check.output import check_output, write_safely
from anju.check.parquet import write_parquet
from anju.check.run import Checked, check_file
from anju.check.settings import Settings, UsageError, parse_settings
from anju.check.summary import summary
from anju.check.workbook import write_workbook
from anju.policy.errors import PolicyError
from anju.policy.load import load
from anju.policy.model import Policy
from anju.tables.ledger import FileRefused
from anju.tables.values import earliest, latest

# By name, because importing Spark alone takes longer than answering a small ledger.
_engines: Mapping[str, str] = {"polars": "anju.check.answers:on_polars", "spark": "anju.check.spark:on_spark"}
_day = re.compile(r"\d{4}-\d{2}-\d{2}")
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
    out = options.xlsx or options.parquet
    try:
        files = _files(options.files)
        if out:
            check_output(out, files)
        policy = load(options.policy)
        checked = _checked(files, policy, parse_settings(options.set, policy), options)
    except (PolicyError, UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in (p for one in checked for p in one.problems):
        print(problem.sentence(), file=sys.stderr)
    if len(checked) < len(files):
        return 2
    if not any(answers.question.decisions for one in checked for answers in one.answers):
        print("没有一条能答：表头要是术语，或者 docs/headers.md 里的表头。", file=sys.stderr)
        return 2
    try:
        _write(checked, options)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if any(p.severity == "refused" for one in checked for p in one.problems) else 0


def _files(names: Sequence[str]) -> list[Path]:
    """The files of the call, each once, however often and by whatever path it was named."""
    found: dict[str, Path] = {}
    for name in names:
        real = os.path.realpath(name)
        if real in found:
            print(f"{name}：这个文件写了两次，只读一次。", file=sys.stderr)
        found.setdefault(real, Path(name))
    return list(found.values())


def _checked(files: Sequence[Path], policy: Policy, settings: Settings, options: argparse.Namespace) -> list[Checked]:
    """The files that could be read, answered; a sentence on standard error for each that could not."""
    on, engine = options.on or date.today(), resolve_name(_engines[options.engine])
    checked: list[Checked] = []
    for file in files:
        try:
            checked.append(check_file(file, policy, on, settings, subject=options.subject, engine=engine))
        except FileRefused as refused:
            print(refused.problem.sentence(), file=sys.stderr)
    return checked


def _write(checked: Sequence[Checked], options: argparse.Namespace) -> None:
    """Raises `UsageError` where the answer cannot be written."""
    out = options.xlsx or options.parquet
    if out:
        write = write_workbook if options.xlsx else write_parquet
        write_safely(out, lambda place: write(checked, place))
        print(f"写好了：{out}")
        return
    shown = lines if options.json else summary
    for one in checked:
        for line in shown(one):
            print(line)


def day(text: str) -> date:
    """A date option, within the years that the cells of a ledger may name. Raises `argparse.ArgumentTypeError`."""
    try:
        value = date.fromisoformat(text if _day.fullmatch(text) else "")
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，写成 2026-06-30") from None
    if not earliest <= value <= latest:
        raise argparse.ArgumentTypeError(f"“{text}”应在 {earliest.year} 年到 {latest.year} 年之间")
    return value
