"""What one may do with cases, and the sentence of each refusal; each beside what is let through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from anju.cases.actions import open_case, resume, suspend, take_step, terminate, withdraw
from anju.cases.models import Case, Entry, State, Turn
from anju.cases.procedures import Running, forward
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.actions import end_person
from anju.register.actions.by_case import put_step
from anju.register.facts import facts_of, today
from anju.register.models import Person, Relation, Wish
from tests.cases.cast import Offices, ready, step_on, waiting
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, YUNYANG, clerk

pytestmark = pytest.mark.django_db
YESTERDAY, TOMORROW = today() - timedelta(1), today() + timedelta(1)


@pytest.fixture
def pensions(offices: Offices) -> Officer:
    """The pensions' line of the destination's township."""
    return offices.at("human_resources", "township", place_at(DESTINATION, "township"))


@pytest.fixture
def case(person: Person, pensions: Officer) -> Case:
    """A pension that is to follow 张青山; it waits for his application."""
    return opened(person, pensions)


def opened(person: Person, by: Officer, procedure: str = "transfer_pension", **more: Any) -> Case:
    given = {"applied_on": today(), "how": "本人到窗口申请", **more}
    return open_case(by=by, procedure=procedure, subject=str(person.pk), **given)


def applied(case: Case, offices: Offices) -> Case:
    return step_on(case, offices, "提交")


def entries(case: Case) -> list[Entry]:
    with everything():
        return list(Entry.objects.unscoped().filter(case=case).order_by("seq"))


def test_it_waits_for_the_person_in_the_village_where_he_lives(case: Case) -> None:
    (turn,) = waiting(case)
    assert (turn.resident, turn.line, turn.level, turn.region) == (True, "committee", "village", DESTINATION)
    assert (case.state, case.step, case.origin, case.destination) == (State.RUNNING, 1, ORIGIN, DESTINATION)
    assert case.version.pages


OPENINGS: dict[str, tuple[dict[str, Any], str]] = {
    "没有这个流程": ({"procedure": "transfer_nothing"}, "没有这个流程"),
    "不说凭什么": ({"how": "  "}, "要写明凭什么办"),
    "申请日在明天": ({"applied_on": TOMORROW}, "申请日不能晚于今天"),
    "写了证件号码": ({"how": "本人 500999198005060013 申请"}, "不能写证件号码"),
    "别的条线的事": ({"procedure": "file_remote_care"}, "不归您的条线办"),
    "参保地没有登记": ({"procedure": "settle_one_stop"}, "参保地还没有登记"),
}


@pytest.mark.parametrize(("given", "sentence"), OPENINGS.values(), ids=OPENINGS)
def test_it_is_not_opened(given: dict[str, Any], sentence: str, person: Person, offices: Offices) -> None:
    line = "medical_security" if "参保地" in sentence else "human_resources"
    by = offices.at(line, "county", YUNYANG)
    with pytest.raises(Refused, match=sentence):
        opened(person, by, **given)
    with everything():
        assert not Case.objects.unscoped().exists()


def test_a_stranger_learns_nothing(person: Person, case: Case) -> None:
    stranger = clerk("stranger", ELSEWHERE, "county", "human_resources")
    deeds: list[Callable[[], Any]] = [
        lambda: opened(person, stranger),
        lambda: take_step(by=stranger, case=case.pk, seen=1, action="提交"),
        lambda: withdraw(by=stranger, case=case.pk, seen=1, how="本人电话"),
        lambda: take_step(by=stranger, case=uuid4(), seen=1, action="提交"),
    ]
    for deed in deeds:
        with pytest.raises(Refused, match="没有这一条，或者不在您的范围里"):
            deed()


def test_a_line_that_must_not_know_of_it_does_not_find_it(person: Person, offices: Offices) -> None:
    health = offices.at("medical_security", "county", YUNYANG)
    case = opened(person, health, "file_remote_care")
    for line, sees in (("medical_security", True), ("organisation", False), ("culture", False)):
        who = offices.at(line, "county", YUNYANG)
        with transaction.atomic():
            found = Case.objects.visible_to(who, purpose="经办").filter(pk=case.pk)
            assert found.exists() is sees, line
            assert Entry.objects.visible_to(who, purpose="经办").filter(case=case).exists() is sees
            assert Turn.objects.visible_to(who, purpose="经办").filter(case=case).exists() is sees


def test_one_of_a_kind_runs_at_a_time(person: Person, offices: Offices, pensions: Officer) -> None:
    case = opened(person, pensions, applied_on=YESTERDAY)
    with pytest.raises(Refused, match="已经在办了"):
        opened(person, pensions)
    withdraw(by=pensions, case=case.pk, seen=1, how="本人说不转了")
    assert opened(person, pensions).pk != case.pk


STEPS: dict[str, tuple[dict[str, Any], str]] = {
    "没有这个动作": ({"action": "同意"}, "没有“同意”；可以：受理、补正"),
    "别人刚办过": ({"seen": 1}, "刚刚有人办过"),
    "日子在明天": ({"on": TOMORROW}, "办理日不能晚于今天"),
    "早于轮到的日子": ({"on": YESTERDAY}, "不能早于轮到这一步的"),
    "补正不说为什么": ({"action": "补正"}, "要写明为什么"),
    "这一步没有的项": ({"fields": {"到账日": "2026-01-01"}}, "没有“到账日”这一项"),
    "原因里有证件号码": ({"action": "补正", "reason": "500999198005060013 不清楚"}, "不能写证件号码"),
    "原因太长": ({"action": "补正", "reason": "长" * 1001}, "最多写 1000 个字"),
}


@pytest.mark.parametrize(("given", "sentence"), STEPS.values(), ids=STEPS)
def test_a_step_is_not_taken(
    given: dict[str, Any], sentence: str, case: Case, offices: Offices, pensions: Officer
) -> None:
    case = applied(case, offices)
    before = entries(case)
    with pytest.raises(Refused, match=sentence):
        take_step(**{"by": pensions, "case": case.pk, "seen": case.entries, "action": "受理", **given})
    assert entries(case) == before
    assert take_step(by=pensions, case=case.pk, seen=case.entries, action="受理").step == 3


FIELDS: dict[str, tuple[Any, str]] = {
    "不是日子": ("六月", "要写日期"),
    "没有这一天": ("2026-02-30", "要写日期"),
    "是数": (20260630, "要写日期"),
    "三十年以后": ("2099-01-01", "要写日期"),
    "还没有到": (TOMORROW.isoformat(), "还没有到；办了再写"),
    "空着": ("", "还没有填：到账日"),
}


@pytest.mark.parametrize(("value", "sentence"), FIELDS.values(), ids=FIELDS)
def test_what_is_written_down_is_looked_at(value: Any, sentence: str, case: Case, offices: Offices) -> None:
    for action in ("提交", "受理", "发接收函", "审批并划转"):
        case = step_on(case, offices, action)
    by = offices.of(waiting(case)[0])
    with pytest.raises(Refused, match=sentence):
        take_step(by=by, case=case.pk, seen=case.entries, action="登记并告知本人", fields={"到账日": value})


def test_only_whose_turn_it_is_takes_the_step(case: Case, offices: Offices, village: Officer) -> None:
    case = applied(case, offices)
    others = [
        village,
        offices.at("human_resources", "county", YUNYANG),
        offices.at("human_resources", "township", place_at(ORIGIN, "township")),
        offices.at("medical_security", "township", place_at(DESTINATION, "township")),
    ]
    for other in others:
        with pytest.raises(Refused, match="现在轮不到您"):
            take_step(by=other, case=case.pk, seen=case.entries, action="受理")


@pytest.mark.parametrize("who", ["迁入村代办", "迁出村代办", "窗口代办"])
def test_for_the_resident_the_villages_and_the_counter_may_act(
    who: str, case: Case, offices: Offices, pensions: Officer
) -> None:
    by = {
        "迁入村代办": offices.at("committee", "village", DESTINATION),
        "迁出村代办": offices.at("committee", "village", ORIGIN),
        "窗口代办": pensions,
    }[who]
    fields = {"户口迁移证明或新户口簿": True}
    assert take_step(by=by, case=case.pk, seen=1, action="提交", fields=fields).step == 2


def test_what_is_sent_twice_is_done_once(case: Case, offices: Offices) -> None:
    by, key = offices.of(waiting(case)[0]), uuid4()
    sent: dict[str, Any] = {
        "by": by,
        "case": case.pk,
        "seen": 1,
        "action": "提交",
        "fields": {"户口迁移证明或新户口簿": True},
        "key": key,
    }
    first, again = take_step(**sent), take_step(**sent)
    assert (first.pk, first.entries) == (again.pk, again.entries) == (case.pk, 2)
    with pytest.raises(Refused, match="和上一次不一样"):
        take_step(**{**sent, "action": "补正"})


def test_a_step_back_keeps_what_was_written_and_restarts_the_clock(case: Case, offices: Offices) -> None:
    case = applied(case, offices)
    case = step_on(case, offices, "补正", reason="户口簿看不清")
    assert (case.step, [t.since for t in waiting(case)]) == (1, [today()])
    assert [entry.action for entry in entries(case)] == ["", "提交", "补正"]
    assert "户口簿看不清" in entries(case)[-1].told.reveal()
    assert applied(case, offices).step == 2


def test_both_sides_do_their_part(person: Person, offices: Offices) -> None:
    by = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    case = opened(person, by, "transfer_assistance_by_letter")
    put_first(person, "assistance")
    while len({turn.part for turn in waiting(case)}) < 2:
        case = step_on(case, offices, forward_action(case))
    assert {turn.part for turn in waiting(case)} == {"origin", "destination"}
    case = step_on(case, offices, "双方归档")
    assert (case.state, [turn.part for turn in waiting(case)]) == (State.RUNNING, ["destination"])
    case = step_on(case, offices, "双方归档")
    assert case.state == State.DONE


VOTES: dict[str, tuple[date, str, int, int, str]] = {
    "成员大会，三十人里二十人": (date(2026, 1, 5), "members", 30, 20, "三分之二以上同意"),
    "成员大会，二十九人里十九人": (date(2026, 1, 5), "members", 29, 19, "不到三分之二"),
    "村民会议，正好三分之二": (date(2026, 1, 5), "villagers", 3, 2, "三分之二以上同意"),
    "代表，四月三十日申请": (date(2025, 4, 30), "representatives", 30, 20, "三分之二以上同意"),
    "代表，四月三十日申请，差一点": (date(2025, 4, 30), "representatives", 29, 19, "不到三分之二"),
    "代表，五月一日申请": (date(2025, 5, 1), "representatives", 30, 30, "表决方式无效，重新开会"),
}


@pytest.mark.parametrize("vote", VOTES.values(), ids=VOTES)
def test_the_page_counts_the_votes(vote: tuple[date, str, int, int, str], person: Person, offices: Offices) -> None:
    """Only the way that the page's decision says is open, whatever the clerk would like."""
    day, body, eligible, agreed, open_way = vote
    collective = offices.at("collective", "village", DESTINATION)
    case = opened(person, collective, "confirm_membership", applied_on=day)
    for action in ("本人提交", "受理", "身份属实", "期满没有异议"):
        day = ready(case, day)
        case = step_on(case, offices, action, on=day)
    case = step_on(case, offices, "通知并定下表决名单", on=day, 表决方式=body, 应到=eligible)
    day = ready(case, day)
    ways = [move.action for move in Running.of(case).step(7).moves]
    assert len(ways) == 3
    for way in ways:
        if way != open_way:
            with pytest.raises(Refused, match="不能办"):
                step_on(case, offices, way, on=day, 同意=agreed)
    case = step_on(case, offices, open_way, on=day, 同意=agreed)
    assert case.step == {"三分之二以上同意": 8, "不到三分之二": 10}.get(open_way, 6)


