"""Differences as people and as programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from anju.policy.diff.pages import Change
from anju.policy.diff.shifts import Register, Shifts
from anju.policy.edition import Edition
from anju.policy.names import subject_names

_subjects = {code: name for name, code in subject_names.items()}
_signs = {"added": "+", "removed": "-", "changed": "*"}


def title(before: Edition, after: Edition) -> str:
    """Which two are compared."""
    return " → ".join(f"{e.policy.name} {e.policy.version}（{e.on}）" for e in (before, after))


def change_lines(changes: Iterable[Change], before: Edition, after: Edition) -> Iterator[str]:
    """The changes under their clauses and headings; + added, - removed, * changed."""
    clause = section = ""
    for change in changes:
        if change.clause != clause:
            clause, section = change.clause, ""
            page = after.policy.page(clause) or before.policy.page(clause)
            yield f"\n{page.title if page else clause}（{clause}）"
        if change.section != section:
            section = change.section
            yield f"  {section}"
        yield f"    {_signs[change.sort]} {_change(change)}"
    if not clause:
        yield "页面没有不同。"


def _change(change: Change) -> str:
    if change.sort != "changed":
        return f"{change.what}：{change.before or change.after}"
    aspect = f" {change.aspect}" if change.aspect else ""
    return f"{change.what}{aspect}：{change.before or '（空）'} → {change.after or '（空）'}"


def register_lines(register: Register, most: int) -> Iterator[str]:
    """How many change from what to what, then the rows, no more than ``most`` of each sheet."""
    yield f"\n{register.file}"
    for found in register.shifts:
        sheet = f"工作表“{found.sheet}” " if found.sheet else ""
        people = found.rows["row"].n_unique()
        yield f"  {sheet}{_subjects[found.subject]}：比较 {found.compared:,} 行，{people:,} 行的结果不同"
        if found.apart:
            yield f"    只有一边读得懂的行不比较：{found.apart:,} 行次"
        for line in found.counts().iter_rows(named=True):
            yield f"    {line['decision']}（{line['clause']}）  {_transition(line)}  {line['people']:,} 行"
        yield from _row_lines(found, most)
    if register.refused:
        yield f"  有 {register.refused:,} 行没有读，用 anju check 看是哪些"
    if not register.shifts:
        yield "  这份台账的列答不了任何一条"


def _row_lines(found: Shifts, most: int) -> Iterator[str]:
    for line in found.rows.head(most).iter_rows(named=True):
        yield f"      {line['key']}  {line['decision']}（{line['clause']}）  {_transition(line)}"
    if found.rows.height > most:
        yield f"      还有 {found.rows.height - most:,} 条没有列出；--json 列出全部"


def _transition(line: dict[str, object]) -> str:
    """不要求 → 应设未设（应办：无 → 设立公共服务站）."""
    said = f"{line['before']} → {line['after']}" if line["before"] != line["after"] else f"{line['after']}"
    if line["duties_before"] == line["duties_after"]:
        return said
    return f"{said}（应办：{line['duties_before'] or '无'} → {line['duties_after'] or '无'}）"


def json_lines(before: Edition, after: Edition, changes: Iterable[Change], register: Register | None) -> Iterator[str]:
    """One object for the two sides, one a change of the pages, one a transition with its count, one a row's change."""
    yield _json({"before": _side(before), "after": _side(after), "register": register.file if register else None})
    for change in changes:
        yield _json({"change": asdict(change)})
    for found in register.shifts if register else ():
        yield _json({"sheet": found.sheet, "subject": found.subject, "compared": found.compared, "apart": found.apart})
        for line in found.counts().iter_rows(named=True):
            yield _json({"transition": {"sheet": found.sheet, "subject": found.subject, **line}})
        for line in found.rows.iter_rows(named=True):
            yield _json({"shift": {"sheet": found.sheet, "subject": found.subject, **line}})


def _side(edition: Edition) -> dict[str, str]:
    return {"policy": edition.policy.name, "version": edition.policy.version, "on": edition.on.isoformat()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
