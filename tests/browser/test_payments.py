"""A month of two townships through the browser: a gap is paid, a double is taken back, two people close it; at desk and phone width."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from anju.register.facts import today
from tests.browser.conftest import visit
from tests.browser.test_import import come_in
from tests.browser.test_sign_in import read
from tests.house.tracked import ROOT
from tests.payments.cast import ago

pytestmark = pytest.mark.browser
PEOPLE = """
import django
django.setup()
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.payments.cast import A, B, ago, begun, civil, paid, poor
from tests.register.cast import clerk
who = {}
for account, office in (("pay-one", A), ("pay-two", A), ("pay-there", B)):
    who[account] = civil(account, office)
    who[account].set_password(PASSWORD)
    who[account].save()
    with_app(who[account])
village = clerk("pay-village")
names = ("白露", "谷雨", "立夏")
people = [poor(village, name=name, order=801 + 2 * at, code=f"880{at}") for at, name in enumerate(names)]
begun(who["pay-one"], ago(1))
for person in people[:2]:
    paid(who["pay-one"], person, ago(1))
paid(who["pay-there"], people[1], ago(1), payer=B)
"""


@pytest.fixture(scope="module")
def people(environment: dict[str, str]) -> None:
    """白露 is paid, 谷雨 twice, 立夏 not at all."""
    paths = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "anju.config.settings"}
    subprocess.run([sys.executable, "-c", PEOPLE], env={**environment, **paths}, check=True)


@contextmanager
def screen(chromium: Browser, site: str, account: str) -> Iterator[Page]:
    """An officer who has come in, at a screen of his own."""
    context = visit(chromium, site)
    yield come_in(context.new_page(), account)
    context.close()


def test_a_month_is_put_in_order_and_closed(chromium: Browser, site: str, people: None) -> None:
    with screen(chromium, site, "pay-one") as page:
        page.get_by_role("navigation", name="全站").get_by_role("link", name="发放", exact=True).click()
        page.get_by_role("link", name=re.compile(f"^← {ago(1)}")).click()
        expect(page.locator("#list tbody tr")).to_have_count(3)
        read(page)
        page.get_by_label("只看").select_option("expected")
        expect(page.locator("#list tbody tr")).to_have_count(1)
        page.locator("#list").get_by_role("link", name=re.compile("^看月份.*立夏")).click()
        page.get_by_text("记发放、补发、追回、抵扣或退汇").click()
        page.get_by_label("记什么").select_option("back")
        page.get_by_label("哪个月的").fill(ago(1))
        page.get_by_label("金额（元）").fill("420.50")
        page.get_by_label("哪天").fill(today().isoformat())
        read(page)
        page.get_by_role("button", name="记下").first.click()
        expect(page.get_by_role("alert").first).to_contain_text("为什么")
        expect(page.get_by_label("金额（元）")).to_have_value("420.50")
        read(page)
        page.locator("details[open]").get_by_label("为什么").fill("漏发")
        page.get_by_role("button", name="记下").first.click()
        expect(page.get_by_role("status")).to_have_text("记下了。")
        page.goto(f"/payments/?month={ago(1)}&show=double")
        expect(page.locator("#list tbody")).to_contain_text("谷雨")
        read(page)
        page.goto(f"/payments/?month={ago(1)}")
        page.get_by_role("button", name="提出关账").click()
        expect(page.get_by_role("status")).to_contain_text("等另一位干部")
        read(page)

    with screen(chromium, site, "pay-two") as page:
        page.goto(f"/payments/?month={ago(1)}")
        read(page)
        page.get_by_role("button", name="复核无误，关账").click()
        expect(page.get_by_role("status")).to_have_text("这个月关账了。")
        read(page)
        page.locator("#list").get_by_role("link", name=re.compile("^看月份.*谷雨")).click()
        expect(page.get_by_role("heading", name="救助发放：谷雨")).to_be_visible()
        read(page)
