"""A ledger from the front page to the worklist: counts, filters, reasons, missing data, problems and downloads."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from anju.check.samples import samples
from tests.check.pages.visitor import Visitor, read_download

PENSION = """姓名,搬迁类别,养老状态,年龄,搬迁跨度,户籍已迁入,迁户时年龄,养老已转入,养老意愿
张青山,建档立卡,缴费中,40,跨省,是,39,否,未表态
李碧水,建档立卡,缴费中,40,跨省,,39,否,未表态
王晓禾,建档立卡,已领取,66,跨省,,,否,未表态
冉远航,同步搬迁,交了,40,跨省,是,39,否,未表态
"""


@pytest.fixture(scope="module")
def checked() -> tuple[Visitor, str]:
    """A browser with the answered pension ledger; pages of it are only read."""
    visitor = Visitor()
    return visitor, visitor.check("养老.csv", PENSION.encode(), on="2026-06-30")


@pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.title)
def test_every_sample_is_answered(visitor: Visitor, sample: object) -> None:
    address = visitor.try_sample(getattr(sample, "name", ""))
    page = visitor.text(address)
    assert "逐条结果" in page
    assert re.search(r'href="/guideline/[123]\.\d/"', page)
    assert "判定" in visitor.text(f"{address}row/0/0/")


def test_the_answer_counts_by_clause_and_lists_duties(checked: tuple[Visitor, str]) -> None:
    visitor, address = checked
    page = visitor.text(address)
    assert "一（五）养老保险关系转接" in page
    assert "办理养老转移" in page
    assert "判定日 2026-06-30" in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("kind=transfer_pension", ["张青山"], ["李碧水"]),
        ("kind=fill_in", ["李碧水"], ["张青山"]),
        ("text=张青山", ["张青山"], ["李碧水"]),
        ("text=张青山+转移", ["张青山"], ["李碧水"]),
        ("clause=1.6", ["没有符合的应办"], ["张青山"]),
        ("strength=must", ["张青山", "李碧水"], []),
        ("who=迁入·区县·人社", ["张青山"], ["李碧水"]),
        ("text=%25&page=9", ["没有符合的应办"], []),
    ],
    ids=["应办", "补录", "姓名", "两个词", "别的条", "强度", "由谁", "通配符不是通配符"],
)
def test_the_worklist_is_filtered(checked: tuple[Visitor, str], query: str, there: list[str], gone: list[str]) -> None:
    visitor, address = checked
    part = visitor.text(f"{address}?{query}", htmx=True)
    assert "<html" not in part
    assert not [text for text in there if text not in part]
    assert not [text for text in gone if text in part]


def test_a_page_has_fifty_duties(visitor: Visitor) -> None:
    address = visitor.try_sample("people")
    first, second = (visitor.text(f"{address}?page={page}", htmx=True) for page in (1, 2))
    assert first.count('data-opens="why-') == 50
    assert "第 1–50 条" in first
    assert "第 51–100 条" in second
    assert "第 1–50 条" in visitor.text(f"{address}?page=x", htmx=True)


def test_a_duty_opens_to_why_and_why_not(checked: tuple[Visitor, str]) -> None:
    visitor, address = checked
    why = visitor.text(f"{address}row/0/0/?decision=pension_route", htmx=True)
    assert "应转移" in why
    assert "转到户籍地接着缴" in why
    assert 'href="/guideline/1.5/#pension_route-10"' in why
    assert "1.5-4" in why
    assert "领取年龄" in why
    assert "待核" in why
    assert "不是“本条不适用”（第 1 行）：那要求 搬迁类别 同步搬迁，这里是 建档立卡" in why
    assert "应发尽发" not in why


def test_an_open_decision_names_what_is_missing_and_what_is_possible(checked: tuple[Visitor, str]) -> None:
    visitor, address = checked
    why = visitor.text(f"{address}row/0/1/?decision=pension_route", htmx=True)
    assert "还不知道" in why
    assert "户籍已迁入" in why
    assert "还可能是" in why
    assert "留原参保地" in why


def test_a_blank_that_no_longer_matters_leaves_nothing_open(checked: tuple[Visitor, str]) -> None:
    visitor, address = checked
    row = visitor.text(f"{address}row/0/2/")
    assert "留原参保地" in row
    assert "还不知道" not in row.partition("应发尽发")[0].partition("养老关系去向")[2]


@pytest.mark.parametrize(
    ("result", "there", "gone"),
    [
        ("must_transfer", "张青山", "李碧水"),
        ("@open", "李碧水", "张青山"),
        ("keep", "王晓禾", "张青山"),
        ("", "王晓禾", "冉远航"),
    ],
    ids=["应转移", "缺数据", "留原参保地", "全部"],
)
def test_a_number_leads_to_its_rows(checked: tuple[Visitor, str], result: str, there: str, gone: str) -> None:
    visitor, address = checked
    page = visitor.text(f"{address}rows/0/pension_route/?result={result}")
    listed = page.partition('id="rows"')[2]
    assert there in listed
    assert gone not in listed


def test_missing_data_and_problems_have_their_pages(checked: tuple[Visitor, str]) -> None:
    visitor, address = checked
    missing = visitor.text(f"{address}missing/")
    assert "李碧水" in missing
    assert "本年已代缴" in missing
    problems = visitor.text(f"{address}problems/")
    assert "第 5 行" in problems
    assert "C 养老状态" in problems
    assert "交了" in problems
    assert "没有读" in problems


def test_the_workbook_the_lines_and_the_parquet_say_the_same(checked: tuple[Visitor, str], tmp_path: Path) -> None:
    visitor, address = checked
    response = visitor.get(f"{address}files/xlsx/")
    assert "filename*=utf-8''%E5%85%BB%E8%80%81-%E5%BA%94%E5%8A%9E.xlsx" in response.headers["Content-Disposition"]
    book = load_workbook(read_download(response, tmp_path / "answers.xlsx"))
    assert {"汇总", "应办清单", "缺数据", "导入问题"} <= set(book.sheetnames)
    lines = read_download(visitor.get(f"{address}files/json/"), tmp_path / "answers.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["refused"] == 1
    assert json.loads(lines[1])["results"]["pension_route"]["value"] == "must_transfer"
    frame = pl.read_parquet(read_download(visitor.get(f"{address}files/parquet/"), tmp_path / "answers.parquet"))
    assert frame["pension_route"].cast(pl.String).to_list() == ["must_transfer", None, "keep"]


@pytest.mark.parametrize(
    "path",
    [
        "rows/0/nothing/",
        "rows/7/pension_route/",
        "rows/0/pension_route/?result=no",
        "row/0/99/",
        "row/7/0/",
        "files/zip/",
    ],
)
def test_what_is_not_there_is_not_found(checked: tuple[Visitor, str], path: str) -> None:
    visitor, address = checked
    assert visitor.get(address + path).status_code == 404


def test_settings_of_the_call_are_facts_like_any_other(visitor: Visitor) -> None:
    ledger = "姓名,养老状态,年龄\n张青山,已领取,66\n".encode()
    address = visitor.check("一列.csv", ledger, settings="搬迁类别=建档立卡\n搬迁跨度=跨省")
    assert "留原参保地" in visitor.text(f"{address}row/0/0/")


def test_a_name_that_looks_like_markup_is_text(visitor: Visitor) -> None:
    ledger = f"姓名,{PENSION.splitlines()[0].partition(',')[2]}\n<script>alert(1)</script>,建档立卡,缴费中,40,跨省,是,39,否,未表态\n"
    address = visitor.check("<b>名单</b>.csv", ledger.encode())
    for page in (address, f"{address}row/0/0/", f"{address}rows/0/pension_route/"):
        text = visitor.text(page)
        assert "<script>alert" not in text
        assert "<b>名单" not in text
