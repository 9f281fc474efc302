"""What is done in time and holds from a later day on is not late: it waits for that day, and ends by itself on it (1.6, 1.7-3)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from anju.cases.actions import open_case, resume, suspend, take_hold, withdraw
from anju.cases.actions.holding import end_what_holds
from anju.cases.clocks import Clocks, states
from anju.cases.ladder import Ladder, rungs
from anju.cases.lateness import unasked
from anju.cases.models import Case, Did, Entry, State, Turn
from anju.cases.procedures import Running
from anju.duties.clocks import Clocks as DutyClocks
from anju.duties.models import Duty
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.register.actions import place_person
from anju.register.actions.by_case import put_facts
from anju.register.changes import changed
from anju.register.facts import facts_of
from anju.register.models import Person, Relation
from anju.register.verification import verify
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.fitting import ORIGINS, fit
from tests.cases.test_pages import now
from tests.desk.cast import browser
from tests.payments.cast import A, B, chain, strip
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG

DONE_ON, HOLDS = date(2026, 11, 10), date(2026, 12, 1)
AssistanceWay = [
    ("提交", {}), ("报送名单", {}), ("发函", {}), ("受理并交乡镇", {}), ("接续并回执", {"首发月": "2026-12"}),
    ("发到首发月的前一个月，移交档案", {}), ("双方归档", {}), ("双方归档", {}),
]  # fmt: skip
LETTER = "transfer_assistance_by_letter"
Clock = Callable[[date], None]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is the day on which all is done; the call lets it be another."""

    def be(day: date) -> None:
        monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(datetime.combine(day, time(9))))

    be(DONE_ON)
    return be


def transferred(offices: Offices, person: Person, first: str = "2026-12", steps: int | None = None) -> Case:
    """A transfer of assistance, all of it done on one day or ``steps`` of it; the destination pays from that month on."""
    by = offices.at("civil_affairs", "township", A)
    case = open_case(
        by=by, procedure="transfer_assistance_by_letter", subject=str(person.pk), applied_on=DONE_ON, how="本人到场"
    )
    for action, fields in AssistanceWay[:steps]:
        case = step_on(case, offices, action, on=None, **({"首发月": first} if fields else {}))
    return case


def holder(person: Person, kind: str) -> list[tuple[str, date]]:
    with everything():
        steps = Relation.objects.unscoped().filter(person=person, kind=kind).order_by("since")
        return list(steps.values_list("holder", "since"))


def entries(case: Case) -> list[Entry]:
    with everything():
        return list(Entry.objects.unscoped().filter(case=case).order_by("seq"))


def test_all_is_done_and_nobody_is_late_until_its_day(offices: Offices, person: Person, clock: Clock) -> None:
    case = transferred(offices, person)
    before = holder(person, "assistance")
    assert (now(case).state, now(case).step, entries(case)[-1].did) == (State.RUNNING, 7, Did.DATED)
    assert {(turn.since, turn.line) for turn in waiting(case)} == {(HOLDS, "civil_affairs")}
    with everything():
        ended = Turn.objects.unscoped().filter(case=case, until_entry__isnull=False)
        assert set(ended.values_list("ended_late", flat=True)) == {False}
    for day, state in {
        DONE_ON: "later", date(2026, 11, 30): "soon", HOLDS: "soon", date(2026, 12, 3): "soon", date(2026, 12, 4): "overdue",
    }.items():  # fmt: skip
        clocks = Clocks(day)
        assert {clocks.of(turn).state for turn in waiting(case)} == {state}, day
        with everything():
            open_ones = Turn.objects.unscoped().filter(case=case, until_entry=None)
            assert {s for s in states if open_ones.filter(clocks.within(s)).exists()} == {state}, day
    lead = offices.at("civil_affairs", "county", YUNYANG)
    ladder = Ladder(Clocks(date(2026, 11, 30)))
    with everything():
        for rung in rungs:
            there = Turn.objects.unscoped().filter(
                ladder.climbed(rung, visible_regions(lead, DONE_ON)), case=case, until_entry=None
            )
            assert not there.exists()
    clock(HOLDS - timedelta(1))
    assert not take_hold(case.pk)
    assert holder(person, "assistance") == before
    clock(HOLDS)
    assert take_hold(case.pk)
    assert not take_hold(case.pk), "once"
    assert (now(case).state, waiting(case)) == (State.DONE, [])
    assert holder(person, "assistance")[-1] == (B, HOLDS)
    last = entries(case)[-1]
    assert (last.did, last.on, last.by, last.office, last.target) == (Did.MOVED, HOLDS, None, "系统", 0)
    assert facts_of("person", str(person.pk), on=HOLDS)["assistance_moved"] is True
    assert facts_of("person", str(person.pk), on=HOLDS - timedelta(1)).get("assistance_moved") is not True


