"""A real workbook from an insurer: handed in, accepted by somebody else, compared, recorded, and a case opened."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_bills import screen
from tests.browser.test_sign_in import read
from tests.exchange.cast import workbook
from tests.government.pages.officer import code
from tests.house.tracked import ROOT
from tests.register.cast import number

pytestmark = pytest.mark.browser
PATIENCE = 60_000
PEOPLE = """
import django
django.setup()
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.register.cast import DESTINATION, ORIGIN, clerk, number
from anju.register.actions import create_household, create_person
for account in ("list-hand", "list-take"):
    who = clerk(account, "500236000000", "county", "medical_security")
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
village = clerk("list-village", "500236102202", "village", "committee")
for order, name, status in ((91, "谭望月", "resident"), (93, "余听泉", "resident")):
    home = create_household(
        by=village, household_code=str(order), origin=ORIGIN, destination="500236102202",
        facts={"relocatee_kind": "registered_poor"},
    )
    facts = {"medical_status": status, "medical_aided": True}
    create_person(by=village, name=name, number=number(order), household=home, relation="户主", facts=facts)
"""


@pytest.fixture(scope="module")
def people(environment: dict[str, str], site: str) -> None:
    """Two who are insured, as the ledger has it."""
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    subprocess.run([sys.executable, "-c", PEOPLE], env=with_tests, check=True, capture_output=True)


@pytest.mark.usefixtures("people")
def test_a_month_is_compared(chromium: Browser, site: str, tmp_path: Path) -> None:
    rows = [
        {"姓名": "谭望月", "证件号码": number(91), "险种类型": "未参保"},
        {"姓名": "余听泉", "证件号码": number(93), "险种类型": "城乡居民医保", "资助是否到账": "是"},
        {"姓名": "陌生人", "证件号码": number(95), "险种类型": "城乡居民医保", "资助是否到账": "是"},
    ]
    file = workbook(tmp_path / "参保名单.xlsx", [{**rows[0], "资助是否到账": None}, *rows[1:]])
    with screen(chromium, site, "list-hand") as page:
        page.goto("/comparisons/")
        read(page)
        page.get_by_role("link", name=re.compile("^交参保名单")).click()
        page.get_by_label("选文件").set_input_files(file)
        page.get_by_role("button", name="交上去").click()
        expect(page.get_by_text(re.compile("^(待接收|没读成)$"))).to_be_visible(timeout=PATIENCE)
        read(page)
        address = page.url
    with screen(chromium, site, "list-take") as page:
        page.goto(address)
        page.get_by_role("link", name="接收…").click()
        page.get_by_label("六位验证码").fill(code(steps=1))
        page.get_by_role("button", name="确认").click()
        page.get_by_role("button", name="接收，并入登记库").click()
        expect(page.get_by_role("link", name="申请撤回这一批…")).to_be_visible(timeout=PATIENCE)
        page.goto("/comparisons/")
        read(page)
        found = page.get_by_role("region", name="查出的人")
        expect(found).to_contain_text("谭望月")
        expect(found).to_contain_text("陌生人")
        expect(found).not_to_contain_text("余听泉")
        page.get_by_label("谭望月 和台账不一样").check()
        page.get_by_role("button", name="勾选的按名单登记").click()
        expect(page.get_by_role("status")).to_contain_text("办好了 1 行")
        read(page)
        page.get_by_label("谭望月 未参保").check()
        page.get_by_role("button", name="勾选的一起开办").click()
        expect(page.get_by_role("status")).to_contain_text("办好了 1 行")
        expect(page.get_by_role("link", name=re.compile("^看办件"))).to_be_visible()
        with page.expect_download() as file_again:
            page.get_by_role("link", name=re.compile("^下载名单")).click()
        assert file_again.value.suggested_filename.endswith(".xlsx")
