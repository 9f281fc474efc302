"""A hospital's bill is worked out, settled, taken back and put right; premiums are drawn up and approved."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit
from tests.browser.test_import import come_in
from tests.browser.test_sign_in import read
from tests.house.tracked import ROOT

pytestmark = pytest.mark.browser
PEOPLE = """
import django
django.setup()
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.payments.bills import insured
from tests.payments.test_premiums import contributor, looked_at
from tests.register.cast import clerk
seats = (
    ("bill-village", "500235104202", "village", "committee"),
    ("bill-medical", "500235000000", "county", "medical_security"),
    ("bill-social", "500235000000", "county", "human_resources"),
    ("bill-second", "500235000000", "county", "human_resources"),
)
for account, region, level, line in seats:
    who = clerk(account, region, level, line)
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
    if account == "bill-village":
        insured(who, order=81, code="81", name="冉长江")
        looked_at(contributor(who, order=83, code="83", name="岑溪月"))
"""


@pytest.fixture(scope="module")
def people(environment: dict[str, str], site: str) -> None:
    """冉长江 has a bill to be settled, somebody else a premium."""
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    subprocess.run([sys.executable, "-c", PEOPLE], env=with_tests, check=True, capture_output=True)


@contextmanager
def screen(chromium: Browser, site: str, account: str) -> Iterator[Page]:
    """An officer who has come in, at a screen of his own."""
    context = visit(chromium, site)
    yield come_in(context.new_page(), account)
    context.close()


@pytest.mark.usefixtures("people")
def test_a_bill(chromium: Browser, site: str) -> None:
    with screen(chromium, site, "bill-medical") as page:
        page.goto("/settlements/")
        read(page)
        page.get_by_role("link", name=re.compile("^结算一张单据")).click()
        for label, text in (("定点医疗机构", "云阳县人民医院"), ("单据号", "ZY-1"), ("总费用（元）", "60000")):
            page.get_by_label(label).fill(text)
        for label, word in (("就医类别", "住院"), ("医院等级", "三级"), ("参保档次", "一档")):
            page.get_by_label(label).select_option(word)
        page.get_by_role("button", name="先算一算").click()
        expect(page.get_by_role("heading", name="算出来是这样")).to_be_visible()
        expect(page.locator("main")).to_contain_text("大病保险起付线")
        read(page)
        page.get_by_role("button", name="结算", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("结算好了。")
        read(page)
        page.get_by_text("算错了，冲正").click()
        page.get_by_label("为什么").fill("等级录错了")
        page.get_by_role("button", name="冲正").click()
        expect(page.get_by_role("status")).to_contain_text("已经冲正")
        read(page)
        page.get_by_role("link", name="重新结算").click()
        expect(page.get_by_label("单据号")).to_have_value("ZY-1")
        page.get_by_label("医院等级").select_option("二级")
        page.get_by_label("其中目录外自费（元）").fill("70000")
        page.get_by_role("button", name="结算", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("不能超过总费用")
        read(page)
        page.get_by_label("其中目录外自费（元）").fill("1000")
        page.get_by_role("button", name="结算", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("结算好了。")
        page.get_by_role("button", name="拟一站式结算单").click()
        expect(page.locator("main")).to_contain_text("一站式结算单")
        page.goto("/settlements/")
        read(page)
        page.get_by_role("link", name=re.compile("^看这一笔")).first.click()
        read(page)


@pytest.mark.usefixtures("people")
def test_premiums(chromium: Browser, site: str) -> None:
    with screen(chromium, site, "bill-social") as page:
        page.goto("/premiums/")
        read(page)
        page.get_by_role("button", name=re.compile("^提出一批")).click()
        expect(page.get_by_role("status")).to_contain_text("等另一位干部复核")
        read(page)
    with screen(chromium, site, "bill-second") as page:
        page.goto("/premiums/")
        read(page)
        page.get_by_role("link", name=re.compile("^看这一批")).click()
        read(page)
        page.get_by_role("button", name="复核无误，代缴").click()
        expect(page.get_by_role("status")).to_contain_text("算代缴了")
        read(page)
