"""Entries as a workbook that an auditor takes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta, timezone
from pathlib import Path

import polars as pl
from rustpy_xlsxwriter import Format, write_worksheets

from anju.journal.models import Entry
from anju.journal.queries import deeds, object_kinds

results: Mapping[str, str] = {"done": "办成", "refused": "拒绝", "failed": "没成"}
_columns = (
    "时间", "干部", "账号标识", "岗位", "单位", "地址", "操作", "操作代码", "对象", "对象标识", "事由", "结果", "明细",
    "链", "号", "密钥", "上一条摘要", "摘要",
)  # fmt: skip
_wide, _plain = {"事由", "明细", "岗位", "单位"}, 16


def write(entries: Iterable[Entry], path: Path) -> None:
    """Write them in the order given; every cell is text, so that none of them can become a formula.

    Args:
        path: a file of that name is replaced.
    """
    known, kinds = deeds(), object_kinds()
    rows = [_row(entry, known, kinds) for entry in entries]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_columns, pl.String), orient="row")
    write_worksheets(
        [("操作日志", frame)],
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        header_format={"操作日志": Format().set_bold().set_text_wrap()},
        column_widths={"操作日志": {name: 40 if name in _wide else _plain for name in _columns}},
        autofilter={"操作日志": True},
    )


def _row(entry: Entry, known: Mapping[str, str], kinds: Mapping[str, str]) -> tuple[str, ...]:
    at = entry.at.astimezone(timezone(timedelta(minutes=entry.offset_minutes)))
    return (
        at.isoformat(sep=" ", timespec="seconds"),
        entry.officer_name,
        entry.officer,
        entry.post,
        entry.organisation,
        entry.ip,
        known.get(entry.action, entry.action),
        entry.action,
        kinds.get(entry.object_kind, entry.object_kind),
        entry.object_id,
        entry.purpose,
        results[entry.result],
        entry.detail,
        str(entry.shard),
        str(entry.seq),
        str(entry.key_number),
        entry.previous,
        entry.digest,
    )
