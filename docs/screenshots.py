"""Take the pictures of the documentation from the running site: python docs/screenshots.py http://127.0.0.1:8000

The pictures show a sample ledger; its people are made up. On a demo, those of the signing in, the desk, a person, a site, an import, cases
and months are taken too, at the width of a desk's screen and of a phone. Needs Debian's Chromium and a Chinese font.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
QUIET = ["--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-component-update"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
LIST = (
    "姓名,出生日期,户编号,与户主关系,迁出地代码,迁入地代码,户籍意愿",
    "向春生,1979-02-03,5000000000000061,户主,500154101,500235001901,愿意",
    "田秋月,1981-11-20,5000000000000061,配偶,500154101,500235001901,未征询",
    "向小满,2008-05-21,5000000000000061,户主,500154101,500235001901,",
)
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


def walk_demo(page: Page, site: str, width: str) -> None:
    """Who one may be; and as the first of them, a village clerk: the desk, the first person of it, and the first site."""
    page.goto(f"{site}/sign-in/")
    take(page, f"cast{width}")
    page.locator("button.role").first.click()
    page.goto(f"{site}/desk/")
    take(page, f"desk{width}")
    for subject, listed, its in (("person", "people", "desk"), ("site", "sites", "sites")):
        page.goto(f"{site}/{its}/")
        page.locator(f"main th a[href^='/{listed}/']").first.click()
        page.wait_for_url(f"{site}/{listed}/*/")
        take(page, f"{subject}{width}")


def walk_work(page: Page, site: str, width: str) -> None:
    """As the county's civil affairs: what is under way, one case, the months of assistance."""
    page.goto(f"{site}/sign-in/")
    page.locator("button.role", has_text="区县 · 民政").first.click()
    page.goto(f"{site}/cases/?list=all")
    take(page, f"cases{width}")
    page.goto(f"{site}/cases/")
    page.locator("td a[href^='/cases/']").first.click()
    page.wait_for_url(f"{site}/cases/*/")
    take(page, f"case{width}")
    page.goto(f"{site}/payments/")
    take(page, f"months{width}")


def walk_import(page: Page, site: str) -> None:
    """A list that waits, handed in by that clerk."""
    page.goto(f"{site}/import/new/?kind=people")
    page.locator("input[type=file]").set_input_files(
        {"name": "六月新名单.csv", "mimeType": "text/csv", "buffer": "\n".join(LIST).encode()}
    )
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", name="一行一行看")).to_be_visible(timeout=60_000)
    page.locator("#rows").evaluate("heading => heading.scrollIntoView()")
    take(page, "import")


def main(site: str) -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        walk(browser.new_context(viewport=WIDE, reduced_motion="reduce").new_page(), site)
        walk_by_phone(
            browser.new_context(viewport=PHONE, device_scale_factor=2, reduced_motion="reduce").new_page(), site
        )
        page = browser.new_context(viewport=WIDE, reduced_motion="reduce").new_page()
        page.goto(site)
        if page.locator("aside.demo").count():
            walk_demo(page, site, "")
            walk_import(page, site)
            walk_demo(browser.new_context(viewport=PHONE, reduced_motion="reduce").new_page(), site, "-phone")
            for viewport, width in ((WIDE, ""), (PHONE, "-phone")):
                walk_work(browser.new_context(viewport=viewport, reduced_motion="reduce").new_page(), site, width)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
