"""1.5 接收: what is lacking goes back to the person and comes again; nothing of the application is lost, and its time runs on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from anju.cases.actions import take_step
from anju.cases.models import Case, State
from anju.cases.procedures import Running, forward
from anju.cases.turns import place_at
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.test_actions import opened
from tests.register.cast import DESTINATION, ORIGIN

pytestmark = pytest.mark.django_db
APPLIED = today() - timedelta(20)
TO_THE_RECEPTION = ("提交", "受理")


def at(offices: Offices, level: str, place: str) -> Officer:
    return offices.at("human_resources", level, place_at(place, level))


def walked(case: Case, offices: Offices, actions: Sequence[str], ago: int) -> Case:
    for action in actions:
        case = step_on(case, offices, action, on=today() - timedelta(ago), reason="户口簿上没有迁入那一页")
    return case


@pytest.fixture
def case(person: Person, offices: Offices) -> Case:
    return opened(person, at(offices, "county", DESTINATION), applied_on=APPLIED)


WAYS = {
    "接收时缺材料": (TO_THE_RECEPTION, "户口簿上没有迁入那一页"),
    "转出那边退回来，对不上号": ((*TO_THE_RECEPTION, "发接收函", "退回"), "姓名和原参保地登记的不一样"),
    "补了还缺": ((*TO_THE_RECEPTION, "补正", *TO_THE_RECEPTION), "迁入日和户口簿对不上"),
}
"""How it came to the reception → what is lacking."""


@pytest.mark.parametrize(("way", "lacking"), WAYS.values(), ids=WAYS)
def test_what_is_lacking_is_asked_for(
    way: Sequence[str], lacking: str, case: Case, person: Person, offices: Offices
) -> None:
    case = walked(case, offices, way, 10)
    assert case.step == 3
    by = at(offices, "county", DESTINATION)
    with pytest.raises(Refused, match="退回、补正和终止要写明为什么"):
        take_step(by=by, case=case.pk, seen=case.entries, action="补正")
    case = take_step(by=by, case=case.pk, seen=case.entries, action="补正", reason=lacking, on=today() - timedelta(4))
    (turn,) = waiting(case)
    assert (case.state, case.step, turn.resident, turn.since) == (State.RUNNING, 1, True, today() - timedelta(4))
    with everything():
        duty = Duty.objects.unscoped().owed().get(subject_id=str(person.pk), kind="transfer_pension")
        wish = facts_of("person", str(person.pk), on=today())["pension_wish"]
    assert (duty.counts_from, wish) == (APPLIED, "move"), "he still applies, since the same day"
    case = walked(case, offices, (*TO_THE_RECEPTION, "发接收函"), 3)
    assert case.step == 4


@pytest.mark.parametrize(
    ("level", "place"),
    [("township", DESTINATION), ("county", ORIGIN), ("township", ORIGIN)],
    ids=["迁入乡镇", "迁出区县", "迁出乡镇"],
)
def test_only_the_receiving_side_asks_for_it(level: str, place: str, case: Case, offices: Offices) -> None:
    case = walked(case, offices, TO_THE_RECEPTION, 10)
    with pytest.raises(Refused, match="现在轮不到您"):
        take_step(by=at(offices, level, place), case=case.pk, seen=case.entries, action="补正", reason="缺一页")


def test_the_page_has_the_way(case: Case) -> None:
    """Back, and neither an end nor a way on."""
    with everything():
        step = Running.of(case).step(3)
    found = {move.action: (move.target, forward(step, move)) for move in step.moves}
    assert found == {"发接收函": (4, True), "补正": (1, False), "不予转入": (-1, False)}
