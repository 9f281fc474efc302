"""The guideline that ships: proved, cited to the last sentence, and right on the worked cases of the specification."""

from datetime import date
from fractions import Fraction
from importlib.resources import files

import pytest

from anju.policy.checking import Report, check
from anju.policy.edition import Edition
from anju.policy.integrity import uncited
from anju.policy.load import load
from anju.policy.model import Policy
from tests.policy.asking import ask
from tests.policy.library import DAY, problems_of

CLAUSES = ("0", *(f"{part}.{n}" for part, last in ((1, 7), (2, 5), (3, 3)) for n in range(1, last + 1)))


@pytest.fixture(scope="module")
def report(chongqing: Policy) -> Report:
    return check(chongqing, DAY)


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_page_is_proved(report: Report, clause: str) -> None:
    page = report.policy.page(clause)
    assert page is not None, f"no page for {clause}"
    assert [str(problem) for problem in report.problems if problem.place.file == page.file] == []


def test_nothing_else_is_wrong(report: Report) -> None:
    assert report.problems == ()
    assert {proof.decision for proof in report.proofs} == set(report.policy.decisions)
    assert report.with_blanks > report.combinations > 0


def test_each_of_the_sixty_sentences_is_cited(chongqing: Policy) -> None:
    assert sum(clause.sentences for clause in chongqing.clauses.values()) == 60
    assert uncited(chongqing) == ()


@pytest.mark.parametrize(
    "on", [date(2020, 6, 1), date(2025, 4, 30), date(2025, 5, 1), DAY, date(2040, 1, 1)], ids=date.isoformat
)
def test_the_guideline_holds_on_every_day_since_it_was_issued(chongqing: Policy, on: date) -> None:
    assert set(Edition(chongqing, on).tables) == set(chongqing.decisions)


SIDES = {
    "应办里": ("remind_assistance | 原则上 | 迁出·", "remind_assistance | 原则上 | 发放·", True),
    "流程里": ("| 变更 | 迁入·", "| 变更 | 发放·", False),
}


@pytest.mark.parametrize(("old", "new", "right"), SIDES.values(), ids=SIDES)
def test_who_pays_has_duties_and_no_steps(old: str, new: str, *, right: bool) -> None:
    """No case has such a place."""
    folder, name = files("anju.policy") / "chongqing", "1.7-assistance.md"
    pages = {page.name: page.read_text(encoding="utf-8") for page in folder.iterdir() if page.name.endswith(".md")}
    assert pages[name].count(old) == 1
    pages[name] = pages[name].replace(old, new)
    said = [str(problem) for problem in problems_of(pages)]
    assert (not said) is right
    assert right or any("没有叫“发放”的侧" in one for one in said)


def test_the_same_pages_are_the_same_version(chongqing: Policy) -> None:
    assert load("chongqing") == chongqing


def site(kind: str, persons: int, separate: str = "") -> dict[str, str]:
    """A site of that many people; whether it suits a village or community of its own."""
    return {"安置点类型": kind, "安置人数": str(persons), "适宜单独设立": separate}


@pytest.mark.parametrize(
    ("facts", "form", "least", "most"),
    [
        pytest.param(site("农村集中", 99), "纳入当地小组", "不适用", "不适用", id="农村99"),
        pytest.param(site("农村集中", 100), "可设村民小组", "1", "1", id="农村100"),
        pytest.param(site("农村集中", 250), "可设村民小组", "2", "2", id="农村250"),
        pytest.param(site("农村集中", 999), "可设村民小组", "5", "9", id="农村999"),
        pytest.param(site("农村集中", 1000, "是"), "可设村", "不适用", "不适用", id="农村1000适宜"),
        pytest.param(site("农村集中", 1000, "否"), "可设村民小组", "5", "10", id="农村1000不适宜"),
        pytest.param(site("城镇集中", 199), "纳入当地小组", "不适用", "不适用", id="城镇199"),
        pytest.param(site("城镇集中", 200), "可设居民小组", "1", "1", id="城镇200"),
        pytest.param(site("城镇集中", 401), "可设居民小组", "2", "2", id="城镇401"),
        pytest.param(site("城镇集中", 1999), "可设居民小组", "5", "9", id="城镇1999"),
        pytest.param(site("城镇集中", 2000, "是"), "可设社区", "不适用", "不适用", id="城镇2000适宜"),
    ],
)
def test_how_a_site_is_organised(chongqing: Policy, facts: dict[str, str], form: str, least: str, most: str) -> None:
    assert ask(chongqing, "organisation_form", facts) == form
    assert ask(chongqing, "groups_min", facts) == least
    assert ask(chongqing, "groups_max", facts) == most


@pytest.mark.parametrize(("persons", "expected"), [("799", "不要求"), ("800", "应设未设")])
def test_from_800_people_a_site_has_a_service_station(chongqing: Policy, persons: str, expected: str) -> None:
    assert ask(chongqing, "service_station", {"已设公共服务站": "否", "安置人数": persons}) == expected


