"""Land goes a plot at a time: what is left is owed, a second case goes on with it, nobody lets more than there is (1.4-1, 1.4-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.cases.fields import Value, field_of
from anju.cases.models import Case, State
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions.by_case import put_facts
from anju.register.facts import facts_of, today
from tests.cases.cast import Offices, step_on
from tests.cases.test_guards import PAGES, applicant
from tests.cases.test_known import asked
from tests.cases.test_walks import opener_of

pytestmark = pytest.mark.django_db
LAND, ECO = "transfer_original_land", "include_in_eco_project"
SIX: Mapping[str, Mapping[str, Fact | None]] = {
    LAND: {"original_land_mu": 6, "original_land_transferred": False},
    ECO: {"eco_eligible": True, "eco_eligible_mu": 6, "eco_included": False},
}
WAYS = {
    LAND: ("本人愿意", "找到", "签订", "备案"),
    ECO: ("符合条件，本人同意", "上报名单", "纳入", "告知本人"),
}
SUM = {LAND: "累计流转亩数", ECO: "累计纳入亩数"}
DONE = {LAND: "original_land_transferred", ECO: "eco_included"}
OWED = {LAND: "guide_land_transfer", ECO: "include_eco_project"}


def somebody(procedure: str, village: Officer, **more: Fact | None) -> str:
    subject = applicant(village, procedure)
    with everything():
        put_facts(kind="person", subject=subject, facts={**SIX[procedure], **more})
    return subject


def opened(procedure: str, subject: str, offices: Offices) -> Case:
    opener = opener_of(PAGES.procedures[procedure], offices)
    return open_case(by=opener, procedure=procedure, subject=subject, applied_on=today(), how="本人到场申请")


def walked(procedure: str, subject: str, offices: Offices, plot: float, total: float, **more: Value) -> Case:
    """A case of one plot, after which so much has gone."""
    case = opened(procedure, subject, offices)
    own: dict[str, Any] = {"地块": "东坡 3 亩", "亩数": plot, SUM[procedure]: total, **more}
    for action in WAYS[procedure]:
        fields = PAGES.procedures[procedure].steps[case.step - 1].fields
        case = step_on(case, offices, action, **{name: value for name, value in own.items() if name in fields})
    return case


def known(subject: str) -> Mapping[str, Fact]:
    with everything():
        return facts_of("person", subject, on=today())


def owed(subject: str) -> set[str]:
    with everything():
        return {duty.kind for duty in Duty.objects.unscoped().owed().filter(subject_id=subject)}


@pytest.mark.parametrize("procedure", [LAND, ECO], ids=["流转", "纳入项目"])
@pytest.mark.parametrize("first", [3, 5.9], ids=str)
def test_a_second_case_takes_what_the_first_left(
    procedure: str, first: float, village: Officer, offices: Offices
) -> None:
    subject = somebody(procedure, village)
    assert walked(procedure, subject, offices, first, first).state == State.DONE
    assert (known(subject)[DONE[procedure]], known(subject)[f"{DONE[procedure]}_mu"]) == (True, first)
    assert OWED[procedure] in owed(subject), "what is left is owed"
    assert walked(procedure, subject, offices, round(6 - first, 1), 6).state == State.DONE
    assert OWED[procedure] not in owed(subject)
    third = opened(procedure, subject, offices)
    with pytest.raises(Refused, match=r"是“已(流转|纳入)”"):
        step_on(third, offices, WAYS[procedure][0], 亩数=1)


@pytest.mark.parametrize("procedure", [LAND, ECO], ids=["流转", "纳入项目"])
def test_whoever_is_only_known_to_have_let_has_let_all(procedure: str, village: Officer, offices: Offices) -> None:
    subject = somebody(procedure, village, **{DONE[procedure]: True})
    assert OWED[procedure] not in owed(subject)
    with pytest.raises(Refused, match="当作全部"):
        step_on(opened(procedure, subject, offices), offices, WAYS[procedure][0], 亩数=1)


PLOTS = {
    "没有地": (0, "“亩数”写的是 0：要大于 0，现在还剩 3 亩"),
    "一分地": (0.1, ""),
    "剩下的全部": (3, ""),
    "比剩下的多一分": (3.1, "“亩数”写的是 3.1：要大于 0，现在还剩 3 亩"),
}


@pytest.mark.parametrize("procedure", [LAND, ECO], ids=["流转", "纳入项目"])
@pytest.mark.parametrize(("mu", "says"), PLOTS.values(), ids=PLOTS)
def test_a_plot_is_no_larger_than_what_is_left(
    mu: float, says: str, procedure: str, village: Officer, offices: Offices
) -> None:
    subject = somebody(procedure, village, **{DONE[procedure]: True, f"{DONE[procedure]}_mu": 3})
    case = opened(procedure, subject, offices)
    if not says:
        assert step_on(case, offices, WAYS[procedure][0], 亩数=mu).step == 2
        return
    with pytest.raises(Refused, match=says):
        step_on(case, offices, WAYS[procedure][0], 亩数=mu)


@pytest.mark.parametrize(
    ("total", "good"),
    [(3, False), (3.1, True), (6, True), (6.1, False)],
    ids=["没有增加", "加了一分", "全部", "多一分"],
)
def test_the_sum_is_more_than_before_and_not_more_than_there_is(
    total: float, good: bool, village: Officer, offices: Offices
) -> None:
    subject = somebody(LAND, village, original_land_transferred=True, original_land_transferred_mu=3)
    if good:
        assert walked(LAND, subject, offices, 1, total).state == State.DONE
        return
    with pytest.raises(Refused, match=rf"“累计流转亩数”写的是 {total:g}：.*要大于 3，不超过“原承包地亩数” 6"):
        walked(LAND, subject, offices, 1, total)


@pytest.mark.parametrize(("after", "good"), [(0, True), (1, False)], ids=["和这一份同一天", "比这一份晚一天"])
def test_of_several_contracts_the_first_end_is_kept(after: int, good: bool, village: Officer, offices: Offices) -> None:
    subject, ends = somebody(LAND, village), today() + timedelta(400)
    own: Mapping[str, Value] = {
        "流转合同到期日": ends.isoformat(),
        "承包期届满日": ends.isoformat(),
        "最早到期日": (ends + timedelta(after)).isoformat(),
    }
    if good:
        walked(LAND, subject, offices, 3, 3, **own)
        assert known(subject)["land_contract_ends_on"] == ends
        return
    with pytest.raises(Refused, match="“最早到期日”不能比它晚"):
        walked(LAND, subject, offices, 3, 3, **own)


def test_what_the_form_begins_with_counts_what_went_before(village: Officer, offices: Offices) -> None:
    before, ends = today() + timedelta(100), today() + timedelta(400)
    subject = somebody(
        LAND, village, original_land_transferred=True, original_land_transferred_mu=2.5, land_contract_ends_on=before
    )
    case = opened(LAND, subject, offices)

    assert asked(case, offices)["亩数"] == 3.5
    case = step_on(case, offices, "本人愿意", 亩数=1.5)
    case = step_on(case, offices, "找到")
    case = step_on(case, offices, "签订", 流转合同到期日=ends.isoformat(), 承包期届满日=ends.isoformat())
    with everything():
        form = asked(case, offices)
    assert (form["累计流转亩数"], form["最早到期日"]) == (4, before.isoformat())


def test_a_plot_and_its_size_are_told_apart() -> None:
    procedure = PAGES.procedures[LAND]
    kinds = {
        name: field_of(PAGES, procedure, name).kind
        for name in ("地块", "亩数", "累计流转亩数", "最早到期日", "地块和亩数")
    }
    assert kinds == {
        "地块": "text", "亩数": "number", "累计流转亩数": "number", "最早到期日": "day", "地块和亩数": "text",
    }  # fmt: skip
