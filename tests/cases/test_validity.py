"""A letter of introduction says itself how long it is good: the step that waits for it is due then, and nobody types it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case, opening, withdraw
from anju.cases.clocks import Clocks
from anju.cases.models import Case, Turn
from anju.duties.models import Duty
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import record_facts, record_wish
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.editions import before_force
from tests.cases.moving import Story
from tests.register.cast import ORIGIN

pytestmark = pytest.mark.django_db
LETTER = "组织关系介绍信"
TO_THE_LETTER = ("建好台账", "报乡镇党委", "建议转接", "同意")


def day(ago: int) -> date:
    return today() - timedelta(ago)


@pytest.fixture
def case(person: Person, offices: Offices) -> Case:
    return to_the_letter(person, offices)


def to_the_letter(person: Person, offices: Offices) -> Case:
    """The transfer of a party member, for whom a letter is to be issued."""
    by = offices.at("committee", "village", ORIGIN)
    record_wish(by=by, person=str(person.pk), kind="party", choice="transfer", on=day(101), how="当面")
    found = open_case(by=by, procedure="transfer_party", subject=str(person.pk), applied_on=day(100), how="本人到场")
    for action in TO_THE_LETTER:
        found = step_on(found, offices, action, on=day(100))
    return found


def known(person: Person, **kwargs: Any) -> Mapping[str, Any]:
    with everything():
        facts = facts_of("person", str(person.pk), on=kwargs.pop("on", today()), **kwargs)
    return {code: facts.get(f"party_letter_{code}") for code in ("issued", "valid_until")}


def owed(person: Person) -> set[str]:
    with everything():
        return set(Duty.objects.unscoped().owed().filter(subject_id=str(person.pk)).values_list("kind", flat=True))


DAYS = {"过了一天": (21, 20, "overdue", "reissue_party_letter"), "最后一天": (20, 20, "soon", "remind_party_receipt")}


@pytest.mark.parametrize(("ago", "days", "state", "duty"), DAYS.values(), ids=DAYS)
def test_the_step_is_due_when_the_letter_says(
    ago: int, days: int, state: str, duty: str, case: Case, offices: Offices
) -> None:
    person = Person.objects.unscoped().get(pk=case.subject_id)
    case = step_on(case, offices, "开信", on=day(ago), 有效天数=days)
    (turn,) = waiting(case)
    assert turn.valid_until == day(ago - days)
    clocks = Clocks(today())
    assert (clocks.of(turn).due, clocks.of(turn).state) == (turn.valid_until, state)
    with everything():
        found = {
            one
            for one in ("overdue", "soon", "later")
            if Turn.objects.unscoped().filter(clocks.within(one), pk=turn.pk)
        }
    assert found == {state}, "and the database says the same"
    assert known(person) == {"issued": True, "valid_until": turn.valid_until}
    assert duty in owed(person)
    assert known(person, on=day(ago + 1)) == {"issued": None, "valid_until": None}, "the day before there was none"


def test_a_new_letter_is_a_new_day(person: Person, case: Case, offices: Offices) -> None:
    case = step_on(case, offices, "开信", on=day(90), 有效天数=30)
    case = step_on(case, offices, "过期未到，请重开", on=day(50))
    assert known(person)["valid_until"] == day(60)
    case = step_on(case, offices, "开信", on=day(0), 有效天数=90)
    assert known(person)["valid_until"] == day(-90)
    assert not {"reissue_party_letter", "remind_party_receipt"} & owed(person)


def test_of_a_case_that_is_withdrawn_no_letter_is_known(person: Person, case: Case, offices: Offices) -> None:
    case = step_on(case, offices, "开信", on=day(10), 有效天数=30)
    by = offices.at("committee", "village", ORIGIN)
    withdraw(by=by, case=case.pk, seen=case.entries, how="本人电话")
    assert known(person) == {"issued": None, "valid_until": None}


def test_a_letter_on_paper_of_before_may_still_be_recorded(person: Person, offices: Offices) -> None:
    by = offices.at("organisation", "township", f"{ORIGIN[:9]}000")
    facts: dict[str, Fact | None] = {"party_letter_issued": True, "party_letter_valid_until": day(-3)}
    record_facts(by=by, kind="person", subject=str(person.pk), facts=facts)
    assert known(person) == {"issued": True, "valid_until": day(-3)}


def test_the_register_of_letters_is_asked() -> None:
    """Its own days count from its own day, and nobody may write others down."""
    story = Story()
    story.settle()
    story.open("transfer_party", "organisation", "township", 57)
    story.walk("transfer_party", TO_THE_LETTER, 55)
    story.write("transfer_party", LETTER, {"有效天数": 8})
    with pytest.raises(Refused, match="写的有效天数是 8，不是 9；照信写"):
        story.walk("transfer_party", ["开信"], 44, {"有效天数": 9})
    story.walk("transfer_party", ["开信"], 44, {"有效天数": 8})
    (turn,) = waiting(story.case("transfer_party"))
    assert (turn.since, turn.valid_until) == (day(44), day(-8)), "it was issued today"


@pytest.fixture
def earlier(person: Person, offices: Offices, monkeypatch: pytest.MonkeyPatch) -> Case:
    """One of pages by which another branch led back to the reception."""
    older = before_force("transfer_party", ("| 编入 → 9 |", "| 编入 → 9；改编别的支部 → 6 |"))
    with monkeypatch.context() as then:
        then.setattr(opening, "guideline", lambda: older)
        return to_the_letter(person, offices)


def test_another_branch_makes_no_letter_good_for_longer(earlier: Case, offices: Offices) -> None:
    case = step_on(earlier, offices, "开信", on=day(90), 有效天数=30)
    for action, ago in (("接收", 80), ("寄回", 79), ("改编别的支部", 78)):
        case = step_on(case, offices, action, on=day(ago))
    (turn,) = waiting(case)
    assert (turn.step, turn.since, turn.valid_until) == (6, day(78), day(60)), "as the letter of before says"


def test_another_branch_goes_by_the_last_of_the_letters(earlier: Case, offices: Offices) -> None:
    case = step_on(earlier, offices, "开信", on=day(90), 有效天数=30)
    case = step_on(case, offices, "过期未到，请重开", on=day(50))
    case = step_on(case, offices, "开信", on=day(40), 有效天数=20)
    case = step_on(case, offices, "接收", on=day(30))
    for action in ("寄回", "改编别的支部"):
        case = step_on(case, offices, action, on=day(29))
    assert [turn.valid_until for turn in waiting(case)] == [day(20)]
