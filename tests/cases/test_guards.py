"""Who may not be walked to the end: the pages' 把关, and the wish that is recorded when somebody comes to apply (立件)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pytest

from anju.cases import fields, procedures
from anju.cases.actions import open_case
from anju.cases.models import Case, State
from anju.cases.turns import place_at
from anju.duties.editions import Counties
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import create_person, record_wish
from anju.register.actions.by_case import put_facts, put_wish
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Person, Wish
from anju.register.provided import wish_terms
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.fitting import FITTING, ORIGINS, SAME_COUNTY, fit
from tests.cases.test_walks import opener_of, ways
from tests.register.cast import DESTINATION, ORIGIN, household, number

pytestmark = pytest.mark.django_db
PAGES = guideline()
ENSHI = ORIGINS["transfer_medical_out"]
"""A village of another province."""
HELD = {
    "户口没有迁，不走通知": ("transfer_assistance_by_notice", {"hukou_moved": False}, "", "迁出地管理"),
    "跨区县，不走通知": ("transfer_assistance_by_notice", {}, ORIGIN, "“函”"),
    "区县内，不走函": ("transfer_assistance_by_letter", {}, SAME_COUNTY, "“通知”"),
    "户口没有迁，不走函": ("transfer_assistance_by_letter", {"hukou_moved": False}, "", "迁出地管理"),
    "不是同一乡镇，不改地址": ("update_assistance_address", {}, ORIGIN, "“函”"),
    "没有享受救助": ("transfer_assistance_by_letter", {"assistance_kind": "none"}, "", "不适用"),
    "已经领取养老": ("transfer_pension", {"pension_status": "drawing"}, "", "留原参保地"),
    "户口没有迁，养老不转": ("transfer_pension", {"hukou_moved": False}, "", "户籍未迁"),
    "区县内搬，养老不转": ("transfer_pension", {}, SAME_COUNTY, "无需转移"),
    "养老状态不知道": ("transfer_pension", {"pension_status": None}, "", "缺养老状态"),
    "已经在缴费，不再参保": ("enrol_resident_pension", {"pension_status": "contributing"}, SAME_COUNTY, "无需转移"),
    "参了职工养老，不再参保": ("enrol_resident_pension", {"pension_status": "employee"}, "", "不在范围"),
    "有宅基地，不落集体户": ("move_to_collective_household", {"homestead": True}, "", "村组落户"),
    "住在安置点，不落集体户": ("move_to_collective_household", {"lives_at_site": True}, "", "门牌落户"),
    "两样都不够，不走户口迁移": ("move_hukou", {"contracted_land": False}, "", "两样都不够|不适用"),
    "没有跨集体，不受理": ("confirm_membership", {"crosses_collective": False}, "", "不受影响"),
    "跨没跨集体不知道，不受理": ("confirm_membership", {"crosses_collective": None}, "", "缺跨集体"),
    "迁入地没有集体，不受理": ("confirm_membership", {"destination_collective": False}, "", "只能保留"),
    "有没有集体不知道，不受理": ("confirm_membership", {"destination_collective": None}, "", "缺迁入地有集体"),
    "已经是成员，不受理": ("confirm_membership", {"membership_moved": True}, "", "已取得"),
    "不是党员": ("transfer_party", {"party_member": False}, "", "不适用"),
    "三脱钩，不走多重组织生活": ("register_dual_life", {"membership_detached": True}, "", "应转接"),
    "断缴的，先参保": ("transfer_medical", {"medical_status": "uninsured"}, "", "先参保"),
    "跨省，居民医保没有在转入地参保，年中不转移": (
        "transfer_medical",
        {"insured_at_destination": False},
        ENSHI,
        "当年留参保地",
    ),
    "跨省，在转入地参没参保不知道": ("transfer_medical", {"insured_at_destination": None}, ENSHI, "缺转入地已参保"),
    "市内搬，不走跨省转出": ("transfer_medical_out", {}, ORIGIN, "“不适用”|缺医保意愿"),
    "居民医保没有在转入地参保，年中不转出": ("transfer_medical_out", {"insured_at_destination": False}, "", "当年留参保地"),
    "参了保的，不再登记": ("mobilise_coverage", {"medical_status": "employee"}, "", "已参保"),
    "户口还没迁来，不从集体户转出": ("leave_collective_household", {"hukou_moved": False}, "", "不适用"),
    "别处还没有条件，留集体户": ("leave_collective_household", {"contracted_land": False}, "", "留集体户"),
    "老家没有承包地": ("transfer_original_land", {"original_land_mu": 0}, "", "老家没有承包"),
    "老家的地已经流转": ("transfer_original_land", {"original_land_transferred": True}, "", "已流转"),
    "流转没流转不知道": ("transfer_original_land", {"original_land_transferred": None}, "", "缺原承包地已流转"),
    "不够生态项目的条件": ("include_in_eco_project", {"eco_eligible": False}, "", "不符合项目条件"),
    "已经纳入生态项目": ("include_in_eco_project", {"eco_included": True}, "", "已纳入"),
    "没有流转土地，不补流转费": ("pay_rent_subsidy_flow", {"rents_land": False}, "", "没有在迁入地流转土地"),
    "种的是一般庄稼，不补流转费": ("pay_rent_subsidy_flow", {"efficient_agriculture": False}, "", "没有发展特色高效农业"),
    "没有流转土地，不报产业资金": ("apply_industry_fund", {"rents_land": False}, "", "没有在迁入地流转土地"),
    "已经享受产业资金": ("apply_industry_fund", {"industry_funded": True}, "", "已享受"),
    "还不是集体成员，不优先": ("take_over_land_right", {"membership_moved": False}, "", "还不是迁入地集体的成员"),
    "标的不是本集体的，不优先": ("take_over_land_right", {"offered_by_own_collective": False}, "", "没有这样的承包权在转让"),
    "条件不同，不优先": ("take_over_land_right", {"same_terms": False}, "", "条件不同，和别人一样"),
    "还有别的优先人，先研究": ("take_over_land_right", {"other_priority_claimants": True}, "", "多名优先人"),
    "有没有别的优先人不知道": ("take_over_land_right", {"other_priority_claimants": None}, "", "缺有其他优先人"),
}  # fmt: skip


def applicant(village: Officer, procedure: str, origin: str = "") -> str:
    """Somebody whom a procedure is for, from another place if it is said."""
    home = household(village, "5000000000000003", origin=origin or ORIGINS.get(procedure, ORIGIN))
    person = create_person(by=village, name="王春生", number=number(3), household=home, relation="户主")
    fit(str(person.pk), procedure)
    return str(person.pk)


def at_destination(procedure: str, offices: Offices) -> Officer:
    """Who does the clause's work at the township where people arrive."""
    actor = next(a for step in PAGES.procedures[procedure].steps for a in step.actors if not a.person)
    return offices.at(actor.line, "township", place_at(DESTINATION, "township"))


