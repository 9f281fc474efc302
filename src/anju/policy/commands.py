"""`anju policy check | show | diff | export`: the pages from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from anju.policy.checking import check
from anju.policy.diff.pages import compare
from anju.policy.diff.shifts import ForWhom, RegisterRefused
from anju.policy.diff.words import change_lines, json_lines, register_lines, title
from anju.policy.edition import Edition
from anju.policy.errors import PolicyError
from anju.policy.export.bpmn import bpmn_files
from anju.policy.export.dmn import dmn_files
from anju.policy.export.files import write_files
from anju.policy.load import load
from anju.policy.show import show


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], for_whom: ForWhom) -> None:
    """Add ``policy`` with its verbs to the `anju` command. ``for_whom`` compares two editions on a ledger file."""
    policy = commands.add_parser("policy", help="指导意见的页面：检查、查看、比较、导出")
    verbs = policy.add_subparsers(dest="verb", required=True)
    checking = verbs.add_parser("check", help="证明每张判定表不缺不重，两种算法一致，跑全部算例")
    checking.add_argument("policy", nargs="?", default="chongqing", help="页面的名字或文件夹（默认 chongqing）")
    checking.add_argument("--on", type=_day, default=None, help="判定日，比如 2026-06-30（默认今天）")
    checking.add_argument("--tables", action="store_true", help="逐表列出组合数")
    checking.set_defaults(run=run_check)
    showing = verbs.add_parser("show", help="看一条：规则、参数、应办、流程")
    showing.add_argument("clause", help="条号，比如 1.5")
    showing.add_argument("--policy", default="chongqing", help="页面的名字或文件夹（默认 chongqing）")
    showing.add_argument("--on", type=_day, default=None, help="判定日（默认今天）")
    showing.set_defaults(run=run_show)
    exporting = verbs.add_parser("export", help="导出成别的引擎和画图工具能读的标准格式")
    exporting.add_argument("--dmn", type=Path, metavar="DIR", help="每条一个 DMN 1.3 文件（判定表），写进这个文件夹")
    exporting.add_argument("--bpmn", type=Path, metavar="DIR", help="每个流程一个 BPMN 2.0 文件，写进这个文件夹")
    exporting.add_argument("--policy", default="chongqing", help="页面的名字或文件夹（默认 chongqing）")
    exporting.add_argument("--on", type=_day, default=None, help="参数取哪一天的值（默认今天）")
    exporting.set_defaults(run=run_export)
    differing = verbs.add_parser("diff", help="两套页面，或者一套页面的两天，有什么不同；对谁不同")
    differing.add_argument("before", metavar="A", help="页面的名字或文件夹，可以带日子：chongqing@2025-04-30")
    differing.add_argument("after", metavar="B", help="同上")
    differing.add_argument("--register", type=Path, metavar="FILE", help="一份台账：列出谁的结果变了")
    differing.add_argument("--on", type=_day, default=None, help="没有带日子的，按这一天（默认今天）")
    differing.add_argument("--rows", type=int, default=20, metavar="N", help="每张表最多列几条（默认 20）")
    differing.add_argument("--json", action="store_true", help="全部列出，一行一个 JSON 对象")
    differing.set_defaults(run=partial(run_diff, for_whom=for_whom))


def run_check(options: argparse.Namespace) -> int:
    """0 where everything is proved, 1 where something is wrong, 2 where the pages cannot be read."""
    try:
        policy = load(options.policy)
        report = check(policy, options.on or date.today())
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    if options.tables:
        for proof in report.proofs:
            name = policy.terms[proof.decision].name
            print(
                f"{policy.decisions[proof.decision].clause}  {name} ({proof.decision})  {proof.on} 起  "
                f"{proof.complete} 种组合，含空白 {proof.blanks} 种"
            )
    for problem in report.problems:
        print(problem, file=sys.stderr)
    print(
        f"{policy.name} {policy.version}：{len(policy.decisions)} 张判定表，{report.combinations:,} 种组合不缺不重；"
        f"含空白 {report.with_blanks:,} 种，两种算法一致；{len(policy.examples)} 个算例；"
        f"{len(policy.duties)} 种应办，{len(policy.procedures)} 个流程，{len(policy.letters)} 种文书；"
        f"{len(report.problems)} 个问题。"
    )
    return 1 if report.problems else 0


def run_show(options: argparse.Namespace) -> int:
    """Print a clause with its parameters filled in; 2 where there is none."""
    try:
        policy = load(options.policy)
        text = show(policy, options.clause, options.on or date.today())
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    if text is None:
        print(f"没有“{options.clause}”这一条；有 " + "、".join(p.clause for p in policy.pages), file=sys.stderr)
        return 2
    print(text)
    return 0


def run_export(options: argparse.Namespace) -> int:
    """Write the clauses as DMN, the procedures as BPMN; 2 where nothing was asked for or nothing can be written."""
    if not (options.dmn or options.bpmn):
        print("写上导出什么：--dmn 文件夹，或者 --bpmn 文件夹", file=sys.stderr)
        return 2
    try:
        edition = Edition(load(options.policy), options.on or date.today())
        for folder, files in ((options.dmn, dmn_files), (options.bpmn, bpmn_files)):
            if folder:
                written = write_files(files(edition), folder)
                print(f"{folder}：写好了 {len(written)} 个文件")
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"写不进 {error.filename}（{error.strerror}）：检查文件夹和权限，或者换一个文件夹", file=sys.stderr)
        return 2
    return 0


def run_diff(options: argparse.Namespace, for_whom: ForWhom) -> int:
    """Print what changes; 1 where some rows of the ledger were refused, 2 where a side or the file cannot be read."""
    try:
        before, after = (_edition(side, options.on or date.today()) for side in (options.before, options.after))
        changes = compare(before, after)
        register = for_whom(options.register, before, after) if options.register else None
    except (PolicyError, RegisterRefused) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        lines: Iterable[str] = json_lines(before, after, changes, register)
    else:
        people = register_lines(register, options.rows) if register else ()
        lines = chain((title(before, after),), change_lines(changes, before, after), people)
    for line in lines:
        print(line)
    return 1 if register and register.refused else 0


def _edition(side: str, on: date) -> Edition:
    """``chongqing``, a folder, or either with a day: ``chongqing@2025-04-30``. Raises `PolicyError`."""
    source, at, day = side.rpartition("@")
    try:
        return Edition(load(source), date.fromisoformat(day)) if at else Edition(load(side), on)
    except ValueError:
        return Edition(load(side), on)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，写成 2026-06-30") from None
