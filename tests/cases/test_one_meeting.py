"""One notice, one meeting and one roster for many applicants: an objection stops one of them, and each has votes of his own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from anju.cases.actions import ByName, Figures, call_vote, call_votes, count_votes, open_case, post_notices
from anju.cases.actions.votes import members
from anju.cases.bodies import closed_bodies
from anju.cases.models import Body, Case, Notice, Vote, Voter
from anju.cases.procedures import Running
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions.by_case import put_step
from anju.register.facts import today
from anju.register.models import Household, Person
from anju.register.verification import verify
from tests.cases.cast import Offices, proven, step_on
from tests.cases.many import now
from tests.cases.meeting import MET, OVER, at_meeting
from tests.cases.test_notices import EARLY, against, at_notice
from tests.cases.test_pages import sent
from tests.desk.cast import browser, stranger
from tests.government.pages.officer import Browser
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, zhang

NAMES = ("张青山", "李碧水", "王秋月")
LISTED = f"下列三人申请入册：{'、'.join(NAMES)}。"


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def inside(collective: Officer) -> Browser:
    return browser(collective)


@pytest.fixture
def cases(collective: Officer, village: Officer, home: Household, offices: Offices) -> list[Case]:
    """Three applications of which a notice is to be posted."""
    return applied(collective, village, home, offices)


def applied(collective: Officer, village: Officer, home: Household, offices: Offices) -> list[Case]:
    people = [
        zhang(village, home, name=name, order=order, relation="户主" if order == 1 else "子女")
        for order, name in enumerate(NAMES, start=1)
    ]
    return [at_notice(collective, person, offices) for person in people]


def ticks(cases: list[Case]) -> list[str]:
    return [f"{case.pk}.{case.entries}" for case in now(cases).values()]


def posted(by: Officer, cases: list[Case], **more: Any) -> list[Notice]:
    given: dict[str, Any] = {"since": EARLY, "until": None, "place": "村务公开栏", "text": LISTED, **more}
    return post_notices(by=by, cases={case.pk: case.entries for case in cases}, **given)


def called(by: Officer, cases: list[Case], n: int = 30, **more: Any) -> Vote:
    names = [f"成员{i}" for i in range(n)]
    given: dict[str, Any] = {"body": "members", "notified": OVER, "on": MET, "from_register": False, "names": names}
    return call_votes(by=by, cases={case.pk: case.entries for case in cases}, **{**given, **more})


def test_a_clerk_carries_three_applications_through_one_notice_and_one_meeting(
    cases: list[Case], collective: Officer, inside: Browser, offices: Offices
) -> None:
    page = inside.post("/cases/bulk/", {"chosen": ticks(cases)}).content.decode()
    assert all(name in page for name in NAMES)
    assert re.search(r"下列 3 人：[^<]*张青山[^<]*李碧水", page)
    paper = {"notice-seen": "0", "notice-since": EARLY.isoformat(), "notice-place": "公开栏", "notice-text": LISTED}
    form = {"chosen": ticks(cases), "step": "4", "panel": "notice", **paper}
    short = inside.post("/cases/bulk/", {**form, "notice-text": "下列二人：张青山、李碧水。"})
    assert (short.status_code, "没有写上：王秋月" in short.content.decode()) == (422, True)
    assert "公示已经登记" in inside.post("/cases/bulk/", form).content.decode()
    again = inside.post("/cases/bulk/", form)
    assert (again.status_code, "张青山：这一次公示已经贴出来了" in again.content.decode()) == (422, True)
    with everything():
        notices = {one.case_id: one for one in Notice.objects.unscoped()}
    assert len(notices) == 3
    assert len({one.paper for one in notices.values()}) == 1
    assert inside.get("/cases/notices/").content.decode().count(LISTED) == 1, "one paper is one on the board"
    for case in cases:
        proven(case, notices[case.pk])
        shelves = [
            inside.get(f"/cases/notices/?list={shelf}").content.decode().count(LISTED) for shelf in ("now", "over")
        ]
        assert shelves == ([0, 1] if case == cases[-1] else [1, 1]), "the paper hangs as long as one of them does"
    against(collective, cases[1])
    page = inside.post("/cases/bulk/", {"chosen": ticks(cases)}).content.decode()
    assert page.count("有异议</span>") == 1
    step = {**sent(cases[0], "期满没有异议"), "on": OVER.isoformat(), "chosen": ticks(cases), "step": "4"}
    page = inside.post("/cases/bulk/", step).content.decode()
    assert ("办好了 2 件" in page, "没有办成 1 件" in page, "“公示”是“有异议”" in page) == (True, True, True)
    two = [cases[0], cases[2]]
    page = inside.post("/cases/bulk/", {"chosen": ticks(two)}).content.decode()
    assert re.search(
        r'<option value="representatives"[^>]* disabled>村民代表（表决方式无效：[^<]*不能代替成员大会）', page
    )
    days = {"call-seen": "0", "call-notified": OVER.isoformat(), "call-on": MET.isoformat()}
    form = {"chosen": ticks(two), "step": "6", "panel": "call", **days, "call-body": "members"}
    form["call-names"] = "\n".join(f"成员{n}" for n in range(30))
    bad = inside.post("/cases/bulk/", {**form, "call-body": "representatives"})
    assert (bad.status_code, "张青山：不能由村民代表表决" in bad.content.decode()) == (422, True)
    assert "名单定下了" in inside.post("/cases/bulk/", form).content.decode()
    step = {**sent(two[0], "通知并定下表决名单"), "on": OVER.isoformat(), "chosen": ticks(two), "step": "6"}
    assert "办好了 2 件" in inside.post("/cases/bulk/", step).content.decode()
    with everything():
        first, second = Vote.objects.unscoped().order_by("pk")
        assert Voter.objects.unscoped().count() == 30, "one meeting has one roster"
    assert (second.first_id, first.first_id, first.eligible, second.eligible) == (first.pk, None, 30, 30)
    assert "30 成员29" in inside.get(f"/cases/{two[1].pk}/vote/names/").content.decode()
    assert "还表决了别的人" in inside.get(f"/cases/{two[1].pk}/").content.decode()
    tally = {"chosen": ticks(two), "step": "7", "panel": "count", "count-present": "30"}
    for case, figures in zip(two, (("20", "9", "1"), ("19", "10", "1")), strict=True):
        for what, n in zip(("agreed", "against", "abstained"), figures, strict=True):
            tally[f"count-{case.pk}.{what}"] = n
    wrong = inside.post("/cases/bulk/", {**tally, f"count-{two[1].pk}.agreed": "29"}).content.decode()
    assert "王秋月：同意、反对、弃权加起来是 40，要等于实到的 30" in wrong
    with everything():
        assert not Vote.objects.unscoped().filter(counted_at__isnull=False).exists(), "none is counted alone"
    assert "票数登记好了" in inside.post("/cases/bulk/", tally).content.decode()
    step = {
        **sent(two[0], "三分之二以上同意", **{"f-确认日": MET.isoformat()}),
        "on": MET.isoformat(), "chosen": ticks(two), "step": "7",
    }  # fmt: skip
    page = inside.post("/cases/bulk/", step).content.decode()
    assert ("办好了 1 件" in page, "不予确认" in page) == (True, True)
    assert [one.step for one in now(cases).values()] == [8, 4, 7]


def test_all_or_none_and_nobody_else(cases: list[Case], collective: Officer, inside: Browser) -> None:
    stranger_says = stranger().post("/cases/bulk/", {"chosen": ticks(cases), "panel": "notice"})
    assert stranger_says.status_code == 404
    with pytest.raises(Refused, match="没有这一条"):
        posted(clerk("far", "500236101201"), cases)
    assert inside.post("/cases/bulk/", {"chosen": ["坏的", "", "1.x"], "panel": "call"}).status_code == 404
    stale = Case(pk=cases[2].pk, entries=1)
    with pytest.raises(Refused, match="王秋月：这一件刚刚有人办过"):
        posted(collective, [*cases[:2], stale])
    with pytest.raises(Refused, match="至少要有一件"):
        posted(collective, [])
    with everything():
        assert not Notice.objects.unscoped().exists()


def test_those_of_another_step_are_not_on_the_same_paper(
    cases: list[Case], collective: Officer, offices: Offices
) -> None:
    person = cases[0].subject_id
    with everything():
        later = open_case(
            by=collective, procedure="confirm_membership", subject=_another(person), applied_on=EARLY, how="申请"
        )
    with pytest.raises(Refused, match="这一步不公示"):
        posted(collective, [cases[0], later])


def _another(person: str) -> str:
    home = Person.objects.unscoped().get(pk=person)
    other = Person(name="赵远行", origin=home.origin, destination=home.destination, initials="zyx")
    other.save(force_insert=True)
    return str(other.pk)


def test_the_votes_of_one_meeting_stay_together(
    cases: list[Case], collective: Officer, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case, notice in zip(cases, posted(collective, cases), strict=True):
        proven(case, notice)
    there = [step_on(case, offices, "期满没有异议", on=OVER) for case in cases]
    first = called(collective, there)
    there = [step_on(case, offices, "通知并定下表决名单", on=OVER) for case in there]
    with everything():
        other = Vote.objects.unscoped().filter(first=first).order_by("pk")[0]
        for changes in ({"eligible": 29}, {"body": "villagers"}, {"on": MET + timedelta(1)}):
            told: dict[str, Any] = {
                name: getattr(other, name) for name in ("step", "body", "notified_on", "on", "eligible", "by", "office")
            }
            with pytest.raises(IntegrityError), transaction.atomic():
                Vote(case=there[0], after=there[0].entries, first=first, **{**told, **changes}).save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.unscoped().filter(pk=other.pk).update(first=None)
    figures: dict[UUID, Figures | ByName] = {case.pk: Figures(30, 30 - n, n, 0) for n, case in enumerate(there)}
    seen = {case.pk: case.entries for case in there}
    apart = iter((first.pk, other.pk))
    with monkeypatch.context() as patched:
        patched.setattr("anju.cases.votes.meeting_of", lambda _vote: next(apart))
        with pytest.raises(Refused, match="李碧水：不是同一次会上表决的"):
            count_votes(by=collective, seen=seen, figures=figures)
    counted = count_votes(by=collective, seen=seen, figures=figures)
    with everything():
        assert not any(verify().values()), "the roster of the first is that of all"
    assert [one.agreed for one in counted] == [30, 29, 28]
    with pytest.raises(Refused, match="张青山：这一次表决已经计过票"):
        count_votes(by=collective, seen=seen, figures=figures)


def test_members_decide_whatever_they_meet_as(collective: Officer, person: Person, offices: Offices) -> None:
    """1.3 way (b): the villagers' meeting of the members; somebody with a hukou there and no membership has no vote."""
    case = at_meeting(collective, person, offices)
    with everything():
        for name, kind in (("成员甲", "collective"), ("村民乙", "hukou")):
            one = Person(
                name=name, origin=case.origin, destination=DESTINATION, birth_date=date(1980, 1, 1), initials="x"
            )
            one.save(force_insert=True)
            put_step(
                person=str(one.pk), kind=kind, holder=DESTINATION, since=date(2019, 1, 1), because="recorded", evidence=""
            )  # fmt: skip
        running = Running.of(case)
        for body in (Body.MEMBERS, Body.VILLAGERS):
            assert [name for name, _key in members(collective, case, running, body, MET)] == ["成员甲"]
        case.procedure = "register_voter_at_destination"
        running = Running.of(case)
        assert [name for name, _key in members(collective, case, running, Body.VILLAGERS, MET)] == ["村民乙"]


