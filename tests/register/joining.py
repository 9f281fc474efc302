"""Two records of Zhang Qingshan: one with the ID number, one that was typed in without it; and who looks after them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from anju.government.models import Officer
from anju.government.second_wall import looking_everywhere
from anju.register.actions import ask_join, create_person, join
from anju.register.actions.joining import seen_of
from anju.register.models import Household, Joining, Person
from tests.register.cast import DESTINATION, ORIGIN, zhang

BORN = date(1980, 5, 6)
SAME = "看过同一张身份证"


def twice(by: Officer, home: Household | None = None, **more: Any) -> tuple[Person, Person]:
    """The record with the number, in the household; and the one without."""
    return zhang(by, home, facts={"rural_house": True}), again(by, **more)


def again(by: Officer, name: str = "张青山", **more: Any) -> Person:
    """The same person, once more."""
    given: dict[str, Any] = {"birth_date": BORN, "sex": "男", "origin": ORIGIN, "destination": DESTINATION, **more}
    return create_person(by=by, name=name, **given)


def asked(by: Officer, goes: Person, stays: Person, right: Mapping[str, str] | None = None) -> Joining:
    """The one is asked to be joined into the other."""
    return ask_join(by=by, goes=str(goes.pk), stays=str(stays.pk), right=right or {}, because=SAME)


def agreed(by: Officer, joining: Joining) -> Person:
    """Somebody agrees, who has seen both as they are now."""
    goes, stays = known(joining.goes_id), known(joining.stays_id)
    return join(by=by, joining=joining.pk, seen=seen_of(goes, stays))


def known(key: Any) -> Person:
    """A record as it is stored, joined or not."""
    with looking_everywhere():
        return Person.objects.unscoped_with_joined().get(pk=key)
