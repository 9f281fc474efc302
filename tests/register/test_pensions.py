"""A pension that is drawn stays where it is paid (1.5-4)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions import move_relation
from anju.register.actions.by_case import put_step
from anju.register.models import Person, Relation
from tests.register.cast import YUNYANG, clerk, zhang

TODAY = timezone.localdate()


@pytest.fixture
def office(db: None) -> Officer:
    return clerk("pensions", YUNYANG, "county", "human_resources")


def insured(status: str) -> Person:
    return zhang(clerk("village"), facts={"pension_status": status, "pension_moved": False})


def test_a_pension_that_is_paid_into_moves(office: Officer) -> None:
    person = insured("contributing")
    move_relation(by=office, person=str(person.pk), kind="pension", holder=YUNYANG, since=TODAY)
    assert [r.holder for r in Relation.objects.unscoped().filter(kind="pension").order_by("since")][-1] == YUNYANG


def test_a_pension_that_is_drawn_does_not(office: Officer) -> None:
    person = insured("drawing")
    with pytest.raises(Refused, match="不再转移"):
        move_relation(by=office, person=str(person.pk), kind="pension", holder=YUNYANG, since=TODAY)
    with everything(), pytest.raises(Refused, match="不再转移"):
        put_step(person=str(person.pk), kind="pension", holder=YUNYANG, since=TODAY, because="moved", evidence="")
    assert Relation.objects.unscoped().filter(kind="pension").count() == 1


def test_a_pension_that_is_drawn_may_end(office: Officer) -> None:
    person = insured("drawing")
    move_relation(by=office, person=str(person.pk), kind="pension", holder="", since=TODAY, because="status")
    assert Relation.objects.unscoped().filter(kind="pension", holder="").exists()