def walk(case: Case, offices: Offices, actions: Sequence[str], on: date, wish: Mapping[str, str]) -> Case:
    """Take steps, each by whose turn it is."""
    for action in actions:
        case = step_on(case, offices, action, on=on, **(wish if case.step == 1 else {}))
    return case


@pytest.mark.parametrize(("procedure", "but", "origin", "says"), HELD.values(), ids=HELD)
def test_who_does_not_fit_is_refused(
    procedure: str, but: Mapping[str, Fact | None], origin: str, says: str, village: Officer, offices: Offices
) -> None:
    subject = applicant(village, procedure, origin)
    with everything():
        put_facts(kind="person", subject=subject, facts=but)
    known = PAGES.procedures[procedure]
    if origin:
        offices.open_all(origin)
    with everything():
        for effect in known.begins:  # said before: nothing but 把关 stands in the way
            kind = next(kind for kind, (term, _) in wish_terms.items() if term == effect.what)
            choice = "yes" if effect.becomes == "是" else PAGES.terms[effect.what].values
            value = choice if isinstance(choice, str) else next(v.code for v in choice if v.label == effect.becomes)
            put_wish(person=subject, kind=kind, choice=value, on=today(), how="当面")
    opener, how = at_destination(procedure, offices), "本人到场申请"
    case = open_case(by=opener, procedure=procedure, subject=subject, applied_on=today(), how=how)
    wish = {"党员意见": "stay"} if procedure == "register_dual_life" else {}
    with pytest.raises(Refused, match=says):
        walk(case, offices, ways(known), today(), wish)


