"""Somebody who is insured in 云阳, the medical security there, and bills of the county's hospital; all made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from anju.duties.evaluate import look_again
from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import Charged
from anju.payments.models import Settlement
from anju.policy.model import Fact
from anju.register.facts import today
from anju.register.models import Person, Relation
from tests.register.cast import DESTINATION, KAIZHOU, YUNYANG, clerk, household, zhang

FACTS: Mapping[str, Fact] = {
    "relocatee_kind": "registered_poor",
    "medical_status": "resident",
    "assistance_kind": "dibao",
    "city_care_unsettled": True,
    "medical_aided": False,
}
BILL = Charged("云阳县人民医院", "ZY-0001", today(), "住院", "二级", "一档", Decimal("10000.00"))


def medical(account: str = "medical", region: str = YUNYANG) -> Officer:
    """An officer of medical security."""
    return clerk(account, region, "county", "medical_security")


CEILINGS: Mapping[str, str] = {"贫困人口住院自付上限": "10", "贫困人口门诊自付上限": "20"}


def ceilings(*counties: str, since: date = date(2022, 1, 1)) -> None:
    """Counties that go on with the ceilings that the page has until 2021."""
    for county, (name, value) in product(counties, CEILINGS.items()):
        told = {"value": Decimal(value), "basis": "示例：医保发〔2022〕1号"}
        CountyValue.objects.get_or_create(county=county, parameter=name, since=since, defaults=told)


def insured(
    by: Officer, *, order: int = 1, code: str = "5000000000000001", name: str = "张青山", **facts: Fact | None
) -> Person:
    """Somebody whose medical insurance 云阳 holds."""
    known = {term: fact for term, fact in {**FACTS, **facts}.items() if fact is not None}
    person = zhang(by, household(by, code), name=name, order=order, facts=known)
    with everything():
        Relation.objects.create(
            person=person, kind="medical", holder=DESTINATION, since=today().replace(month=1, day=1), because="recorded"
        )
    ceilings(YUNYANG, KAIZHOU)
    look_again("person", [str(person.pk)])
    return person


def bill(number: str, **charged: Any) -> Charged:
    """Another bill of the same day."""
    return replace(BILL, number=number, **charged)


def of_year(person: Person) -> Sequence[Settlement]:
    """All rows of a person, in their order."""
    with everything():
        return list(Settlement.objects.unscoped().filter(person=person).order_by("year", "seq"))
