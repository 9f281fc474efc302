"""The pages of letters: who may press what, what is refused with everything kept, and what goes out."""

from __future__ import annotations

import json
import re

import pytest
from django.utils import timezone

from anju.documents.actions import hand_over
from anju.documents.content import Content
from anju.documents.models import Letter
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry
from tests.documents.cast import CANARY, LIST, NAME, county_clerk, drafted, issued
from tests.government.pages.officer import Browser, signed_in
from tests.register.cast import ELSEWHERE, clerk

STARS = f"{CANARY[:3]}**************{CANARY[-1:]}"


def browser_of(who: Officer, *, confirmed: bool = True) -> Browser:
    """The browser of an officer who comes in by the city's own sign-in."""
    who.set_unusable_password()
    who.save(update_fields=["password"])
    return signed_in(who, confirmed=confirmed)


def page(who: Browser, address: str) -> str:
    answer = who.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def press(who: Browser, letter: Letter, deed: str, **form: str) -> str:
    answer = who.post(f"/letters/{letter.pk}/{deed}/", {"seen": "1", **form})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].startswith(f"/letters/{letter.pk}/?saved=")
    return page(who, answer.headers["Location"])


def now(letter: Letter) -> Letter:
    with everything():
        return Letter.objects.unscoped().get(pk=letter.pk)


def test_a_letter_walks_through_the_pages(by: Officer, other: Officer, there: Officer) -> None:
    letter = drafted(by)
    mine, second, receiver = browser_of(by), browser_of(other), browser_of(there)
    first = page(mine, f"/letters/{letter.pk}/")
    assert NAME in first
    assert STARS in first
    assert CANARY not in first
    assert "核稿通过" not in first
    assert f"/letters/{letter.pk}/issue/" not in first
    press(mine, letter, "hand-over")
    assert NAME in page(second, "/letters/")  # what waits for the officer comes first
    assert "可以签发" in press(second, letter, "countersign")
    assert "〔" in press(mine, letter, "issue")
    assert receiver.get(f"/letters/{letter.pk}/").status_code == 200
    assert NAME in page(receiver, "/letters/?list=received")
    assert "登记了收到" in press(receiver, letter, "receive", on=timezone.localdate().isoformat())
    assert "一个也不" not in page(mine, "/letters/?list=sent")
    assert "作废" in press(mine, letter, "void", because="名单错了")


def test_who_is_alone_reads_that_on_the_page(by: Officer) -> None:
    letter = drafted(by)
    browser = browser_of(by)
    assert "由您一人签发" in page(browser, f"/letters/{letter.pk}/")
    assert "一人签发" in press(browser, letter, "issue")


def test_what_is_refused_keeps_what_was_typed(by: Officer) -> None:
    letter = drafted(by)
    words = {"title": "关于迁移的函", "to": "云阳县民政局", "text": f"号码{CANARY}，请办。", "seen": "1"}
    browser = browser_of(by)
    answer = browser.post(f"/letters/{letter.pk}/revise/", words)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "不能写证件号码" in said
    assert "，请办。" in said
    assert now(letter).revision == 1
    answer = browser.post(f"/letters/{letter.pk}/void/", {"because": " "})
    assert answer.status_code == 422


def test_a_draft_is_changed_on_its_page(by: Officer) -> None:
    letter = drafted(by)
    said = press(browser_of(by), letter, "revise", title="关于迁移的函", to="云阳县民政局", text="第一段\n第二段")
    assert "第二段" in said
    assert now(letter).revision == 2


def test_copies_are_told_on_the_page_of_what_has_an_imprint(by: Officer) -> None:
    letter, words = drafted(by), {"title": "关于迁移的函", "to": "云阳县民政局", "text": "请办。"}
    browser = browser_of(by)
    assert 'name="copies_to"' in page(browser, f"/letters/{letter.pk}/")
    assert "抄送：云阳县医疗保障局。" in press(browser, letter, "revise", **words, copies_to="云阳县医疗保障局")
    answer = browser.post(f"/letters/{letter.pk}/revise/", {**words, "seen": "2", "copies_to": f"号码{CANARY}"})
    assert "不能写证件号码" in answer.content.decode()
    assert "抄送：" not in press(browser, letter, "revise", **words, copies_to="", seen="2")
    roster = drafted(by, kind=LIST)
    assert 'name="copies_to"' not in page(browser, f"/letters/{roster.pk}/")
    press(browser, roster, "revise", **words, copies_to="云阳县医疗保障局")
    assert Content.of(now(roster).content.reveal()).copies_to == ""


