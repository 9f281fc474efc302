"""Seats that nobody holds: in another province, or on leave; who acts for them, and on what paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anju.cases.actions import open_case, take_step
from anju.cases.models import Case
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.government.cast import hold, officer, post
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG

pytestmark = pytest.mark.django_db


def opened(person: Person, by: Officer, procedure: str = "transfer_pension", **more: Any) -> Case:
    given = {"applied_on": today(), "how": "本人到窗口申请", **more}
    return open_case(by=by, procedure=procedure, subject=str(person.pk), **given)


def test_where_nobody_sits_the_paper_speaks(person: Person) -> None:
    """The other side is no user: whoever does the clause's work writes down what came from there, and on what paper."""
    few = Offices()
    here = few.at("human_resources", "county", YUNYANG)
    few.at("human_resources", "township", place_at(DESTINATION, "township"))
    case = opened(person, here)
    for action in ("提交", "受理", "发接收函"):
        case = step_on(case, few, action)
    fields: dict[str, Any] = {"个人账户储存额": 5210.5, "缴费年限": "9"}
    with pytest.raises(Refused, match="凭它的哪一份回函"):
        take_step(by=here, case=case.pk, seen=case.entries, action="审批并划转", fields=fields)
    hold(there := officer("there"), post(KAIZHOU, "county", "human_resources"))
    with pytest.raises(Refused, match="现在轮不到您"):
        take_step(
            by=here, case=case.pk, seen=case.entries, action="审批并划转", fields=fields, basis="开州人社函〔2026〕3 号"
        )
    assert take_step(by=there, case=case.pk, seen=case.entries, action="审批并划转", fields=fields).step == 5


def test_a_post_on_leave_is_filled_in_for_from_above_only(person: Person) -> None:
    """The origin's post was held until today: neither the other side nor a lower post acts for it, the city of its line does."""
    few = Offices()
    here = few.at("human_resources", "county", YUNYANG)
    few.at("human_resources", "township", place_at(DESTINATION, "township"))
    case = opened(person, here)
    for action in ("提交", "受理", "发接收函"):
        case = step_on(case, few, action)
    fields: dict[str, Any] = {"个人账户储存额": 5210.5, "缴费年限": "9"}
    hold(officer("left"), post(KAIZHOU, "county", "human_resources"), date(2024, 1, 1), today())
    below = few.at("human_resources", "township", place_at(ORIGIN, "township"))
    sent: dict[str, Any] = {
        "case": case.pk,
        "seen": case.entries,
        "action": "审批并划转",
        "fields": fields,
        "basis": "回函",
    }
    for who in (here, below):
        with pytest.raises(Refused, match="现在轮不到您"):
            take_step(by=who, **sent)
    city = few.at("human_resources", "city", "500000000000")
    assert take_step(by=city, **sent).step == 5
