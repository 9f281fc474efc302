"""`anju check` as a command: exit status, other outputs, unusable calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from anju.check import workbook
from anju.cli import main

Write = Callable[..., Path]

header = "编号,姓名,搬迁类别,养老状态,年龄,搬迁跨度,户籍已迁入,迁户时年龄,养老已转入,养老意愿"
rows = (
    "A1,=张三,建档立卡,缴费中,40,跨省,是,39,否,未表态",
    "A2,李四,建档立卡,缴费中,40,跨省,,39,否,未表态",
    "A3,王五,不知道,缴费中,40,跨省,是,39,否,未表态",
)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["没有这个文件.csv"], "没有", id="没有文件"),
        pytest.param(["{file}", "--set", "没有的术语=1"], "--set", id="不认识的术语"),
        pytest.param(["{file}", "--set", "养老状态=在缴"], "养老状态", id="不认识的值"),
        pytest.param(["{file}", "--policy", "没有的页面"], "没有", id="没有页面"),
        pytest.param(["{file}", "--on", "1990-01-01"], "没有值", id="参数还没有值的日子"),
    ],
)
def test_an_unusable_call_ends_with_2_and_a_sentence(
    ledger: Write, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    file = ledger(header, *rows)
    assert main(["check", *(a.format(file=file) for a in arguments)]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Traceback" not in error


def test_the_summary_counts_and_says_what_is_missing(ledger: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ledger(header, *rows)), "--on", "2026-06-30"]) == 1
    text = capsys.readouterr().out
    assert "读入 2 行，拒收 1 行" in text
    assert "养老关系去向：" in text
    assert "应转移 1" in text
    assert "没有这些列，当作不知道：本年已代缴" in text


def test_the_workbook_has_its_sheets_and_text_stays_text(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "答.xlsx"
    assert main(["check", str(ledger(header, *rows)), "--xlsx", str(out), "--on", "2026-06-30"]) == 1
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["汇总", "应办清单", "判定结果", "缺数据", "导入问题"]
    duties = book["应办清单"]
    assert duties.freeze_panes == "A2"
    assert duties.auto_filter.ref is not None
    names = [cell.value for cell in duties[1]]
    first = dict(zip(names, [cell.value for cell in duties[2]], strict=True))
    assert (first["编号"], first["姓名"], first["应办"], first["强度"]) == ("A1", "=张三", "办理养老转移", "必须")
    assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)
    assert [cell.value for cell in book["导入问题"][2]][2] == 4


def test_a_sheet_goes_on_in_the_next_when_excel_is_full(
    ledger: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "most_rows", 2)
    many = [f"B{n},人{n},建档立卡,缴费中,40,跨省,是,39,否,未表态" for n in range(5)]
    out = tmp_path / "答.xlsx"
    assert main(["check", str(ledger(header, *many)), "--xlsx", str(out)]) == 0
    book = openpyxl.load_workbook(out)
    assert [name for name in book.sheetnames if name.startswith("应办清单")] == ["应办清单", "应办清单2", "应办清单3"]
    assert sum(book[name].max_row - 1 for name in book.sheetnames if name.startswith("应办清单")) == 5


def test_parquet_has_a_line_a_row_and_the_duties(ledger: Write, tmp_path: Path) -> None:
    out = tmp_path / "答.parquet"
    assert main(["check", str(ledger(header, *rows)), "--parquet", str(out)]) == 1
    frame = pl.read_parquet(out)
    assert frame["key"].to_list() == ["A1", "A2"]
    assert frame["pension_route"].to_list() == ["must_transfer", None]
    assert frame["pension_route.missing"].to_list() == [None, "hukou_moved"]
    assert frame["duties"].to_list() == [["transfer_pension"], []]