@pytest.mark.parametrize("file", ["pdf", "docx"])
def test_a_download_is_masked_and_stands_in_the_journal(file: str, by: Officer) -> None:
    letter = drafted(by)
    answer = browser_of(by).post(f"/letters/{letter.pk}/file/", {"file": file})
    assert answer.status_code == 200
    assert answer.content[:2] == (b"%P" if file == "pdf" else b"PK")
    assert "no-store" in answer.headers["Cache-Control"]
    assert NAME not in answer.headers["Content-Disposition"]
    assert json.loads(Entry.objects.get(action="documents.take").detail)["full"] is False


def test_full_numbers_want_an_issued_letter_a_purpose_and_the_second_factor(by: Officer, other: Officer) -> None:
    letter, form = issued(by, other), {"file": "docx", "full": "1", "because": "随函寄出"}
    address = f"/letters/{letter.pk}/file/"
    answer = browser_of(by, confirmed=False).post(address, form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/confirm/")
    confirmed = browser_of(other)
    assert confirmed.post(address, {**form, "because": ""}).status_code == 422
    draft = drafted(by)
    assert confirmed.post(f"/letters/{draft.pk}/file/", form).status_code == 422
    assert not Entry.objects.filter(action="documents.take").exists()
    assert confirmed.post(address, form).status_code == 200
    entry = Entry.objects.get(action="documents.take")
    assert (entry.purpose, json.loads(entry.detail)["full"]) == ("随函寄出", True)


def test_full_numbers_are_for_the_offices_of_the_letter_alone(by: Officer, other: Officer, there: Officer) -> None:
    letter, form = issued(by, other), {"file": "docx", "full": "1", "because": "核对"}
    neighbour, city = county_clerk("neighbour", line="medical_security"), clerk("city", "500000000000", "city")
    for who in (neighbour, city):
        browser = browser_of(who)
        assert 'name="full"' not in page(browser, f"/letters/{letter.pk}/")
        answer = browser.post(f"/letters/{letter.pk}/file/", form)
        assert answer.status_code == 422
        assert "只给发文单位和收文单位" in answer.content.decode()
        assert browser.post(f"/letters/{letter.pk}/file/", {"file": "docx"}).status_code == 200
    for who in (by, there):
        browser = browser_of(who)
        assert 'name="full"' in page(browser, f"/letters/{letter.pk}/")
        assert browser.post(f"/letters/{letter.pk}/file/", form).status_code == 200


def test_a_stranger_finds_nothing(by: Officer, other: Officer, there: Officer) -> None:
    draft, letter = drafted(by), issued(by, other)
    stranger = browser_of(county_clerk("stranger", ELSEWHERE))
    for one in (draft, letter):
        assert stranger.get(f"/letters/{one.pk}/").status_code == 404
        assert stranger.post(f"/letters/{one.pk}/issue/", {"seen": "1"}).status_code == 404
    assert browser_of(there).get(f"/letters/{draft.pk}/").status_code == 404
    hand_over(by=by, letter=draft.pk, seen=1)
    assert NAME not in page(stranger, "/letters/?list=all")


def test_a_list_needs_no_second_person(by: Officer, other: Officer) -> None:
    letter = drafted(by, kind=LIST, rows=30)
    browser = browser_of(by)
    said = page(browser, f"/letters/{letter.pk}/")
    assert "送核稿" not in said
    assert "一共 30 行" in said
    press(browser, letter, "issue")
    assert now(letter).state == "issued"


def test_an_office_names_itself_on_a_page(by: Officer) -> None:
    browser = browser_of(by)
    said = page(browser, "/letters/offices/")
    assert "开州区民政局" in said
    (key,) = re.findall(r'name="office" value="([^"]+)"', said)
    answer = browser.post("/letters/offices/", {"office": key, "name": "重庆市开州区民政局", "sign": "〔"})
    assert answer.status_code == 422
    assert "重庆市开州区民政局" in answer.content.decode()
    answer = browser.post("/letters/offices/", {"office": key, "name": "重庆市开州区民政局", "sign": "开州民发"})
    assert answer.status_code == 302
    assert "开州民发" in page(browser, "/letters/offices/")


def test_nothing_lies_in_the_open(by: Officer, other: Officer, caplog: pytest.LogCaptureFixture) -> None:
    letter = issued(by, other)
    browser_of(by).get(f"/letters/{letter.pk}/")
    with everything():
        row = Letter.objects.unscoped().filter(pk=letter.pk).values().get()
    stored = repr(row) + repr(list(Entry.objects.values()))
    for word in (CANARY, NAME):
        assert word.encode() not in bytes(row["content"].ciphertext if hasattr(row["content"], "ciphertext") else b"")
        assert word not in stored
        assert word not in caplog.text
