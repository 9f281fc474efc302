"""A list on its way out: filtered, taken along in full, opened; and one so long that another officer has to approve."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.browser.test_import import PATIENCE, come_in
from tests.browser.test_sign_in import read
from tests.government.pages.officer import code
from tests.house.tracked import ROOT
from tests.register.cast import number

pytestmark = pytest.mark.browser
OFFICERS = """
import django
django.setup()
from tests.exchange.cast import clerk, VILLAGE, ORIGIN
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.register.cast import number
from anju.government.second_wall import everything
from anju.register.actions import create_person
from anju.register.models import Person
OTHER = "500235105000"
for account, name, region in (
    ("carry", "樊带走", "500235104000"), ("many", "薛许多", OTHER), ("grant", "葛批准", OTHER),
):
    who = clerk(account, region)
    who.name = name
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
    if account == "carry":
        for order, person in ((71, "钟大山"), (72, "钟小溪")):
            create_person(
                by=who, name=person, number=number(order), phone="13800000071", origin=ORIGIN, destination=VILLAGE
            )
with everything():
    Person.objects.bulk_create(
        Person(name=f"某{n:04d}", pinyin=f"mou {n:04d}", origin=ORIGIN, destination="500235105201") for n in range(1001)
    )
"""


@pytest.fixture(scope="session")
def carriers(environment: dict[str, str], site: str) -> None:
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    subprocess.run([sys.executable, "-c", OFFICERS], env=with_tests, check=True, capture_output=True)


@pytest.fixture
def approver(chromium: Browser, site: str, carriers: None) -> Iterator[Page]:
    """Who approves, at another screen."""
    context = visit(chromium, site)
    yield come_in(context.new_page(), "grant")
    context.close()


def confirm(page: Page) -> None:
    """The second factor once more."""
    page.get_by_label("六位验证码").fill(code(steps=1))
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="导出 ")).to_be_visible()


def ask_in_full(page: Page) -> None:
    """The second factor is asked for meanwhile; what was filled is still there, and is sent by whoever looked at it again."""
    page.get_by_label(re.compile("^完整")).check()
    page.get_by_label("用途", exact=True).fill("核对参保")
    page.get_by_role("button", name="导出", exact=True).click()
    assert "核对" not in unquote(page.url)
    confirm(page)
    expect(page.get_by_role("status").filter(has_text="还没有办")).to_be_focused()
    expect(page.get_by_label(re.compile("^完整"))).to_be_checked()
    expect(page.get_by_label("用途", exact=True)).to_have_value("核对参保")
    read(page)
    page.get_by_role("button", name="导出", exact=True).click()


def test_a_list_is_taken_along(page: Page, carriers: None, tmp_path: Path) -> None:
    clerk = come_in(page, "carry")
    clerk.get_by_role("navigation", name="全站").get_by_role("link", name="人员", exact=True).click()
    clerk.get_by_label("姓名或拼音首字母").fill("钟")
    expect(clerk.locator("#list tbody tr")).to_have_count(2)
    read(clerk)
    clerk.get_by_role("button", name="导出…").click()
    expect(clerk.get_by_text("以“钟”开头")).to_be_visible()
    assert re.fullmatch(r".*/export/[0-9a-f-]{36}/", clerk.url)
    read(clerk)
    ask_in_full(clerk)
    expect(clerk.get_by_text("以“钟”开头")).to_be_visible()
    download = clerk.get_by_role("button", name="下载 .xlsx")
    expect(download).to_be_visible(timeout=PATIENCE)
    read(clerk)
    with clerk.expect_download() as taken:
        download.click()
    assert re.fullmatch(r"人员-云阳县.*-完整-\d{8}\.xlsx", taken.value.suggested_filename)
    taken.value.save_as(tmp_path / "带走.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "带走.xlsx")["台账"]
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows()]
    assert rows == [["姓名", "证件号码"], ["钟大山", number(71)], ["钟小溪", number(72)]]
    clerk.get_by_role("link", name="← 导出").click()
    expect(clerk.locator("#list tbody tr")).to_have_count(1)
    read(clerk)
    clerk.get_by_role("link", name="English").click()
    expect(clerk.get_by_role("heading", name="Export", exact=True)).to_be_visible()
    read(clerk)


def test_a_long_list_needs_another_officer(page: Page, approver: Page) -> None:
    clerk = come_in(page, "many")
    clerk.goto("/people/")
    clerk.get_by_role("button", name="导出…").click()
    expect(clerk.get_by_text("超过 1,000 行")).to_be_visible()
    ask_in_full(clerk)
    expect(clerk.get_by_text("等同一地区的另一位干部批准")).to_be_visible()
    read(clerk)

    approver.get_by_role("navigation", name="全站").get_by_role("link", name="导出", exact=True).click()
    read(approver)
    approver.locator("#list").get_by_role("link", name=re.compile("^人员")).click()
    read(approver)
    approver.get_by_role("button", name="不批准").click()
    expect(approver.get_by_role("alert")).to_have_text("不批准要写明为什么。")
    read(approver)
    approver.get_by_role("button", name="批准", exact=True).click()
    confirm(approver)
    approver.get_by_role("button", name="批准", exact=True).click()
    expect(approver.get_by_text("可以下载")).to_be_visible(timeout=PATIENCE)
    read(approver)

    clerk.reload()
    expect(clerk.get_by_role("button", name="下载 .xlsx")).to_be_visible()