def test_the_night_s_work_ends_those_whose_day_has_come(offices: Offices, person: Person, clock: Clock) -> None:
    case = transferred(offices, person)
    night = inspect.unwrap(end_what_holds.func)
    night(Job())
    assert now(case).state == State.RUNNING
    clock(HOLDS + timedelta(2))
    night(Job())
    assert now(case).state == State.DONE
    assert holder(person, "assistance")[-1] == (B, HOLDS), "it holds from its day on, however late that is told"


def test_why_it_is_late_is_not_asked_of_what_was_done_in_time(offices: Offices, person: Person, clock: Clock) -> None:
    """Done within the month, and paid from the month after the next; neither of the night nor of whoever ends it by hand."""
    case = transferred(offices, person, "2027-01", steps=-1)
    running, day = Running.of(case), date(2027, 1, 1)
    with everything():
        assert unasked(now(case), running, running.step(7), day) == frozenset(), "it is not done yet"
    case = step_on(case, offices, "双方归档")
    clock(day)
    with everything():
        assert unasked(now(case), running, running.step(7), day) == {"超期理由"}


ENDS = {"当天生效": (0, State.DONE), "明天生效": (1, State.RUNNING)}


@pytest.mark.parametrize(("days", "state"), ENDS.values(), ids=ENDS)
def test_what_holds_today_ends_today(offices: Offices, person: Person, days: int, state: str, clock: Clock) -> None:
    fit(str(person.pk), "transfer_medical")
    by, day = offices.at("medical_security", "county", YUNYANG), DONE_ON + timedelta(days)
    case = open_case(by=by, procedure="transfer_medical", subject=str(person.pk), applied_on=DONE_ON, how="本人到场")
    for action in ("提交", "受理", "出具参保凭证"):
        case = step_on(case, offices, action)
    case = step_on(case, offices, "接续并告知本人", 待遇接续日=day.isoformat())
    assert now(case).state == state
    clock(day)
    assert take_hold(case.pk) is (days > 0)
    assert holder(person, "medical")[-1] == (YUNYANG, day)


def test_who_is_insured_from_next_year_on_is_done_with_this_year(
    offices: Offices, person: Person, clock: Clock
) -> None:
    fit(str(person.pk), "mobilise_coverage")
    by = offices.at("medical_security", "county", YUNYANG)
    case = open_case(by=by, procedure="mobilise_coverage", subject=str(person.pk), applied_on=DONE_ON, how="比对")
    for action in ("愿意参保", "登记"):
        case = step_on(case, offices, action)
    step_on(case, offices, "核定", 参保生效日="2027-01-01")
    assert facts_of("person", str(person.pk), on=DONE_ON)["medical_status"] == "uninsured"
    assert {Clocks(date(2026, 12, 31)).of(turn).state for turn in waiting(case)} == {"later"}
    clock(date(2027, 1, 1))
    assert take_hold(case.pk)
    assert facts_of("person", str(person.pk), on=date(2027, 1, 1))["medical_status"] == "resident"
    assert holder(person, "medical") == [(YUNYANG, date(2027, 1, 1))]


def test_insurance_may_begin_before_it_was_taken_up(offices: Offices, person: Person, clock: Clock) -> None:
    """What is paid belatedly counts from the month on that it is for (1.6-4)."""
    fit(str(person.pk), "mobilise_coverage")
    by = offices.at("medical_security", "county", YUNYANG)
    case = open_case(by=by, procedure="mobilise_coverage", subject=str(person.pk), applied_on=DONE_ON, how="比对")
    for action in ("愿意参保", "登记"):
        case = step_on(case, offices, action)
    early = DONE_ON - timedelta(9)
    assert step_on(case, offices, "核定", 参保生效日=early.isoformat()).state == State.DONE
    assert holder(person, "medical") == [(YUNYANG, early)]


def owed(person: Person, on: date) -> list[tuple[str, date | None, str]]:
    """The open duties of 1.7 to move somebody's assistance: since when the month counts, and how late that is on a day."""
    with everything():
        found = Duty.objects.unscoped().filter(subject_id=str(person.pk), kind=LETTER, closed_on=None)
        return [(one.kind, one.counts_from, DutyClocks(on).of(one).state) for one in found]