@pytest.mark.parametrize(
    ("but", "origin"),
    [
        ({"insured_at_destination": True}, ENSHI),
        ({"medical_status": "employee"}, ENSHI),
        ({"insured_at_destination": False}, ORIGIN),
    ],
    ids=["跨省，转入地参了保", "跨省，职工医保不受年度限制", "市内不问转入地"],
)
def test_a_transfer_of_insurance_that_need_not_wait(
    but: Mapping[str, Fact | None], origin: str, village: Officer, offices: Offices
) -> None:
    subject, on = applicant(village, "transfer_medical", origin), today()
    with everything():
        put_facts(kind="person", subject=subject, facts=but)
    offices.open_all(origin)
    opener, how = at_destination("transfer_medical", offices), "本人到场申请"
    case = open_case(by=opener, procedure="transfer_medical", subject=subject, applied_on=on, how=how)
    case = walk(case, offices, ["提交", "受理", "出具参保凭证", "接续并告知本人"], on, {})
    assert (case.state, facts_of("person", subject, on=on)["medical_moved"]) == (State.DONE, True)


@pytest.fixture
def said_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Entries of before no step took "not asked" for an answer: their cases still run, and their guards hold."""
    procedures._fields_at.cache_clear()
    monkeypatch.setattr(fields, "sayable", lambda term: term.values)
    yield
    procedures._fields_at.cache_clear()


SITE: dict[str, Fact | None] = {"contracted_land": False, "lives_at_site": True, "address_assigned": True}
BOTH: dict[str, Fact | None] = {"contracted_land": True, "lives_at_site": True, "address_assigned": True}
NO_DOOR: dict[str, Fact | None] = {"address_assigned": False}
CHOICES = {
    "只够村组，写村组": ({}, "village_group", ""),
    "只够村组，写门牌": ({}, "street_address", "条件不符"),
    "只够门牌，写门牌": (SITE, "street_address", ""),
    "只够门牌，写村组": (SITE, "village_group", "条件不符"),
    "只够门牌，没有选": (SITE, "unstated", "待选择"),
    "只够门牌，门牌没编": (SITE | NO_DOOR, "street_address", "等门牌"),
    "只够门牌，编没编不知道": (SITE | {"address_assigned": None}, "street_address", "缺门牌已编"),
    "两样都够，写村组": (BOTH, "village_group", ""),
    "两样都够，写门牌": (BOTH, "street_address", ""),
    "两样都够，没有选": (BOTH, "unstated", "待选择"),
    "两样都够，写村组，不等门牌": (BOTH | NO_DOOR, "village_group", ""),
    "两样都够，写门牌，门牌没编": (BOTH | NO_DOOR, "street_address", "等门牌"),
    "两样都不够": ({"contracted_land": False}, "village_group", "不适用|留集体户"),
}
"""What the register knows beside an applicant of the procedure, what he writes, and why the police do not go on."""


@pytest.mark.usefixtures("said_before")
@pytest.mark.parametrize("procedure", ["move_hukou", "leave_collective_household"])
@pytest.mark.parametrize(("known", "choice", "says"), CHOICES.values(), ids=CHOICES)
def test_a_hukou_goes_where_there_is_a_right_to(
    procedure: str, known: Mapping[str, Fact | None], choice: str, says: str, village: Officer, offices: Offices
) -> None:
    subject = applicant(village, procedure)
    with everything():
        put_facts(kind="person", subject=subject, facts=known)
    opener = at_destination(procedure, offices)
    case = open_case(by=opener, procedure=procedure, subject=subject, applied_on=today(), how="本人到场申请")
    actions = ways(PAGES.procedures[procedure])
    case = step_on(case, offices, actions[0], 落户选择=choice)
    if says:
        with pytest.raises(Refused, match=says):
            walk(case, offices, actions[1:], today(), {})
        return
    walk(case, offices, actions[1:], today(), {})
    facts = facts_of("person", subject, on=today())
    assert (facts["hukou_moved"], facts["hukou_type"]) == (True, choice)


def test_a_door_that_is_no_longer_there_is_seen_when_the_hukou_is_registered(
    village: Officer, offices: Offices
) -> None:
    subject = applicant(village, "move_hukou")
    with everything():
        put_facts(kind="person", subject=subject, facts=SITE)
    opener = at_destination("move_hukou", offices)
    case = open_case(by=opener, procedure="move_hukou", subject=subject, applied_on=today(), how="本人到场申请")
    case = walk(case, offices, ways(PAGES.procedures["move_hukou"])[:1], today(), {"落户选择": "street_address"})
    case = walk(case, offices, ["同一区域变更地址"], today(), {})
    with everything():
        put_facts(kind="person", subject=subject, facts=NO_DOOR)
    with pytest.raises(Refused, match="等门牌"):
        step_on(case, offices, "登记")


@pytest.mark.usefixtures("said_before")
def test_who_was_not_asked_is_not_transferred(village: Officer, offices: Offices) -> None:
    subject = applicant(village, "transfer_party")
    opener = opener_of(PAGES.procedures["transfer_party"], offices)
    case = open_case(by=opener, procedure="transfer_party", subject=subject, applied_on=today(), how="台账")
    for wish, says, back in (("unasked", "应听取", "情况有变"), ("stay", "一方隶属多重组织生活", "情况不齐，退回")):
        with pytest.raises(Refused, match=says):
            walk(case, offices, ["建好台账", "报乡镇党委", "建议转接"], today(), {"党员意见": wish})
        case.refresh_from_db()
        case = step_on(case, offices, back)


LEDGERS: dict[str, tuple[str, Mapping[str, Fact | None], str, str]] = {
    "四项齐，都脱了钩": ("transfer_party", {"membership_detached": True}, "transfer", ""),
    "四项齐，没有都脱钩": ("transfer_party", {}, "transfer", ""),
    "户口没迁就够下结论，另两项不知道，也不上报": (
        "transfer_party",
        {"residence_detached": None, "hukou_detached": False, "membership_detached": None},
        "transfer",
        "“党员台账情况”还判不出来，缺居住脱钩、集体身份脱钩；先补上再办“报乡镇党委”",
    ),
    "只缺集体身份": ("transfer_party", {"membership_detached": None}, "transfer", "缺集体身份脱钩"),
    "三脱钩，意见没有听": ("transfer_party", {"membership_detached": True}, "unasked", "“党员意见听取”是“应听取”"),
    "多重组织生活，四项齐": ("register_dual_life", {}, "stay", ""),
    "多重组织生活，缺居住": ("register_dual_life", {"residence_detached": None}, "stay", "缺居住脱钩"),
    "多重组织生活，意见没有听": ("register_dual_life", {}, "unasked", "“党员意见听取”是“应听取”"),
}


@pytest.mark.usefixtures("said_before")
@pytest.mark.parametrize(("procedure", "known", "wish", "says"), LEDGERS.values(), ids=LEDGERS)
def test_a_ledger_is_reported_once_it_is_whole(
    procedure: str, known: Mapping[str, Fact | None], wish: str, says: str, village: Officer, offices: Offices
) -> None:
    subject = applicant(village, procedure)
    with everything():
        put_facts(kind="person", subject=subject, facts=known)
    opener = opener_of(PAGES.procedures[procedure], offices)
    case = open_case(by=opener, procedure=procedure, subject=subject, applied_on=today(), how="台账")
    case = step_on(case, offices, "建好台账", 党员意见=wish, 居住地="无", 户籍迁移="不知道")
    if not says:
        assert step_on(case, offices, "报乡镇党委").step == 3
        return
    with pytest.raises(Refused, match=says):
        step_on(case, offices, "报乡镇党委")


def at_the_letter(village: Officer, offices: Offices) -> Case:
    """A party member's case that waits for the letter of introduction."""
    subject, actions = applicant(village, "transfer_party"), ["建好台账", "报乡镇党委", "建议转接", "同意"]
    opener = opener_of(PAGES.procedures["transfer_party"], offices)
    on = today() - timedelta(days=30)
    case = open_case(by=opener, procedure="transfer_party", subject=subject, applied_on=on, how="台账")
    for action in actions:
        if action == "建议转接":  # the village has reported; the township decides
            assert [(turn.line, turn.level) for turn in waiting(case)] == [("organisation", "township")]
        case = step_on(case, offices, action, on=on)
    return case


