"""An officer hands in a ledger, reads the answer, opens a reason, takes the workbook along, and leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LEDGER = """姓名,搬迁类别,养老状态,年龄,搬迁跨度,户籍已迁入,迁户时年龄,养老已转入,养老意愿
张青山,建档立卡,缴费中,40,跨省,是,39,否,未表态
李碧水,建档立卡,缴费中,40,跨省,,39,否,未表态
冉远航,同步搬迁,交了,40,跨省,是,39,否,未表态
"""
DROP = """([place, name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, {type: "text/csv"}));
    for (const kind of ["dragenter", "dragover", "drop"])
        place.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}));
}"""
both_widths = pytest.mark.parametrize("page", ["desktop", "phone"], indirect=True)


def answered(page: Page) -> None:
    expect(page.locator("#worklist table")).to_be_visible(timeout=30_000)


def hand_in(page: Page, folder: Path) -> None:
    path = folder / "养老.csv"
    path.write_text(LEDGER, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="开始判定").click()
    answered(page)


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page) -> None:
    """Nothing sticks out at the side of the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_ledger_is_dropped_onto_the_page(page: Page) -> None:
    page.evaluate(DROP, [page.locator("[data-drop]").element_handle(), "养老.csv", LEDGER])
    expect(page.locator("[data-name]")).to_have_text("养老.csv")
    page.get_by_role("button", name="开始判定").click()
    answered(page)
    expect(page.get_by_role("heading", name="养老.csv")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/check/[\w-]{32}/$"))


def test_a_missing_file_is_said_on_the_page(page: Page) -> None:
    page.get_by_role("button", name="开始判定").click()
    expect(page.get_by_role("alert")).to_contain_text("还没有选文件")


@both_widths
def test_a_duty_opens_to_its_reasons_and_closes(page: Page, tmp_path: Path) -> None:
    hand_in(page, tmp_path)
    why = page.locator("#worklist").get_by_role("link", name="为什么").first
    why.click()
    expect(page.locator("#why-1")).to_contain_text("根据的事实")
    expect(why).to_have_attribute("aria-expanded", "true")
    page.locator("#why-1 summary").first.click()
    expect(page.locator("#why-1")).to_contain_text("那要求")
    accessible(page)
    fits(page)
    why.press("Enter")
    expect(page.locator("#why-1")).to_be_hidden()
    expect(why).to_have_attribute("aria-expanded", "false")


def test_the_worklist_is_filtered_while_one_types_and_the_address_tells(page: Page, tmp_path: Path) -> None:
    hand_in(page, tmp_path)
    page.get_by_label("找姓名、编号、事由").press_sequentially("张青山")
    expect(page.locator("#worklist")).not_to_contain_text("李碧水")
    expect(page.locator("#worklist")).to_contain_text("张青山")
    page.get_by_label("应办", exact=True).select_option(label="办理养老转移")
    expect(page.locator("#worklist tbody > tr:not(.why)")).to_have_count(1)
    page.reload()
    expect(page.locator("#worklist tbody > tr:not(.why)")).to_have_count(1)
    page.get_by_role("link", name="全部显示").click()
    expect(page.locator("#worklist")).to_contain_text("李碧水")


def test_a_number_leads_to_its_rows_and_back(page: Page, tmp_path: Path) -> None:
    hand_in(page, tmp_path)
    page.get_by_role("link", name=re.compile("^应转移")).click()
    expect(page.locator("#rows")).to_contain_text("张青山")
    accessible(page)
    page.go_back()
    answered(page)


@pytest.mark.parametrize(("link", "ending"), [("下载工作簿", ".xlsx"), ("JSON", ".jsonl"), ("Parquet", ".parquet")])
def test_the_answer_can_be_taken_along(page: Page, tmp_path: Path, link: str, ending: str) -> None:
    hand_in(page, tmp_path)
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    assert download.value.suggested_filename == f"养老-应办{ending}"
    path = tmp_path / f"answer{ending}"
    download.value.save_as(path)
    if ending == ".xlsx":
        assert "应办清单" in load_workbook(path).sheetnames


def test_the_visit_ends_when_it_is_cleared(page: Page, tmp_path: Path) -> None:
    hand_in(page, tmp_path)
    address = page.url
    page.get_by_role("button", name="清除并离开").click()
    expect(page.get_by_role("status")).to_contain_text("已经清除")
    assert page.request.get(address).status == 404


def test_a_file_that_is_no_ledger_ends_in_a_sentence(page: Page) -> None:
    page.evaluate(DROP, [page.locator("[data-drop]").element_handle(), "无关.csv", "甲,乙\n1,2\n"])
    page.get_by_role("button", name="开始判定").click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到认得的表头", timeout=30_000)
    accessible(page)
    page.get_by_role("button", name="清除，换一份文件").click()
    expect(page.get_by_role("status")).to_contain_text("已经清除")


def test_a_check_can_be_left_and_come_back_to(page: Page) -> None:
    page.get_by_role("button", name=re.compile("用它试.*搬迁群众台账")).click()
    address = page.url
    page.goto("/guideline/")
    page.goto(address)
    answered(page)


@both_widths
@pytest.mark.parametrize("tab", ["缺数据", "导入问题"])
def test_what_is_missing_and_what_was_refused(page: Page, tmp_path: Path, tab: str) -> None:
    hand_in(page, tmp_path)
    page.get_by_role("navigation", name="这份台账").get_by_role("link", name=tab).click()
    expect(page.locator("main")).to_contain_text({"缺数据": "李碧水", "导入问题": "交了"}[tab])
    accessible(page)
    fits(page)
