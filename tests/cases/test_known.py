"""What the ledger knows stands in the step's form already: a clerk confirms or corrects it, and types nothing a second time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.known import Knowing, known_of
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.cases.queries.one import first_values, shown
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import create_household, create_person, create_site, record_facts, record_wish
from anju.register.actions.by_case import put_step
from anju.register.actions.within import scopes_of
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.fitting import fit
from tests.cases.test_actions import put_first
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, household, zhang

pytestmark = pytest.mark.django_db
LONG_AGO = today() - timedelta(400)
SAID = {"party_wish": ("party", "transfer"), "hukou_wish": ("hukou", "willing")}


@pytest.fixture
def settled(village: Officer) -> Household:
    """A household of which both places and the mode are known."""
    home = household(village)
    facts: dict[str, Fact | None] = {"relocatee_kind": "registered_poor", "settlement_mode": "centralized"}
    record_facts(by=village, kind="household", subject=str(home.pk), facts=facts)
    return home


def asked(case: Case, offices: Offices, by: Officer | None = None) -> dict[str, Value]:
    """What stands in the form of whose turn it is."""
    by = by or offices.of(waiting(case)[0])
    scopes = scopes_of(by)
    return first_values(shown(by, scopes, case, Clocks(today())), scopes, today())


def opened(person: Person, procedure: str, by: Officer, how: str = "本人到窗口申请") -> Case:
    return open_case(by=by, procedure=procedure, subject=str(person.pk), applied_on=today(), how=how)


PARTY: dict[str, Fact | None] = {
    "party_member": True,
    "party_moved": False,
    "hukou_moved": True,
    "hukou_moved_on": date(2021, 5, 1),
    "residence_detached": True,
    "hukou_detached": True,
    "membership_detached": False,
}


def test_the_four_facts_of_a_party_member_are_there_and_what_follows_from_them(
    village: Officer, settled: Household, offices: Offices
) -> None:
    person = zhang(village, settled, facts=PARTY)
    record_wish(by=village, person=str(person.pk), kind="party", choice="transfer", on=LONG_AGO, how="当面")
    case = opened(person, "transfer_party", offices.at("committee", "village", ORIGIN))
    first = asked(case, offices)
    assert first["安置方式"] == "centralized"
    assert first["党员意见"] == "transfer"
    assert str(first["居住地"]).startswith("已搬到")
    assert str(first["户籍迁移"]).startswith("已迁入")
    assert str(first["户籍迁移"]).endswith("（2021-05-01）")
    assert str(first["集体经济身份"]).startswith("还在")
    for action in ("建好台账", "报乡镇党委"):
        case = step_on(case, offices, action)
    judged = asked(case, offices)
    assert (judged["研判结论"], judged["理由"]) == ("可转接", "没有三脱钩，本人愿意转")
    for action in ("建议转接", "同意"):
        case = step_on(case, offices, action)
    assert asked(case, offices)["有效天数"] == 10, "within the city"


def test_what_nobody_knows_stays_blank(village: Officer, offices: Offices) -> None:
    person = zhang(village, household(village), facts={"party_member": True, "party_moved": False})
    case = opened(person, "transfer_party", offices.at("committee", "village", ORIGIN))
    first = asked(case, offices)
    assert not {"安置方式", "居住地", "户籍迁移", "集体经济身份", "党员意见"} & first.keys()


def test_a_hukou_that_moves_is_detached_whatever_it_was(village: Officer, settled: Household, offices: Offices) -> None:
    facts: dict[str, Fact | None] = {"hukou_moved": False, "hukou_detached": False, "contracted_land": True}
    person = zhang(village, settled, facts={**facts, "lives_at_site": False, "address_assigned": False})
    record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=LONG_AGO, how="当面")
    case = opened(person, "move_hukou", offices.at("public_security", "township", f"{DESTINATION[:9]}000"))
    for action in ("窗口提交", "跨区域迁移", "准予", "迁往农村", "持证申报"):
        case = step_on(case, offices, action)
    assert asked(case, offices)["户籍脱钩"] is True
    with pytest.raises(Refused, match="和迁出地就脱了钩：“户籍脱钩”不能写“否”"):
        step_on(case, offices, "登记", 户籍脱钩=False)
    early = today() - timedelta(1)
    with pytest.raises(Refused, match=f"“落户日”写的是 {early}，比申请日 {today()} 还早"):
        step_on(case, offices, "登记", 户籍脱钩=True, 落户日=early.isoformat())
    assert step_on(case, offices, "登记", 户籍脱钩=True, 落户日=today().isoformat()).step == 8


@pytest.mark.parametrize(("late", "refused"), [(0, False), (1, True)], ids=["出生那天", "出生前一天"])
def test_nobody_applies_before_being_born(late: int, refused: bool, village: Officer, settled: Household) -> None:
    child = create_person(by=village, name="王小春", household=settled, relation="之子", birth_date=LONG_AGO)
    given: dict[str, Any] = {"by": village, "procedure": "transfer_pension", "subject": str(child.pk), "how": "本人"}
    if refused:
        with pytest.raises(Refused, match=f"申请日不能早于出生日期 {LONG_AGO}"):
            open_case(**given, applied_on=LONG_AGO - timedelta(late))
    else:
        assert open_case(**given, applied_on=LONG_AGO).step == 1


CHOSEN: dict[str, tuple[dict[str, Fact | None], str]] = {
    "选了门牌，只够村组": ({"hukou_choice": "street_address"}, "street_address"),
    "没有选，只够村组": ({}, "village_group"),
}


@pytest.mark.parametrize(("facts", "stands"), CHOSEN.values(), ids=CHOSEN)
def test_what_somebody_chose_goes_before_what_is_possible(
    facts: dict[str, Fact | None], stands: str, village: Officer, settled: Household, offices: Offices
) -> None:
    record_facts(by=village, kind="household", subject=str(settled.pk), facts={"settlement_mode": "dispersed"})
    known: dict[str, Fact | None] = {"hukou_moved": False, "contracted_land": True, "lives_at_site": False}
    person = zhang(village, settled, facts={**known, **facts})
    record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=LONG_AGO, how="当面")
    case = opened(person, "move_hukou", offices.at("public_security", "township", f"{DESTINATION[:9]}000"))
    assert asked(case, offices)["落户选择"] == stands


def test_that_nobody_has_answered_stands_in_no_form_and_is_no_answer(
    village: Officer, settled: Household, offices: Offices
) -> None:
    person = zhang(village, settled, facts=PARTY | {"party_wish": "unasked"})
    case = opened(person, "transfer_party", offices.at("committee", "village", ORIGIN))
    assert "党员意见" not in asked(case, offices)
    with pytest.raises(Refused, match="“党员意见”不能是“unasked”"):
        step_on(case, offices, "建好台账", 党员意见="unasked")
    assert step_on(case, offices, "建好台账", 党员意见="stay").step == 2


def test_since_when_somebody_belongs_to_a_collective_is_never_today_by_itself(
    village: Officer, settled: Household, offices: Offices
) -> None:
    collective = offices.at("collective", "village", DESTINATION)
    person = zhang(village, settled)
    fit(str(person.pk), "confirm_membership")
    case = opened(person, "confirm_membership", collective)
    for action in ("本人提交", "受理"):
        case = step_on(case, offices, action)
    assert "原身份起始日" not in asked(case, offices)
    put_first(person, "collective")
    assert asked(case, offices)["原身份起始日"] == "2019-01-01"


def test_an_assistance_is_told_with_what_is_known_of_it(person: Person, offices: Offices) -> None:
    """The person may have moved, applied and be on dibao; how he applied was written down when the case was opened."""
    civil = offices.at("civil_affairs", "township", f"{DESTINATION[:9]}000")
    case = opened(person, "transfer_assistance_by_letter", civil, how="电话申请")
    assert asked(case, offices, civil)["申请方式"] == "电话申请"
    assert "申请方式" not in asked(case, offices), "the village does not read what another line wrote"
    case = step_on(case, offices, "提交")
    told = asked(case, offices)
    assert told["救助种类"] in {"低保", "特困", "其他"}


THIRD = {"第三处集体": ELSEWHERE[:6] + "101201", "同乡镇的另一个村": f"{ORIGIN[:9]}202"}


@pytest.mark.parametrize("holder", THIRD.values(), ids=THIRD)
def test_the_day_of_a_third_collective_is_not_the_origin_s(
    holder: str, village: Officer, settled: Household, offices: Offices
) -> None:
    person = zhang(village, settled)
    fit(str(person.pk), "confirm_membership")
    case = opened(person, "confirm_membership", offices.at("collective", "village", DESTINATION))
    for action in ("本人提交", "受理"):
        case = step_on(case, offices, action)
    since = date(2015, 1, 1)
    with everything():
        put_step(person=str(person.pk), kind="collective", holder=holder, since=since, because="recorded", evidence="")
    assert "原身份起始日" not in asked(case, offices)


FIRST: dict[str, tuple[str, str, dict[str, Fact], str | None]] = {
    "未参保的，动员参加居民医保": ("mobilise_coverage", "参保险种", {"medical_status": "uninsured"}, "居民医保"),
    "断缴的，动员参加居民医保": ("mobilise_coverage", "参保险种", {"medical_status": "employee_lapsed"}, "居民医保"),
    "转出的是现在的职工医保": ("transfer_medical_out", "参保险种", {"medical_status": "employee"}, "职工医保"),
    "搬来了": ("transfer_medical", "现居住地", {"residence_detached": True}, DESTINATION),
    "还没有搬": ("file_remote_care", "现居住地", {"residence_detached": False}, ORIGIN),
    "搬没搬不知道": ("transfer_medical_out", "现居住地", {}, None),
    "户口迁来了，新户口簿上的地址": ("update_assistance_address", "新地址", {"hukou_moved": True}, DESTINATION),
    "户口没有迁，没有新地址": ("update_assistance_address", "新地址", {"hukou_moved": False}, None),
}


@pytest.mark.parametrize(("procedure", "name", "facts", "said"), FIRST.values(), ids=FIRST)
def test_what_stands_in_a_field_is_what_is_so(
    procedure: str, name: str, facts: dict[str, Fact], said: str | None, village: Officer
) -> None:
    running = Running(guideline(), guideline().procedures[procedure])
    case = Case(procedure=procedure, subject_kind="person", origin=ORIGIN, destination=DESTINATION)
    knowing = Knowing(case, running, running.step(1), scopes_of(village), facts, today())
    place = Names([said], today())(said) if said in (ORIGIN, DESTINATION) else said
    assert known_of(knowing, running.field(name)) == place


LISTED = {
    "一户不漏": ("HJ1 一组；HJ12 二组", 2, 2),
    "漏了一户": ("HJ12 二组", 2, 1),
    "名单里没有户编号": ("各户都编进一组", 2, None),
}


@pytest.mark.parametrize(("text", "homes", "placed"), LISTED.values(), ids=LISTED)
def test_how_many_households_a_site_has_and_how_many_have_a_group(
    text: str, homes: int, placed: int | None, village: Officer, offices: Offices
) -> None:
    site = create_site(by=village, name="青龙安置点", region=DESTINATION)
    for number, code in enumerate(("HJ1", "HJ12"), 11):
        home = create_household(by=village, household_code=code, origin=ORIGIN, destination=DESTINATION, site=site)
        zhang(village, home, name=f"李{number}", order=number, relation="户主")
    create_household(by=village, household_code="HJ3", origin=ORIGIN, destination=DESTINATION, site=site)
    facts: dict[str, Fact | None] = {"site_kind": "dispersed", "organisation_settled": False}
    record_facts(by=village, kind="site", subject=str(site.pk), facts=facts)
    case = open_case(by=village, procedure="join_local_group", subject=str(site.pk), applied_on=today(), how="清理")
    case = step_on(case, offices, "列出名单", 每户所属小组=text)
    first = asked(case, offices)
    assert (first.get("安置户数"), first.get("已定户数")) == (homes, placed), "where nobody lives, nobody needs a group"
    assert step_on(case, offices, "一户不漏", 安置户数=3, 已定户数=3).step == 3, "a clerk corrects it"
