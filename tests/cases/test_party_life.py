"""多重组织生活登记: what the end of the case writes, on either side."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.cases.models import State
from anju.government.models import never
from anju.government.refusals import Refused
from anju.register.facts import facts_of, today
from anju.register.models import PartyLife, Person, Relation
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.register.cast import DESTINATION, ORIGIN

BRANCH = "安居村第一党支部"

pytestmark = pytest.mark.django_db


def registered(person: Person, offices: Offices, side: str, branch: str = BRANCH, ago: int = 9) -> date:
    """A case that ends with taking part on one side; the day since when."""
    fit(str(person.pk), "register_dual_life")
    opener = offices.at("committee", "village", ORIGIN)
    day = today() - timedelta(days=ago)
    case = open_case(by=opener, procedure="register_dual_life", subject=str(person.pk), applied_on=day, how="本人到场")
    there = side == "destination"
    said: dict[int, dict[str, Any]] = {
        1: {"党员意见": "stay", "组织生活参加地": side},
        5: {"参加的支部": branch},
        6: {"接纳日": day.isoformat()},
    }
    place = "在迁入地参加" if there else "在迁出地参加"
    for action in (
        "建好台账",
        "报乡镇党委",
        "建议参加多重组织生活",
        "同意",
        place,
        *(["接纳"] if there else []),
        "告知在哪里参加、党费交在哪里",
    ):
        case = step_on(case, offices, action, on=day, **said.get(case.step, {}))
    assert case.state == State.DONE
    return day


def told(person: Person) -> tuple[object, object]:
    facts = facts_of("person", str(person.pk), on=today())
    return facts.get("dual_life_registered"), facts.get("party_life_place")


def test_at_the_destination_a_row_says_where(person: Person, offices: Offices) -> None:
    day = registered(person, offices, "destination")
    row = PartyLife.objects.unscoped().get()
    assert (row.person_id, row.place, row.since, row.until) == (person.pk, DESTINATION, day, never)
    assert row.place_name == BRANCH
    assert row.evidence == f"办件：多重组织生活登记，{day}申请"
    assert told(person) == (True, "destination")
    held = Relation.objects.unscoped().filter(person=person, kind="party").last_steps()
    assert set(held.values_list("holder", flat=True)) <= {ORIGIN}


def test_at_home_it_is_no_second_place(person: Person, offices: Offices) -> None:
    day = registered(person, offices, "destination")
    assert registered(person, offices, "origin") == day
    assert told(person) == (True, "origin")
    assert [row.until for row in PartyLife.objects.unscoped()] == [day]


SIDES = {
    "迁入地": ("destination", "在迁出地参加", "在迁入地参加"),
    "迁出地": ("origin", "在迁入地参加", "在迁出地参加"),
}


@pytest.mark.parametrize(("side", "other", "own"), SIDES.values(), ids=SIDES)
def test_the_branch_is_on_the_side_that_was_said(
    person: Person, offices: Offices, side: str, other: str, own: str
) -> None:
    fit(str(person.pk), "register_dual_life")
    opener = offices.at("committee", "village", ORIGIN)
    case = open_case(
        by=opener, procedure="register_dual_life", subject=str(person.pk), applied_on=today(), how="本人到场"
    )
    said: dict[int, dict[str, Any]] = {1: {"党员意见": "stay", "组织生活参加地": side}}
    for action in ("建好台账", "报乡镇党委", "建议参加多重组织生活", "同意"):
        case = step_on(case, offices, action, **said.get(case.step, {}))
    with pytest.raises(Refused, match=rf"不能“{other}”.*先“换个地方”退回去"):
        step_on(case, offices, other, 参加的支部=BRANCH)
    with pytest.raises(Refused, match="“参加的支部”最多 80 个字"):
        step_on(case, offices, own, 参加的支部="村" * 81)
    assert step_on(case, offices, own, 参加的支部="村" * 80).step == (6 if side == "destination" else 7)


SECOND = "安居村第二党支部"
ANEW = {
    "后来换了支部": (9, 3, SECOND, [(BRANCH, 9, 3), (SECOND, 3, None)]),
    "同一天换了支部": (9, 9, SECOND, [(BRANCH, 9, 9), (SECOND, 9, None)]),
    "补办的那一件比登记的早": (3, 9, SECOND, [(BRANCH, 3, 3), (SECOND, 9, None)]),
    "还是那个支部": (9, 3, BRANCH, [(BRANCH, 9, None)]),
}


@pytest.mark.parametrize(("first", "then", "branch", "rows"), ANEW.values(), ids=ANEW)
def test_what_is_arranged_anew_at_a_place_is_its_branch(
    person: Person,
    offices: Offices,
    first: int,
    then: int,
    branch: str,
    rows: list[tuple[str, int, int | None]],
) -> None:
    registered(person, offices, "destination", ago=first)
    registered(person, offices, "destination", branch, ago=then)
    ago = [
        (name, today() - timedelta(since), never if end is None else today() - timedelta(end))
        for name, since, end in rows
    ]
    kept = PartyLife.objects.unscoped().order_by("pk")
    assert [(row.place_name, row.since, row.until) for row in kept] == ago
    assert told(person) == (True, "destination")


def test_a_branch_that_is_told_too_early_begins_when_the_one_before_has_ended(person: Person, offices: Offices) -> None:
    third = "安居村第三党支部"
    for branch, ago in ((BRANCH, 9), (SECOND, 5), (third, 7)):
        registered(person, offices, "destination", branch, ago=ago)
    kept = PartyLife.objects.unscoped().order_by("pk").values_list("place_name", "since", "until")
    nine, five = (today() - timedelta(days) for days in (9, 5))
    assert list(kept) == [(BRANCH, nine, five), (SECOND, five, five), (third, five, never)]


@pytest.mark.parametrize(("side", "other", "own"), SIDES.values(), ids=SIDES)
def test_what_went_to_another_side_before_is_not_registered_so(
    person: Person, offices: Offices, monkeypatch: pytest.MonkeyPatch, side: str, other: str, own: str
) -> None:
    """A case that is past the fifth step since before the way to another side was refused."""
    fit(str(person.pk), "register_dual_life")
    opener = offices.at("committee", "village", ORIGIN)
    case = open_case(
        by=opener, procedure="register_dual_life", subject=str(person.pk), applied_on=today(), how="本人到场"
    )
    said: dict[int, dict[str, Any]] = {
        1: {"党员意见": "stay", "组织生活参加地": side},
        5: {"参加的支部": BRANCH},
        6: {"接纳日": today().isoformat()},
    }
    with monkeypatch.context() as before:
        before.setattr("anju.cases.actions.stepping.check_branch", lambda *_: None)
        for action in ("建好台账", "报乡镇党委", "建议参加多重组织生活", "同意", other):
            case = step_on(case, offices, action, **said.get(case.step, {}))
    goes_on = "告知在哪里参加、党费交在哪里" if case.step == 7 else "接纳"
    with pytest.raises(Refused, match=rf"支部却是照“{other}”定的.*撤回这一件"):
        step_on(case, offices, goes_on, **said.get(case.step, {}))
    assert not PartyLife.objects.unscoped().exists()
    if case.step == 7:
        return
    for action in ("有困难，退回", "换个地方", "建好台账", "报乡镇党委", "建议参加多重组织生活", "同意", own):
        case = step_on(case, offices, action, reason="没有这个支部", **said.get(case.step, {}))
    assert step_on(case, offices, "告知在哪里参加、党费交在哪里").state == State.DONE
