"""A letter on its way: drafted from the step of a case, checked by a second officer, issued, printed, and received on the other side."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from anju.register.facts import today
from tests.browser.test_case import screen
from tests.browser.test_sign_in import read
from tests.house.tracked import ROOT

pytestmark = pytest.mark.browser
FAMILY = """
import django
django.setup()
from anju.cases.actions import open_case, take_step
from anju.register.facts import today
from tests.government.cast import PASSWORD
from tests.government.pages.officer import with_app
from tests.cases.fitting import fit
from tests.register.cast import clerk, household, zhang
seats = (
    ("letter-village", "500235104202", "village", "committee"),
    ("letter-town", "500235104000", "township", "human_resources"),
    ("letter-county", "500235000000", "county", "human_resources"),
    ("letter-second", "500235000000", "county", "human_resources"),
    ("letter-origin", "500154000000", "county", "human_resources"),
)
officers = {}
for account, region, level, line in seats:
    who = officers[account] = clerk(account, region, level, line)
    who.set_password(PASSWORD)
    who.save()
    with_app(who)
village = officers["letter-village"]
person = zhang(village, household(village, code="5000000000000088"), name="石春河", order=88)
fit(str(person.pk), "transfer_pension")
case = open_case(by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
paper = {"户口迁移证明或新户口簿": True}
take_step(by=village, case=case.pk, seen=1, action="提交", fields=paper)
take_step(by=officers["letter-town"], case=case.pk, seen=2, action="受理")
print(case.pk)
"""


@pytest.fixture
def case(environment: dict[str, str]) -> str:
    """石春河's case, which waits for the destination county's letter."""
    with_tests = {
        **environment,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
    }
    made = subprocess.run([sys.executable, "-c", FAMILY], env=with_tests, check=True, capture_output=True, text=True)
    return made.stdout.strip()


def test_a_letter_from_the_step_to_the_other_side(chromium: Browser, site: str, case: str) -> None:
    with ExitStack() as stack:
        county, second, origin = (
            stack.enter_context(screen(chromium, site, f"letter-{who}")) for who in ("county", "second", "origin")
        )
        county.goto(f"/cases/{case}/")
        read(county)
        county.get_by_role("button", name=re.compile("^看看，拟稿.*关系转入接收函")).click()
        expect(county.locator(".paper")).to_contain_text("石春河")
        expect(county.locator(".paper")).to_contain_text("开州区人力资源和社会保障局")
        read(county)
        county.get_by_role("button", name="就这样拟稿").click()
        expect(county.get_by_role("status")).to_contain_text("拟好了")
        read(county)
        county.get_by_role("button", name="送核稿").click()
        expect(county.get_by_role("status")).to_contain_text("已经送核稿")
        expect(county.get_by_role("button", name="核稿通过")).to_have_count(0)

        second.goto("/letters/")
        read(second)
        second.locator("#list").get_by_role("link", name=re.compile("石春河")).click()
        second.get_by_role("button", name="核稿通过").click()
        expect(second.get_by_role("status")).to_contain_text("可以签发")
        second.get_by_role("button", name="签发").click()
        number = f"云阳人社〔{today().year}〕1号"
        expect(second.locator("h1")).to_contain_text(number)
        read(second)
        with second.expect_download() as taken:
            second.get_by_role("button", name="PDF").click()
        assert taken.value.suggested_filename == f"关系转入接收函-云阳人社{today().year}-1.pdf"

        origin.goto("/letters/?list=received")
        origin.locator("#list").get_by_role("link", name=re.compile("石春河")).click()
        origin.get_by_role("button", name="登记收到").click()
        expect(origin.get_by_role("status")).to_contain_text("登记了收到")
        read(origin)
        county.goto(f"/cases/{case}/")
        expect(county.locator("#letters + ul")).to_contain_text(number)
        read(county)
