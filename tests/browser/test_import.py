"""A list on its way into the register and out again: two officers at two screens; every page can be read by everyone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.browser.test_sign_in import read
from tests.exchange.cast import ORIGIN, VILLAGE, filled
from tests.government.cast import PASSWORD
from tests.government.pages.officer import code
from tests.house.tracked import ROOT
from tests.register.cast import number

pytestmark = pytest.mark.browser
PATIENCE = 60_000
OFFICERS = """
import django
django.setup()
from tests.exchange.cast import clerk, VILLAGE, ORIGIN
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.register.cast import number
from anju.register.actions import create_person
for account, name in (("hand", "罗交表"), ("take", "田接收"), ("slip", "冉手滑")):
    who = clerk(account)
    who.name = name
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
create_person(by=who, name="向春生", number=number(61), origin=ORIGIN, destination=VILLAGE)
"""
PLACES = {"迁出地代码": ORIGIN, "迁入地代码": VILLAGE, "户编号": "5000000000000061"}


@pytest.fixture(scope="session")
def officers(environment: dict[str, str]) -> None:
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    subprocess.run([sys.executable, "-c", OFFICERS], env=with_tests, check=True, capture_output=True)


@pytest.fixture
def clerk(page: Page, officers: None) -> Page:
    """Who hands in."""
    return come_in(page, "hand")


@pytest.fixture
def second(chromium: Browser, site: str, officers: None) -> Iterator[Page]:
    """Who accepts, at another screen."""
    context = visit(chromium, site)
    yield come_in(context.new_page(), "take")
    context.close()


def come_in(page: Page, account: str) -> Page:
    page.goto("/home/")
    page.get_by_label("账号").fill(account)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("六位验证码").fill(code())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()
    return page


def to_imports(page: Page) -> None:
    page.get_by_role("navigation", name="全站").get_by_role("link", name="导入", exact=True).click()
    expect(page.get_by_role("heading", name="导入", exact=True)).to_be_visible()


def hand_in(page: Page, path: Path, kind: str = "人员") -> None:
    """The file is chosen and sent; the page waits by itself until it is read."""
    page.get_by_role("link", name="导入一份文件").click()
    read(page)
    page.get_by_label(re.compile(f"^{kind}")).check()
    page.get_by_label("选文件").set_input_files(path)
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_text(re.compile("^(待接收|没读成)$"))).to_be_visible(timeout=PATIENCE)


def test_a_list_comes_in_and_goes_out(clerk: Page, second: Page, tmp_path: Path) -> None:
    to_imports(clerk)
    expect(clerk.get_by_text("您还没有交过文件")).to_be_visible()
    read(clerk)
    with clerk.expect_download() as template:
        clerk.get_by_role("link", name=re.compile("空白模板.*：人员")).click()
    template.value.save_as(tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")
    rows = [
        {"姓名": "向春来", "证件号码": number(61), "与户主关系": "户主", **PLACES},
        {"姓名": "向秋月", "证件号码": number(62), "与户主关系": "配偶", **PLACES},
        {"姓名": "向小满", "证件号码": "500999198005060011", "与户主关系": "之子", **PLACES},
    ]
    path = filled(book, *rows, path=tmp_path / "向家.xlsx")
    hand_in(clerk, path)
    read(clerk)
    expect(clerk.get_by_text("有 1 行和登记库对不上，请您定")).to_be_visible()
    assert number(61) not in clerk.content()

    clerk.get_by_role("link", name="姓名或生日对不上").click()
    expect(clerk.locator("#list tbody tr")).to_have_count(1)
    expect(clerk.locator("#list del").first).to_have_text("向春生")
    read(clerk)
    clerk.locator("#list tbody").get_by_role("button", name="用文件的").click()
    expect(clerk.get_by_role("status")).to_have_text("已经记下怎么定。")
    expect(clerk.locator("#list tbody")).to_contain_text("已定：用文件的")
    clerk.get_by_role("link", name="全部显示").click()
    clerk.get_by_role("button", name="只并入这一页勾选的").click()
    expect(clerk.get_by_role("status")).to_have_text("已经记下勾选。")
    expect(clerk.get_by_role("link", name="接收…")).to_have_count(0)

    to_imports(second)
    read(second)
    second.get_by_role("link", name="向家.xlsx").click()
    read(second)
    second.get_by_role("link", name="接收…").click()
    read(second)
    second.get_by_label("六位验证码").fill(code(steps=1))
    second.get_by_role("button", name="确认").click()
    expect(second.get_by_role("heading", name="接收这一批")).to_be_visible()
    read(second)
    second.get_by_role("button", name="接收，并入登记库").click()
    expect(second.get_by_role("link", name="申请撤回这一批…")).to_be_visible(timeout=PATIENCE)
    read(second)

    second.locator("#list").get_by_role("link", name=re.compile("^向秋月")).click()
    expect(second.get_by_role("heading", name="向秋月", exact=True)).to_be_visible()
    second.go_back()

    to_imports(clerk)
    hand_in(clerk, path)
    expect(clerk.get_by_text("已经并入过")).to_be_visible()
    expect(clerk.get_by_text("没有要并入的")).to_be_visible()
    read(clerk)
    clerk.get_by_role("link", name="退回…").click()
    clerk.get_by_role("button", name="退回").click()
    expect(clerk.get_by_role("alert")).to_have_text("退回要写明为什么。")
    read(clerk)
    clerk.get_by_label("为什么").fill("交重了")
    clerk.get_by_role("button", name="退回").click()
    expect(clerk.get_by_text("退回的理由：")).to_be_visible()
    read(clerk)

    second.get_by_role("link", name="申请撤回这一批…").click()
    second.get_by_label("为什么").fill("交错了")
    second.get_by_role("button", name="申请撤回").click()
    expect(second.get_by_text("您自己不能同意")).to_be_visible()
    read(second)
    to_imports(clerk)
    read(clerk)
    clerk.get_by_role("link", name="向家.xlsx").first.click()
    clerk.get_by_role("link", name="同意撤回…").click()
    clerk.get_by_label("六位验证码").fill(code(steps=1))
    clerk.get_by_role("button", name="确认").click()
    expect(clerk.get_by_role("heading", name="撤回这一批")).to_be_visible()
    read(clerk)
    clerk.get_by_role("button", name="同意，撤回").click()
    expect(clerk.get_by_text("已撤回").first).to_be_visible(timeout=PATIENCE)
    read(clerk)
    second.goto("/people/?text=向")
    expect(second.locator("#list tbody tr")).to_have_count(1)
    expect(second.locator("#list")).to_contain_text("向春生")


def test_a_file_that_cannot_be_read_says_why(page: Page, officers: None, tmp_path: Path) -> None:
    clerk = come_in(page, "slip")
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"%PDF-1.7")
    to_imports(clerk)
    hand_in(clerk, path)
    expect(clerk.get_by_role("alert")).to_contain_text("PDF")
    read(clerk)
    clerk.get_by_role("link", name="English").click()
    expect(clerk.get_by_role("heading", name="The file could not be read")).to_be_visible()
    read(clerk)