def forward_action(case: Case) -> str:
    step = Running.of(case).step(case.step)
    return next(move.action for move in step.moves if forward(step, move))


def put_first(person: Person, kind: str) -> None:
    with everything():
        put_step(
            person=str(person.pk),
            kind=kind,
            holder=place_at(ORIGIN, "township"),
            since=date(2019, 1, 1),
            because="recorded",
            evidence="",
        )


def test_the_end_changes_what_the_page_says(person: Person, case: Case, offices: Offices) -> None:
    put_first(person, "pension")
    for action in ("提交", "受理", "发接收函", "审批并划转", "登记并告知本人"):
        case = step_on(case, offices, action)
    assert case.state == State.DONE
    with everything():
        steps = list(Relation.objects.unscoped().filter(person=person, kind="pension").order_by("since"))
        assert facts_of("person", str(person.pk), on=today())["pension_moved"] is True
    assert [(s.holder, s.because) for s in steps] == [(place_at(ORIGIN, "township"), "recorded"), (YUNYANG, "moved")]
    assert "养老保险转移" in steps[-1].evidence


def test_a_wish_that_is_asked_for_is_a_wish(person: Person, offices: Offices) -> None:
    village = offices.at("committee", "village", DESTINATION)
    case = opened(person, village, "survey_hukou_wish")
    case = step_on(case, offices, "说了迁或者不迁", 户籍意愿="willing")
    case = step_on(case, offices, "签字确认")
    with everything():
        assert Wish.objects.unscoped().get(person=person).choice == "willing"


