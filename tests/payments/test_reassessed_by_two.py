"""重新核定 is agreed to by the other side, whatever changes meanwhile, and names who really pays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from anju.desk.queries.waits import waits
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.payments.actions import Share, agree_reassessment, reassessing, withdraw_reassessment
from anju.register.actions import move_relation
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.desk.cast import browser
from tests.payments.assessed import drawn, halves, swapped
from tests.payments.cast import A, B, asks, civil
from tests.register.cast import YUNYANG, clerk


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


OTHER = "520102001000"
"""A township of a province where nobody has a post here."""
WAITS = {
    "另一方": ("stays", B, {"另一方", "另一方的区县"}),
    "另一方在外省": ("stays", OTHER, {"同一方的同事"}),
    "两方都归提出的人": ("both", B, {"同一方的同事", "另一方", "另一方的区县"}),
    "以前提出的，不知道是哪一方": ("", B, set()),
}


@pytest.mark.parametrize(("asked_for", "goes", "whom"), WAITS.values(), ids=WAITS)
def test_it_waits_on_the_desk_of_whoever_may_agree(
    origin: Officer,
    home: Household,
    family: list[Person],
    monkeypatch: pytest.MonkeyPatch,
    *,
    asked_for: str,
    goes: str,
    whom: set[str],
) -> None:
    monkeypatch.setattr(reassessing, "_asked_for", lambda *of: asked_for)
    drawn(origin, home, halves(family, goes=Share(goes, "dibao", Decimal(496), [str(family[2].pk)])))
    officers = {
        "提出的人": origin,
        "同一方的同事": civil("colleague", A),
        "另一方": civil("there", B),
        "另一方的区县": civil("county", YUNYANG, "county"),
        "外县": civil("far", "500236101000"),
        "另一方的医保": clerk("medical", B, "township", "medical_security"),
    }
    address = f"/reassessments/{home.pk}/"
    found = {name for name, who in officers.items() if "重新核定复核" in {one.name for one in waits(asks(who))}}
    assert found == whom
    for name in whom:
        (tile,) = (one for one in waits(asks(officers[name])) if one.name == "重新核定复核")
        assert (tile.count, tile.address) == (1, address)
        assert browser(officers[name]).get(address).status_code == 200


def test_what_was_agreed_to_waits_no_more(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    form = drawn(origin, home, halves(family))
    agree_reassessment(by=destination, reassessment=form.pk)
    assert "重新核定复核" not in {one.name for one in waits(asks(civil("there", B)))}
