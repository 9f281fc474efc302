"""The front page, samples, templates, the language switch, and what is refused at the door."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from anju.check.queries import guideline
from anju.check.samples import samples
from tests.check.pages.visitor import Visitor, read_download


def test_it_says_what_this_is_for_and_how_long_a_file_is_kept(visitor: Visitor) -> None:
    page = visitor.text("/")
    assert "应办什么、由谁办、到什么时候、依据哪一条、为什么" in page
    assert "30 分钟没有动静" in page


@pytest.mark.parametrize(
    ("name", "content", "fields", "sentence"),
    [
        ("", b"", {}, "还没有选文件"),
        ("名单.docx", b"x", {}, "只读 .xlsx"),
        ("名单.csv", "姓名\n".encode(), {"on": "明天"}, "这不是日期"),
        ("名单.csv", "姓名\n".encode(), {"settings": "身高=180"}, "术语或参数要是页面里有的名字"),
        ("名单.csv", "姓名\n".encode(), {"settings": "养老状态=交了"}, "养老状态=交了"),
    ],
    ids=["没有文件", "不是表格", "不是日期", "没有这个术语", "没有这个取值"],
)
def test_what_cannot_be_checked_is_said_at_once(
    visitor: Visitor, name: str, content: bytes, fields: dict[str, str], sentence: str
) -> None:
    response = visitor.hand_in(name, content, **fields) if name else visitor.browser.post("/check/", fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "--set" not in response.content.decode()


@pytest.mark.parametrize(("size", "status"), [(1000, 302), (1001, 413)], ids=["恰好", "多一个字节"])
def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    visitor: Visitor, settings: Settings, size: int, status: int
) -> None:
    settings.ANJU_LARGEST_UPLOAD = 1000
    response = visitor.hand_in("名单.csv", b"x" * size)
    assert response.status_code == status
    if status == 413:
        assert "请按乡镇或年份拆成几份再交" in response.content.decode()
        assert not [path for path in Path(settings.ANJU_VISITS).iterdir() if path.is_file()]


def test_there_is_a_limit_to_how_many_visits_are_open(visitor: Visitor, settings: Settings) -> None:
    settings.ANJU_MOST_VISITS = 0
    response = visitor.hand_in("名单.csv", b"x")
    assert response.status_code == 503
    assert "现在用的人太多" in response.content.decode()


@pytest.mark.parametrize("sample", samples, ids=lambda sample: sample.title)
def test_a_sample_can_be_downloaded(visitor: Visitor, sample: object, tmp_path: Path) -> None:
    name = getattr(sample, "name", "")
    response = visitor.get(f"/samples/{name}.xlsx")
    sheet = load_workbook(read_download(response, tmp_path / "sample.xlsx")).active
    assert sheet is not None
    assert sheet.max_row > 10
    numbers = {cell for row in sheet.iter_rows(min_row=2, values_only=True) for cell in row if _is_id(cell)}
    assert all(str(number).startswith("500999") for number in numbers), "只有编的人"


def _is_id(cell: object) -> bool:
    return isinstance(cell, str) and re.fullmatch(r"\d{17}[\dX]", cell) is not None


@pytest.mark.parametrize("subject", ["person", "household", "site", "county"])
def test_an_empty_template_has_every_recorded_term_with_its_choices(
    visitor: Visitor, subject: str, tmp_path: Path
) -> None:
    book = load_workbook(read_download(visitor.get(f"/templates/{subject}.xlsx"), tmp_path / "template.xlsx"))
    sheet = book["台账"]
    headers = [cell.value for cell in sheet[1]]
    recorded = [t for t in guideline().terms.values() if t.source == "ledger" and subject in t.subjects]
    assert {t.name for t in recorded if t.code not in ("key", "as_of")} <= set(headers)
    assert len(headers) == len(set(headers))
    choices = {str(rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert '"是,否"' in choices
    assert book["怎么填"].max_row > len(headers)


def test_an_empty_template_handed_back_is_understood(visitor: Visitor, tmp_path: Path) -> None:
    path = read_download(visitor.get("/templates/person.xlsx"), tmp_path / "template.xlsx")
    book = load_workbook(path)
    sheet = book["台账"]
    columns = [cell.value for cell in sheet[1]]
    row: dict[str, str | int] = {
        "姓名": "张青山",
        "搬迁类别": "建档立卡",
        "养老状态": "已领取",
        "年龄": 66,
        "搬迁跨度": "跨省",
    }
    for header, value in row.items():
        sheet.cell(2, columns.index(header) + 1, value)
    stream = io.BytesIO()
    book.save(stream)
    address = visitor.check("填好的.xlsx", stream.getvalue())
    assert "留原参保地" in visitor.text(f"{address}row/0/0/")


def test_english_is_chosen_and_remembered(visitor: Visitor) -> None:
    response = visitor.browser.get("/language/en/", {"next": "/guideline/"})
    assert response.headers["Location"] == "/guideline/"
    page = visitor.text("/")
    assert "A ledger goes in" in page
    assert '<html lang="en">' in page
    visitor.browser.get("/language/zh-hans/")
    assert '<html lang="zh-Hans">' in visitor.text("/")


def test_the_browsers_own_language_is_not_asked(visitor: Visitor) -> None:
    page = visitor.browser.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="zh-Hans">' in page


@pytest.mark.parametrize(
    "back",
    ["https://example.org/", "//example.org/", "javascript:alert(1)", ""],
    ids=["别的站", "别的站", "脚本", "空"],
)
def test_the_language_switch_leads_nowhere_else(visitor: Visitor, back: str) -> None:
    assert visitor.browser.get("/language/en/", {"next": back}).headers["Location"] == "/"
