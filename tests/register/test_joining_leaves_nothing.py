"""Two records of one person become one, and nothing that has to go on is left under the one that goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.government.models import Officer, never
from anju.government.refusals import Refused
from anju.government.second_wall import everything, looking_everywhere
from anju.payments.actions import draw_up, propose_rent
from anju.payments.models import Premium
from anju.register.actions import (
    change_person,
    join,
    join_household,
    leave_household,
    move_relation,
    record_facts,
    record_wish,
    withdraw_relation,
)
from anju.register.actions.joining import seen_of, why_not
from anju.register.actions.within import scopes_of
from anju.register.facts import today
from anju.register.models import Joining, Membership, Person, Relation
from anju.register.verification import verify
from tests.cases.fitting import fit
from tests.payments import rents
from tests.payments.cast import A, ago, begun, civil, poor
from tests.payments.test_premiums import contributor, looked_at, social
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, clerk, household
from tests.register.joining import again, agreed, asked, known, twice

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def second() -> Officer:
    return clerk("second")


def _expected(village: Officer) -> Person:
    person = poor(village)
    begun(civil("payer", A), ago(1))
    return person


def _rent_proposed(village: Officer) -> Person:
    farmer, person = rents.farming("farmer"), rents.tenant(village)
    rents.rate()
    rents.budget(farmer)
    propose_rent(by=farmer, person=person.pk, plot="A-03")
    return person


def _premium_waits(village: Officer) -> Person:
    person = looked_at(contributor(village))
    draw_up(by=social("first"), scheme="pension", county=YUNYANG)
    return person


MONEY: dict[str, Callable[[Officer], Person]] = {
    "月份还没有发": _expected,
    "流转费等批准": _rent_proposed,
    "代缴等批准": _premium_waits,
}


NO_MONEY = "并掉的档没有钱"
SEEN = {"组织": ("organisation", True), "民政": ("civil_affairs", False), "文旅": ("culture", False)}


@pytest.mark.parametrize("money", MONEY.values(), ids=MONEY)
def test_a_record_that_money_names_is_the_one_that_stays(
    village: Officer, second: Officer, money: Callable[[Officer], Person]
) -> None:
    named, other = money(village), again(village)
    assert any("请反过来并" in sentence for sentence in why_not(named, other, scopes_of(village)))
    with pytest.raises(Refused):
        asked(village, named, other)
    agreed(second, asked(village, other, named))


def test_of_another_line_s_money_nobody_learns_more_than_that_it_is(village: Officer) -> None:
    named, other = poor(village), again(village)
    begun(civil("payer", A), ago(1))
    for line, sees in (("culture", False), ("medical_security", False), ("civil_affairs", True)):
        scopes = scopes_of(clerk(line, line=line))
        (told,) = why_not(named, other, scopes)
        assert ("救助" in told, "请反过来并" in told) == (sees, True)
        assert why_not(other, named, scopes) == []


@pytest.mark.parametrize(("line", "sees"), SEEN.values(), ids=SEEN)
def test_of_a_party_member_s_case_other_lines_learn_no_more_than_that_it_is(
    village: Officer, line: str, sees: bool
) -> None:
    stays, goes = twice(village)
    fit(str(goes.pk), "transfer_party")
    by = clerk("opener", YUNYANG, "county", "organisation")
    open_case(by=by, procedure="transfer_party", subject=str(goes.pk), applied_on=today(), how="当面")
    told = why_not(known(goes.pk), known(stays.pk), scopes_of(clerk("asked", line=line)))
    assert ("1 件" in told[0], "留下那一条" in told[0]) == (sees, True)


def test_the_night_finds_money_under_a_record_that_is_gone(village: Officer, second: Officer) -> None:
    named, other = _premium_waits(village), again(village)
    agreed(second, asked(village, other, named))
    assert verify()[NO_MONEY] == 0
    with everything():
        premium = Premium.objects.unscoped().get(person=named)
        premium.pk, premium.person_id = None, other.pk
        premium.save(force_insert=True)
    assert verify()[NO_MONEY] == 1


def test_two_records_that_money_names_are_not_joined(village: Officer) -> None:
    one, other = poor(village), poor(village, order=2, code="5000000000000002")
    change_person(by=village, person=str(one.pk), changes={"number": ""})
    begun(civil("payer", A), ago(1))
    for goes, stays in ((one, other), (other, one)):
        with pytest.raises(Refused, match="两条都有钱款"):
            asked(village, goes, stays)


@pytest.mark.parametrize("days", [5, 10, 20], ids=["离户以后才入户", "离户那天入户", "离户以前已经入户"])
def test_a_present_home_is_taken_over_by_who_has_left_another(village: Officer, second: Officer, days: int) -> None:
    home, other = household(village), household(village, "5000000000000002")
    stays, goes = twice(village)
    join_household(by=village, person=str(stays.pk), household=str(home.pk), relation="户主", since=before(30))
    leave_household(by=village, person=str(stays.pk), until=before(10), because="分户")
    join_household(by=village, person=str(goes.pk), household=str(other.pk), relation="户主", since=before(days))
    joining = asked(village, goes, stays)
    agreed(second, joining)
    present = Membership.objects.unscoped().get(until=never)
    since = before(min(days, 10))
    assert (present.person_id, present.household_id, present.since) == (stays.pk, other.pk, since)
    assert [(one["since"], one["until"]) for one in kept_of(joining)["homes"]] == (
        [(str(before(20)), str(before(10)))] if days == 20 else []
    )
    assert {name: n for name, n in verify().items() if n} == {}


@pytest.mark.parametrize("holder", [DESTINATION, ORIGIN], ids=["换过参保地", "没有换"])
def test_a_pension_that_has_moved_is_not_taken_over_by_who_draws_one(
    village: Officer, second: Officer, holder: str
) -> None:
    stays, goes = twice(village)
    record_facts(by=village, kind="person", subject=str(stays.pk), facts={"pension_status": "drawing"})
    step = {"person": goes, "kind": "pension", "because": "recorded"}
    with everything():
        Relation.objects.create(**step, holder=ORIGIN, since=before(9))
        Relation.objects.create(**step, holder=holder, since=before(5), after=before(9))
    if holder == DESTINATION:
        with pytest.raises(Refused, match="换过养老参保地"):
            asked(village, goes, stays)
        agreed(second, asked(village, stays, goes))
    else:
        agreed(second, asked(village, goes, stays))
    assert {name: n for name, n in verify().items() if n} == {}


def _moves(village: Officer, person: Person) -> None:
    move_relation(
        by=village, person=str(person.pk), kind="election", holder=ORIGIN, since=before(1), because="recorded"
    )


def _moves_elsewhere(village: Officer, person: Person) -> None:
    """As many steps as before, and not the same."""
    with everything():
        step = Relation.objects.unscoped().get(person=person, kind="election")
    withdraw_relation(by=village, relation=str(step.pk), because="登记错了")
    move_relation(
        by=village, person=str(person.pk), kind="election", holder=DESTINATION, since=before(1), because="recorded"
    )


def _wishes(village: Officer, person: Person) -> None:
    record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=today(), how="当面")


def _moves_in(village: Officer, person: Person) -> None:
    home = household(village)
    join_household(by=village, person=str(person.pk), household=str(home.pk), relation="户主", since=before(5))


def _moves_out(village: Officer, person: Person) -> None:
    leave_household(by=village, person=str(person.pk), until=before(1), because="分户")


@pytest.mark.parametrize("which", ["留下的", "并掉的"])
def test_what_was_written_after_the_page_was_opened_is_looked_at_first(
    village: Officer, second: Officer, which: str
) -> None:
    stays, goes = twice(village)
    joining = asked(village, goes, stays)
    for write in (_moves, _moves_elsewhere, _wishes, _moves_in, _moves_out):
        seen = seen_of(known(goes.pk), known(stays.pk))
        write(village, stays if which == "留下的" else goes)
        with pytest.raises(Refused, match="刚刚改过"):
            join(by=second, joining=joining.pk, seen=seen)
    agreed(second, joining)


def before(days: int) -> date:
    return today() - timedelta(days)


def kept_of(joining: Joining) -> dict[str, Any]:
    """What was not taken over."""
    with looking_everywhere():
        found: dict[str, Any] = json.loads(Joining.objects.unscoped().get(pk=joining.pk).kept.reveal())
    return found