@pytest.mark.parametrize(("days", "good"), [(0, False), (1, True), (90, True), (91, False)], ids=str)
def test_a_letter_is_good_for_no_more_than_the_longest_time(
    days: int, good: bool, village: Officer, offices: Offices
) -> None:
    case = at_the_letter(village, offices)
    if good:
        assert step_on(case, offices, "开信", 有效天数=days).step == 6
    else:
        with pytest.raises(Refused, match=f"“有效天数”写的是 {days}，要在 1 到 90 之间"):
            step_on(case, offices, "开信", 有效天数=days)


def test_the_month_of_the_receipt_begins_when_the_member_is_received(village: Officer, offices: Offices) -> None:
    case, received = step_on(at_the_letter(village, offices), offices, "开信"), today()
    case = step_on(case, offices, "接收", on=received)
    (turn,) = waiting(case)
    assert (turn.level, turn.line, turn.since, turn.limit) == ("township", "organisation", received, "党员回执期限")


@pytest.mark.parametrize("procedure", [p.code for p in PAGES.procedures.values() if p.begins])
def test_who_applies_wishes_it(procedure: str, village: Officer, offices: Offices) -> None:
    subject, day = applicant(village, procedure), today() - timedelta(days=3)
    opener = at_destination(procedure, offices)
    case = open_case(by=opener, procedure=procedure, subject=subject, applied_on=day, how="本人到窗口" * 20)
    for effect in PAGES.procedures[procedure].begins:
        term = PAGES.terms[effect.what]
        assert effect.what in {code for code, _ in wish_terms.values()}
        assert term.label(facts_of("person", subject, on=today())[effect.what]) == effect.becomes
    with everything():
        (wish,) = Wish.objects.unscoped().filter(person__pk=subject)
    assert (wish.on, case.applied_on) == (day, day)


