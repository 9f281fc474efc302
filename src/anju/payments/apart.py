"""What payments know against joining two records of one person (`anju.register.apart`).

What was paid is never rewritten, so that it stays under the record to which it was paid. Nobody may be paid twice by joining, and nothing
that still goes on may be left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from anju.government.second_wall import looking_everywhere
from anju.payments.models import Amount, Kind, Month, Payer, Premium, RentGrant, Settlement, State, gives
from anju.payments.months import text_of
from anju.register.apart import keeps_apart

_written: Sequence[Any] = (Payer, Amount, Premium, Settlement, RentGrant)


@keeps_apart
def paid(stays: str, goes: str) -> Sequence[str]:
    """Paid twice for a month; paid by now, or all that was ever paid, under the record that would go."""
    with looking_everywhere():
        return list(_reasons(stays, goes))


def _reasons(stays: str, goes: str) -> Iterator[str]:
    if twice := sorted(_months(stays) & _months(goes)):
        months = "、".join(map(text_of, twice[:3])) + ("等" if len(twice) > 3 else "")
        yield f"{months} 两条都发了救助：先在“救助发放”里登记追回或抵扣一边的，再并。"
    if _goes_on(goes):
        yield "要并掉的那一条还在发救助，或者有月份没有定下来：先停发、定下来；要接着发，就留下那一条。"
    elif _any(goes) and not _any(stays):
        yield "发放、代缴、结算的记录都在要并掉的那一条上，它们不能改写：请反过来并，留下那一条。"


def _months(person: str) -> set[int]:
    """The months for which somebody has been given something and kept it."""
    left: dict[int, Decimal] = {}
    for month, sort, amount in (
        Amount.objects.unscoped().filter(person_id=person).values_list("month", "sort", "amount")
    ):
        left[month] = left.get(month, Decimal(0)) + (amount if sort in gives else -amount)
    return {month for month, amount in left.items() if amount > 0}


def _goes_on(person: str) -> bool:
    """Whether an office pays by now, or a month is not settled."""
    steps = Payer.objects.unscoped().filter(person_id=person).order_by("since")
    last = [steps.filter(kind=kind).last() for kind in Kind.values]
    open_months = Month.objects.unscoped().filter(person_id=person, state__in=[State.EXPECTED, State.HELD])
    return any(step is not None and step.payer for step in last) or open_months.exists()


def _any(person: str) -> bool:
    return any(table._default_manager.unscoped().filter(person_id=person).exists() for table in _written)