WAITS = {
    "期限里归档，下个月首发": ("2026-12", date(2026, 12, 11)),
    "期限里归档，首发月在期限以后": ("2027-01", date(2026, 12, 31)),
    "首发月还有三个月": ("2027-02", date(2027, 1, 31)),
}


@pytest.mark.parametrize(("first", "later"), WAITS.values(), ids=WAITS)
def test_what_is_done_and_waits_for_the_first_month_is_owed_by_nobody(
    first: str, later: date, offices: Offices, person: Person, clock: Clock
) -> None:
    """One month is for the work (1.7-3); the destination's first month may lie beyond it. Given back, the month still counts from the
    day of the application.
    """
    fit(str(person.pk), "transfer_assistance_by_letter")
    case = transferred(offices, person, first, steps=len(AssistanceWay) - 1)
    assert owed(person, later) == [(LETTER, DONE_ON, "overdue")], "one side has not filed it yet"
    case = step_on(case, offices, "双方归档")
    assert owed(person, later) == []
    page = browser(offices.at("civil_affairs", "county", YUNYANG)).get(f"/cases/{case.pk}/").content.decode()
    assert "不再应办" not in page
    case = step_on(now(case), offices, "月份对不上")
    assert owed(person, later) == [(LETTER, DONE_ON, "overdue")]
    for action in ("发到首发月的前一个月，移交档案", "双方归档", "双方归档"):
        case = step_on(case, offices, action)
    assert owed(person, later) == []
    clock(date.fromisoformat(f"{first}-01"))
    assert take_hold(case.pk)
    assert owed(person, later) == []
    assert now(case).state == State.DONE
    with everything():
        assert not any(verify().values())


def late(person: Person, kind: str, on: date) -> list[tuple[date | None, str]]:
    """Since when the days of a duty count, and how late that is on a day."""
    with everything():
        found = Duty.objects.unscoped().filter(subject_id=str(person.pk), kind=kind, closed_on=None)
        return [(one.counts_from, DutyClocks(on).of(one).state) for one in found]


YEARS = {
    "今年最后一天起，当年": (date(2026, 12, 31), date(2026, 12, 30)),
    "明年第一天起，年底": (date(2027, 1, 1), date(2026, 12, 31)),
    "明年三月起，元旦后": (date(2027, 3, 1), date(2027, 2, 28)),
}


@pytest.mark.parametrize(("first", "before"), YEARS.values(), ids=YEARS)
def test_insurance_that_waits_for_its_day_is_owed_by_nobody(
    first: date, before: date, offices: Offices, person: Person, clock: Clock
) -> None:
    """Twenty working days are for the work (1.6); the day from which on the new insurance pays may lie beyond them, and beyond the year."""
    fit(str(person.pk), "transfer_medical")
    by = offices.at("medical_security", "county", YUNYANG)
    case = open_case(by=by, procedure="transfer_medical", subject=str(person.pk), applied_on=DONE_ON, how="本人到场")
    for action in ("提交", "受理", "出具参保凭证"):
        case = step_on(case, offices, action)
    assert late(person, "continue_coverage", before) == [(DONE_ON, "overdue")]
    case = step_on(case, offices, "接续并告知本人", 待遇接续日=first.isoformat())
    assert [late(person, kind, before) for kind in ("continue_coverage", "certify_coverage")] == [[], []]
    case = step_on(now(case), offices, "退回")
    assert late(person, "continue_coverage", before) == [(DONE_ON, "overdue")], "given back, it is to be done once more"
    case = step_on(case, offices, "出具参保凭证")
    case = step_on(case, offices, "接续并告知本人", 待遇接续日=first.isoformat())
    clock(first)
    assert take_hold(case.pk)
    assert late(person, "continue_coverage", first) == []
    assert holder(person, "medical")[-1] == (YUNYANG, first)
    with everything():
        assert not any(verify().values())


def insured_there(person: Person, *, there: bool) -> None:
    """Record whether somebody is insured where the person lives now."""
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts={"insured_at_destination": there})
        changed("person", [str(person.pk)])


