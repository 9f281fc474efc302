"""The case of a land-rent subsidy gets rate, amount, rest of the budget and day of payment from the plots proposed and granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from anju.cases.fields import Value
from anju.cases.filling import Filling, fills
from anju.cases.models import Case
from anju.payments.actions.rents import budget_of, granted_in
from anju.payments.models import RentGrant, RentState
from anju.payments.models.rents import paid_field, paying_step, procedure_of_rents, standing

_computed = ("适用标准", "补助金额", "资金余额", paid_field)


def _standing(case: Case) -> list[RentGrant]:
    """The plots of the person that stand, of the year of the application or a later one."""
    rows = RentGrant.objects.unscoped().filter(person_id=case.subject_id, state__in=standing)
    return list(rows.filter(year__gte=case.applied_on.year).order_by("asked_at", "pk"))


def _values(case: Case) -> Mapping[str, Value]:
    rows = _standing(case)
    if not rows:
        return {}
    last, rates = rows[-1], dict.fromkeys(f"{row.rate:.2f} 元/亩·年（{row.basis}）" for row in rows)
    budget = budget_of(last.county, last.year)
    left = (budget.amount if budget else 0) - granted_in(last.county, last.year)
    found: dict[str, Value] = {
        "适用标准": "、".join(rates),
        "补助金额": float(sum(row.amount for row in rows)),
        "资金余额": float(left),
    }
    days = [row.paid_on for row in rows if row.paid_on is not None]
    return {**found, paid_field: max(days).isoformat()} if len(days) == len(rows) else found


def _lacking(case: Case) -> str:
    """Nothing proposed yet; or, where it is to be paid, something that nobody has approved."""
    rows = _standing(case)
    if not rows:
        return "标准、金额和余额不手填：先在“流转费补助”里提出这一户的地块，由系统照区县的标准算。"
    if case.step == paying_step() and any(row.state != RentState.GRANTED for row in rows):
        return "发放日不手填：先由另一位干部在“流转费补助”里复核。"
    return ""


def _address(case: Case) -> str:
    rows = _standing(case)
    return reverse("rents:one", args=[rows[-1].pk]) if rows else reverse("rents:new", args=[case.subject_id])


def _working(case: Case) -> Sequence[Any]:
    return _standing(case)


fills(
    procedure_of_rents(),
    Filling(_values, _address, frozenset(_computed), frozenset(), _lacking, _working, "payments/_rent_working.html"),
)
