"""The family Zhang, whose dibao 开州 pays, and the civil affairs of both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import everything
from anju.payments.actions import begin_months, pay
from anju.payments.models import Month, Payer
from anju.payments.months import month_of, shifted, text_of
from anju.policy.model import Fact
from anju.register.facts import today
from anju.register.models import Membership, Person
from tests.register.cast import DESTINATION, ORIGIN, clerk, household, zhang

A, B = f"{ORIGIN[:9]}000", f"{DESTINATION[:9]}000"
"""The townships that pay before and after the move."""
AMOUNT = Decimal("420.50")
Clock = Callable[[date], None]
"""Goes to the morning of a day: the fixture ``at``."""


def civil(account: str, region: str, level: str = "township") -> Officer:
    """An officer of civil affairs."""
    return clerk(account, region, level, "civil_affairs")


def poor(
    by: Officer, kind: str = "dibao", *, name: str = "张青山", order: int = 1, code: str = "5000000000000001"
) -> Person:
    """Somebody who gets assistance where they came from."""
    facts: dict[str, Fact | None] = {"assistance_kind": kind, "assistance_moved": False, "hukou_moved": True}
    return zhang(by, household(by, code), name=name, order=order, facts=facts)


def begun(by: Officer, month: str, payer: str = A) -> None:
    """The office keeps its months from then on."""
    begin_months(by=by, payer=payer, month=month)


def paid(by: Officer, person: Person, *months: str, payer: str = A, kind: str = "dibao") -> None:
    """The office paid these months, each on its tenth day or, before that has come, today."""
    for month in months:
        first = date.fromisoformat(f"{month}-01")
        pay(
            by=by,
            person=str(person.pk),
            kind=kind,
            month=month,
            payer=payer,
            amount=AMOUNT,
            on=min(first + timedelta(days=9), today()),
        )


def earlier(person: Person) -> None:
    """Somebody belongs to the household since last month."""
    with everything():
        Membership.objects.unscoped().filter(person=person).update(since=today() - timedelta(30))


def strip(person: Person, kind: str = "dibao") -> dict[int, tuple[str, str]]:
    """A person's months: who has to pay each, and how far it is."""
    with everything():
        rows = Month.objects.unscoped().filter(person=person, kind=kind).order_by("month")
        return {row.month: (row.payer, row.state) for row in rows}


def chain(person: Person, kind: str = "dibao") -> Sequence[tuple[int, str]]:
    """Who pays a person from which month on."""
    with everything():
        steps = Payer.objects.unscoped().filter(person=person, kind=kind).order_by("since")
        return [(step.since, step.payer) for step in steps]


def back(months: int) -> int:
    """The month so many before this one, below 0 after it."""
    return shifted(month_of(today()), -months)


def ago(months: int) -> str:
    """The same, as a page writes it."""
    return text_of(back(months))


def asks(by: Officer) -> Asking:
    """The officer, as a page asks for them."""
    return Asking(by, visible_regions(by, today()), today())
