"""The workbook as the clerk reads it: who first, which file, figures that add up, and for which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anju.cli import main

Write = Callable[..., Path]
Book = dict[str, list[dict[str, Any]]]


@pytest.fixture
def answer(tmp_path: Path) -> Callable[..., Book]:
    """A function that checks files into a workbook: its sheets as rows by header."""

    def check(*files: Path) -> Book:
        out = tmp_path / "答.xlsx"
        main(["check", *map(str, files), "--xlsx", str(out), "--on", "2026-06-30"])
        return {sheet.title: _rows(sheet) for sheet in openpyxl.load_workbook(out)}

    return check


def _rows(sheet: Any) -> list[dict[str, Any]]:
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.fixture
def people(ledger: Write) -> Path:
    return ledger(
        "户编号,姓名,与户主关系,搬迁类别,养老状态,出生日期,在岗结对干部数",
        "h1,儿子,之子,建档立卡,缴费中,1960-01-01,0",
        "h1,父亲,户主,建档立卡,缴费中,,0",
        name="人.csv",
    )


@pytest.fixture
def sites(ledger: Write) -> Path:
    return ledger(
        "安置点名称,安置点类型,安置人数,综合设施面积,社区户数",
        "甲点,农村集中,250,60.5,250",
        "乙点,农村集中,99,,",
        name="点.csv",
    )


def test_several_files_are_told_apart_and_who_stands_first(
    answer: Callable[..., Book], people: Path, sites: Path
) -> None:
    book = answer(people, sites)
    assert list(book["应办清单"][0])[:7] == ["文件", "行号", "编号", "姓名", "户主", "安置点", "户编号"]
    assert {row["文件"] for row in book["应办清单"]} == {"人.csv", "点.csv"}
    assert next(iter(book["判定结果 安置点"][0])) == "文件"
    assert list(book["缺数据"][0])[-1] == "缺什么"


def test_one_file_needs_no_column_for_its_name(answer: Callable[..., Book], sites: Path) -> None:
    book = answer(sites)
    assert not {"文件", "工作表"} & set(book["应办清单"][0])
    assert not {"文件", "工作表"} & set(book["判定结果"][0])


def test_the_summary_says_what_was_read_and_for_which_day(answer: Callable[..., Book], people: Path) -> None:
    summary = answer(people)["汇总"]
    assert [row["数量"] for row in summary if row["项目"] == "读入的行"] == [2]
    assert [row["结果"] for row in summary if row["项目"] == "判定日"] == ["2026-06-30"]
    counts = {(row["对象"], row["项目"], row["结果"]): row["数量"] for row in summary if row["类"] == "判定"}
    assert counts["人", "应发尽发", "应领未领"] == 1
    assert counts["户", "结对", "未结对"] == 1
    assert {row["项目"] for row in summary if row["类"] == "应办"} >= {"核实待遇领取", "补录"}


def test_figures_are_numbers_and_what_has_none_says_why(answer: Callable[..., Book], sites: Path) -> None:
    first, second = answer(sites)["判定结果"]
    assert (first["最少组数"], first["应有面积"], first["面积缺口"]) == (2, 75, 14.5)
    assert (second["最少组数"], second["最少组数（没有数的）"]) == (None, "不适用")
    assert second["应有面积（没有数的）"] == "缺：社区户数"


def test_days_are_days_and_a_household_is_called_by_its_head(answer: Callable[..., Book], people: Path) -> None:
    book = answer(people)
    due = {row["应办"]: row["期限"] for row in book["应办清单"]}
    assert isinstance(due["核实待遇领取"], datetime)
    assert [(row["编号"], row["户主"]) for row in book["判定结果 户"]] == [("h1", "父亲")]
