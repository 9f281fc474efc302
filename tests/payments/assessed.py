"""A household of which a part moves, and the two parts that it is from then on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from anju.government.models import Officer
from anju.payments.actions import Share, draw_up_reassessment
from anju.payments.models import Reassessment
from anju.policy.model import Fact
from anju.register.models import Household, Person
from tests.payments.cast import A, B, ago
from tests.register.cast import zhang

BASIS = "入户调查"


def member(by: Officer, home: Household, name: str, order: int, relation: str, kind: str | None = "dibao") -> Person:
    facts: dict[str, Fact | None] = {
        "assistance_kind": "dibao",
        "assistance_moved": False,
        "hukou_moved": True,
        "dibao_whole_household": False,
    }
    return zhang(by, home, name=name, order=order, relation=relation, facts=facts)


def halves(family: list[Person], **more: Any) -> dict[str, Share]:
    """The parents stay with 特困, the son goes with 低保."""
    father, mother, son = (str(one.pk) for one in family)
    stays = Share(A, "tekun", Decimal("1612.00"), [father, mother])
    return {"stays": stays, "goes": Share(B, "dibao", Decimal("496.00"), [son]), **more}


def drawn(by: Officer, home: Household, parts: dict[str, Share], since: str = ago(0)) -> Reassessment:
    return draw_up_reassessment(by=by, household=str(home.pk), since=since, basis=BASIS, **parts)


def swapped(family: list[Person]) -> dict[str, Share]:
    parts = halves(family)
    return {side: replace(share, payer={A: B, B: A}[share.payer]) for side, share in parts.items()}
