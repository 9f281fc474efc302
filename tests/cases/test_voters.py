"""Where somebody votes: only where the page lets him (2.3-5), by his own choice (I8), and in one place a term (I6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from anju.calendar.periods import add_years
from anju.cases.actions import open_case, terminate, withdraw
from anju.cases.models import Case, State
from anju.duties.evaluate import look_again
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import create_person, record_wish
from anju.register.actions.by_case import put_facts
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Household, Person, Relation, Wish
from tests.cases.cast import Offices, ready, step_on
from tests.cases.fitting import VOTER
from tests.portal.cast import as_resident
from tests.register.cast import DESTINATION, ORIGIN, number

pytestmark = pytest.mark.django_db
HERE, THERE = "register_voter_at_destination", "register_voter_at_origin"
BOTH = {HERE: DESTINATION, THERE: ORIGIN}
ELECTION = today() + timedelta(60)
EARLY = today() - timedelta(20)
A_YEAR, OF_AGE = add_years(ELECTION, -1), add_years(ELECTION, -18)
MOVED: Mapping[str, Fact] = {"hukou_moved": True}
VILLAGE: Mapping[str, Fact] = {"destination_body": "village"}
LISTED: Mapping[str, Sequence[str]] = {
    HERE: ("提交", "户籍已迁入或安置社区", "发出告知", "原村不再登记，回执", "公布"),
    THERE: ("提交", "列入", "发出告知", "安置地不再登记，回执", "公布"),
}


Somebody = Callable[..., str]


@pytest.fixture
def somebody(village: Officer, home: Household) -> Somebody:
    """A voter whose hukou is in the old village, but for some facts."""

    def made(born: date = date(1980, 5, 6), **but: Fact | None) -> str:
        person = create_person(by=village, name="王春生", number=number(3, born), household=home, relation="户主")
        with everything():
            put_facts(kind="person", subject=str(person.pk), facts={**VOTER, **but})
            look_again("person", [str(person.pk)])
        return str(person.pk)

    return made


def applied(offices: Offices, who: str, procedure: str = HERE) -> Case:
    """A case that the committee opened, for whoever came."""
    by = offices.at("committee", "village", BOTH[procedure])
    return open_case(by=by, procedure=procedure, subject=who, applied_on=EARLY, how="本人到场")


def walked(offices: Offices, case: Case, actions: Sequence[str]) -> Case:
    for action in actions:
        case = step_on(case, offices, action, on=ready(case, EARLY))
    return case


def known(who: str, code: str) -> Fact | None:
    return facts_of("person", who, on=today()).get(code)


def owed(who: str) -> dict[str, set[str]]:
    """The duties of 2.3-5 that are open, each with the regions that owe it."""
    with everything():
        rows = Duty.objects.unscoped().filter(subject_id=who, closed_on=None, clause="2.3").exclude(decision="")
        pages = guideline()
        return {
            pages.duties[row.kind].name: {
                {"origin": row.origin, "destination": row.destination}[actor.side]
                for actor in pages.duties[row.kind].actors
                if actor.side in ("origin", "destination")
            }
            for row in rows
        }


WAYS: dict[str, tuple[str, Mapping[str, Fact | None], str, str]] = {
    "户口迁来了，村里提出": (HERE, MOVED, "村社区提出", ""),
    "十一岁，户口随家里迁来了，村里不能提出": (
        HERE, {"born": add_years(today(), -11), **MOVED}, "村社区提出", "选民登记提出.*未满十八周岁"
    ),
    "差一天满十八，村里不能提出": (
        HERE, {"born": OF_AGE + timedelta(1), **MOVED}, "村社区提出", "选民登记提出.*未满十八周岁"
    ),
    "选举日当天满十八，村里提出": (HERE, {"born": OF_AGE, **MOVED}, "村社区提出", ""),
    "依法不列入，村里不能提出": (HERE, {"barred_from_list": True, **MOVED}, "村社区提出", "依法不列入"),
    "依法不列入，原村也不列入": (THERE, {"barred_from_list": True}, "列入", "依法不列入"),
    "户口在原村，村里不能提出": (HERE, {}, "村社区提出", "本人申请.*由本人选"),
    "户口迁来了，列入": (HERE, {**MOVED, **VILLAGE}, "户籍已迁入或安置社区", ""),
    "户口迁来了，不必开会": (HERE, {**MOVED, **VILLAGE}, "安置村住满年数", "安置地登记"),
    "选社区，住了三十天": (HERE, {"moved_in_on": EARLY}, "户籍已迁入或安置社区", ""),
    "选村，住了三十天": (HERE, {**VILLAGE, "moved_in_on": EARLY}, "户籍已迁入或安置社区", "居住不满一年"),
    "选村，住了三十天，也不开会": (HERE, {**VILLAGE, "moved_in_on": EARLY}, "安置村住满年数", "居住不满一年"),
    "选村，差一天住满一年": (
        HERE, {**VILLAGE, "moved_in_on": A_YEAR + timedelta(1)}, "安置村住满年数", "居住不满一年"
    ),
    "选村，正好住满一年，开会": (HERE, {**VILLAGE, "moved_in_on": A_YEAR}, "安置村住满年数", ""),
    "选村，住满了，跳不过会": (HERE, VILLAGE, "户籍已迁入或安置社区", "须会议同意"),
    "入住日不知道": (HERE, {**VILLAGE, "moved_in_on": None}, "安置村住满年数", "缺入住日"),
    "选举日当天满十八": (HERE, {"born": OF_AGE, **MOVED}, "户籍已迁入或安置社区", ""),
    "差一天满十八": (HERE, {"born": OF_AGE + timedelta(1), **MOVED}, "户籍已迁入或安置社区", "未满十八周岁"),
    "十一岁": (HERE, {"born": add_years(today(), -11), **MOVED}, "户籍已迁入或安置社区", "未满十八周岁"),
    "在原村登记": (THERE, {}, "列入", ""),
    "十一岁，原村也不列入": (THERE, {"born": add_years(today(), -11)}, "列入", "未满十八周岁"),
    "户口迁走了，原村不列入": (THERE, MOVED, "列入", "安置地登记"),
}  # fmt: skip


@pytest.mark.parametrize(("procedure", "but", "way", "says"), WAYS.values(), ids=WAYS)
def test_only_whom_the_page_lets_is_listed(
    procedure: str, but: Mapping[str, Fact | None], way: str, says: str, somebody: Somebody, offices: Offices
) -> None:
    case = applied(offices, somebody(**but), procedure)
    if way != "村社区提出":
        case = step_on(case, offices, "提交", on=EARLY)
    before = case.step
    if says:
        with pytest.raises(Refused, match=says):
            step_on(case, offices, way, on=EARLY)
    else:
        assert step_on(case, offices, way, on=EARLY).step > before


BARRED: Mapping[str, tuple[str, Mapping[str, Fact], str, str | None]] = {
    "户口迁来了": (HERE, MOVED, "登记安置社区选民", None),
    "选了安置社区": (HERE, {}, "登记安置社区选民", "destination"),
    "选了原村": (THERE, {}, "登记原村选民", "origin"),
}


@pytest.mark.parametrize(("procedure", "but", "duty", "choice"), BARRED.values(), ids=BARRED)
def test_whom_the_law_bars_nobody_has_to_register(
    procedure: str, but: Mapping[str, Fact], duty: str, choice: str | None, somebody: Somebody, offices: Offices
) -> None:
    who = somebody(**but)
    case = step_on(applied(offices, who, procedure), offices, "提交", on=EARLY)
    assert set(owed(who)) == {duty}
    case = step_on(case, offices, "依法不列入", on=EARLY, reason="判决书写明剥夺政治权利")
    told = (case.state, known(who, "barred_from_list"), known(who, "election_choice"))
    assert told == (State.TERMINATED, True, choice)
    assert owed(who) == {}
    with everything():
        put_facts(kind="person", subject=who, facts={"barred_from_list": False})
        look_again("person", [who])
    assert set(owed(who)) == {duty}, "once it is over, he is listed as everybody"


def test_who_has_not_lived_there_long_enough_is_told(somebody: Somebody, offices: Offices) -> None:
    who = somebody(**VILLAGE, moved_in_on=EARLY)
    case = step_on(applied(offices, who), offices, "提交", on=EARLY)
    case = step_on(case, offices, "年数不满", on=EARLY, reason="住了二十天")
    assert (case.state, known(who, "barred_from_list")) == (State.TERMINATED, None)
    assert set(owed(who)) == {"告知选举登记条件"}


@pytest.mark.parametrize(("procedure", "other"), [(HERE, THERE), (THERE, HERE)], ids=["先在安置地", "先在原村"])
def test_one_place_a_term(procedure: str, other: str, somebody: Somebody, offices: Offices) -> None:
    who = somebody()
    second = walked(offices, applied(offices, who, other), LISTED[other])
    late = walked(offices, applied(offices, who, procedure), LISTED[procedure][:-1])
    first = walked(offices, late, [LISTED[procedure][-1], "期满无申诉"])
    assert first.state == State.DONE
    with pytest.raises(Refused, match="“一届一处”是“一处”"):
        walked(offices, second, ["期满无申诉"])
    by = offices.at("committee", "village", BOTH[other])
    terminate(by=by, case=second.pk, seen=second.entries, because="另一处登记了")
    third = walked(offices, applied(offices, who, other), LISTED[other][:-1])
    with pytest.raises(Refused, match="“选民登记办理”是“已登记”"):
        walked(offices, third, ["公布"])
    with everything():
        steps = Relation.objects.unscoped().filter(person__pk=who, kind="election").values_list("holder", flat=True)
        assert list(steps) == [BOTH[procedure]]
    assert known(who, "voter_registrations") == 1


@pytest.mark.parametrize("procedure", BOTH)
@pytest.mark.parametrize(("ago", "says"), [(0, ""), (1, "选举已过")], ids=["选举当天", "选举第二天"])
def test_no_list_is_published_after_the_election(
    procedure: str, ago: int, says: str, somebody: Somebody, offices: Offices
) -> None:
    who = somebody(election_day=today() - timedelta(ago))
    case = walked(offices, applied(offices, who, procedure), LISTED[procedure][:-1])
    if says:
        with pytest.raises(Refused, match=says):
            walked(offices, case, ["公布"])
    else:
        assert walked(offices, case, ["公布", "期满无申诉"]).state == State.DONE


@pytest.mark.parametrize(
    ("procedure", "choice"), [(HERE, "origin"), (THERE, "destination")], ids=["改选原村", "改选安置地"]
)
def test_who_changes_his_mind_is_not_published(
    procedure: str, choice: str, village: Officer, somebody: Somebody, offices: Offices
) -> None:
    who = somebody()
    case = walked(offices, applied(offices, who, procedure), LISTED[procedure][:-1])
    record_wish(by=village, person=who, kind="election", choice=choice, on=today(), how="电话")
    with pytest.raises(Refused, match="“选民登记地”是"):
        walked(offices, case, ["公布"])


@pytest.mark.parametrize(("procedure", "choice"), [(HERE, "destination"), (THERE, "origin")], ids=["安置地", "原村"])
def test_who_applies_has_chosen_and_is_asked_no_more(
    procedure: str, choice: str, somebody: Somebody, offices: Offices
) -> None:
    who = somebody(election_choice="unstated")
    assert owed(who) == {"征询选举选择": {ORIGIN, DESTINATION}}
    case = applied(offices, who, procedure)
    assert known(who, "election_choice") == choice
    assert "征询选举选择" not in owed(who)
    assert walked(offices, case, [*LISTED[procedure], "期满无申诉"]).state == State.DONE
    assert (owed(who), known(who, "election_choice")) == ({}, choice)


OFFICE_BEGINS = {
    "户口迁来了，村里立的": (MOVED, False, []),
    "户口迁来了，本人网上立的": (MOVED, True, ["destination"]),
    "户口在原村，替他立的": ({}, False, ["destination"]),
    "户口迁没迁不知道，替他立的": ({"hukou_moved": None}, False, ["destination"]),
}


@pytest.mark.parametrize(("but", "himself", "said"), OFFICE_BEGINS.values(), ids=OFFICE_BEGINS)
def test_nobody_chooses_for_him_who_need_not_apply(
    but: Mapping[str, Fact | None],
    himself: bool,
    said: Sequence[str],
    somebody: Somebody,
    offices: Offices,
) -> None:
    who = somebody(**but)
    if himself:
        with everything():
            person = Person.objects.unscoped().get(pk=who)
        open_case(by=as_resident(person), procedure=HERE, subject=who, applied_on=today(), how="本人网上办理")
    else:
        applied(offices, who)
    with everything():
        assert list(Wish.objects.unscoped().filter(person__pk=who).values_list("choice", flat=True)) == said


NOTHING: dict[str, tuple[str, Sequence[str], str]] = {
    "会议没有同意": (HERE, ("提交", "安置村住满年数", "不同意，回原村登记"), "unstated"),
    "核销时改选原村": (HERE, (*LISTED[HERE][:3], "本人改选原村"), "origin"),
    "核销时改选安置地": (THERE, (*LISTED[THERE][:3], "本人改选安置地"), "destination"),
    "从安置地撤回": (HERE, (), "unstated"),
    "从原村撤回": (THERE, (), "unstated"),
}


@pytest.mark.parametrize(("procedure", "actions", "choice"), NOTHING.values(), ids=NOTHING)
def test_what_came_to_nothing_is_asked_again(
    procedure: str, actions: Sequence[str], choice: str, village: Officer, somebody: Somebody, offices: Offices
) -> None:
    body = "village" if "安置村住满年数" in actions else "community"
    who = somebody(destination_body=body)
    case = applied(offices, who, procedure)
    for action in actions:
        figures: dict[str, Any] = (
            {"表决方式": "villagers", "应到": 10, "同意": 3} if action.startswith("不同意") else {}
        )
        case = step_on(case, offices, action, on=ready(case, EARLY), **figures)
    if not actions:
        case = withdraw(by=village, case=case.pk, seen=case.entries, how="本人电话")
    assert (case.state != State.RUNNING, known(who, "election_choice")) == (True, choice)
    asked = {"征询选举选择": {ORIGIN, DESTINATION}}
    registers = {"origin": {"登记原村选民": {ORIGIN}}, "destination": {"登记安置社区选民": {DESTINATION}}}
    assert owed(who) == registers.get(choice, asked)
