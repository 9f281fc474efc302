"""What 1.4 holds shut on the way: what changed meanwhile, who is entitled after all, and a contract longer than one's own right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.cases.models import Case, State
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions.by_case import put_facts
from anju.register.facts import facts_of, today
from tests.cases.cast import Offices, step_on
from tests.cases.test_guards import PAGES, applicant, walk
from tests.cases.test_walks import opener_of

pytestmark = pytest.mark.django_db
ENDS = date(2027, 12, 31)


def opened(procedure: str, village: Officer, offices: Offices, *actions: str) -> Case:
    """Somebody's case whom the procedure is for, so many steps on."""
    subject, opener = applicant(village, procedure), opener_of(PAGES.procedures[procedure], offices)
    case = open_case(by=opener, procedure=procedure, subject=subject, applied_on=today(), how="本人到场申请")
    return walk(case, offices, actions, today(), {})


def known(case: Case, **facts: Fact | None) -> None:
    with everything():
        put_facts(kind="person", subject=case.subject_id, facts=facts)


MEANWHILE: dict[str, tuple[str, tuple[str, ...], str, dict[str, Fact | None], str]] = {
    "核对以后，地已经流转": (
        "transfer_original_land",
        ("本人愿意", "找到", "签订"),
        "备案",
        {"original_land_transferred": True},
        "“原有地利用”是“已流转”",
    ),
    "报上去以后，已经纳入": (
        "include_in_eco_project",
        ("符合条件，本人同意", "上报名单"),
        "纳入",
        {"eco_included": True},
        "“生态项目”是“已纳入”",
    ),
    "报上去以后，享受过了": (
        "apply_industry_fund",
        ("提交", "报区县"),
        "立项",
        {"industry_funded": True},
        "“产业项目资金”是“已享受”",
    ),
    "立项以后，地不租了": (
        "apply_industry_fund",
        ("提交", "报区县", "立项"),
        "拨付",
        {"rents_land": False},
        "没有在迁入地流转土地",
    ),
    "研究的时候，条件变了": (
        "take_over_land_right",
        ("提交",),
        "是本集体成员，条件相同",
        {"same_terms": False},
        "不能办“是本集体成员，条件相同”",
    ),
    "签了合同，由别人受让了": (
        "take_over_land_right",
        ("提交", "是本集体成员，条件相同", "双方签订"),
        "登记",
        {"offered_by_own_collective": False},
        "没有这样的承包权在转让",
    ),
    "够条件的，不当条件不同终止": (
        "take_over_land_right",
        ("提交",),
        "条件不同，按一般受让办",
        {},
        "“优先受让”是“可优先”",
    ),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_what_does_not_hold_any_more_closes_the_way(name: str, village: Officer, offices: Offices) -> None:
    procedure, actions, last, meanwhile, says = MEANWHILE[name]
    case = opened(procedure, village, offices, *actions)
    known(case, **meanwhile)
    with pytest.raises(Refused, match=says):
        step_on(case, offices, last)


def test_of_several_the_collective_says_who_and_only_a_member_is_said(village: Officer, offices: Offices) -> None:
    case = opened("take_over_land_right", village, offices, "提交")
    known(case, other_priority_claimants=True)
    case = step_on(case, offices, "有几名优先人")
    known(case, membership_moved=False)
    with pytest.raises(Refused, match="还不是迁入地集体的成员"):
        step_on(case, offices, "确定由申请人受让")
    known(case, membership_moved=True)
    case = walk(case, offices, ["确定由申请人受让", "双方签订", "登记"], today(), {})
    assert case.state == State.DONE
    assert facts_of("person", case.subject_id, on=today())["offered_by_own_collective"] is False


def test_other_terms_are_a_reason_to_end_it(village: Officer, offices: Offices) -> None:
    case = opened("take_over_land_right", village, offices, "提交")
    known(case, same_terms=False)
    assert step_on(case, offices, "条件不同，按一般受让办").state == State.TERMINATED


@pytest.mark.parametrize(("over", "good"), [(0, True), (1, False)], ids=["到承包期最后一天", "多一天"])
def test_land_is_let_no_longer_than_one_has_it(over: int, good: bool, village: Officer, offices: Offices) -> None:
    case = opened("transfer_original_land", village, offices, "本人愿意", "找到")
    told: dict[str, Any] = {"承包期届满日": ENDS.isoformat(), "流转合同到期日": (ENDS + timedelta(over)).isoformat()}
    if good:
        step_on(case, offices, "签订", on=None, **told)
        return
    with pytest.raises(
        Refused, match="流转的期限不能超过承包期：“流转合同到期日”写的是 2028-01-01，承包期到 2027-12-31"
    ):
        step_on(case, offices, "签订", on=None, **told)