def test_whoever_waits_to_be_insured_there_next_year_is_late_for_nobody(
    offices: Offices, person: Person, clock: Clock
) -> None:
    """Out of the province in the middle of a year: the case waits for the person, and goes on in January (1.6-3)."""
    origin = ORIGINS["transfer_medical_out"]
    with everything():
        Person.objects.unscoped().filter(pk=person.pk).update(origin=origin)
    fit(str(person.pk), "transfer_medical_out")
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts={"insured_at_destination": False})
    by = offices.at("medical_security", "county", YUNYANG)
    case = open_case(
        by=by, procedure="transfer_medical_out", subject=str(person.pk), applied_on=DONE_ON, how="本人到场"
    )
    case, year_end = step_on(case, offices, "提交"), date(2026, 12, 31)
    assert late(person, "transfer_medical_out", year_end) == [(DONE_ON, "overdue")], "nobody has looked at it yet"
    case = step_on(case, offices, "当年留参保地")
    assert late(person, "transfer_medical_out", year_end) == []
    insured_there(person, there=True)
    assert late(person, "transfer_medical_out", year_end) == [(DONE_ON, "overdue")], (
        "insured there already, nobody has to wait"
    )
    insured_there(person, there=False)
    assert late(person, "transfer_medical_out", year_end) == []
    january = date(2027, 1, 4)
    clock(january)
    with everything():
        changed("person", [str(person.pk)])
    assert late(person, "transfer_medical_out", january) == [(date(2027, 1, 1), "later")], "the year has come"
    insured_there(person, there=True)
    step_on(now(case), offices, "已在转入地参保", on=january, 转入地参保日=january.isoformat())
    assert late(person, "transfer_medical_out", january) == [(january, "later")], "it is the county's turn again"
    assert late(person, "transfer_medical_out", date(2027, 2, 28)) == [(january, "overdue")]


def test_a_mistyped_year_does_not_wait_for_it(offices: Offices, person: Person) -> None:
    with pytest.raises(Refused, match="“首发月”写的是 2062-12，离今天一年以上"):
        transferred(offices, person, "2062-12")


def test_until_its_day_it_goes_back_waits_or_is_taken_back(offices: Offices, person: Person, clock: Clock) -> None:
    case = transferred(offices, person)
    by = offices.at("civil_affairs", "county", YUNYANG)
    inside = browser(by)
    page = inside.get(f"/cases/{case.pk}/").content.decode()
    assert "都办好了，到生效日系统办结" in page
    assert f"/cases/{case.pk}/" not in inside.get("/cases/").content.decode(), "it waits for nobody"
    assert "等生效日" in inside.get("/cases/?list=passed").content.decode()
    case = step_on(now(case), offices, "月份对不上")
    assert (now(case).step, {turn.since for turn in waiting(case)}) == (6, {DONE_ON})
    for action in ("发到首发月的前一个月，移交档案", "双方归档", "双方归档"):
        case = step_on(case, offices, action)
    case = suspend(by=by, case=case.pk, seen=now(case).entries, because="等回函", review_on=DONE_ON + timedelta(9))
    clock(HOLDS)
    assert not take_hold(case.pk), "what is suspended goes on when somebody says so"
    withdraw(by=by, case=case.pk, seen=now(case).entries, how="本人电话")
    assert now(case).state == State.WITHDRAWN
    assert holder(person, "assistance") == []


def test_what_waited_and_goes_on_ends_on_its_day_all_the_same(offices: Offices, person: Person, clock: Clock) -> None:
    case = transferred(offices, person)
    by = offices.at("civil_affairs", "county", YUNYANG)
    suspend(by=by, case=case.pk, seen=now(case).entries, because="等回函", review_on=DONE_ON + timedelta(9))
    resume(by=by, case=case.pk, seen=now(case).entries)
    clock(HOLDS)
    assert take_hold(case.pk)
    assert holder(person, "assistance")[-1] == (B, HOLDS)


def test_who_moves_on_before_the_day_is_not_moved_on_it(offices: Offices, person: Person, clock: Clock) -> None:
    case = transferred(offices, person)
    clock(DONE_ON + timedelta(5))
    police = offices.at("public_security", "county", YUNYANG)
    place_person(by=police, person=str(person.pk), origin=DESTINATION, destination=ORIGIN, because="迁回")
    clock(HOLDS)
    assert not take_hold(case.pk)
    assert (now(case).state, holder(person, "assistance"), chain(person), strip(person)) == (State.RUNNING, [], [], {})
    by = offices.at("civil_affairs", "county", YUNYANG)
    inbox = browser(by).get("/cases/").content.decode()
    assert f"/cases/{case.pk}/" in inbox
    assert "2026 年 11 月 15 日搬回了" in inbox
    step_on(now(case), offices, "双方归档")
    with pytest.raises(Refused, match="人已经不在那里"):
        step_on(now(case), offices, "双方归档")
