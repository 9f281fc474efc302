"""Other offices' systems: let in by their secret alone, for one post and some days, from some networks; and never on a page."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.core import context
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from anju.government import actions, lockout
from anju.government.backend import OfficerBackend
from anju.government.clients import let_in
from anju.government.lines import Level
from anju.government.models import Attempts, Client, ClientKey, Officer, PostHolding, Region, never
from anju.government.queries import posts_of, visible_regions
from anju.government.refusals import Refused
from anju.journal.models import Entry
from tests.government.cast import DESTINATION, ORIGIN, SINCE, client, hold, officer, post
from tests.government.pages.officer import Browser
from tests.race import race

TODAY = timezone.localdate()
TOMORROW, YESTERDAY = TODAY + timedelta(1), TODAY - timedelta(1)


@pytest.fixture
def boss(db: None) -> Officer:
    return officer("boss", duty=Officer.Duty.SECURITY)


def asked(header: str | None, address: str = "10.20.3.4") -> HttpRequest:
    request = RequestFactory().get("/api/v1/steps/", REMOTE_ADDR=address)
    if header is not None:
        request.META["HTTP_AUTHORIZATION"] = header
    return request


def status(header: str | None, address: str = "10.20.3.4") -> int:
    """200 for who is let in, else what is answered."""
    request = asked(header, address)
    with context.request_context(request):
        found = let_in(request)
    return 200 if isinstance(found, Officer) else found.status_code


def township() -> Region:
    return Region.objects.get(code=ORIGIN, until=never)


def registered(boss: Officer, **more: Any) -> tuple[Client, str]:
    given: dict[str, Any] = {
        "name": "某系统",
        "line": "civil_affairs",
        "region": township(),
        "since": TODAY,
        "until": TOMORROW,
    }
    return actions.create_client(by=boss, **{**given, **more})


def test_a_client_is_registered_with_a_secret_that_is_kept_nowhere(boss: Officer) -> None:
    made, secret = registered(boss, networks="10.20.0.0/16,10.21.3.4")
    key = ClientKey.objects.get()
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert re.fullmatch(r"anju_[0-9a-f]{32}_[\w-]{43}", secret)
    assert (made.officer.duty, made.officer.handler, made.networks) == ("client", None, "10.20.0.0/16, 10.21.3.4/32")
    entry = Entry.objects.get(action="government.create_client")
    assert secret not in str(entry.detail)
    assert entry.object_id == str(made.pk)
    assert status(f"Bearer {secret}") == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "let"),
    [((TODAY, TOMORROW), 200), ((TOMORROW, never), 401), ((SINCE, TODAY), 401), ((SINCE, TOMORROW), 200)],
    ids=["今天起", "明天起", "到今天", "到明天"],
)
def test_it_is_there_from_its_first_day_to_its_last(days: tuple[date, date], let: int) -> None:
    made, secret = client(since=days[0], until=days[1])
    assert status(f"Bearer {secret}") == let
    assert len(posts_of(made.officer, TODAY)) == (let == 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("networks", "address", "let"),
    [
        ("", "8.8.8.8", 200),
        ("10.20.0.0/16", "10.20.255.255", 200),
        ("10.20.0.0/16", "10.21.0.0", 401),
        ("10.20.0.0/16, 10.21.0.1/32", "10.21.0.1", 200),
        ("10.20.0.0/16", "::1", 401),
        ("fd00::/8", "fd12::1", 200),
    ],
    ids=["哪里都行", "网段里", "网段外", "第二个", "另一种地址", "六版地址"],
)
def test_it_comes_from_its_networks(networks: str, address: str, let: int) -> None:
    _, secret = client(networks=networks)
    assert status(f"Bearer {secret}", address) == let


@pytest.mark.django_db
def test_whatever_is_wrong_is_told_alike() -> None:
    _, secret = client()
    _, ended = client(DESTINATION, until=TODAY)
    _, elsewhere = client(DESTINATION, line="organisation", networks="10.99.0.0/16")
    headers = [
        None, "", "Bearer ", f"Basic {secret}", secret[:-1], f"Bearer {secret[:-1]}x", f"Bearer {ended}",
        f"Bearer {elsewhere}", f"Bearer anju_{uuid4().hex}_{'a' * 43}", f"Bearer {secret}\n",
    ]  # fmt: skip
    answers = set()
    for header in headers:
        request = asked(header)
        with context.request_context(request):
            answer = let_in(request)
        assert not isinstance(answer, Officer), header
        answers.add((answer.status_code, str(sorted(answer.headers.items())), answer.content))
    assert len(answers) == 1


def test_it_sees_what_its_one_post_sees(boss: Officer) -> None:
    made, _ = registered(boss)
    (scope,) = visible_regions(made.officer, TODAY)
    assert (scope.line, scope.level, scope.lo) == ("civil_affairs", Level.TOWNSHIP, ORIGIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        PostHolding.objects.create(officer=made.officer, post=made.post, since=TODAY)


@pytest.mark.django_db
def test_it_never_signs_in() -> None:
    made, secret = client()
    who = made.officer
    backend = OfficerBackend()
    assert backend.get_user(who.pk) is None
    assert backend.authenticate(None, who.account, secret) is None
    browser = Browser()
    browser.force_login(who)
    for address in ("/account/", "/cases/", "/desk/"):
        assert browser.get(address).headers["Location"].startswith("/sign-in/"), "a session of its own opens nothing"
    assert Browser(headers={"Authorization": f"Bearer {secret}"}).get("/cases/").status_code == 302
    who.set_password("Qing-shan-2026-lv")
    with pytest.raises(IntegrityError), transaction.atomic():
        who.save()


def test_nobody_makes_an_account_of_a_person_into_one(boss: Officer) -> None:
    with pytest.raises(Refused, match="对接系统"):
        actions.create_officer(by=boss, account="api", name="某", duty="client", password=None)


def test_a_new_secret_overlaps_with_the_former_unless_at_once(boss: Officer) -> None:
    made, first = registered(boss)
    second = actions.renew_key(by=boss, client=made, at_once=False)
    assert [status(f"Bearer {secret}") for secret in (first, second)] == [200, 200]
    ClientKey.objects.filter(ends_at__isnull=False).update(ends_at=timezone.now())
    assert [status(f"Bearer {secret}") for secret in (first, second)] == [401, 200]
    third = actions.renew_key(by=boss, client=made, at_once=False)
    fourth = actions.renew_key(by=boss, client=made, at_once=True)
    assert [status(f"Bearer {secret}") for secret in (first, second, third, fourth)] == [401, 401, 401, 200]


def test_an_ended_client_is_gone_at_once_and_for_good(boss: Officer) -> None:
    made, secret = registered(boss)
    old = actions.renew_key(by=boss, client=made, at_once=False)
    actions.end_client(by=boss, client=made)
    assert [status(f"Bearer {one}") for one in (secret, old)] == [401, 401]
    assert posts_of(Officer.objects.get(pk=made.pk), TODAY) == ()
    for deed in (
        lambda: actions.renew_key(by=boss, client=made, at_once=True),
        lambda: actions.end_client(by=boss, client=made),
        lambda: actions.change_client(by=boss, client=made, until=never, networks=""),
    ):
        with pytest.raises(Refused, match="停用"):
            deed()


def test_only_the_security_administrator_registers(boss: Officer) -> None:
    made, _ = registered(boss)
    for who in (officer("li"), officer("audit", duty="auditor"), made.officer):
        with pytest.raises(Refused, match="安全管理员"):
            registered(who)
        with pytest.raises(Refused, match="安全管理员"):
            actions.renew_key(by=who, client=made, at_once=True)


@pytest.mark.parametrize("networks", ["10.20.0.0/33", "某网段", "10.20.0.1/16"], ids=["没有这样的", "文字", "有尾数"])
def test_a_network_that_is_none_is_refused(boss: Officer, networks: str) -> None:
    with pytest.raises(Refused, match="网段看不懂"):
        registered(boss, networks=networks)


def test_a_post_stays_while_a_system_stands_in_for_it(boss: Officer) -> None:
    made, _ = registered(boss)
    with pytest.raises(Refused, match="1 个对接系统"):
        actions.close_post(by=boss, post=made.post, until=TODAY + timedelta(0))
    actions.end_client(by=boss, client=made)
    actions.close_post(by=boss, post=made.post, until=TOMORROW)


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "let"), [(19, 200), (20, 429)], ids=["十九次", "二十次"])
def test_wrong_secrets_are_counted_before_they_are_looked_up(wrong: int, let: int) -> None:
    made, secret = client()
    for number in range(wrong):
        assert status(f"Bearer anju_{made.pk.hex}_{number:043}") == 401
    assert status(f"Bearer {secret}") == let
    assert Entry.objects.filter(action="government.enter_by_key", result="failed").count() == wrong
    assert Entry.objects.filter(action="government.lock").count() == (let == 429)


@pytest.mark.django_db
def test_what_is_right_takes_no_place_from_those_who_guess() -> None:
    made, secret = client()
    status(f"Bearer anju_{made.pk.hex}_{'x' * 43}")
    for _ in range(30):
        assert status(f"Bearer {secret}") == 200
    assert set(Attempts.objects.exclude(kind="calls").values_list("n", flat=True)) == {1}
    assert ClientKey.objects.get().used_on == TODAY


@pytest.mark.django_db
@pytest.mark.parametrize(("most", "let"), [(3, 200), (2, 429)], ids=["第三次还行", "第三次太多"])
def test_so_many_questions_and_no_more(most: int, let: int, settings: Any) -> None:
    settings.ANJU_MOST_ATTEMPTS = {"address": 100, "client": 20, "calls": most}
    _, secret = client()
    assert [status(f"Bearer {secret}") for _ in range(3)] == [200, 200, let]


def test_of_64_wrong_secrets_at_once_twenty_are_looked_up(own_database: str) -> None:
    made, _ = client()
    found = race(64, lambda number: status(f"Bearer anju_{made.pk.hex}_{number:043}"))
    assert found.raised == []
    assert (found.returned.count(401), found.returned.count(429)) == (20, 44)


def test_sixteen_right_ones_at_once_are_all_let_in(own_database: str) -> None:
    _, secret = client()
    found = race(16, lambda _: status(f"Bearer {secret}"))
    assert (found.raised, set(found.returned)) == ([], {200})
    assert sum(Attempts.objects.exclude(kind="calls").values_list("n", flat=True)) <= 2


def test_of_sixteen_renewals_at_once_one_secret_is_left(own_database: str) -> None:
    boss = officer("boss", duty=Officer.Duty.SECURITY)
    made, _ = client()
    found = race(16, lambda _: actions.renew_key(by=boss, client=made, at_once=True))
    assert found.only_raised(Refused)
    (left,) = ClientKey.objects.filter(ends_at=None)
    assert sum(status(f"Bearer {secret}") == 200 for secret in found.returned) == 1
    assert left.digest in {hashlib.sha256(str(secret).encode()).hexdigest() for secret in found.returned}


@pytest.mark.django_db
def test_a_place_is_given_back_one_at_a_time() -> None:
    for _ in range(3):
        lockout.reserve("client", "x")
    for left in (2, 1, 0, 0):
        lockout.give_back("client", "x")
        assert sum(Attempts.objects.values_list("n", flat=True)) == left


def test_a_person_keeps_the_post_that_a_system_has(boss: Officer) -> None:
    made, _ = registered(boss)
    who = officer("li")
    hold(who, post(ORIGIN))
    assert [posts_of(one, TODAY) for one in (who, made.officer)] == [(made.post,)] * 2
    assert UUID(str(made.pk)) == made.officer.pk
