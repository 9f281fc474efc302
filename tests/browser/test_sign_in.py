"""From the first account to a passkey, as somebody at a screen does it; every page can be read by everyone."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_ledger import accessible, fits
from tests.government.cast import PASSWORD
from tests.government.pages.officer import code

pytestmark = pytest.mark.browser
NEW = "Lv-shui-2027-qing"


def read(page: Page) -> None:
    """Accessible at both widths."""
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_first_account_comes_in_by_app_and_then_by_passkey(
    page: Page, site: str, environment: dict[str, str]
) -> None:
    call = [sys.executable, "-m", "anju", "officer", "create", "boss", "--name", "王安全"]
    subprocess.run(call, env=environment, input=f"{PASSWORD}\n", encoding="utf-8", check=True, capture_output=True)
    # a passkey belongs to a name, not to a number
    site = f"http://localhost:{urlsplit(site).port}"
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "automaticPresenceSimulation": True}})

    page.goto(f"{site}/account/")
    read(page)
    page.get_by_label("账号").fill("boss")
    page.get_by_label("口令").fill("Falsch-falsch-1")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("账号或口令不对。")
    read(page)
    sign_in(page, PASSWORD)

    expect(page.get_by_role("heading", name="换口令")).to_be_visible()
    read(page)
    page.get_by_label("现在的口令").fill(PASSWORD)
    page.get_by_label("新口令", exact=True).fill(NEW)
    page.get_by_label("再填一次新口令").fill(NEW)
    page.get_by_role("button", name="换口令").click()

    expect(page.get_by_role("heading", name="设置验证器")).to_be_visible()
    read(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("六位验证码").fill(code(secret))
    page.get_by_role("button", name="开始使用").click()
    expect(page.get_by_role("heading", name="王安全")).to_be_visible()
    read(page)

    page.get_by_role("link", name="添加通行密钥").click()
    expect(page.get_by_role("heading", name="再确认一次是您")).to_be_visible()
    read(page)
    page.get_by_label("六位验证码").fill(code(secret, steps=1))
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("heading", name="添加通行密钥")).to_be_visible()
    read(page)
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text(re.compile("通行密钥自"))).to_be_visible()
    page.get_by_role("button", name="退出").click()

    sign_in(page, NEW)
    expect(page.get_by_role("heading", name="第二步：验证码")).to_be_visible()
    read(page)
    page.get_by_role("button", name="用通行密钥").click()
    expect(page).to_have_url(f"{site}/accounts/")
    page.goto(f"{site}/account/")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Change password")).to_be_visible()
    read(page)


def sign_in(page: Page, password: str) -> None:
    """The first step."""
    page.get_by_label("账号").fill("boss")
    page.get_by_label("口令").fill(password)
    page.get_by_role("button", name="登录").click()
