"""The security administrator opens accounts, gives posts and takes them back, and looks up who holds what."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from anju.government import lockout
from anju.government.lines import Level, Line
from anju.government.models import Officer, Post, PostHolding, never
from anju.government.passwords import first_password
from anju.journal.models import Entry
from tests.government.cast import DESTINATION, ORIGIN, SINCE, hold, officer, post, with_password
from tests.government.pages.officer import Browser, signed_in, with_app

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"<code[^>]*>([^<]+)</code>")


@pytest.fixture
def boss() -> Officer:
    """王安全."""
    return with_password("boss", "王安全", Officer.Duty.SECURITY)


@pytest.fixture
def browser(boss: Officer) -> Browser:
    """Signed in, and confirmed again."""
    return signed_in(boss)


def text(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def actions_written() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def test_an_account_is_opened_with_a_password_that_is_shown_once(browser: Browser) -> None:
    answer = browser.post("/accounts/new/", {"account": "Neu", "name": "新干部", "duty": "handler"})
    (password,) = SHOWN.findall(answer.content.decode())
    neu = Officer.objects.get(account="neu")
    assert neu.check_password(password)
    assert neu.password_since is None
    assert password not in text(browser, f"/accounts/{neu.pk}/")
    assert actions_written() == ["government.create_officer"]
    visitor = Browser()
    visitor.password("neu", password)
    assert visitor.get("/account/").headers["Location"].startswith("/account/password/")


def test_sending_the_form_again_opens_nothing_more(browser: Browser) -> None:
    for _ in range(2):
        answer = browser.post("/accounts/new/", {"account": "neu", "name": "新干部", "duty": "handler"})
    assert answer.status_code == 422
    assert "已经有人用了" in answer.content.decode()
    assert not SHOWN.search(answer.content.decode())


@pytest.mark.parametrize("account", ["abc", "xyz23456", "a.b-c_d"])
def test_a_first_password_is_always_allowed(browser: Browser, account: str) -> None:
    passwords = {first_password(account) for _ in range(200)}
    assert len(passwords) == 200
    assert not [password for password in passwords if account in password]
    assert browser.post("/accounts/new/", {"account": account, "name": "新", "duty": "handler"}).status_code == 200


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"account": "李"}, "账号用小写字母开头"),
        ({"account": ""}, "必填"),
        ({"name": ""}, "必填"),
        ({"duty": "superuser"}, "superuser"),
    ],
    ids=["中文账号", "没填账号", "没填姓名", "没有这种职责"],
)
def test_a_bad_account_is_refused_in_a_sentence(browser: Browser, given: dict[str, str], sentence: str) -> None:
    answer = browser.post("/accounts/new/", {"account": "neu", "name": "新", "duty": "handler", **given})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Officer.objects.count() == 1


def test_accounts_are_found_by_account_name_duty_and_state(browser: Browser) -> None:
    officer("li", "李干部")
    officer("liao", "廖审计", duty="auditor")
    Officer.objects.filter(pk=officer("wang", "王干部").pk).update(is_active=False)

    def found(query: str) -> list[str]:
        return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', text(browser, f"/accounts/?{query}"))

    assert found("") == ["boss", "li", "liao", "wang"]
    assert found("text=LI") == ["li", "liao"]
    assert found("text=干部") == ["li", "wang"]
    assert found("duty=auditor") == ["liao"]
    assert found("state=disabled") == ["wang"]
    assert found("state=active&text=王") == ["boss"]
    assert found("text=nobody") == []


def test_a_long_list_goes_on(browser: Browser) -> None:
    for number in range(101):
        Officer.objects.create(account=f"o{number:03}", name="干部")
    seen: list[str] = []
    query = "?text=o"
    while query:
        page = text(browser, f"/accounts/{query}")
        seen += re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)
        more = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        query = more[1].replace("&amp;", "&") if more else ""
    assert seen == [f"o{number:03}" for number in range(101)]


def test_the_list_shows_posts_of_today(browser: Browser) -> None:
    hold(officer("li"), post())
    hold(officer("wang"), post(DESTINATION), until=date(2024, 2, 1))
    page = text(browser, "/accounts/")
    assert "奉节县" in page
    assert "云阳县" not in page


def test_one_officer_is_shown_with_all_posts(browser: Browser) -> None:
    li = with_app(officer("li"))
    hold(li, post(), until=date(2025, 1, 1))
    hold(li, post(DESTINATION, line=Line.ORGANISATION))
    page = text(browser, f"/accounts/{li.pk}/")
    assert "2024-01-01 – 2025-01-01" in page
    assert "组织" in page
    assert "验证器自" in page


def test_a_post_is_given_and_opened_by_the_way(browser: Browser) -> None:
    li = officer("li")
    given = {"region": "奉节县", "line": "culture", "since": "2026-01-01", "until": ""}
    answer = browser.post(f"/accounts/{li.pk}/posts/", given, follow=True)
    assert "岗位给好了" in answer.content.decode()
    holding = PostHolding.objects.get()
    assert (holding.post.region, holding.post.level, holding.until) == ("500236000000", Level.COUNTY, never)
    assert actions_written() == ["government.open_post", "government.give_post"]
    browser.post(f"/accounts/{officer('wang').pk}/posts/", given)
    assert Post.objects.count() == 1
    assert PostHolding.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"region": "没有这个县"}, "没有找到"),
        ({"region": "朝阳区"}, "没有找到|不止一个"),
        ({"region": "四川省"}, "设到市一级为止"),
        ({"since": "昨天"}, "这不是日期"),
        ({"until": "2026-01-01"}, "晚于起始日"),
        ({"line": "army"}, "army"),
    ],
    ids=["没有这个地方", "几个地方同名", "省级", "不是日期", "没有一天", "没有这条线"],
)
def test_a_post_that_cannot_be_given(browser: Browser, given: dict[str, str], sentence: str) -> None:
    li = officer("li")
    form = {"region": "奉节县", "line": "culture", "since": "2026-01-01", "until": "", **given}
    answer = browser.post(f"/accounts/{li.pk}/posts/", form)
    assert answer.status_code == 422
    assert re.search(sentence, answer.content.decode())
    assert not Post.objects.exists()
    assert not PostHolding.objects.exists()


def test_an_auditor_is_offered_no_post(browser: Browser) -> None:
    who = officer("audit", duty="auditor")
    assert "给岗位" not in text(browser, f"/accounts/{who.pk}/")
    given = {"region": "奉节县", "line": "culture", "since": "2026-01-01", "until": ""}
    answer = browser.post(f"/accounts/{who.pk}/posts/", given)
    assert answer.status_code == 422
    assert not Post.objects.exists(), "the post that was opened by the way is undone, too"


@pytest.mark.parametrize(("days", "status"), [(0, 302), (-1, 422)], ids=["今天", "昨天"])
def test_what_was_given_today_by_mistake_is_taken_back(browser: Browser, days: int, status: int) -> None:
    today = timezone.localdate()
    holding = hold(officer("li"), post(), since=today + timedelta(days=days))
    assert browser.post(f"/holdings/{holding.pk}/withdraw/").status_code == status
    assert PostHolding.objects.exists() is (status == 422)
    assert actions_written() == (["government.withdraw_post"] if status == 302 else [])


def test_leaving_a_post_takes_effect_at_once(browser: Browser) -> None:
    li = with_password("li")
    holding, theirs, today = hold(li, post()), signed_in(li), timezone.localdate()
    assert "奉节县" not in text(theirs, "/account/")
    assert "吐祥镇" in text(theirs, "/account/")
    browser.post(f"/holdings/{holding.pk}/end/", {"until": today.isoformat()})
    assert "吐祥镇" not in text(theirs, "/account/")


@pytest.mark.parametrize(("until", "sentence"), [("2023-01-01", "晚于起始日"), ("", "必填")], ids=["太早", "没填"])
def test_a_day_that_cannot_be_is_refused_at_its_row(browser: Browser, until: str, sentence: str) -> None:
    holding = hold(officer("li"), post())
    answer = browser.post(f"/holdings/{holding.pk}/end/", {"until": until})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "<details open>" in answer.content.decode()
    assert PostHolding.objects.get().until == never


def test_a_new_password_is_shown_once_and_ends_the_sessions(browser: Browser) -> None:
    li = with_password("li")
    theirs = signed_in(li)
    (password,) = SHOWN.findall(browser.post(f"/accounts/{li.pk}/password/").content.decode())
    assert theirs.get("/account/").status_code == 302
    li.refresh_from_db()
    assert li.check_password(password)


@pytest.mark.parametrize("deed", ["disable", "enable", "unlock", "forget-second-factors"])
def test_a_deed_is_done_said_and_written(browser: Browser, deed: str) -> None:
    li = with_app(with_password("li"))
    if deed == "enable":
        Officer.objects.filter(pk=li.pk).update(is_active=False)
    for _ in range(6):
        lockout.reserve("account", "li")
    assert "锁定" in text(browser, f"/accounts/{li.pk}/")
    answer = browser.post(f"/accounts/{li.pk}/{deed}/", follow=True).content.decode()
    assert 'role="status"' in answer
    li.refresh_from_db()
    assert li.is_active is (deed != "disable")
    assert lockout.is_locked("account", "li") is (deed != "unlock")
    assert Authenticator.objects.filter(user=li).exists() is (deed != "forget-second-factors")
    assert actions_written() == [f"government.{deed.replace('-', '_')}"]


def test_a_name_is_corrected(browser: Browser) -> None:
    li = officer("li", "李千部")
    browser.post(f"/accounts/{li.pk}/name/", {"name": " 李干部 "})
    li.refresh_from_db()
    assert li.name == "李干部"
    assert browser.post(f"/accounts/{li.pk}/name/", {"name": " "}).status_code == 422


@pytest.mark.parametrize("deed", ["password", "disable", "forget-second-factors"])
def test_nobody_does_it_to_the_own_account(browser: Browser, boss: Officer, deed: str) -> None:
    page = text(browser, f"/accounts/{boss.pk}/")
    assert "这是您自己的账号" in page
    assert f"/{deed}/" not in page
    answer = browser.post(f"/accounts/{boss.pk}/{deed}/")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert signed_in_still(browser)
    assert actions_written() == []


def signed_in_still(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


DEEDS = ["password", "name", "posts", "disable", "enable", "unlock", "forget-second-factors"]


@pytest.mark.parametrize("deed", DEEDS)
def test_a_change_asks_for_the_second_factor_again(boss: Officer, deed: str) -> None:
    li = officer("li")
    browser = signed_in(boss, confirmed=False)
    given = {"name": "别名", "region": "奉节县", "line": "culture", "since": "2026-01-01"}
    answer = browser.post(
        f"/accounts/{li.pk}/{deed}/", given, headers={"Referer": f"http://testserver/accounts/{li.pk}/"}
    )
    assert answer.headers["Location"] == f"/account/confirm/?next=%2Faccounts%2F{li.pk}%2F"
    assert actions_written() == []
    assert browser.get("/accounts/new/").headers["Location"].startswith("/account/confirm/")


@pytest.mark.parametrize("duty", ["handler", "system_administrator", "auditor"])
@pytest.mark.parametrize("deed", DEEDS)
def test_for_others_the_deed_is_not_there(deed: str, duty: str) -> None:
    li = officer("li")
    other = signed_in(with_password("other", duty=duty))
    answer = other.post(f"/accounts/{li.pk}/{deed}/", {"name": "别名"})
    assert answer.status_code == 404
    assert answer.content == other.post("/nothing/").content
    assert actions_written() == ["government.enter"]


@pytest.mark.parametrize("address", ["/accounts/00000000-0000-4000-8000-000000000000/", f"/accounts/{ORIGIN}/"])
def test_an_account_that_is_not_there_is_not_there(browser: Browser, address: str) -> None:
    assert browser.get(address).content == browser.get("/nothing/").content


def test_a_deed_that_is_none_is_not_there(browser: Browser) -> None:
    assert browser.post(f"/accounts/{officer('li').pk}/promote/").status_code == 404


def test_posts_are_listed_by_place_and_line(browser: Browser) -> None:
    hold(officer("li", "李干部"), post())
    post(DESTINATION, line=Line.ORGANISATION)
    Post.objects.create(
        line=Line.CULTURE, level=Level.COUNTY, region="500236000000", since=SINCE, until=date(2025, 1, 1)
    )

    def found(query: str) -> list[str]:
        return re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', text(browser, f"/posts/?{query}"))

    assert len(found("")) == 2
    assert found("region=奉节县") == ["重庆市奉节县吐祥镇"]
    assert found("region=500236&line=organisation") == []
    assert found("line=organisation") == found("region=云阳县") == ["重庆市云阳县"]
    assert found("region=没有这里") == []
    assert found("closed=on") == ["重庆市奉节县"]
    assert "李干部" in text(browser, "/posts/")


def test_a_post_is_opened_and_closed(browser: Browser) -> None:
    given = {"region": "500236000000", "line": "culture", "since": "2026-01-01"}
    assert "岗位开好了" in browser.post("/posts/new/", given, follow=True).content.decode()
    again = browser.post("/posts/new/", given)
    assert again.status_code == 422
    assert "已经有了" in again.content.decode()
    opened = Post.objects.get()
    holding = hold(officer("li"), opened, since=date(2026, 1, 1))
    refused = browser.post(f"/posts/{opened.pk}/close/", {"until": "2026-03-01"})
    assert refused.status_code == 422
    assert "还有 1 人" in refused.content.decode()
    PostHolding.objects.filter(pk=holding.pk).update(until=date(2026, 3, 1))
    assert browser.post(f"/posts/{opened.pk}/close/", {"until": "2026-03-01"}).status_code == 302
    opened.refresh_from_db()
    assert opened.until == date(2026, 3, 1)
    assert actions_written() == ["government.open_post", "government.close_post"]
