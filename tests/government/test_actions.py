"""What the security administrator does, who else may not, and what is said when it cannot be done."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anju.government import actions, lockout
from anju.government.lines import Level, Line
from anju.government.models import Officer, PostHolding, Region, never
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from tests.government.cast import ORIGIN, PASSWORD, SINCE, hold, officer, post, with_password
from tests.government.pages.officer import Browser, with_app

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)
VILLAGE = f"{ORIGIN[:9]}001"


@pytest.fixture
def boss() -> Officer:
    """The security administrator."""
    return officer("boss", duty=Officer.Duty.SECURITY)


def village() -> Region:
    """铁佛村."""
    return Region.objects.create(code=VILLAGE, name="铁佛村", level=Region.Kind.VILLAGE, since=SINCE)


ACTIONS: dict[str, Callable[[Officer], object]] = {
    "开账号": lambda by: actions.create_officer(by=by, account="neu", name="新", duty="handler", password=PASSWORD),
    "设口令": lambda by: actions.set_password(by=by, officer=officer("li"), password=PASSWORD),
    "停用": lambda by: actions.disable(by=by, officer=officer("li")),
    "启用": lambda by: actions.enable(by=by, officer=officer("li")),
    "解锁": lambda by: actions.unlock(by=by, officer=officer("li")),
    "忘掉验证器": lambda by: actions.forget_second_factors(by=by, officer=officer("li")),
    "设岗": lambda by: actions.open_post(by=by, line=Line.CULTURE, level=Level.COUNTY, region="500236", since=SINCE),
    "给岗": lambda by: actions.give_post(by=by, officer=officer("li"), post=post(), since=SINCE),
    "改姓名": lambda by: actions.rename(by=by, officer=with_password("li"), name="新名"),
    "撤岗": lambda by: actions.close_post(by=by, post=post(), until=TODAY),
    "撤回": lambda by: actions.withdraw_post(by=by, holding=hold(officer("li"), post(), timezone.localdate())),
    "加村": lambda by: actions.add_village(
        by=by, township=Region.objects.get(code=ORIGIN), code=VILLAGE, name="铁佛村", since=SINCE
    ),
    "村改名": lambda by: actions.rename_village(by=by, village=village(), name="铁佛社区", since=TODAY),
    "村撤并": lambda by: actions.close_village(
        by=by, village=village(), until=TODAY, successor=Region.objects.get(code=ORIGIN)
    ),
    "离岗": lambda by: actions.end_post(by=by, holding=hold(officer("li"), post()), until=TODAY),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("duty", ["handler", "system_administrator", "auditor", "disabled"])
def test_nobody_else_may(action: Callable[[Officer], object], duty: str) -> None:
    by = officer("other", duty="security_administrator" if duty == "disabled" else duty)
    Officer.objects.filter(pk=by.pk).update(is_active=duty != "disabled")
    with pytest.raises(Refused, match="只有安全管理员"):
        action(by)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_the_security_administrator_may(boss: Officer, action: Callable[[Officer], object]) -> None:
    action(boss)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"account": "boss"}, "已经有人用了"),
        ({"account": "BOSS"}, "已经有人用了"),
        ({"account": "李"}, "账号用小写字母开头"),
        ({"account": "xy"}, "账号用小写字母开头"),
        ({"duty": "superuser"}, "superuser"),
        ({"password": "kurz"}, "口令要 12 到 200 个字符"),
        ({"password": "Xin-gan-bu-2026-neu"}, "不能有账号"),
    ],
    ids=["重名", "大写重名", "中文账号", "太短的账号", "没有这种职责", "太短的口令", "口令里有账号"],
)
def test_an_account_that_cannot_be(boss: Officer, fields: dict[str, str], sentence: str) -> None:
    given = {"account": "neu", "name": "新干部", "duty": "handler", "password": PASSWORD, **fields}
    with pytest.raises(Refused, match=sentence):
        actions.create_officer(by=boss, **given)
    assert Officer.objects.count() == 1


def test_a_given_password_has_to_be_changed_first(boss: Officer) -> None:
    actions.create_officer(by=boss, account="neu", name="新", duty="handler", password=PASSWORD)
    browser = Browser()
    browser.password("neu")
    assert browser.get("/account/").headers["Location"].startswith("/account/password/")


def test_closing_and_opening_an_account_leaves_old_sessions_closed(boss: Officer) -> None:
    li = with_app(with_password("li"))
    browser = Browser().come_in("li")
    actions.disable(by=boss, officer=li)
    assert browser.get("/account/").status_code == 302
    assert Browser().password("li").status_code == 200
    actions.enable(by=boss, officer=li)
    assert browser.get("/account/").status_code == 302
    assert Browser().password("li").status_code == 302


def test_nobody_closes_the_own_account(boss: Officer) -> None:
    with pytest.raises(Refused, match="自己"):
        actions.disable(by=boss, officer=boss)


def test_unlocking_opens_the_door(boss: Officer) -> None:
    li = with_app(with_password("li"))
    for _ in range(6):
        lockout.reserve("account", "li")
        lockout.reserve("code", str(li.pk))
    actions.unlock(by=boss, officer=li)
    Browser().come_in("li")


def test_a_new_phone_means_a_new_authenticator(boss: Officer) -> None:
    li = with_app(with_password("li"))
    browser = Browser().come_in("li")
    actions.forget_second_factors(by=boss, officer=li)
    assert browser.get("/account/").headers["Location"].startswith("/sign-in/")
    other = Browser()
    other.password("li")
    assert other.get("/account/").headers["Location"].startswith("/account/code/")


def test_a_transfer_takes_effect_at_once(boss: Officer) -> None:
    li, today = officer("li"), timezone.localdate()
    holding = actions.give_post(by=boss, officer=li, post=post(), since=SINCE)
    assert [scope.lo for scope in visible_regions(li, today)] == [ORIGIN]
    actions.end_post(by=boss, holding=holding, until=today)
    assert visible_regions(li, today) == ()
    assert len(visible_regions(li, today - timedelta(days=1))) == 1


def given_after_the_close(boss: Officer, li: Officer) -> None:
    """The page of the one administrator still shows the post that another one has just closed."""
    shown = post()
    actions.close_post(by=boss, post=post(), until=TODAY)
    actions.give_post(by=boss, officer=li, post=shown, since=SINCE)


def end_after_the_post(boss: Officer, li: Officer) -> None:
    """The post is closed, and then somebody's time in it is to be longer."""
    holding = hold(li, post(), until=TODAY)
    actions.close_post(by=boss, post=holding.post, until=TODAY)
    actions.end_post(by=boss, holding=holding, until=never)


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (lambda boss, li: actions.give_post(by=boss, officer=boss, post=post(), since=SINCE), "不能有岗位"),
        (lambda boss, li: actions.give_post(by=boss, officer=li, post=post(), since=date(2023, 12, 31)), "起止日之内"),
        (lambda boss, li: actions.give_post(by=boss, officer=li, post=post(), since=TODAY, until=TODAY), "晚于起始日"),
        (lambda boss, li: actions.give_post(by=boss, officer=li, post=hold(li, post()).post, since=TODAY), "已经"),
        (
            lambda boss, li: actions.give_post(
                by=boss, officer=li, post=hold(li, post(), SINCE, TODAY).post, since=SINCE, until=TODAY
            ),
            "这段时间里已经",
        ),
        (lambda boss, li: actions.end_post(by=boss, holding=hold(li, post()), until=SINCE), "晚于起始日"),
        (end_after_the_post, "起止日之内"),
        (given_after_the_close, "起止日之内"),
        (lambda boss, li: actions.close_post(by=boss, post=hold(li, post()).post, until=TODAY), "还有 1 人"),
        (lambda boss, li: actions.close_post(by=boss, post=post(), until=SINCE), "晚于起始日"),
        (lambda boss, li: actions.withdraw_post(by=boss, holding=hold(li, post())), "已经任过职"),
        (
            lambda boss, li: actions.open_post(
                by=boss, line="culture", level="county", region="500236127", since=SINCE
            ),
            "对不上",
        ),
        (
            lambda boss, li: actions.open_post(by=boss, line=post().line, level="township", region=ORIGIN, since=SINCE),
            "已经有了",
        ),
    ],
    ids=[
        "管理员给岗",
        "早于岗位",
        "没有一天",
        "已经在岗",
        "重叠",
        "离岗太早",
        "离岗太晚",
        "岗位已撤",
        "有人在岗",
        "撤岗太早",
        "任过职",
        "层级不对",
        "重复设岗",
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    boss: Officer, action: Callable[[Officer, Officer], object], sentence: str
) -> None:
    li = officer("li")
    with pytest.raises(Refused, match=sentence):
        action(boss, li)
    assert PostHolding.objects.count() <= 1


def test_there_is_no_account_before_the_first() -> None:
    assert not Officer.objects.exists()


@pytest.mark.parametrize("password", [PASSWORD, "kurz"], ids=["开好", "口令不行"])
def test_the_command_opens_the_first_account(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    said = io.StringIO()
    if password == PASSWORD:
        call_command("officer", "create", "boss", "--name", "王安全", stdout=said)
        first = Officer.objects.get()
        assert (first.duty, first.password_since) == ("security_administrator", None)
        assert PASSWORD not in said.getvalue()
        assert "安全管理员" in said.getvalue()
    else:
        with pytest.raises(CommandError, match="口令要 12"):
            call_command("officer", "create", "boss", "--name", "王安全", stdout=said)
        assert not Officer.objects.exists()
