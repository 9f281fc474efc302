"""Take the pictures of the documentation from the running site: python docs/screenshots.py http://127.0.0.1:8000

The pictures show a sample ledger; its people are made up. Needs Debian's Chromium and a Chinese font.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
QUIET = ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-component-update"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def take(page: Page, name: str) -> None:
    """One picture of what the window shows."""
    page.wait_for_timeout(300)
    page.screenshot(path=FOLDER / f"{name}.png")


def walk(page: Page, site: str) -> None:
    """The front page, the answer, a reason, and a clause with its procedure."""
    page.goto(site)
    take(page, "front")
    page.locator("button[value=people]").click()
    expect(page.get_by_role("link", name="下载工作簿")).to_be_visible(timeout=60_000)
    take(page, "answer")
    page.get_by_label("应办", exact=True).select_option(label="办理户口迁移")
    page.wait_for_timeout(500)
    page.locator("#worklist [data-opens]").first.click()
    expect(page.locator("#why-1")).to_be_visible()
    page.locator("#why-1 summary").first.click()
    page.locator("#worklist-title").evaluate("heading => heading.scrollIntoView()")
    take(page, "why")
    page.goto(f"{site}/guideline/1.5/")
    for anchor in ("pension_route", "procedure-transfer_pension"):
        page.locator(f"#{anchor}").evaluate("section => section.scrollIntoView()")
        take(page, "clause" if anchor == "pension_route" else "procedure")


def walk_by_phone(page: Page, site: str) -> None:
    """The worklist on a phone."""
    page.goto(site)
    page.locator("button[value=people]").click()
    expect(page.get_by_role("link", name="下载工作簿")).to_be_visible(timeout=60_000)
    page.locator("#worklist [data-opens]").first.click()
    expect(page.locator("#why-1")).to_be_visible()
    page.locator("#worklist").evaluate("list => list.scrollIntoView()")
    take(page, "phone")


def main(site: str) -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        walk(browser.new_context(viewport=WIDE, reduced_motion="reduce").new_page(), site)
        walk_by_phone(
            browser.new_context(viewport=PHONE, device_scale_factor=2, reduced_motion="reduce").new_page(), site
        )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
