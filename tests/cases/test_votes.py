"""Votes: a roster that stays, figures that are the vote's and are written once, exactly two thirds of all who may vote."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from anju.cases import votes
from anju.cases.actions import count_vote, note_votes, open_case, take_step
from anju.cases.bodies import closed_bodies
from anju.cases.models import Case, State, Vote, Voter
from anju.cases.procedures import Running
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions import create_person
from anju.register.actions.by_case import put_step
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.cases.cast import Offices, called_once, ready, step_on
from tests.cases.fitting import voter
from tests.cases.meeting import MET, OVER, as_noted, at_count, at_meeting, called, counted
from tests.cases.test_notices import EARLY
from tests.desk.cast import browser, stranger
from tests.register.cast import DESTINATION, YUNYANG, number


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def case(collective: Officer, person: Person, offices: Offices) -> Case:
    return at_meeting(collective, person, offices)


@pytest.mark.parametrize(
    ("n", "agreed", "way"), [(30, 20, "三分之二以上同意"), (29, 19, "不到三分之二"), (3, 2, "三分之二以上同意")]
)
def test_two_thirds_of_all_who_may_vote(
    n: int, agreed: int, way: str, collective: Officer, case: Case, offices: Offices
) -> None:
    case, vote = at_count(collective, case, offices, n)
    same: dict[str, Any] = {"by": collective, "case": case.pk, "seen": case.entries, "on": MET, "reason": "票不够"}
    with pytest.raises(Refused, match="要先计票"):
        take_step(**same, action="三分之二以上同意", fields={"确认日": MET.isoformat()})
    counted(collective, case, vote, agreed + 1, agreed, 0, 1)
    for other in {"三分之二以上同意", "不到三分之二"} - {way}:
        with pytest.raises(Refused, match="不能办"):
            take_step(**same, action=other, fields={"确认日": MET.isoformat()})
    case = take_step(**same, action=way, fields={"确认日": MET.isoformat()})
    assert case.step == (8 if way == "三分之二以上同意" else 10)


def test_who_was_not_accepted_is_told_and_then_it_is_over(collective: Officer, case: Case, offices: Offices) -> None:
    case, vote = at_count(collective, case, offices)
    counted(collective, case, vote, 30, 19, 10, 1)
    same: dict[str, Any] = {"by": collective, "case": case.pk, "on": MET}
    with pytest.raises(Refused, match="要写明为什么"):
        take_step(**same, seen=case.entries, action="不到三分之二")
    case = take_step(**same, seen=case.entries, action="不到三分之二", reason="差一票")
    running = Running.of(case)
    step = running.step(case.step)
    assert (step.name, step.letters) == ("告知表决结果", ("表决结果告知单",))
    tell: dict[str, Any] = {**same, "seen": case.entries, "action": step.moves[0].action}
    with pytest.raises(Refused, match="还没有填：告知日、告知方式"):
        take_step(**tell)
    case = take_step(**tell, fields={"告知日": MET.isoformat(), "告知方式": "当面"})
    assert (case.state, case.step) == (State.TERMINATED, 0)


def test_a_committee_that_stands_in_takes_every_step() -> None:
    """Where no collective was set up, the village committee does what 集体 does (1.3-2), on either side and to the member roll."""
    policy = guideline()
    done = [(step.name, step.actors) for step in policy.procedures["confirm_membership"].steps]
    owed = [(kind.name, kind.actors) for kind in policy.duties.values() if kind.clause == "1.3"]
    for name, actors in done + owed:
        seats = {(actor.side, actor.line) for actor in actors}
        assert all((side, "committee") in seats for side, line in seats if line == "collective"), name


def test_nobody_has_voted_before_the_meeting(collective: Officer, case: Case, offices: Offices) -> None:
    case, vote = at_count(collective, case, offices)
    counted(collective, case, vote, 30, 30, 0, 0)
    same: dict[str, Any] = {
        "by": collective,
        "case": case.pk,
        "seen": case.entries,
        "action": "三分之二以上同意",
    }
    before = MET - timedelta(1)
    for on, confirmed in ((before, before), (MET, before)):
        with pytest.raises(Refused, match=f"会议是 {MET} 开的"):
            take_step(**same, on=on, fields={"确认日": confirmed.isoformat()})
    assert take_step(**same, on=MET, fields={"确认日": MET.isoformat()}).step == 8


def test_the_old_membership_ends_on_the_day_the_new_one_begins(
    collective: Officer, case: Case, offices: Offices
) -> None:
    for action in ("通知并定下表决名单", "三分之二以上同意", "入册，报乡镇和区县备案，发函"):
        case = step_on(case, offices, action, on=ready(case, OVER))
    later = (MET + timedelta(1)).isoformat()
    with pytest.raises(Refused, match=f"“注销日同确认日”写的是 {later}"):
        step_on(case, offices, "注销并回执", 注销日同确认日=later)
    assert step_on(case, offices, "注销并回执", 注销日同确认日=MET.isoformat()).step == 0


def test_what_the_vote_says_is_not_typed(collective: Officer, case: Case, offices: Offices) -> None:
    same: dict[str, Any] = {"by": collective, "case": case.pk, "seen": case.entries, "action": "通知并定下表决名单"}
    with pytest.raises(Refused, match="要先定下表决名单"):
        take_step(**same)
    called(collective, case)
    with pytest.raises(Refused, match="“应到”不另填"):
        take_step(**same, fields={"应到": 29})
    assert take_step(**same).step == 7


def test_the_register_knows_who_may_vote(
    collective: Officer, case: Case, village: Officer, home: Household, person: Person
) -> None:
    """Adults on that day whose membership lies here: neither who is seventeen, nor who belongs elsewhere, nor who has died."""
    day = today()
    ages = {"十八岁": 18, "七十岁": 70, "十七岁": 17}
    for order, (name, age) in enumerate(ages.items(), start=20):
        born = date(day.year - age, day.month, min(day.day, 28))

        one = create_person(
            by=village, name=name, number=number(order, born), household=home, relation="子女", origin=person.origin,
            destination=DESTINATION,
        )  # fmt: skip
        holder = DESTINATION
        with everything():
            put_step(
                person=str(one.pk), kind="collective", holder=holder, since=date(2020, 1, 1), because="recorded",
                evidence="名册",
            )  # fmt: skip
    vote = called(collective, case, 1, from_register=True, on=day)
    with everything():
        rows = list(Voter.objects.unscoped().filter(vote=vote).order_by("number"))
    assert {row.name.reveal() for row in rows} == {"十八岁", "七十岁", "成员0"}
    assert [row.number for row in rows] == [1, 2, 3]
    assert sum(row.person is not None for row in rows) == 2


def test_a_member_registered_elsewhere_is_not_told_of(collective: Officer, case: Case) -> None:
    """Whom the clerk does not see is put on the list by hand, or not at all."""
    elsewhere = "500236101201"
    with everything():
        one = Person.objects.create(name="外县人", origin=elsewhere, destination=elsewhere, birth_date=date(1980, 1, 1))
        put_step(
            person=str(one.pk), kind="collective", holder=DESTINATION, since=date(2020, 1, 1), because="recorded",
            evidence="名册",
        )  # fmt: skip
    vote = called(collective, case, 1, from_register=True, on=today())
    with everything():
        assert [row.name.reveal() for row in Voter.objects.unscoped().filter(vote=vote)] == ["成员0"]


CALLING: dict[str, tuple[dict[str, Any], str]] = {
    "没有这种会": ({"body": "committee"}, "由谁表决"),
    "申请以前的会": ({"on": EARLY - timedelta(1)}, "会议日要在"),
    "公示最后一天的会": ({"on": EARLY + timedelta(7)}, "公示到 .* 才满"),
    "只提前九天通知": ({"on": MET - timedelta(1)}, f"会议日最早是 {MET}"),
    "通知比轮到还早": ({"notified": OVER - timedelta(1)}, "通知日要在"),
    "明天才通知": ({"notified": today() + timedelta(1), "on": today() + timedelta(30)}, "通知日要在"),
    "名单是空的": ({"names": [" ", ""]}, "名单上要有人"),
    "名单里有证件号码": ({"names": ["500999198005060013"]}, "不能写证件号码"),
    "一行太长": ({"names": ["长" * 41]}, "一行一个人"),
}


@pytest.mark.parametrize(("given", "sentence"), CALLING.values(), ids=CALLING)
def test_it_is_not_called(given: dict[str, Any], sentence: str, collective: Officer, case: Case) -> None:
    with pytest.raises(Refused, match=sentence):
        called(collective, case, **given)


def test_only_whose_turn_it_is_calls_and_counts_and_once(collective: Officer, case: Case, offices: Offices) -> None:
    other = offices.at("agriculture", "township", "500235104000")
    with pytest.raises(Refused, match="现在轮不到您"):
        called(other, case)
    vote = called(collective, case)
    with pytest.raises(Refused, match="名单已经定了"):
        called(collective, case)
    with pytest.raises(Refused, match="还没有到计票"):
        counted(collective, case, vote, 1, 1, 0, 0)
    case = take_step(by=collective, case=case.pk, seen=case.entries, action="通知并定下表决名单", on=OVER)
    with pytest.raises(Refused, match="现在轮不到您"):
        counted(other, case, vote, 1, 1, 0, 0)
    for figures in ((31, 31, 0, 0), (20, 20, 1, 0), (20, 19, 0, 0)):
        with pytest.raises(Refused, match="加起来要等于实到"):
            counted(collective, case, vote, *figures)
    counted(collective, case, vote, 30, 20, 9, 1)
    with pytest.raises(Refused, match="已经计过票"):
        counted(collective, case, vote, 30, 21, 8, 1)
    with pytest.raises(Refused, match="已经计过票"):
        note_votes(by=collective, case=case.pk, vote=vote.pk, choices={1: "agree"})


def test_votes_by_name_are_sealed_and_counted(collective: Officer, case: Case, offices: Offices) -> None:
    case, vote = at_count(collective, case, offices, 4)
    with pytest.raises(Refused, match="还没有人表决"):
        count_vote(by=collective, case=case.pk, vote=vote.pk, figures=as_noted(vote))
    with pytest.raises(Refused, match="名单上没有这一位"):
        note_votes(by=collective, case=case.pk, vote=vote.pk, choices={5: "agree"})
    note_votes(by=collective, case=case.pk, vote=vote.pk, choices={1: "agree", 2: "agree", 3: "against", 4: "abstain"})
    before = as_noted(vote)
    note_votes(by=collective, case=case.pk, vote=vote.pk, choices={4: ""})
    with pytest.raises(Refused, match="各人的票刚刚又有人记过"):
        count_vote(by=collective, case=case.pk, vote=vote.pk, figures=before)
    with connection.cursor() as cursor, everything():
        cursor.execute("SELECT choice, name FROM cases_voter ORDER BY number")
        sealed = b"".join(bytes(value) for row in cursor.fetchall() for value in row if value)
    assert not any(word in sealed for word in (b"agree", "成员".encode()))
    vote = count_vote(by=collective, case=case.pk, vote=vote.pk, figures=as_noted(vote))
    assert (vote.present, vote.agreed, vote.against, vote.abstained) == (3, 2, 1, 0)


def test_a_meeting_called_anew_has_a_new_roster(collective: Officer, case: Case, offices: Offices) -> None:
    called(collective, case)
    case = step_on(case, offices, "退回公示", on=OVER)
    again = OVER + timedelta(8)
    case = step_on(case, offices, "期满没有异议", on=again)
    with everything():
        assert votes.current(case, Running.of(case)) is None
    assert called(collective, case, 5, notified=again, on=again + timedelta(10)).eligible == 5


def test_the_villagers_meeting_of_an_election(person: Person, offices: Offices) -> None:
    village = offices.at("committee", "village", DESTINATION)
    voter(person, destination_body="village")
    case = open_case(
        by=village, procedure="register_voter_at_destination", subject=str(person.pk), applied_on=EARLY, how="本人申请"
    )
    for action in ("提交", "安置村住满年数"):
        case = step_on(case, offices, action, on=EARLY)
    same: dict[str, Any] = {"by": village, "case": case.pk, "seen": case.entries, "action": "同意", "on": EARLY}
    with pytest.raises(Refused, match="要先定下表决名单"):
        take_step(**same)
    vote = called(village, case, 10, body="villagers", notified=EARLY, on=EARLY)
    with pytest.raises(Refused, match="要先计票"):
        take_step(**same)
    counted(village, case, vote, 8, 6, 1, 1)
    assert take_step(**same).step == 4


MEETINGS: dict[str, tuple[str, int, tuple[int, int, int, int], str]] = {
    "十人到了五人，正好一半": ("villagers", 10, (5, 5, 0, 0), "到会不够或者会不对，重新开会"),
    "十人到了六人，四人同意": ("villagers", 10, (6, 4, 2, 0), "同意"),
    "十人到了六人，三人同意，正好一半": ("villagers", 10, (6, 3, 3, 0), "不同意，回原村登记"),
    "三十位代表到了二十位，十一位同意": ("representatives", 30, (20, 11, 9, 0), "同意"),
    "三十位代表到了十九位": ("representatives", 30, (19, 19, 0, 0), "到会不够或者会不对，重新开会"),
    "成员大会不管选民登记": ("members", 10, (10, 10, 0, 0), "到会不够或者会不对，重新开会"),
}


@pytest.mark.parametrize(("body", "n", "figures", "way"), MEETINGS.values(), ids=MEETINGS)
def test_a_village_agrees_by_its_majority(
    body: str, n: int, figures: tuple[int, int, int, int], way: str, person: Person, offices: Offices
) -> None:
    village = offices.at("committee", "village", DESTINATION)
    voter(person, destination_body="village")
    case = open_case(
        by=village, procedure="register_voter_at_destination", subject=str(person.pk), applied_on=EARLY, how="本人申请"
    )
    for action in ("提交", "安置村住满年数"):
        case = step_on(case, offices, action, on=EARLY)
    with everything():
        closed = body in closed_bodies(case, Running.of(case))
    assert closed == (body == "members"), "whose vote the page never takes is not called"
    if closed:
        with pytest.raises(Refused, match="不能由成员大会表决"):
            called(village, case, n, body=body, notified=EARLY, on=EARLY)
        vote = called_once(case, village, body, [f"成员{i}" for i in range(n)], EARLY, EARLY)
    else:
        vote = called(village, case, n, body=body, notified=EARLY, on=EARLY)
    counted(village, case, vote, *figures)
    same: dict[str, Any] = {"by": village, "case": case.pk, "seen": case.entries, "on": EARLY, "reason": "会上定的"}
    for other in {one for _, _, _, one in MEETINGS.values()} - {way}:
        with pytest.raises(Refused, match="不能办"):
            take_step(**same, action=other)
    case = take_step(**same, action=way)
    assert case.step == {"同意": 4, "不同意，回原村登记": 0}.get(way, 3)
    if case.step == 3:
        with everything():
            assert votes.current(case, Running.of(case)) is None, "the meeting is called anew"


def test_the_pages(collective: Officer, case: Case, offices: Offices) -> None:
    inside, there = browser(collective), f"/cases/{case.pk}/"
    assert "要先定下表决名单" in inside.get(there).content.decode()
    days = {"notified": OVER.isoformat(), "on": MET.isoformat()}
    sent = {"seen": str(case.entries), "body": "members", **days, "names": ""}
    answer = inside.post(f"{there}vote/", sent)
    assert (answer.status_code, "名单上要有人" in answer.content.decode()) == (422, True)
    names = "\n".join(f"成员{n}" for n in range(60))
    assert inside.post(f"{there}vote/", {**sent, "names": names}).status_code == 302
    case = take_step(by=collective, case=case.pk, seen=case.entries, action="通知并定下表决名单", on=OVER)
    page = inside.get(f"{there}vote/names/?page=2").content.decode()
    assert ("60 成员59" in page, "50 成员49" in page) == (True, False)
    assert inside.post(f"{there}vote/names/?page=2", {str(n): "agree" for n in range(51, 61)}).status_code == 302
    assert "记了 10 人的表决" in inside.get(there).content.decode()
    answer = inside.post(f"{there}vote/count/", {"present": "9", "agreed": "9", "against": "1", "abstained": "0"})
    assert (answer.status_code, "加起来要等于实到" in answer.content.decode()) == (422, True)
    seen = re.findall('name="named" value="([^"]+)"', inside.get(there).content.decode())
    answer = inside.post(f"{there}vote/count/", {"named": "1"})
    assert (answer.status_code, "刚刚又有人记过" in answer.content.decode()) == (422, True)
    assert inside.post(f"{there}vote/count/", {"named": seen}).status_code == 302
    assert inside.post(f"{there}vote/count/", {"named": seen}).status_code == 422
    with everything():
        vote = Vote.objects.unscoped().get()
    assert (vote.eligible, vote.present, vote.agreed) == (60, 10, 10)
    other = browser(offices.at("culture", "county", YUNYANG))
    assert other.get(there).status_code == 200
    assert other.get(f"{there}vote/names/").status_code == stranger().get(f"{there}vote/names/").status_code == 404