def test_a_day_that_has_not_come_ends_nothing(person: Person, case: Case, offices: Offices) -> None:
    for action in ("提交", "受理", "发接收函", "审批并划转"):
        case = step_on(case, offices, action)
    seen = case.entries
    with pytest.raises(Refused, match="还没有到"):
        step_on(case, offices, "登记并告知本人", 到账日=TOMORROW.isoformat())
    with everything():
        found = Case.objects.unscoped().get(pk=case.pk)
    assert (found.state, found.entries) == (State.RUNNING, seen)


def test_it_is_suspended_and_goes_on_where_it_stood(case: Case, offices: Offices, pensions: Officer) -> None:
    case = applied(case, offices)
    since = waiting(case)[0].since
    with pytest.raises(Refused, match="要写明等什么"):
        suspend(by=pensions, case=case.pk, seen=2, because="", review_on=TOMORROW)
    for day in (today(), today() + timedelta(367)):
        with pytest.raises(Refused, match="复查日要在"):
            suspend(by=pensions, case=case.pk, seen=2, because="等法院判决", review_on=day)
    case = suspend(by=pensions, case=case.pk, seen=2, because="等法院判决", review_on=TOMORROW)
    assert (case.state, case.review_on, case.step) == (State.SUSPENDED, TOMORROW, 2)
    with pytest.raises(Refused, match="先恢复再办"):
        take_step(by=pensions, case=case.pk, seen=3, action="受理")
    with pytest.raises(Refused, match="已经挂起"):
        suspend(by=pensions, case=case.pk, seen=3, because="还要等", review_on=TOMORROW)
    case = resume(by=pensions, case=case.pk, seen=3)
    assert (case.state, case.review_on, waiting(case)[0].since) == (State.RUNNING, None, since)
    with pytest.raises(Refused, match="没有挂起"):
        resume(by=pensions, case=case.pk, seen=4)


