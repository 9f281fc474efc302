"""A village officer's morning: what is owed, whom to find, one person's file, and the forms; every page can be read by everyone."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_sign_in import read
from tests.government.cast import PASSWORD
from tests.government.pages.officer import code
from tests.house.tracked import ROOT
from tests.register.cast import number

pytestmark = pytest.mark.browser
FAMILY = """
import django
django.setup()
from tests.desk.cast import family
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.register.cast import zhang
us = family()
who = us.officer
land = dict.fromkeys(("rural_house", "lives_in_house", "homestead", "contracted_land"), False)
asked = {"hukou_moved": False, "hukou_wish": "unstated", "lives_at_site": True, "address_assigned": True}
zhang(who, us.home, name="张小满", order=4, relation="之女", facts=asked | land)
who.set_password(PASSWORD)
who.save()
with_app(who)
"""


@pytest.fixture
def village(page: Page, environment: dict[str, str]) -> Page:
    """The officer has come in."""
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    subprocess.run([sys.executable, "-c", FAMILY], env=with_tests, check=True, capture_output=True)
    page.goto("/home/")
    page.get_by_label("账号").fill("village")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("六位验证码").fill(code())
    page.get_by_role("button", name="登录").click()
    return page


def test_a_morning_at_the_desk(village: Page) -> None:
    page = village
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()
    read(page)
    with page.expect_response(re.compile(r"/desk/\?.*clause=1\.1")):
        page.locator("#inbox").get_by_label("条", exact=True).select_option(value="1.1")
    expect(page.locator("#inbox tbody")).to_contain_text("一（一）户口迁移服务")

    page.get_by_role("link", name="人员", exact=True).click()
    read(page)
    page.get_by_label("姓名或拼音首字母").fill("zq")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("text=zq"))
    page.get_by_label("按证件号码找").fill(number(1))
    page.get_by_role("button", name="找人").click()

    expect(page.get_by_role("heading", name="张青山", exact=True)).to_be_visible()
    assert number(1) not in page.url
    person = page.url
    read(page)
    for fold in page.locator("main details:not(.more)").all():
        fold.evaluate("fold => fold.open = true")
    read(page)

    for name in ("户", "安置点"):
        page.get_by_role("navigation", name="全站").get_by_role("link", name=name, exact=True).click()
        read(page)
        page.locator("#list tbody th a").first.click()
        read(page)

    page.goto(person)
    page.locator("#relations").get_by_role("link", name=re.compile("转接.*党组织")).click()
    read(page)
    page.get_by_label("归属地").select_option(value="elsewhere")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").filter(has_text="请写明是哪里")).to_be_visible()
    read(page)
    with page.expect_response(re.compile("/places/")):
        page.get_by_label(re.compile("别处")).press_sequentially("奉节")
    expect(page.locator("#places option").first).to_have_attribute("value", re.compile("奉节县"))

    page.goto(f"{person}facts/1.5/")
    read(page)
    page.get_by_label(re.compile("^养老状态")).select_option(label="已领取")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("事实已经记下")
    expect(page.locator("#clause-1-5")).to_contain_text("已领取")
    page.goto(f"{person}?on=2021-04-30")
    expect(page.get_by_role("status")).to_contain_text("2021-04-30 那天的情况")
    read(page)

    page.goto(person)
    for confirmed in (False, True):
        if confirmed:  # what was typed is still there
            expect(page.get_by_label("用途").first).to_have_value("核对户口")
        else:
            page.get_by_text("看完整").first.click()
            page.get_by_label("用途").first.fill("核对户口")
        page.get_by_role("button", name="显示").first.click()
        if not confirmed:
            page.get_by_label("六位验证码").fill(code(steps=1))
            page.get_by_role("button", name="确认").click()
    expect(page.locator("#sealed-number")).to_have_text(number(1))
    read(page)
