"""Who is asked for the second factor while sending a form finds it afterwards as it was filled, sends it again; nobody else does."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from anju.government.models import Officer
from anju.journal.models import Entry
from tests.government.cast import client, hold, post, with_password
from tests.government.pages.officer import Browser, code, confirmed_now, signed_in, without_tokens

pytestmark = pytest.mark.django_db
WHY, STILL, TOO_LONG = "核对张三的号码", "还没有办：填的都在下面", "填的太长，没有留下"
DAYS = {"since": "2026-01-02", "until": "2026-03-04"}
SECURITY, AUDITOR = Officer.Duty.SECURITY, Officer.Duty.AUDIT
FORMS = {
    "开账号": (SECURITY, "/accounts/new/", "/accounts/new/", {"account": "lu", "name": "陆新", "duty": "auditor"}),
    "改姓名": (SECURITY, "/accounts/{one}/", "/accounts/{one}/name/", {"name": "陆新"}),
    "给岗位": (SECURITY, "/accounts/{one}/", "/accounts/{one}/posts/", {"region": "奉节县", "line": "culture", **DAYS}),
    "离岗": (SECURITY, "/accounts/{one}/", "/holdings/{holding}/end/", {"until": "2026-03-04"}),
    "开岗位": (SECURITY, "/posts/", "/posts/new/", {"region": "奉节县", "line": "culture", "since": "2026-01-02"}),
    "撤岗位": (SECURITY, "/posts/?line=civil_affairs", "/posts/{post}/close/", {"until": "2026-03-04"}),
    "开对接系统": (SECURITY, "/clients/new/", "/clients/new/", {"name": "社保系统", "networks": "10.0.0.0/8", **DAYS}),
    "改网段": (SECURITY, "/clients/{client}/", "/clients/{client}/change/", {"networks": "10.0.0.0/8", "until": "2026-03-04"}),
    "换密钥": (SECURITY, "/clients/{client}/", "/clients/{client}/key/", {"at_once": "on"}),
    "加村社区": (SECURITY, "/regions/500236000000/", "/regions/500236000000/villages/", {"name": "铁佛村", "since": "2026-01-02"}),
    "导出日志": (AUDITOR, "/journal/export/?result=refused", "/journal/export/?result=refused", {"purpose": WHY}),
}  # fmt: skip


def sent(browser: Browser, page: str, to: str, given: Mapping[str, Any]) -> str:
    """A form of a page is sent when the confirmation is no longer fresh; where it leads."""
    answer = browser.post(to, given, headers={"Referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    return answer.headers["Location"]


def confirmed(browser: Browser, detour: str, steps: int = 0) -> str:
    """The second factor is given; where that leads."""
    back = parse_qs(urlsplit(detour).query)["next"][0]
    answer = browser.post(detour, {"code": code(steps=steps), "next": back})
    assert answer.status_code == 302
    return answer.headers["Location"]


def stale(browser: Browser) -> Browser:
    """Minutes have gone by since the officer confirmed."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT, "reauthenticated": True}
    ]
    session.save()
    return browser


def who_renames() -> tuple[Browser, str]:
    """A security administrator, not confirmed; and the page of 李干部."""
    browser = signed_in(with_password("boss", "王安全", SECURITY), confirmed=False)
    return browser, f"/accounts/{with_password('one').pk}/"


@pytest.mark.parametrize("which", FORMS)
def test_the_form_is_as_it_was_filled_and_waits_to_be_sent_again(which: str) -> None:
    duty, page, to, given = FORMS[which]
    one = with_password("one")
    holding = hold(one, post())
    named = {"one": one.pk, "holding": holding.pk, "post": holding.post_id, "client": client()[0].pk}
    page, to = page.format(**named), to.format(**named)
    browser = signed_in(with_password("boss", "王安全", duty), confirmed=False)
    before = Entry.objects.count()

    detour = sent(browser, page, to, given)
    assert not [value for value in given.values() if len(value) > 2 and value in detour], "nothing in the address"
    back = confirmed(browser, detour)
    assert back == page
    text = without_tokens(browser.get(back))

    form = text.split(STILL, 1)[1].split("</form>", 1)[0]
    for name, value in given.items():
        field, told = rf'name="{name}"[^>]*', re.escape(value)
        written = (
            rf'{field} value="{told}"|{field} checked|{field}>\n{told}</textarea>|<option value="{told}" selected>'
        )
        assert re.search(written, form), name
    assert Entry.objects.count() == before, "nothing is sent by itself"
    assert STILL not in browser.get(back).content.decode(), "once"