def test_it_is_withdrawn_or_terminated_with_a_reason(person: Person, case: Case, pensions: Officer) -> None:
    with pytest.raises(Refused, match="本人是怎么说的"):
        withdraw(by=pensions, case=case.pk, seen=1, how=" ")
    with pytest.raises(Refused, match="要写明为什么"):
        terminate(by=pensions, case=case.pk, seen=1, because="")
    terminate(by=pensions, case=case.pk, seen=1, because="本人已开始领取待遇")
    with pytest.raises(Refused, match="已经终止，不再办"):
        withdraw(by=pensions, case=case.pk, seen=2, how="本人电话")
    assert waiting(case) == []


def test_who_dies_has_no_cases(person: Person, case: Case, offices: Offices) -> None:
    police = offices.at("public_security", "township", place_at(DESTINATION, "township"))
    end_person(by=police, person=str(person.pk), on=today(), because="death")
    with everything():
        found = Case.objects.unscoped().get(pk=case.pk)
    assert (found.state, waiting(case)) == (State.TERMINATED, [])
    last = entries(case)[-1]
    assert (last.by, last.office, "已注销" in last.told.reveal()) == (None, "系统", True)


def test_each_deed_has_its_entry_in_the_journal(case: Case, offices: Offices, pensions: Officer) -> None:
    case = applied(case, offices)
    suspend(by=pensions, case=case.pk, seen=2, because="等材料", review_on=TOMORROW)
    resume(by=pensions, case=case.pk, seen=3)
    withdraw(by=pensions, case=case.pk, seen=4, how="本人到场")
    kept = JournalEntry.objects.filter(object_kind="case", object_id=str(case.pk)).order_by("at")
    wanted = ["open", "move", "suspend", "resume", "withdraw"]
    assert [entry.action for entry in kept] == [f"cases.{deed}" for deed in wanted]
