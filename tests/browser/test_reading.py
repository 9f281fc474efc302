"""Every page at both widths and in both languages: accessible, within the window, with a silent console."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from anju.check.queries import guideline
from tests.browser.test_ledger import accessible, answered, both_widths, fits

pytestmark = pytest.mark.browser

PAGES = ["/", "/guideline/", *(f"/guideline/{page.clause}/" for page in guideline().pages)]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_read_by_everyone(page: Page, address: str) -> None:
    page.goto(address)
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)


@pytest.mark.parametrize("page", ["phone"], indirect=True)
@pytest.mark.parametrize("address", ["/", "/guideline/", "/guideline/1.5/"])
def test_a_page_can_be_read_by_everyone_on_a_phone(page: Page, address: str) -> None:
    page.goto(address)
    accessible(page)


@both_widths
def test_a_whole_sample_can_be_read_by_everyone(page: Page) -> None:
    page.get_by_role("button", name=re.compile("用它试.*搬迁群众台账")).click()
    answered(page)
    accessible(page)
    fits(page)
    page.goto(f"{page.url}row/0/0/")
    accessible(page)
    fits(page)


def test_the_page_switches_to_english_and_back(page: Page) -> None:
    page.goto("/guideline/1.5/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url("/guideline/1.5/")
    expect(page.get_by_role("heading", name="Try it")).to_be_visible()
    accessible(page)
    page.goto("/")
    expect(page.get_by_role("button", name="Check it")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("button", name="开始判定")).to_be_visible()


def test_a_clause_answers_while_one_fills_in(page: Page) -> None:
    page.goto("/guideline/1.5/")
    form = page.locator("#try")
    form.get_by_label("搬迁类别").select_option(label="建档立卡")
    form.get_by_label("养老状态").select_option(label="已领取")
    form.get_by_label("搬迁跨度").select_option(label="跨省")
    expect(form.locator("#answer-person")).to_contain_text("留原参保地")
    accessible(page)


def test_a_page_that_is_not_there_says_so(page: Page) -> None:
    # the browser itself reports the status on the console, so this one is asked for without a window
    response = page.request.get("/nothing/")
    assert response.status == 404
    assert "没有这一页" in response.text()


def test_the_keyboard_reaches_the_file_field_first(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("input[type=file]")).to_be_focused()
