"""The security administrator registers other offices' systems, gives them another secret and ends them; nobody else gets there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from anju.government.models import Client, ClientKey, Officer
from anju.journal.models import Entry
from tests.government.cast import client, with_password
from tests.government.pages.officer import Browser, signed_in

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"anju_[0-9a-f]{32}_[\w-]{43}")
TODAY = timezone.localdate()
GOOD = {
    "name": "宜昌市人社局社保系统",
    "region": "500236127000",
    "line": "human_resources",
    "since": TODAY.isoformat(),
    "until": (TODAY + timedelta(365)).isoformat(),
    "networks": "10.20.0.0/16",
}


@pytest.fixture
def browser() -> Browser:
    """王安全's, confirmed again."""
    return signed_in(with_password("boss", "王安全", Officer.Duty.SECURITY))


def text(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def test_it_is_registered_and_its_secret_shown_once(browser: Browser) -> None:
    page = browser.post("/clients/new/", GOOD).content.decode()
    (secret,) = set(SHOWN.findall(page))
    made = Client.objects.get()
    assert secret not in text(browser, f"/clients/{made.pk}/")
    assert "宜昌市人社局社保系统" in text(browser, "/clients/")
    assert "宜昌市人社局社保系统" not in text(browser, "/accounts/"), "it is no account of a person"
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "government.open_post",
        "government.create_client",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": TODAY.isoformat()}, "终止日要晚于起始日"),
        ({"until": (TODAY + timedelta(3 * 366 + 1)).isoformat()}, "最长三年"),
        ({"until": ""}, "这个字段是必填项"),
        ({"networks": "某网段"}, "网段看不懂"),
        ({"region": "没有的地方"}, "没有的地方"),
    ],
    ids=["当天止", "太长", "没有止日", "网段", "地方"],
)
def test_what_cannot_be_comes_back_with_a_sentence(browser: Browser, wrong: dict[str, str], sentence: str) -> None:
    answer = browser.post("/clients/new/", {**GOOD, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert GOOD["name"] in answer.content.decode()
    assert not Client.objects.exists()
    assert not ClientKey.objects.exists()


def test_it_gets_another_secret_other_days_and_an_end(browser: Browser) -> None:
    made, former = client()
    page = browser.post(f"/clients/{made.pk}/key/", {"at_once": "on"}).content.decode()
    assert set(SHOWN.findall(page)) - {former}
    changed = {"until": (TODAY + timedelta(30)).isoformat(), "networks": "10.1.0.0/16"}
    assert browser.post(f"/clients/{made.pk}/change/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.until, made.networks) == (TODAY + timedelta(30), "10.1.0.0/16")
    assert browser.post(f"/clients/{made.pk}/change/", {**changed, "networks": "x"}).status_code == 422
    assert browser.post(f"/clients/{made.pk}/end/").headers["Location"].endswith("?done=end")
    assert "停用" in text(browser, f"/clients/{made.pk}/?done=end")
    for deed in ("key", "change", "end"):
        answer = browser.post(f"/clients/{made.pk}/{deed}/", changed)
        assert (answer.status_code, "已经停用" in answer.content.decode()) == (422, True), deed


def test_its_account_is_on_no_page_about_people(browser: Browser) -> None:
    made, _ = client()
    assert browser.get(f"/accounts/{made.pk}/").status_code == 404
    for deed in ("password", "disable", "enable", "name", "posts"):
        assert browser.post(f"/accounts/{made.pk}/{deed}/", {"name": "某"}).status_code == 404, deed
    assert "对接系统" not in re.findall(r"<option[^>]*>([^<]+)<", text(browser, "/accounts/new/"))


@pytest.mark.parametrize("duty", ["handler", "system_administrator", "auditor"])
def test_for_the_other_duties_it_is_not_there(duty: str) -> None:
    made, _ = client()
    inside = signed_in(with_password("li", duty=duty))
    for address in ("/clients/", "/clients/new/", f"/clients/{made.pk}/"):
        assert inside.get(address).status_code == 404, address
    for deed in ("key", "change", "end"):
        assert inside.post(f"/clients/{made.pk}/{deed}/").status_code == 404, deed


def test_a_fresh_second_factor_is_asked_for() -> None:
    made, _ = client()
    inside = signed_in(with_password("boss", "王安全", Officer.Duty.SECURITY), confirmed=False)
    assert inside.get(f"/clients/{made.pk}/").status_code == 200
    assert inside.get("/clients/new/").headers["Location"].startswith("/account/confirm/")
    for deed in ("key", "change", "end"):
        assert inside.post(f"/clients/{made.pk}/{deed}/").headers["Location"].startswith("/account/confirm/"), deed
    assert ClientKey.objects.count() == 1
