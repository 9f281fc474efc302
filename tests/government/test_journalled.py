"""Who came in, who was refused, and what was done to accounts and posts stands in the journal, or was not done."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from anju.government import actions, adapters
from anju.government.acting import acting
from anju.government.actions import allowed
from anju.government.lines import Line
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.actions import JournalRefused
from anju.journal.models import Entry
from tests.government.cast import DESTINATION, ORIGIN, PASSWORD, hold, officer, post, with_password
from tests.government.pages.officer import Browser, code, with_app
from tests.government.test_actions import ACTIONS

pytestmark = pytest.mark.django_db


def written() -> list[tuple[str, str]]:
    return [(entry.action, entry.result) for entry in Entry.objects.order_by("pk")]


def test_in_and_out_are_written() -> None:
    li = with_app(with_password("li"))
    browser = Browser()
    browser.password("li", "Falsch-falsch-1")
    browser.come_in("li").post("/sign-out/")
    assert written() == [
        ("government.sign_in", "failed"),
        ("government.sign_in", "done"),
        ("government.sign_out", "done"),
    ]
    assert {entry.object_id for entry in Entry.objects.all()} == {str(li.pk)}
    assert {entry.ip for entry in Entry.objects.all()} == {"127.0.0.1"}


def test_a_lock_is_written_once_and_nothing_that_was_typed() -> None:
    for _ in range(8):
        Browser().password("my-secret-password", "x")
    assert written() == [("government.sign_in", "failed")] * 5 + [("government.lock", "refused")]
    assert not any("secret" in str(vars(entry)) for entry in Entry.objects.all())


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_written_by_whom(action: str) -> None:
    boss = officer("boss", duty=Officer.Duty.SECURITY)
    ACTIONS[action](boss)
    entry = Entry.objects.get()
    assert (entry.officer, entry.officer_name, entry.result) == (str(boss.pk), boss.name, "done")
    assert PASSWORD not in str(vars(entry))


def test_without_an_entry_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise JournalRefused("写不进")

    boss = officer("boss", duty=Officer.Duty.SECURITY)
    monkeypatch.setattr(allowed, "record", refuse)
    with pytest.raises(Refused, match="写不进"):
        actions.create_officer(by=boss, account="neu", name="新", duty="handler", password=PASSWORD)
    assert Officer.objects.count() == 1


def test_a_second_factor_and_a_new_password_are_written() -> None:
    li = with_password("li")
    browser = Browser()
    browser.password("li")
    secret = browser.get("/account/code/").context["form"].secret
    browser.post("/account/code/", {"code": code(secret)})
    browser.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": "Lv-shui-2027-qing", "password2": "Lv-shui-2027-qing"},
    )
    assert written() == [
        ("government.sign_in", "done"),
        ("government.add_second_factor", "done"),
        ("government.change_password", "done"),
    ]
    added = Entry.objects.get(action="government.add_second_factor")
    assert (added.officer, added.object_id, added.detail) == (str(li.pk), str(li.pk), '{"kind": "app"}')
    assert secret not in str(vars(added))


def test_without_an_entry_there_is_no_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise JournalRefused("写不进")

    with_password("li")
    browser = Browser()
    browser.password("li")
    secret = browser.get("/account/code/").context["form"].secret
    monkeypatch.setattr(adapters, "record", refuse)
    with pytest.raises(JournalRefused):
        browser.post("/account/code/", {"code": code(secret)})
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("held", "kept", "office"),
    [
        (0, "经办", ""),
        (1, "500236127000 民政", ORIGIN),
        (2, "500236127000 民政；500236127000 组织", ORIGIN),
        (24, "…", DESTINATION),
    ],
    ids=["没有岗位", "一个", "两个", "二十四个"],
)
def test_all_posts_of_the_day_are_kept(held: int, kept: str, office: str) -> None:
    li = officer("li")
    for number, line in enumerate((*Line.values, *Line.values)[:held]):
        hold(li, post(ORIGIN if number < len(Line.values) else DESTINATION, line=line))
    who = acting(li)
    assert who.post.startswith(kept) or who.post.endswith(kept)
    assert len(who.post) <= 200
    assert who.organisation == office
