"""Somebody moves on, or back, while a case runs: both sides are told, nothing is brought to the old place, and the case ends for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.cases.actions import open_case, opening
from anju.cases.models import Case, Entry, State
from anju.cases.moves import went_on
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions import place_household, place_person
from anju.register.facts import today
from anju.register.models import Household, Person, Relation
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.editions import before_force
from tests.cases.fitting import fit
from tests.cases.test_pages import now
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG

WANZHOU = "500101100001"
NEARBY = f"{DESTINATION[:9]}777"
"""Another village of the same 镇."""
DAY = f"{today().year} 年 {today().month} 月 {today().day} 日"


@pytest.fixture
def offices(db: None) -> Offices:
    """The offices of 开州, 云阳 and 万州."""
    return Offices().open_all(ORIGIN, DESTINATION, WANZHOU)


def to(offices: Offices, person: Person, origin: str, destination: str) -> None:
    """The register says that somebody lives elsewhere now."""
    county = YUNYANG if DESTINATION in (origin, destination) else KAIZHOU
    by = offices.at("public_security", "county", county)
    place_person(by=by, person=str(person.pk), origin=origin, destination=destination, because="再次搬迁")


def opened(offices: Offices, person: Person, procedure: str) -> Case:
    """A case of that procedure, opened by an office of the destination that does its work."""
    lines = {"move_hukou": "public_security", "transfer_party": "organisation", "confirm_membership": "agriculture"}
    lines |= {"transfer_pension": "human_resources", "transfer_medical": "medical_security"}
    lines |= {"file_remote_care": "medical_security", "register_voter_at_destination": "committee"}
    line = lines.get(procedure, "civil_affairs")
    level = "village" if line == "committee" else "county"
    by = offices.at(line, level, DESTINATION if level == "village" else f"{DESTINATION[:6]}000000")
    return open_case(by=by, procedure=procedure, subject=str(person.pk), applied_on=today(), how="本人到场")


MONTHS = ["接续并回执", "发到首发月的前一个月，移交档案", "双方归档"]
WAYS = {
    "户口": (
        "move_hukou",
        ["窗口提交", "跨区域迁移", "准予", "迁往农村", "持证申报"],
        "登记",
    ),
    "养老": ("transfer_pension", ["提交", "受理", "发接收函", "审批并划转"], "登记并告知本人"),
    "医保": ("transfer_medical", ["提交", "受理", "出具参保凭证"], "接续并告知本人"),
    "异地就医": ("file_remote_care", ["提交", "备案"], "确认能直接结算并告知本人"),
    "救助": (
        "transfer_assistance_by_letter",
        ["提交", "报送名单", "发函", "受理并交乡镇", *MONTHS],
        "双方归档",
    ),
}


def led_to_its_last_step(offices: Offices, person: Person, way: str) -> Case:
    """Of assistance to where its first month is not confirmed yet."""
    procedure, actions, _ = WAYS[way]
    fit(str(person.pk), procedure)
    case = opened(offices, person, procedure)
    for action in (one for one in actions if one not in MONTHS):
        case = step_on(case, offices, action)
    return case


def to_the_end(case: Case, offices: Offices, way: str) -> Case:
    for action in (*(one for one in WAYS[way][1] if one in MONTHS), WAYS[way][2]):
        case = step_on(case, offices, action)
    return case


def holds(case: Case) -> bool:
    """Whether what a case is about has been brought there."""
    return case.state == State.DONE or case.in_force_at is not None


def holders(person: Person) -> list[tuple[str, str]]:
    with everything():
        return list(
            Relation.objects.unscoped().filter(person=person).order_by("kind", "since").values_list("kind", "holder")
        )


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_brought_to_where_nobody_lives_any_more(offices: Offices, person: Person, way: str) -> None:
    case = led_to_its_last_step(offices, person, way)
    to(offices, person, DESTINATION, WANZHOU)
    held = holders(person)
    with pytest.raises(Refused, match=r"又搬到了.*万州.*这件还按迁到云阳县.*人已经不在那里"):
        to_the_end(case, offices, way)
    assert (holders(person), now(case).state) == (held, State.RUNNING), "nothing half done"
    to(offices, person, ORIGIN, DESTINATION)  # it was a mistake
    assert holds(step_on(now(case), offices, WAYS[way][2]))


@pytest.mark.parametrize("way", WAYS)
def test_who_goes_back_is_not_moved_either(offices: Offices, person: Person, way: str) -> None:
    case = led_to_its_last_step(offices, person, way)
    to(offices, person, DESTINATION, ORIGIN)
    with pytest.raises(Refused, match=r"搬回了.*开州.*这件还按迁到云阳县"):
        to_the_end(case, offices, way)
    assert now(case).state == State.RUNNING


NEAR = {"户口到村": ("户口", True), "养老到县": ("养老", False), "救助到乡镇": ("救助", False)}


@pytest.mark.parametrize(("way", "refused"), NEAR.values(), ids=NEAR)
def test_within_the_same_place_it_ends_as_it_was(offices: Offices, person: Person, way: str, refused: bool) -> None:
    """To another village of the 镇: who holds the relation by county or township holds it all the same."""
    case = led_to_its_last_step(offices, person, way)
    to(offices, person, ORIGIN, NEARBY)
    if refused:
        with pytest.raises(Refused, match="又搬到了"):
            to_the_end(case, offices, way)
    else:
        assert to_the_end(case, offices, way).state == State.DONE


def test_a_code_that_is_told_more_closely_is_no_move(offices: Offices, person: Person) -> None:
    to(offices, person, ORIGIN, f"{DESTINATION[:9]}000")
    case = opened(offices, person, "transfer_pension")
    to(offices, person, ORIGIN, DESTINATION)
    assert went_on([now(case)]) == {}


def test_another_origin_is_told_and_does_not_stop(offices: Offices, person: Person) -> None:
    case = led_to_its_last_step(offices, person, "养老")
    to(offices, person, WANZHOU, DESTINATION)
    assert went_on([now(case)])[case.pk].told().startswith(f"这个人的迁出地 {DAY}改登记为万州")
    assert step_on(case, offices, WAYS["养老"][2]).state == State.DONE


def test_both_sides_are_told_and_who_has_its_turn_ends_it(offices: Offices, person: Person) -> None:
    fit(str(person.pk), "transfer_pension")
    case = step_on(opened(offices, person, "transfer_pension"), offices, "提交")
    to(offices, person, ORIGIN, WANZHOU)
    told = f"这个人 {DAY}又搬到了万州"
    there = f"/cases/{case.pk}/"
    away = browser(offices.at("human_resources", "county", KAIZHOU))
    turn = browser(offices.of(waiting(case)[0]))
    for who, ends in ((away, False), (turn, True)):
        page = who.get(there).content.decode()
        assert told in page
        assert ("照此终止" in page) is ends
    assert told in turn.get("/cases/").content.decode(), "the inbox, though the person is out of reach"
    assert told in away.get("/cases/?list=all").content.decode()
    assert told in away.get(f"/people/{person.pk}/").content.decode()
    new = offices.at("human_resources", "county", "500101000000")
    with pytest.raises(Refused, match=r"“养老保险转移”还有一件没有结束：.*先由轮到的单位终止"):
        open_case(by=new, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    why = turn.get(there).content.decode().split('name="why" value="')[1].split('"')[0]
    assert turn.post(f"{there}terminate/", {"seen": str(case.entries), "why": why}).status_code == 302
    assert now(case).state == State.TERMINATED
    with everything():
        assert told in Entry.objects.unscoped().filter(case=case).order_by("-seq")[0].told.reveal()
    assert told not in away.get(there).content.decode().split('id="done"')[0], "what has ended is told no more"
    again = open_case(by=new, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    assert (again.origin, again.destination) == (ORIGIN, WANZHOU)


def test_what_had_moved_before_is_written_as_it_was(
    offices: Offices, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hukou was registered at 云阳 before the person went on to 万州; only the telling was left, with which earlier pages wrote it."""
    fit(str(person.pk), "move_hukou")
    older = before_force("move_hukou")
    monkeypatch.setattr(opening, "guideline", lambda: older)
    by = offices.at("public_security", "county", YUNYANG)
    week = today() - timedelta(7)
    case = open_case(by=by, procedure="move_hukou", subject=str(person.pk), applied_on=week, how="本人到场")
    for action in (*WAYS["户口"][1], WAYS["户口"][2]):
        case = step_on(case, offices, action, on=week)
    to(offices, person, DESTINATION, WANZHOU)
    assert ("hukou", DESTINATION) not in holders(person)
    assert step_on(case, offices, "告知养老、医保、救助、选举、党组织接下来怎么办").state == State.DONE
    assert ("hukou", DESTINATION) in holders(person)


def test_a_household_that_moves_on_is_told(offices: Offices, home: Household) -> None:
    support = offices.at("rural_revitalisation", "county", YUNYANG)
    case = open_case(
        by=support, procedure="review_transition", subject=str(home.pk), applied_on=today(), how="年度评估"
    )
    by = offices.at("civil_affairs", "county", YUNYANG)
    place_household(
        by=by, household=str(home.pk), origin=DESTINATION, destination=WANZHOU, site=None, because="再次搬迁"
    )
    assert went_on([now(case)])[case.pk].told().startswith(f"这户 {DAY}又搬到了万州")
