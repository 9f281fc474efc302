"""Each kind's empty workbook, filled in, comes back without a word to be said."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anju.exchange import storage
from anju.exchange.kinds import kinds
from anju.exchange.models import State
from anju.exchange.queries.rows import problems
from anju.government.models import Officer
from tests.desk.cast import browser
from tests.exchange.cast import ORIGIN, TOWN, VILLAGE, clerk, filled, handed_in, merged, verdicts, workbook, zhang
from tests.government.pages.officer import Browser
from tests.register.cast import number

pytestmark = pytest.mark.django_db
COUNTY = f"{TOWN[:6]}000000"
FILLED: dict[str, dict[str, Any]] = {
    "people": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "性别": "男", "民族": "土家族",
        "联系电话": "13800000001", "户编号": "5000000000000001", "与户主关系": "户主", "迁出地代码": ORIGIN, "迁入地代码": VILLAGE,
        "集中安置点名称": "幸福家园", "住址": "1 栋 1 号",
    },
    "households": {
        "户编号": "5000000000000002", "户主姓名": "李秀英", "迁出地代码": ORIGIN, "迁入地代码": VILLAGE,
        "集中安置点名称": "幸福家园", "住址": "2 栋",
    },
    "sites": {"集中安置点名称": "安居家园", "所在地代码": VILLAGE},
    "relations": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "关系": "户籍", "归属地代码": VILLAGE,
        "起": date(2026, 3, 1), "原因": "转接", "凭据": "户口簿",
    },
    "wishes": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "意愿": "户籍意愿", "选择": "愿意",
        "表态日": date(2026, 1, 5), "方式": "当面",
    },
    "paid": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "救助": "低保", "发放月份": "2026-03",
        "金额": "420.50", "发放日期": date(2026, 3, 10), "发放地代码": TOWN,
    },
    "medical_list": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "参保月份": "2026-03", "参保地代码": COUNTY,
        "缴费月数": "12",
    },
    "pension_list": {
        "姓名": "张青山", "证件号码": number(1), "出生年月日": date(1980, 5, 6), "参保月份": "2026-03", "参保地代码": COUNTY,
        "缴费月数": "12",
    },
}  # fmt: skip
COUNTY_LISTS = {"medical_list": "medical_security", "pension_list": "human_resources"}
"""Kinds whose files a line of the county hands in for all of it."""


def blank(who: Browser, kind: str) -> openpyxl.Workbook:
    """The template that the site gives."""
    answer = who.get(f"/import/templates/{kind}.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(b"".join(answer)))


@pytest.fixture
def registered(importer: Officer, second: Officer, tmp_path: Path) -> None:
    """What relations, wishes and households of the templates speak of."""
    site = [{"集中安置点名称": "幸福家园", "所在地代码": VILLAGE}]
    merged(handed_in(importer, workbook(tmp_path / "点.xlsx", site), "sites"), second)


@pytest.mark.parametrize("kind", FILLED)
def test_a_template_filled_in_is_read_without_a_problem(
    importer: Officer, second: Officer, registered: None, tmp_path: Path, kind: str
) -> None:
    by, region = importer, TOWN
    if kind in COUNTY_LISTS:
        by, region = clerk("county", COUNTY, "county", (COUNTY_LISTS[kind],)), COUNTY
    if kind in ("relations", "wishes", "paid", *COUNTY_LISTS):
        merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1, 户口迁移="否")])), second)
    path = filled(blank(browser(by), kind), FILLED[kind], path=tmp_path / "填好.xlsx", choices=True)
    batch = handed_in(by, path, kind, region)
    assert (batch.state, batch.message) == (State.READY, "")
    assert storage.notes(batch) == []
    told = ["这一户还没有登记户主，这里写的户主没有留下；请在人员名单里交，“与户主关系”写户主。"]
    assert [text for *_, text in problems(by, batch)] == (told if kind == "households" else [])
    subjects = {known.code: known.subjects for known in kinds()}[kind]
    assert [verdicts(batch, subject) for subject in subjects] == [["new"] for _ in subjects]


def test_every_kind_has_a_template(importer: Officer) -> None:
    who = browser(importer)
    assert set(FILLED) == {kind.code for kind in kinds()}
    for kind in kinds():
        book = blank(who, kind.code)
        headers = [cell.value for cell in book["台账"][1]]
        assert [row[0].value for row in list(book["怎么填"])[1:-1]] == headers, kind.code
    assert who.get("/import/templates/nothing.xlsx").status_code == 404


def test_a_template_has_the_facts_of_the_officers_lines_alone() -> None:
    medical = [cell.value for cell in blank(browser(clerk("yb", lines=("medical_security",))), "people")["台账"][1]]
    assert "医保状态" in medical
    assert "养老状态" not in medical
