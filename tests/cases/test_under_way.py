"""What a case under way knows is a fact already: how far notice and vote are, and since when the application runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from anju.cases.actions import decide_objection, withdraw
from anju.cases.models import Case
from anju.cases.turns import place_at
from anju.duties.clocks import Clocks, last_day
from anju.duties.evaluate import evaluate
from anju.duties.everyone import evaluate_span
from anju.duties.models import Duty
from anju.duties.queries import Desk
from anju.duties.subjects import spans
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import record_wish
from anju.register.facts import facts_by_subject, facts_frame, facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Person
from tests.cases.cast import Offices, ready, step_on, vote
from tests.cases.fitting import ORIGINS, fit
from tests.cases.test_actions import opened
from tests.cases.test_applications import crosses
from tests.cases.test_notices import against, posted
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, ORIGIN

pytestmark = pytest.mark.django_db
MEMBERSHIP = ("notice_state", "vote_body", "votes_eligible", "votes_for")
APPLIED = today() - timedelta(60)


def known(person: Person, **asked: Any) -> tuple[Fact | None, ...]:
    """公示, 表决方式, 应到 and 同意; the ways to ask agree."""
    on, at = asked.get("on", today()), asked.get("at")
    with everything():
        facts = facts_of("person", str(person.pk), on=on, at=at)
        if at is None:
            few = facts_by_subject("person", [str(person.pk)], on=on)[str(person.pk)]
            (line,) = facts_frame("person", spans("person", 10)[0], on=on).iter_rows(named=True)
            assert [few.get(code) for code in MEMBERSHIP] == [line.get(code) for code in MEMBERSHIP]
            assert [few.get(code) for code in MEMBERSHIP] == [facts.get(code) for code in MEMBERSHIP]
    return tuple(facts.get(code) for code in MEMBERSHIP)


def owed(person: Person) -> dict[str, date | None]:
    """What is owed for him → the day it counts from; whoever asks all together finds the same."""
    with everything():
        rows = Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), clause__gt="")
        found: dict[str, date | None] = dict(rows.values_list("kind", "counts_from"))
        assert not evaluate("person", [str(person.pk)], today()), "what was said at once is all"
        assert not evaluate_span("person", spans("person", 10)[0], today())
    return found


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def applicant(person: Person, collective: Officer) -> Person:
    """He belongs to another collective, and nobody has written down that nothing was published."""
    crosses(person, collective)
    return person


def walked(case: Case, offices: Offices, *actions: str, **told: Any) -> Case:
    for action in actions:
        case = step_on(case, offices, action, on=ready(case, APPLIED), **told)
    return case


def hung(case: Case, by: Officer, offices: Offices) -> Case:
    posted(by, case, APPLIED)
    return case


def objected(case: Case, by: Officer, offices: Offices) -> Case:
    case = hung(case, by, offices)
    against(by, case, APPLIED)
    return case


def dismissed(case: Case, by: Officer, offices: Offices) -> Case:
    case = hung(case, by, offices)
    decide_objection(
        by=by, case=case.pk, objection=against(by, case, APPLIED).pk, outcome="dismissed", because="查无此事"
    )
    return case


def posted_anew(case: Case, by: Officer, offices: Offices) -> Case:
    return walked(hung(case, by, offices), offices, "期满没有异议", "退回公示")


def called(case: Case, by: Officer, offices: Offices) -> Case:
    return walked(case, offices, "期满没有异议", "通知并定下表决名单", 应到=30)


def counted(case: Case, by: Officer, offices: Offices) -> Case:
    case = called(case, by, offices)
    vote(case, by, today(), {"同意": 20})
    return case


def carried(case: Case, by: Officer, offices: Offices) -> Case:
    return walked(called(case, by, offices), offices, "三分之二以上同意", 同意=20)


def failed(case: Case, by: Officer, offices: Offices) -> Case:
    return walked(called(case, by, offices), offices, "不到三分之二", 同意=19)


def taken_back(case: Case, by: Officer, offices: Offices) -> Case:
    case = failed(case, by, offices)
    withdraw(by=by, case=case.pk, seen=case.entries, how="本人电话")
    return case


Deed = Callable[[Case, Officer, Offices], Case]
NONE = ("none", "none", None, None)
HOW_FAR: Mapping[str, tuple[Deed, tuple[Fact | None, ...], str]] = {
    "还没有公示": (lambda case, by, offices: case, NONE, "publish_applicants"),
    "有异议": (objected, ("objection", "none", None, None), "resolve_objection"),
    "异议不成立": (dismissed, ("clear", "none", None, None), "hold_vote"),
    "期满没有异议": (hung, ("clear", "none", None, None), "hold_vote"),
    "退回再公示，前一次不算": (posted_anew, NONE, "publish_applicants"),
    "通知了开会，还没有计票": (called, ("clear", "none", None, None), "hold_vote"),
    "三十人里二十人同意，计了票": (counted, ("clear", "members", 30, 20), "confirm_membership_duty"),
    "三十人里二十人同意，取得了": (carried, ("clear", "members", 30, 20), ""),
    "三十人里十九人同意": (failed, ("clear", "members", 30, 19), "tell_vote_result"),
    "撤回了，件里的不再算": (taken_back, ("none", None, None, None), ""),
}
"""What is done → what is known then, and the one of these duties that is owed."""


@pytest.mark.parametrize(("deed", "facts", "duty"), HOW_FAR.values(), ids=HOW_FAR)
def test_duties_see_how_far_notice_and_vote_are(
    deed: Deed, facts: tuple[Fact | None, ...], duty: str, applicant: Person, collective: Officer, offices: Offices
) -> None:
    case = opened(applicant, collective, "confirm_membership", applied_on=APPLIED)
    case = walked(case, offices, "本人提交", "受理", "身份属实")
    deed(case, collective, offices)
    assert known(applicant) == facts
    told = {one for _, _, one in HOW_FAR.values()} | {"follow_notice"}
    assert told & owed(applicant).keys() == ({duty} if duty else set())


ACROSS = {"crosses_collective": True, "destination_collective": True}
DAYS = {
    "申请前一天": (-1, None),
    "申请那天，还没有贴": (0, "none"),
    "贴出前一天": (2, "none"),
    "贴出那天": (3, "running"),
    "最后一天": (10, "running"),
    "期满后一天": (11, "clear"),
    "开会前一天": (20, "clear"),
    "开会那天": (21, "clear"),
}
"""Days after the application → 公示 on that day."""


@pytest.mark.parametrize(("after", "notice"), DAYS.values(), ids=DAYS)
def test_a_day_of_before_is_answered_as_it_was(
    after: int, notice: str | None, applicant: Person, collective: Officer, offices: Offices
) -> None:
    with everything():
        Person.objects.unscoped().filter(pk=applicant.pk).update(facts=ACROSS)
    case = opened(applicant, collective, "confirm_membership", applied_on=APPLIED)
    case = walked(case, offices, "本人提交", "受理", "身份属实")
    posted(collective, case, APPLIED + timedelta(3))
    case = step_on(case, offices, "期满没有异议", on=APPLIED + timedelta(11))
    case = step_on(case, offices, "通知并定下表决名单", on=APPLIED + timedelta(11), 应到=30)
    step_on(case, offices, "三分之二以上同意", on=APPLIED + timedelta(21), 同意=20)
    body = None if notice is None else "members" if after >= 21 else "none"
    assert known(applicant, on=APPLIED + timedelta(after))[:2] == (notice, body)


def test_what_is_known_only_now_was_not_known_before(applicant: Person, collective: Officer, offices: Offices) -> None:
    moments: list[datetime] = [timezone.now()]
    case = opened(applicant, collective, "confirm_membership", applied_on=APPLIED)
    case = walked(case, offices, "本人提交", "受理", "身份属实")
    moments.append(timezone.now())
    posted(collective, case, APPLIED)
    moments.append(timezone.now())
    case = walked(case, offices, "期满没有异议", "通知并定下表决名单")
    moments.append(timezone.now())
    case = walked(case, offices, "不到三分之二", 同意=1)
    moments.append(timezone.now())
    withdraw(by=collective, case=case.pk, seen=case.entries, how="本人电话")
    told = [known(applicant, at=at)[:2] for at in moments]
    assert told == [("none", None), ("none", "none"), ("clear", "none"), ("clear", "none"), ("clear", "members")]
    assert known(applicant)[:2] == ("none", None)


@pytest.mark.parametrize("wished", [0, 10], ids=["先表态，后立件", "立件的申请日更早"])
def test_the_day_of_the_application_is_that_of_the_case(wished: int, applicant: Person, collective: Officer) -> None:
    """A vote by representatives is judged by it (1.3), and the case's own guards judge by the same day."""
    on = APPLIED + timedelta(wished - 5)
    record_wish(by=collective, person=str(applicant.pk), kind="membership", choice="yes", on=on, how="电话")
    with everything():
        assert facts_of("person", str(applicant.pk), on=today())["membership_applied_on"] == on
    case = opened(applicant, collective, "confirm_membership", applied_on=APPLIED)
    with everything():
        assert facts_of("person", str(applicant.pk), on=today())["membership_applied_on"] == APPLIED
        yesterday = facts_of("person", str(applicant.pk), on=APPLIED - timedelta(1)).get("membership_applied_on")
    assert yesterday == (on if wished == 0 else None)
    assert owed(applicant)["publish_applicants"] == APPLIED
    withdraw(by=collective, case=case.pk, seen=1, how="本人电话")
    assert "publish_applicants" not in owed(applicant)