def test_what_was_said_already_is_not_said_again(person: Person, village: Officer) -> None:
    for choice, ago in (("keep", 9), ("move", 6)):
        on = today() - timedelta(days=ago)
        record_wish(by=village, person=str(person.pk), kind="pension", choice=choice, on=on, how="电话")
    open_case(by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    with everything():
        said = list(Wish.objects.unscoped().filter(person=person).order_by("on").values_list("choice", flat=True))
    assert said == ["keep", "move"]


def test_whose_pension_is_drawn_already_has_no_case(person: Person, village: Officer) -> None:
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts={"pension_status": "drawing"})
    subject = str(person.pk)
    case = open_case(by=village, procedure="transfer_pension", subject=subject, applied_on=today(), how="本人到场")
    assert (case.state, case.step) == (State.TERMINATED, 0)


def test_a_decision_alone_answers_as_among_all_from_what_it_rests_on_alone(village: Officer) -> None:
    subject = applicant(village, "transfer_pension", "")
    judge = Counties.of(PAGES, today()).judge(DESTINATION[:6])
    guards = {guard.decision for procedure in PAGES.procedures.values() for guard in procedure.guards}
    for code in sorted(guards & set(judge.decisions("person"))):
        facts = facts_of("person", subject, on=today())
        known = {term: fact for term, fact in facts.items() if term in judge.grounds(code)}
        assert judge.alone(code).answer(known)[code] == judge.case("person").answer(facts)[code], code


def test_what_the_fitting_says_is_known() -> None:
    assert set(FITTING) <= set(PAGES.procedures)
