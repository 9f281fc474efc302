"""重新核定 is agreed to by the other side, whatever changes meanwhile, and names who really pays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.payments.actions import Share, agree_reassessment, reassessing, withdraw_reassessment
from anju.register.actions import move_relation
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.payments.assessed import drawn, halves, swapped
from tests.payments.cast import A, B, civil


@pytest.mark.parametrize(("asks", "side"), [(A, "stays"), (B, "goes")], ids=["留下的一方提出", "迁走的一方提出"])
def test_the_other_side_agrees_whatever_posts_change_meanwhile(
    home: Household, family: list[Person], asks: str, side: str
) -> None:
    other = {A: B, B: A}[asks]
    asker = civil("asker", asks)
    form = drawn(asker, home, halves(family))
    assert form.asked_for == side
    PostHolding.objects.filter(officer=asker).update(until=today())
    with pytest.raises(Refused, match="不在您的范围里"):
        agree_reassessment(by=civil("same_side", asks), reassessment=form.pk)
    agree_reassessment(by=civil("other_side", other), reassessment=form.pk)


def test_of_a_form_from_before_nobody_knows_whose_it_is(
    origin: Officer, destination: Officer, home: Household, family: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reassessing, "_asked_for", lambda *of: "")
    form = drawn(origin, home, halves(family))
    for by in (destination, civil("colleague", A)):
        with pytest.raises(Refused, match="请撤回，重新提出一张"):
            agree_reassessment(by=by, reassessment=form.pk)
    withdraw_reassessment(by=destination, reassessment=form.pk)


def test_who_stays_is_paid_by_the_office_of_the_part(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    with pytest.raises(Refused, match=r"留下的一份里有人由.*发，表上写的是"):
        drawn(origin, home, swapped(family))
    nobody = Share(B, "none", Decimal(0), [], [str(one.pk) for one in family[:2]])
    with pytest.raises(Refused, match="留下的一份里有人由"):
        drawn(destination, home, halves(family, stays=nobody))
    drawn(origin, home, halves(family, stays=replace(nobody, payer=A)))


def test_who_has_gone_over_is_paid_by_the_other_office(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    move_relation(by=destination, person=str(family[2].pk), kind="assistance", holder=B, since=today().replace(day=1))
    with pytest.raises(Refused, match="迁走的一份里有人由"):
        drawn(origin, home, halves(family, goes=Share(A, "dibao", Decimal(496), [str(family[2].pk)])))
    drawn(origin, home, halves(family))


def test_a_payer_that_changed_meanwhile_is_not_agreed_to(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    form = drawn(origin, home, halves(family))
    move_relation(by=destination, person=str(family[0].pk), kind="assistance", holder=B, since=today().replace(day=1))
    with pytest.raises(Refused, match="留下的一份里有人由"):
        agree_reassessment(by=destination, reassessment=form.pk)