FROM_THE_APPLICATION = {
    "办理养老转移": ("transfer_pension", "transfer_pension", "human_resources", DESTINATION),
    "办理异地就医备案": ("file_remote_care", "file_remote_care", "medical_security", ORIGIN),
    "协助异地就医备案": ("assist_remote_care", "file_remote_care", "medical_security", DESTINATION),
    "出具参保凭证": ("certify_coverage", "transfer_medical", "medical_security", ORIGIN),
    "接续医保关系": ("continue_coverage", "transfer_medical", "medical_security", DESTINATION),
    "协助医保转出": ("transfer_medical_out", "transfer_medical_out", "medical_security", "origin"),
}
"""Duty → its code, the procedure from whose application it counts, and who owes it."""


def test_every_duty_that_counts_from_the_application_stands_in_the_table() -> None:
    policy = guideline()
    counted = {d.name: (d.code, d.ends[1]) for d in policy.duties.values() if d.deadline.anchor == "applied"}
    assert counted == {name: told[:2] for name, told in FROM_THE_APPLICATION.items()}
    assert {
        d.subject for d in policy.decisions.values() for r in d.rows if set(r.duties) & {c for c, _ in counted.values()}
    } == {"person"}, "of others no case tells since when"


@pytest.mark.parametrize("late", [True, False], ids=["期限昨天到", "期限今天到"])
@pytest.mark.parametrize("told", FROM_THE_APPLICATION.values(), ids=FROM_THE_APPLICATION)
def test_it_has_a_due_day_as_soon_as_the_case_runs(
    told: tuple[str, str, str, str], late: bool, person: Person, offices: Offices
) -> None:
    code, procedure, line, place = told
    origin = ORIGINS.get(procedure, ORIGIN)
    with everything():
        Person.objects.unscoped().filter(pk=person.pk).update(origin=origin)
    fit(str(person.pk), procedure)
    where = origin if place == "origin" else place
    by, opens = (offices.at(line, "county", place_at(at, "county")) for at in (where, DESTINATION))
    kind, clocks = guideline().duties[code], Clocks(today())
    from_ = last_day(kind, clocks.counties.edition(""), today()) + timedelta(not late)
    case = opened(person, opens, procedure, applied_on=from_)
    assert owed(person)[code] == from_
    desk = Desk(by)
    (row,) = (row for row in desk.page(desk.mine()).rows if row.duty.kind == code)
    assert row.clock.due is not None
    assert (row.clock.state, row.clock.due < today()) == (("overdue", True) if late else ("soon", False))
    there = browser(by)
    for address in ("/desk/", f"/people/{person.pk}/"):
        assert f"{row.clock.due:%Y-%m-%d}" in there.get(address).content.decode(), address
    withdraw(by=opens, case=case.pk, seen=1, how="本人电话")
    assert owed(person).get(code) is None, "nobody has applied any more"