@pytest.mark.parametrize(("households", "area", "shortfall"), [("250", "60", "15"), ("300", "90", "0")])
def test_thirty_square_metres_for_a_hundred_households(
    chongqing: Policy, households: str, area: str, shortfall: str
) -> None:
    facts = {"社区户数": households, "综合设施面积": area}
    assert ask(chongqing, "area_shortfall", facts) == shortfall


@pytest.mark.parametrize(
    ("applied", "body", "eligible", "agreed", "expected"),
    [
        pytest.param("2021-01-10", "成员大会", "30", "20", "确认取得", id="三十人里二十人"),
        pytest.param("2021-01-10", "成员大会", "29", "19", "不予确认", id="二十九人里十九人"),
        pytest.param("2025-04-30", "村民代表", "30", "20", "确认取得", id="代表表决，停止前一天申请"),
        pytest.param("2025-05-01", "村民代表", "30", "20", "表决方式无效", id="代表表决，停止当天申请"),
        pytest.param("", "村民会议", "30", "20", "确认取得", id="不是代表表决，申请日不要紧"),
    ],
)
def test_two_thirds_confirm_a_member(
    chongqing: Policy, applied: str, body: str, eligible: str, agreed: str, expected: str
) -> None:
    facts = {"跨集体": "是", "迁入地有集体": "是", "成员身份已取得": "否", "成员申请": "是", "公示": "无异议"}
    vote = {"申请日": applied, "表决方式": body, "应到": eligible, "同意": agreed}
    assert ask(chongqing, "membership_route", {**facts, **vote}) == expected


def test_an_assistance_transfer_has_a_month_from_the_application(chongqing: Policy) -> None:
    """From 31 January it ends on 28 February, which the calendar knows."""
    duty = chongqing.duties["transfer_assistance_by_letter"]
    (length,) = chongqing.parameters[duty.deadline.parameter]
    assert length.value == Fraction(1)
    assert length.unit == "个月"
    assert (duty.deadline.anchor, duty.deadline.term) == ("term", "assistance_applied_on")
    assert duty.due_kind == "principle"


@pytest.mark.parametrize(
    ("scope", "status", "expected"),
    [
        pytest.param("市内跨区县", "缴费中", "自愿选择", id="奉节到云阳，缴费中"),
        pytest.param("市内跨区县", "已领取", "留原参保地", id="奉节到云阳，已领取"),
        pytest.param("跨省", "缴费中", "应转移", id="奉节到四川，缴费中"),
    ],
)
def test_where_a_pension_goes(chongqing: Policy, scope: str, status: str, expected: str) -> None:
    facts = {"搬迁类别": "建档立卡", "户籍已迁入": "是", "养老已转入": "否", "养老意愿": "未表态", "迁户时年龄": "40"}
    assert ask(chongqing, "pension_route", {**facts, "搬迁跨度": scope, "养老状态": status}) == expected


@pytest.mark.parametrize("wish", ["愿转", "不转"])
def test_two_detachments_and_an_unknown_third_decide_nothing(chongqing: Policy, wish: str) -> None:
    facts = {"党员": "是", "组织关系已在迁入地": "否", "居住脱钩": "是", "户籍脱钩": "是", "党员意见": wish}
    assert ask(chongqing, "party_route", facts) == "缺：集体身份脱钩"


@pytest.mark.parametrize(
    ("body", "expected"), [("村", "居住不满一年"), ("社区", "安置地登记")], ids=["安置村", "安置社区"]
)
def test_less_than_a_year_s_residence_keeps_from_voting_in_a_village(
    chongqing: Policy, body: str, expected: str
) -> None:
    facts = {"出生日期": "1980-05-01", "选举日": "2021-12-20", "入住日": "2021-01-15", "会议同意": "是"}
    choice = {"户籍已迁入": "否", "选择": "安置地", "安置地类别": body}
    assert ask(chongqing, "election_place", {**facts, **choice}) == expected


@pytest.mark.parametrize(
    ("lives_at_site", "expected"), [("否", "乡镇集体户"), ("是", "门牌落户")], ids=["没有住在点上", "住在点上"]
)
def test_a_house_alone_does_not_settle(chongqing: Policy, lives_at_site: str, expected: str) -> None:
    house = {"安置地农村住房": "是", "住房实际居住": "否", "安置地宅基地": "否", "安置地承包地": "否"}
    facts = {"户籍已迁入": "否", "户籍意愿": "愿迁", "集中点居住": lives_at_site}
    assert ask(chongqing, "hukou_route", {**house, **facts}) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"流转亩数": "4.5", "补助标准": "200"}, "900", id="亩数乘标准"),
        pytest.param({"流转亩数": "4.5"}, "不适用", id="没有标准不算金额"),
        pytest.param({"补助标准": "200"}, "缺：流转亩数", id="亩数空着"),
    ],
)
def test_the_amount_of_a_rent_subsidy(chongqing: Policy, facts: dict[str, str], expected: str) -> None:
    grown = {"迁入地流转土地": "是", "高效特色农业": "是"}
    assert ask(chongqing, "rent_subsidy_amount", {**grown, **facts}) == expected
