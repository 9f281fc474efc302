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
    **dict.fromkeys(("行号", "对象", "强度", "期限性质", "数量", "类"), _narrow),
    **dict.fromkeys(("编号", "户编号", "应办", "由谁", "条", "安置点", "项目", "写的是", "列", "文件"), _wide),
    **dict.fromkeys(("为什么", "缺什么", "怎么改", "结果"), _widest),
}
_first = ("文件", "工作表", "行号", "编号", "姓名", "户主", "安置点", "户编号", "村社区", "对象")
"""The columns that say who a row is about stand first, in this order, whatever files and subjects are put together."""
_colours = {"必须": "#F8D7DA", "原则上": "#FFE8CC", "可以": "#E2E3E5", "鼓励": "#D1E7DD"}


def write_workbook(checked: Sequence[Checked], out: Path) -> None:
    """Write the answers of some files into one workbook.

    A sheet that has more rows than Excel takes goes on in a sheet of the same name with a number (应办清单2). Text is
    written as text: a cell that begins with ``=`` never becomes a formula.
    """
    every = [answers for one in checked for answers in one.answers]
    several = len(checked) > 1
    sheets = [
        ("汇总", _summary(checked)),
        *_paged("应办清单", _joined(_of_file(duties_table(answers), answers.file, several) for answers in every)),
    ]
    for answers in every:
        name = "判定结果" if len(every) == 1 else f"判定结果 {subject_labels[answers.subject]}"
        results = results_table(answers)
        if answers.sheet and len(every) > 1:
            results = results.select(pl.lit(answers.sheet).alias("工作表"), pl.all())
        sheets += _paged(_unique(name, sheets), _of_file(results, answers.file, several))
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
    """The frames under one another, who a row is about first; without 工作表 where no file has sheets with names."""
    parts = list(frames)
    if not parts:
        return pl.DataFrame({"应办": pl.Series([], dtype=pl.String)})
    joined = pl.concat(parts, how="diagonal_relaxed")
    if "工作表" in joined.columns and joined["工作表"].fill_null("").eq("").all():
        joined = joined.drop("工作表")
    return joined.select(*(name for name in _first if name in joined.columns), pl.exclude(_first))


def _of_file(frame: pl.DataFrame, file: str, several: bool) -> pl.DataFrame:
    """The frame with its file's name in every row where several files are answered together."""
    return frame.select(pl.lit(file).alias("文件"), pl.all()) if several else frame


def _summary(checked: Sequence[Checked]) -> pl.DataFrame:
    """What was read and for which day, then counts of results and of duties by clause, for every file and subject."""
    parts: list[pl.DataFrame] = []
    for one in checked:
        parts.append(_read(one))
        for answers in one.answers:
            results = counts_table(answers).select(
                pl.lit("判定").alias("类"), "条", pl.col("判定").alias("项目"), pl.col("结论").alias("结果"), "数量"
            )
            duties = duty_counts(answers).select(
                pl.lit("应办").alias("类"),
                "条",
                pl.col("应办").alias("项目"),
                pl.concat_str("强度", "由谁", separator=" · ").alias("结果"),
                "数量",
            )
            who = (pl.lit(one.file).alias("文件"), pl.lit(subject_labels[answers.subject]).alias("对象"))
            parts.append(pl.concat([results, duties]).select(*who, pl.all()))
    return pl.concat(parts, how="vertical_relaxed")


def _read(one: Checked) -> pl.DataFrame:
    """The first lines about a file: how many rows were read and refused, the day that was asked for, the pages."""
    edition = one.answers[0].edition if one.answers else None
    lines: list[tuple[str, str | None, int | None]] = [
        ("读入的行", None, one.rows - one.ledger.refused),
        ("拒收的行", None, one.ledger.refused),
    ]
    if edition is not None:
        lines += [("判定日", edition.on.isoformat(), None), ("指导意见版本", edition.policy.version, None)]
    rows = [(one.file, None, "读入", None, *line) for line in lines]
    text = dict.fromkeys(("文件", "对象", "类", "条", "项目", "结果"), pl.String)
    return pl.DataFrame(rows, schema={**text, "数量": pl.Int64}, orient="row")


def _absent(checked: Sequence[Checked]) -> pl.DataFrame:
    """What files have no column for (named once), then rows with blank cells."""
    whole = [
        pl.DataFrame({"编号": ["（整份文件）"], "缺什么": ["没有这些列：" + "、".join(_names(one))]}).pipe(
            _of_file, one.file, len(checked) > 1
        )
        for one in checked
        if one.absent
    ]
    rows = [
        _of_file(missing_table(answers), answers.file, len(checked) > 1) for one in checked for answers in one.answers
    ]
    return _joined([*whole, *rows])


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
