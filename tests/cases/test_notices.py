"""Public notices: how long they hang, what they may say, objections one by one, and the way that stays shut meanwhile."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from anju.cases.actions import (
    decide_objection,
    open_case,
    post_notice,
    record_objection,
    take_step,
)
from anju.cases.models import Case, Entry, Notice, Objection
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import facts_of, today
from anju.register.models import Person
from anju.register.verification import verify
from tests.cases.cast import Offices, proven, ready, step_on
from tests.cases.fitting import fit, voter
from tests.desk.cast import browser, stranger
from tests.race import race
from tests.register.cast import DESTINATION, YUNYANG, clerk, household, zhang

EARLY = today() - timedelta(days=30)


def at_notice(by: Officer, person: Person, offices: Offices, on: date = EARLY) -> Case:
    """张青山 applies to become a member where he lives; his application is to be published."""
    fit(str(person.pk), "confirm_membership")
    case = open_case(by=by, procedure="confirm_membership", subject=str(person.pk), applied_on=on, how="书面申请")
    for action in ("本人提交", "受理", "身份属实"):
        case = step_on(case, offices, action, on=on)
    return case


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def case(collective: Officer, person: Person, offices: Offices) -> Case:
    return at_notice(collective, person, offices)


def recorded(by: Officer, case: Case, since: date = EARLY, **more: Any) -> Notice:
    """A notice, recorded today and by nobody proven."""
    given = {"until": None, "place": "村务公开栏", "text": "张青山（双江社区）申请入册。", **more}
    return post_notice(by=by, case=case.pk, seen=case.entries, since=since, **given)


def posted(by: Officer, case: Case, since: date = EARLY, **more: Any) -> Notice:
    """A notice whose days run from its first day: of one that is recorded late a second officer has seen the picture."""
    notice = recorded(by, case, since, **more)
    return proven(case, notice) if since < today() else notice


def against(by: Officer, case: Case, on: date = EARLY, **more: Any) -> Objection:
    given = {"how": "spoken", "who": "李某", "told": "他在老家还有地", "key": uuid4(), **more}
    return record_objection(by=by, case=case.pk, on=on, **given)


def state(case: Case) -> str:
    with everything():
        return Recorded.of(case, Running.of(case)).state


def test_it_hangs_as_long_as_the_page_says_and_then_the_way_is_open(
    collective: Officer, case: Case, offices: Offices
) -> None:
    assert state(case) == "none"
    notice = posted(collective, case)
    assert (notice.ends - notice.since).days == 7
    assert state(case) == "clear"
    case = step_on(case, offices, "期满没有异议", on=EARLY + timedelta(8))
    with everything():
        told = Recorded.of(case, Running.of(case))
    assert (case.step, told.notice) == (6, notice)


@pytest.mark.parametrize(("days", "open_"), [(8, True), (7, False), (0, False)], ids=["满了", "最后一天", "头一天"])
def test_while_it_hangs_the_way_is_shut(
    days: int, open_: bool, collective: Officer, person: Person, offices: Offices
) -> None:
    day = today() - timedelta(days)
    case = at_notice(collective, person, offices, day)
    posted(collective, case, day)
    assert state(case) == ("clear" if open_ else "running")
    if open_:
        with pytest.raises(Refused, match="办理日要在它以后"):
            step_on(case, offices, "期满没有异议", on=day + timedelta(7))
        assert step_on(case, offices, "期满没有异议", on=day + timedelta(8)).step == 6
    else:
        with pytest.raises(Refused, match="“公示”是“公示中”，不能办“期满没有异议”"):
            step_on(case, offices, "期满没有异议", on=day)


def test_objections_are_decided_one_by_one(collective: Officer, case: Case, offices: Offices) -> None:
    posted(collective, case)
    with pytest.raises(Refused, match="不能办“有异议”"):
        step_on(case, offices, "有异议", on=EARLY)
    first, second = against(collective, case), against(collective, case, EARLY + timedelta(7), who="王某")
    with pytest.raises(Refused, match="“公示”是“有异议”"):
        step_on(case, offices, "期满没有异议", on=EARLY)
    case = step_on(case, offices, "有异议", on=EARLY)
    decide_objection(by=collective, case=case.pk, objection=first.pk, outcome="dismissed", because="地已经流转")
    with pytest.raises(Refused, match="不能办“异议不成立”"):
        step_on(case, offices, "异议不成立", on=EARLY)
    with pytest.raises(Refused, match="刚刚有人处理了"):
        decide_objection(by=collective, case=case.pk, objection=first.pk, outcome="upheld", because="再想想")
    decide_objection(by=collective, case=case.pk, objection=second.pk, outcome="dismissed", because="认错了人")
    case = step_on(case, offices, "异议不成立", on=EARLY + timedelta(8))
    assert case.step == 6
    with everything():
        entry = Entry.objects.unscoped().get(case=case, seq=case.entries)
    told = json.loads(entry.told.reveal())["fields"]
    assert told == {
        "异议人意见": "他在老家还有地；他在老家还有地",
        "查明的情况": "不成立：地已经流转；不成立：认错了人",
    }, "nobody types again what was recorded, and who said it stays with the objection"


def test_what_is_upheld_shuts_the_way_until_it_is_published_anew(
    collective: Officer, case: Case, offices: Offices
) -> None:
    posted(collective, case)
    one = against(collective, case)
    decide_objection(by=collective, case=case.pk, objection=one.pk, outcome="upheld", because="确实还没有核清")
    case = step_on(case, offices, "有异议", on=EARLY)
    with pytest.raises(Refused, match="不能办“异议不成立”"):
        step_on(case, offices, "异议不成立", on=EARLY)
    case = step_on(case, offices, "重新公示", on=EARLY)
    assert state(case) == "none"
    posted(collective, case)
    assert step_on(case, offices, "期满没有异议", on=EARLY + timedelta(8)).step == 6


def test_without_a_notice_nothing_goes_on_and_its_days_are_not_typed(
    collective: Officer, case: Case, offices: Offices
) -> None:
    same: dict[str, Any] = {"by": collective, "case": case.pk, "seen": case.entries, "action": "期满没有异议"}
    with pytest.raises(Refused, match="要先贴公示"):
        take_step(**same)
    posted(collective, case)
    with pytest.raises(Refused, match="“公示截止日”不另填"):
        take_step(**same, fields={"公示截止日": "2026-01-01"})


POSTING: dict[str, tuple[dict[str, Any], str]] = {
    "明天才贴": ({"since": today() + timedelta(1)}, "公示开始日要在"),
    "早于轮到的日子": ({"since": EARLY - timedelta(1)}, "公示开始日要在"),
    "太短": ({"since": today(), "until": today() + timedelta(6)}, f"公示期不能短，至少到 {today() + timedelta(7)}。$"),
    "补登记的倒填期满": ({"until": EARLY + timedelta(7)}, "补登记的从登记那天起算"),
    "补登记的少一天": ({"until": today() + timedelta(6)}, f"至少到 {today() + timedelta(7)}"),
    "不说贴在哪里": ({"place": " "}, "公示地点要写明"),
    "什么也不写": ({"text": " "}, "公示内容要写明"),
    "写了证件号码": ({"text": "500999198005060013"}, "不能写证件号码"),
    "写了电话": ({"text": "张青山，13800001234"}, "都不能写"),
    "写了全角的账号": ({"text": "张青山，６２２８４８００"}, "都不能写"),
}


@pytest.mark.parametrize(("given", "sentence"), POSTING.values(), ids=POSTING)
def test_it_is_not_posted(given: dict[str, Any], sentence: str, collective: Officer, case: Case) -> None:
    with pytest.raises(Refused, match=sentence):
        posted(collective, case, **given)


def test_only_whose_turn_it_is_posts_and_once(collective: Officer, case: Case, offices: Offices) -> None:
    for other in (offices.at("agriculture", "township", "500235104000"), offices.at("culture", "county", YUNYANG)):
        with pytest.raises(Refused, match="现在轮不到您"):
            posted(other, case)
    assert recorded(collective, case, until=today() + timedelta(9)).until == today() + timedelta(9)
    with pytest.raises(Refused, match="已经贴出来了"):
        posted(collective, case)


OBJECTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "还没有贴": ({"on": EARLY - timedelta(1)}, "异议要在公示期里提出"),
    "公示期过了": ({"on": EARLY + timedelta(8)}, "异议要在公示期里提出"),
    "怎么提的不明": ({"how": "dreamt"}, "怎么提的"),
    "不说是谁": ({"who": ""}, "谁提的要写明"),
    "写了证件号码": ({"told": "500999198005060013"}, "不能写证件号码"),
}


@pytest.mark.parametrize(("given", "sentence"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_it_is_no_objection(given: dict[str, Any], sentence: str, collective: Officer, case: Case) -> None:
    with pytest.raises(Refused, match="现在没有公示"):
        against(collective, case)
    posted(collective, case)
    with pytest.raises(Refused, match=sentence):
        against(collective, case, **given)


APPEALS = {
    "维持或更正": ("mended", "done", None),
    "依法不列入": ("upheld", "terminated", True),
    "不在这里登记": ("upheld", "terminated", None),
}


@pytest.mark.parametrize(("action", "of"), APPEALS.items(), ids=APPEALS)
def test_an_appeal_to_the_voters_list(
    action: str, of: tuple[str, str, bool | None], person: Person, offices: Offices
) -> None:
    """2.3: the list is published at one step and waits for appeals at the next; what is put right goes on, and whom the law bars is not
    asked for a second time in this term.
    """
    outcome, state, barred = of
    village = offices.at("committee", "village", DESTINATION)
    voter(person)
    case = open_case(
        by=village, procedure="register_voter_at_destination", subject=str(person.pk), applied_on=EARLY, how="本人申请"
    )
    for before in ("提交", "户籍已迁入或安置社区", "发出告知", "原村不再登记，回执", "公布"):
        case = step_on(case, offices, before, on=EARLY)
    with everything():
        notice = Notice.objects.unscoped().get()
    assert (notice.ends - notice.since).days == 5
    one = against(village, case)
    case = step_on(case, offices, "有申诉", on=EARLY)
    decide_objection(by=village, case=case.pk, objection=one.pk, outcome=outcome, because="核对过名单和判决书")
    assert step_on(case, offices, action, on=ready(case, EARLY)).state == state
    assert facts_of("person", str(person.pk), on=today()).get("barred_from_list") == barred


def test_the_pages(collective: Officer, case: Case, offices: Offices) -> None:
    inside, there = browser(collective), f"/cases/{case.pk}/"
    page = inside.get(there).content.decode()
    assert "要先贴公示" in page
    assert "张青山（" in page, "what it may say is suggested"
    assert "今天贴出的到" in page
    assert "value=" not in page.split('name="until"')[1].partition(">")[0], "of one posted earlier the end is another"
    sent = {
        "seen": str(case.entries),
        "since": EARLY.isoformat(),
        "until": "",
        "place": "公开栏",
        "text": "13800001234",
    }
    answer = inside.post(f"{there}notice/", sent)
    assert (answer.status_code, "都不能写" in answer.content.decode()) == (422, True)
    assert 'value="公开栏"' in answer.content.decode()
    assert inside.post(f"{there}notice/", {**sent, "text": "张青山申请入册。"}).status_code == 302
    told = {"key": str(uuid4()), "on": EARLY.isoformat(), "how": "phone", "who": "李某", "told": "他在老家还有地"}
    for _ in range(2):
        assert inside.post(f"{there}objections/", told).status_code == 302
    with everything():
        objection = Objection.objects.unscoped().get()
    page = inside.get(there).content.decode()
    assert "他在老家还有地" in page
    answer = inside.post(f"{there}objections/{objection.pk}/", {"outcome": "", "because": "查过"})
    assert (answer.status_code, "查过" in answer.content.decode()) == (422, True)
    answer = inside.post(f"{there}objections/{objection.pk}/", {"outcome": "dismissed", "because": "查过"})
    assert answer.status_code == 302
    board = inside.get("/cases/notices/").content.decode()
    assert "张青山申请入册" in board, "its days run from today, however long it is said to hang"
    assert "他在老家还有地" not in board
    other = browser(offices.at("culture", "county", YUNYANG)).get(there).content.decode()
    assert "张青山申请入册" in other
    assert "他在老家还有地" not in other, "who objects is for those who decide"
    assert "张青山申请入册" not in stranger().get("/cases/notices/").content.decode()


def racing() -> tuple[Officer, Case]:
    village = clerk("village")
    offices = Offices()
    person = zhang(village, household(village))
    collective = offices.at("collective", "village", DESTINATION)
    offices.known["committee", "village", DESTINATION] = village
    return collective, at_notice(collective, person, offices)


def test_of_sixteen_who_decide_one_does(own_database: str) -> None:
    collective, case = racing()
    run = race(16, lambda _: recorded(collective, case, today()).pk)
    assert (run.won, run.only_raised(Refused)) == (1, True)
    one = against(collective, case, today())
    run = race(
        16,
        lambda n: (
            decide_objection(
                by=collective, case=case.pk, objection=one.pk, outcome=("dismissed", "upheld")[n % 2], because="查过"
            ).pk
        ),
    )
    assert (run.won, run.only_raised(Refused)) == (1, True)


ATTACKS = {
    "改短公示": "UPDATE cases_notice SET until = since",
    "改登记的日子": "UPDATE cases_notice SET recorded_on = since",
    "再证实一次": "UPDATE cases_notice SET proven_until = since",
    "撤掉证实": "UPDATE cases_notice SET proven_until = NULL, proof = NULL, proven_by_id = NULL, proven_at = NULL",
    "删掉公示": "DELETE FROM cases_objection; DELETE FROM cases_notice",
    "改判": "UPDATE cases_objection SET outcome = 'upheld'",
    "删掉异议": "DELETE FROM cases_objection",
    "改提出的日子": "UPDATE cases_objection SET \"on\" = '2020-01-01'",
    "处理不写理由": "UPDATE cases_objection SET because = NULL",
}


@pytest.mark.parametrize("statement", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(statement: str, collective: Officer, case: Case) -> None:
    posted(collective, case)
    one = against(collective, case)
    decide_objection(by=collective, case=case.pk, objection=one.pk, outcome="dismissed", because="查过")
    with everything(), connection.cursor() as cursor:
        *before, last = statement.split(";")
        for earlier in before:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(earlier)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(last)


def test_an_objection_that_nobody_decided_is_found_at_night(person: Person, offices: Offices) -> None:
    village = offices.at("committee", "village", DESTINATION)
    voter(person)
    case = open_case(
        by=village, procedure="register_voter_at_destination", subject=str(person.pk), applied_on=EARLY, how="本人申请"
    )
    steps = ("提交", "户籍已迁入或安置社区", "发出告知", "原村不再登记，回执", "公布", "期满无申诉")
    for action in steps:
        case = step_on(case, offices, action, on=ready(case, EARLY))
    question = "办结的件没有没处理的公示异议"
    assert verify()[question] == 0
    with everything():
        late = Objection(
            notice=Notice.objects.unscoped().get(), on=EARLY, how="phone", recorded_by=village, key=uuid4()
        )
        late.who, late.told = "李某", "没有听说"
        late.save(force_insert=True)
    assert verify()[question] == 1


def test_what_was_said_in_its_days_is_written_down_late_as_long_as_the_step_waits(
    collective: Officer, case: Case, offices: Offices
) -> None:
    notice = posted(collective, case)
    assert notice.ends < today()
    page = browser(collective).get(f"/cases/{case.pk}/").content.decode()
    assert "公示期里有人提过异议，补登记" in page
    decided = against(collective, case)
    decide_objection(by=collective, case=case.pk, objection=decided.pk, outcome="dismissed", because="查过")
    case = step_on(case, offices, "期满没有异议")
    with pytest.raises(Refused, match="这一件也往下办了"):
        against(collective, case, who="王某")


def test_the_page_says_that_objections_were_decided_and_offers_no_more(
    collective: Officer, case: Case, offices: Offices
) -> None:
    posted(collective, case)
    screen = browser(collective)

    def panel() -> str:
        return screen.get(f"/cases/{case.pk}/").content.decode().partition('id="notice"')[2].partition("</section>")[0]

    assert "无异议" in panel()
    one = against(collective, case)
    assert "有异议" in panel()
    decide_objection(by=collective, case=case.pk, objection=one.pk, outcome="dismissed", because="查过")
    assert "无异议" not in panel()
    assert "期满，异议都处理了" in panel()
    step_on(case, offices, "期满没有异议")
    assert "补登记" not in panel()
    assert "有人提了异议" not in panel()


def test_what_has_to_be_done_first_stands_above_the_step(collective: Officer, case: Case) -> None:
    screen = browser(collective)
    page = screen.get(f"/cases/{case.pk}/").content.decode()
    assert page.index('id="notice"') < page.index('id="next"')
    posted(collective, case)
    page = screen.get(f"/cases/{case.pk}/").content.decode()
    assert page.index('id="next"') < page.index('id="notice"') < page.index('id="papers"')
