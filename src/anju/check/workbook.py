"""The workbook that a clerk gets: 汇总, 应办清单, 判定结果, 缺数据, 导入问题."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
from rustpy_xlsxwriter import Format, write_worksheets

from anju.check.run import Checked
from anju.check.table import counts_table, duties_table, duty_counts, missing_table, results_table, subject_labels
from anju.tables.ledger import Problem

most_rows = 1_048_575
"""Rows of an Excel sheet below its header."""

_narrow, _plain, _wide, _widest = 9, 14, 26, 52
_widths = {
    **dict.fromkeys(("行号", "对象", "强度", "期限性质", "数量"), _narrow),
    **dict.fromkeys(("编号", "户编号", "结论", "应办", "由谁", "条", "安置点", "判定", "写的是", "列", "文件"), _wide),
    **dict.fromkeys(("为什么", "缺什么", "怎么改"), _widest),
}
_colours = {"必须": "#F8D7DA", "原则上": "#FFE8CC", "可以": "#E2E3E5", "鼓励": "#D1E7DD"}


def write_workbook(checked: Sequence[Checked], out: Path) -> None:
    """Write the answers of some files into one workbook.

    A sheet that has more rows than Excel takes goes on in a sheet of the same name with a number (应办清单2). Text is
    written as text: a cell that begins with ``=`` never becomes a formula.
    """
    sheets = [
        ("汇总", _summary(checked)),
        *_paged("应办清单", _joined(duties_table(a) for c in checked for a in c.answers)),
    ]
    for answers in (a for c in checked for a in c.answers):
        name = (
            "判定结果" if sum(len(c.answers) for c in checked) == 1 else f"判定结果 {subject_labels[answers.subject]}"
        )
        sheets += _paged(_unique(name, sheets), results_table(answers))
    sheets += _paged("缺数据", _absent(checked))
    sheets += _paged("导入问题", _problems(p for c in checked for p in c.problems))
    _write(sheets, out)


def _write(sheets: Sequence[tuple[str, pl.DataFrame]], out: Path) -> None:
    header = Format().set_bold().set_background_color("#1F4E79").set_font_color("#FFFFFF").set_text_wrap()
    write_worksheets(
        list(sheets),
        str(out),
        freeze_panes={"general": {"row": 1, "col": 0}},
        datetime_format="yyyy-mm-dd",
        header_format={name: header for name, _ in sheets},
        column_widths={name: {c: _widths.get(c, _plain) for c in frame.columns} for name, frame in sheets},
        autofilter={name: True for name, _ in sheets},
        conditional_formats={name: {"强度": _by_strength()} for name, frame in sheets if "强度" in frame.columns},
    )


def _by_strength() -> list[dict[str, object]]:
    return [
        {"type": "text", "criteria": "contains", "value": strength, "format": Format().set_background_color(colour)}
        for strength, colour in _colours.items()
    ]


def _paged(name: str, frame: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """The frame in sheets of at most `most_rows` rows: 应办清单, 应办清单2, …"""
    starts = range(0, max(frame.height, 1), most_rows)
    return [(name if not at else f"{name}{at + 1}", frame.slice(start, most_rows)) for at, start in enumerate(starts)]


def _unique(name: str, sheets: Sequence[tuple[str, pl.DataFrame]]) -> str:
    taken = {known for known, _ in sheets}
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, 999))) if n not in taken)


def _joined(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    parts = list(frames)
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame({"应办": pl.Series([], dtype=pl.String)})


def _summary(checked: Sequence[Checked]) -> pl.DataFrame:
    """Counts by clause, then counts of duties, after what was read."""
    parts: list[pl.DataFrame] = []
    for one in checked:
        read = f"读入 {one.rows - one.ledger.refused} 行，拒收 {one.ledger.refused} 行"
        parts.append(pl.DataFrame({"条": [one.file], "判定": ["读入"], "结论": [read], "数量": [one.rows]}))
        for answers in one.answers:
            parts.append(counts_table(answers))
            duties = duty_counts(answers)
            parts.append(
                duties.select(
                    "条", pl.col("应办").alias("判定"), (pl.col("强度") + " · " + pl.col("由谁")).alias("结论"), "数量"
                )
            )
    return pl.concat(parts, how="vertical_relaxed")


def _absent(checked: Sequence[Checked]) -> pl.DataFrame:
    """What files have no column for (named once), then rows with blank cells."""
    parts = [
        pl.DataFrame({"工作表": ["（整份）"], "编号": [one.file], "缺什么": ["没有这些列：" + "、".join(_names(one))]})
        for one in checked
        if one.absent
    ]
    parts += [missing_table(answers) for one in checked for answers in one.answers]
    return (
        pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame({"缺什么": pl.Series([], dtype=pl.String)})
    )


def _names(one: Checked) -> list[str]:
    terms = one.answers[0].policy.terms
    return [terms[code].name for code in one.absent]


def _problems(problems: Iterable[Problem]) -> pl.DataFrame:
    rows = [
        {
            "文件": p.file,
            "工作表": p.sheet or "",
            "行号": p.row,
            "列": f"{p.letter} {p.column}" if p.letter else (p.column or ""),
            "写的是": p.found,
            "怎么改": p.advice,
            "处理": "拒收" if p.severity == "refused" else "提醒",
        }
        for p in problems
    ]
    text = dict.fromkeys(("列", "写的是", "怎么改", "处理"), pl.String)
    return pl.DataFrame(rows, schema={"文件": pl.String, "工作表": pl.String, "行号": pl.Int64, **text})