def test_sent_again_it_is_done_once() -> None:
    browser, page = who_renames()
    back = confirmed(browser, sent(browser, page, f"{page}name/", {"name": "陆新"}))
    browser.get(back)
    assert Officer.objects.filter(name="陆新").count() == 0
    assert browser.post(f"{page}name/", {"name": "陆新"}).headers["Location"] == f"{page}?done=rename"
    assert list(Entry.objects.filter(action="government.rename").values_list("result", flat=True)) == ["done"]
    assert STILL not in browser.get(page).content.decode()


def test_a_form_that_was_refused_before_is_found_on_the_page_that_it_comes_from() -> None:
    browser, page = who_renames()
    confirmed_now(browser, Officer.objects.get(account="boss"))
    to = f"{page}name/"
    for stood in (page, to):  # refused twice: now the page stands at an address that only takes what is sent
        assert browser.post(to, {"name": ""}, headers={"Referer": f"http://testserver{stood}"}).status_code == 422
    back = confirmed(stale(browser), sent(browser, to, to, {"name": "陆新"}))
    assert back == page
    assert 'value="陆新"' in browser.get(back).content.decode()


@pytest.mark.parametrize(("characters", "there"), [(9_900, True), (10_000, False)], ids=["放得下", "太长"])
def test_what_is_too_long_is_not_kept_and_that_is_said(characters: int, there: bool) -> None:
    browser, page = who_renames()
    name = "长" * characters
    back = confirmed(browser, sent(browser, page, f"{page}name/", {"name": name}))
    text = browser.get(back).content.decode()
    assert [name in text, STILL in text, TOO_LONG in text] == [there, there, not there]


def test_a_file_is_not_kept_and_that_is_said() -> None:
    browser, page = who_renames()
    given = {"name": "陆新", "list": SimpleUploadedFile("名单.csv", b"no")}
    text = browser.get(confirmed(browser, sent(browser, page, f"{page}name/", given))).content.decode()
    assert 'value="陆新"' in text
    assert "文件没有留下，要重新选。" in text
    assert "名单.csv" not in text


def test_what_is_pressed_without_anything_typed_is_found_too() -> None:
    browser, page = who_renames()
    back = confirmed(browser, sent(browser, page, f"{page}disable/", {}))
    before, after = browser.get(back).content.decode().split(STILL)
    assert before.rindex("<details open") > before.rindex("</details>")
    assert after.index("停用") < after.index("</form>")


def test_it_is_nowhere_in_plain() -> None:
    browser, page = who_renames()
    sent(browser, page, f"{page}name/", {"name": WHY})
    kept = json.dumps(dict(browser.session), ensure_ascii=False)
    assert "typed" in kept
    assert WHY not in kept
    with connection.cursor() as asked:
        asked.execute("SELECT session_data FROM django_session")
        assert all(WHY not in row[0] for row in asked.fetchall())


def test_after_signing_out_nothing_of_it_is_left() -> None:
    browser, page = who_renames()
    sent(browser, page, f"{page}name/", {"name": WHY})
    browser.post("/sign-out/")
    back = confirmed_now(browser, Officer.objects.get(account="boss"))
    back.force_login(Officer.objects.get(account="boss"))
    assert WHY not in back.get(page).content.decode()
    assert "typed" not in back.session


def test_another_officer_gets_nothing_of_it_whatever_is_in_the_session() -> None:
    browser, page = who_renames()
    sent(browser, page, f"{page}name/", {"name": WHY})
    kept = browser.session["typed"]
    other = signed_in(with_password("other", "周安全", SECURITY))
    assert WHY not in other.get(page).content.decode()
    session = other.session
    session["typed"] = kept
    session.save()
    assert WHY not in other.get(page).content.decode()
    assert "typed" not in other.session
    assert WHY in browser.get(page).content.decode()
