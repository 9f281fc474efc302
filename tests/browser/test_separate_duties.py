"""The three separate duties at their work, as somebody at a screen does it; every page can be read by everyone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_sign_in import read
from tests.government.cast import PASSWORD
from tests.government.pages.officer import code

pytestmark = pytest.mark.browser
NEW = "Lv-shui-2027-qing"


@dataclass(slots=True)
class Visitor:
    """An officer at a screen, with an authenticator whose codes are used one after the other."""

    page: Page
    account: str
    secret: str = ""
    steps: int = 0

    def come_in(self, password: str) -> None:
        """For the first time: another password, an authenticator."""
        page = self.page
        page.goto("/home/")
        page.get_by_label("账号").fill(self.account)
        page.get_by_label("口令").fill(password)
        page.get_by_role("button", name="登录").click()
        page.get_by_label("现在的口令").fill(password)
        page.get_by_label("新口令", exact=True).fill(NEW)
        page.get_by_label("再填一次新口令").fill(NEW)
        page.get_by_role("button", name="换口令").click()
        self.secret = page.locator("code").inner_text()
        page.get_by_label("六位验证码").fill(code(self.secret))
        page.get_by_role("button", name="开始使用").click()
        page.wait_for_url("**/account/")
        page.get_by_role("link", name="安居").click()

    def confirm(self) -> None:
        """The second factor again."""
        self.steps += 1
        self.page.get_by_label("六位验证码").fill(code(self.secret, steps=self.steps))
        self.page.get_by_role("button", name="确认").click()

    def leave(self) -> None:
        """Out again."""
        self.page.get_by_role("button", name="退出").click()
        expect(self.page.get_by_role("heading", name="登录")).to_be_visible()


def open_account(page: Page, account: str, name: str, duty: str) -> str:
    """On the form; the first password."""
    page.get_by_label("账号").fill(account)
    page.get_by_label("姓名").fill(name)
    page.get_by_label("职责").select_option(label=duty)
    read(page)
    page.get_by_role("button", name="开账号").click()
    expect(page.get_by_role("heading", name="第一次登录的口令")).to_be_visible()
    read(page)
    return page.locator("code").inner_text()


def test_rights_are_given_written_down_and_looked_over(page: Page, environment: dict[str, str]) -> None:
    call = [sys.executable, "-m", "anju", "officer", "create", "chief", "--name", "王安全"]
    subprocess.run(call, env=environment, input=f"{PASSWORD}\n", encoding="utf-8", check=True, capture_output=True)
    chief = Visitor(page, "chief")
    chief.come_in(PASSWORD)

    expect(page.get_by_role("heading", name="账号管理")).to_be_visible()
    read(page)
    page.get_by_role("link", name="开账号").click()
    chief.confirm()
    passwords = {}
    for account, name, duty in (
        ("overseer", "赵审计", "审计员"), ("keeper", "钱系统", "系统管理员"), ("clerk", "李干部", "经办"),
    ):  # fmt: skip
        page.goto("/accounts/new/")
        passwords[account] = open_account(page, account, name, duty)
    page.get_by_role("link", name="记下了，去给岗位").click()

    page.get_by_label("地方").press_sequentially("奉节")
    suggested = page.locator("datalist option")
    expect(suggested).to_have_count(1)
    page.get_by_label("地方").fill(suggested.first.get_attribute("value") or "")
    page.get_by_label("条线").select_option(label="民政")
    page.get_by_role("button", name="给岗位").click()
    expect(page.get_by_role("status")).to_contain_text("岗位给好了")
    expect(page.get_by_role("row", name="重庆市奉节县 民政")).to_be_visible()
    read(page)
    for summary in page.locator("summary").all():
        summary.click()
    read(page)

    page.get_by_role("link", name="岗位", exact=True).click()
    expect(page.get_by_role("row", name="重庆市奉节县 民政")).to_contain_text("李干部")
    read(page)
    page.get_by_role("link", name="区划").click()
    read(page)
    page.get_by_role("link", name="重庆市奉节县").click()
    page.get_by_text("加村社区").first.click()
    page.get_by_label("乡镇、街道").fill("吐祥镇")
    page.get_by_label("村社区名称").fill("铁佛村")
    page.get_by_label("代码").fill("500236127001")
    page.get_by_role("button", name="加村社区").click()
    expect(page.get_by_role("status")).to_contain_text("加好了")
    read(page)
    page.get_by_role("link", name="铁佛村").click()
    read(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Accounts")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    chief.leave()

    overseer = Visitor(page, "overseer")
    overseer.come_in(passwords["overseer"])
    expect(page.get_by_role("heading", name="操作日志", exact=True)).to_be_visible()
    read(page)
    page.get_by_label("操作", exact=True).select_option(label="给岗位")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_text("和写下时一样")).to_be_visible()
    read(page)
    page.go_back()
    page.get_by_role("link", name="导出").click()
    overseer.confirm()
    read(page)
    page.get_by_label("事由").fill("年度检查")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出").click()
    assert taken.value.suggested_filename.startswith("操作日志-")
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="没有这一页")).to_be_visible()
    read(page)
    page.get_by_role("link", name="干部入口").click()
    overseer.leave()

    keeper = Visitor(page, "keeper")
    keeper.come_in(passwords["keeper"])
    expect(page.get_by_role("heading", name="系统", exact=True)).to_be_visible()
    expect(page.get_by_text("锚定操作日志")).to_be_visible()
    read(page)
    keeper.leave()
