"""A pension transfer from the duty to the end: the village opens it, three offices take their steps at their own screens."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from anju.register.facts import today
from tests.browser.conftest import visit
from tests.browser.test_import import come_in
from tests.browser.test_sign_in import read
from tests.house.tracked import ROOT

pytestmark = pytest.mark.browser
FAMILY = """
import django
django.setup()
from datetime import date
from anju.register.actions import record_facts, record_wish
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.register.cast import clerk, household, zhang
seats = (
    ("case-village", "500235104202", "village", "committee"),
    ("case-town", "500235104000", "township", "human_resources"),
    ("case-county", "500235000000", "county", "human_resources"),
    ("case-origin", "500154000000", "county", "human_resources"),
)
for account, region, level, line in seats:
    who = clerk(account, region, level, line)
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
    if account == "case-village":
        village = who
home = household(village, code="5000000000000077")
facts = {"hukou_moved": True, "pension_status": "contributing", "pension_moved": False, "age_at_hukou_move": 39}
person = zhang(village, home, name="田秋月", order=77, facts=facts)
poor = {"relocatee_kind": "registered_poor", "settlement_mode": "centralized"}
record_facts(by=village, kind="household", subject=str(home.pk), facts=poor)
record_wish(by=village, person=str(person.pk), kind="pension", choice="move", on=date(2026, 2, 1), how="当面")
print(person.pk)
"""


@pytest.fixture
def person(environment: dict[str, str]) -> str:
    """田秋月's key; she wishes her pension insurance to follow her."""
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    made = subprocess.run([sys.executable, "-c", FAMILY], env=with_tests, check=True, capture_output=True, text=True)
    return made.stdout.strip()


@contextmanager
def screen(chromium: Browser, site: str, account: str) -> Iterator[Page]:
    """An officer who has come in, at a screen of his own."""
    context = visit(chromium, site)
    yield come_in(context.new_page(), account)
    context.close()


def take(page: Page, action: str, **fields: str) -> None:
    """Find the case in the inbox, fill in the step and press the action."""
    page.goto("/cases/")
    read(page)
    page.locator("#list tbody").get_by_role("link", name=re.compile(f"^{action}")).click()
    read(page)
    for name, text in fields.items():
        page.get_by_label(name).fill(text)
    page.locator("#next").get_by_role("button", name=action).click()
    expect(page.get_by_role("status")).to_have_text("这一步办好了。")


def test_a_pension_transfer(chromium: Browser, site: str, person: str) -> None:
    with ExitStack() as stack:
        village, town, county, origin = (
            stack.enter_context(screen(chromium, site, f"case-{who}"))
            for who in ("village", "town", "county", "origin")
        )
        village.goto(f"/people/{person}/")
        read(village)
        duty = village.locator("#duties tr").filter(has_text="办理养老转移")
        duty.get_by_role("link", name=re.compile("^立一件")).click()
        expect(village.get_by_role("heading", name="立一件：养老保险转移")).to_be_visible()
        read(village)
        village.get_by_role("button", name="立一件").click()
        expect(village.get_by_role("alert").first).to_be_visible()
        read(village)
        village.get_by_label("凭什么办").fill("本人到场申请")
        village.get_by_role("button", name="立一件").click()
        expect(village.get_by_role("status")).to_have_text("已经立件。")
        read(village)
        village.get_by_role("button", name="提交").click()
        expect(village.get_by_role("alert").first).to_contain_text("还没有交验")
        read(village)
        village.get_by_label("户口迁移证明或新户口簿").check()
        village.get_by_role("button", name="提交").click()
        expect(village.get_by_role("status")).to_have_text("这一步办好了。")
        expect(village.locator("#next")).to_contain_text("乡镇·人社")
        read(village)

        take(town, "受理")
        take(county, "发接收函")
        take(origin, "审批并划转", 个人账户储存额="1234.5", 缴费年限="7")
        town.goto("/cases/?list=passed")
        expect(town.locator("#list tbody")).to_contain_text("登记")
        read(town)
        take(county, "登记并告知本人", 到账日=today().isoformat())
        expect(county.locator("h1")).to_contain_text("办结")
        read(county)

        village.goto(f"/people/{person}/")
        expect(village.locator("#duties tr").filter(has_text="办理养老转移").first).not_to_be_visible()
        expect(village.locator("#relations")).to_contain_text("云阳县")
        village.goto("/cases/?list=all&state=done")
        read(village)
        village.locator("#list").get_by_role("link", name="养老保险转移").click()
        expect(village.locator(".entries")).to_contain_text("1234.5")
        read(village)