CLOSED: dict[str, tuple[date, set[str]]] = {
    "四月三十日申请": (date(2025, 4, 30), set()),
    "五月一日申请": (date(2025, 5, 1), {"representatives"}),
}


@pytest.mark.parametrize(("applied_on", "closed"), CLOSED.values(), ids=CLOSED)
def test_a_body_that_cannot_vote_is_not_called(
    applied_on: date, closed: set[str], collective: Officer, person: Person
) -> None:
    case = open_case(
        by=collective, procedure="confirm_membership", subject=str(person.pk), applied_on=applied_on, how="书面申请"
    )
    with everything():
        assert closed_bodies(case, Running.of(case)).keys() == closed


def test_a_closed_body_is_grey_on_the_case_s_page_and_refused(
    collective: Officer, person: Person, offices: Offices, inside: Browser
) -> None:
    case = at_meeting(collective, person, offices)
    page = inside.get(f"/cases/{case.pk}/").content.decode()
    assert re.search(r'<option value="representatives"[^>]* disabled>', page)
    assert re.search(r'<option value="villagers"(?![^>]*disabled)', page)
    with pytest.raises(Refused, match="不能由村民代表表决（表决方式无效"):
        call_vote(
            by=collective, case=case.pk, seen=case.entries, body="representatives", notified=OVER, on=MET,
            from_register=False, names=["某甲"],
        )  # fmt: skip


def test_eight_at_once_post_one_paper(own_database: str) -> None:
    offices = Offices().open_all()
    collective, village = offices.at("collective", "village", DESTINATION), clerk("village")
    cases = applied(collective, village, household(village), offices)

    def run(number: int) -> str:
        try:
            return str(len(posted(collective, cases if number % 2 else cases[::-1], since=today())))
        except Refused as refused:
            return str(refused).partition("：")[2]

    found = race(8, run)
    assert not found.raised
    assert sorted(found.returned) == ["3", *["这一次公示已经贴出来了，请打开最新的再看。"] * 7]
