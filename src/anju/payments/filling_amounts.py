"""Amounts that steps write down and that are known here: what somebody is paid a month, and the government's part of the premium of whoever
is enrolled. They stand in the form, and whoever does the step may put them right.
"""

from __future__ import annotations

from collections.abc import Mapping

from anju.cases.fields import Value
from anju.cases.filling import Filling, fills
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.payments.due import shares, shares_of
from anju.payments.models import Amount, Scheme, Sort
from anju.register.facts import today

_standard, _aid = "现发放标准", "资助金额"


def _paid(case: Case) -> Mapping[str, Value]:
    """What the township that hands over paid for the last month that it paid."""
    if not _asks(case, _standard):
        return {}
    given = Amount.objects.unscoped().filter(person_id=case.subject_id, sort=Sort.PAID)
    last = given.filter(payer=f"{case.origin[:9]}000").order_by("-month", "-recorded_at").first()
    return {_standard: float(last.amount)} if last else {}


def _aided(case: Case) -> Mapping[str, Value]:
    """The government's share of this year's premium, by the figures of the county where somebody is enrolled and of their group."""
    if not _asks(case, _aid):
        return {}
    year, county = today().year, f"{case.destination[:6]}000000"
    share = shares_of([case.subject_id], year, shares(Scheme.MEDICAL, county, year)).get(case.subject_id)
    return {_aid: float(share.state)} if share else {}


def _asks(case: Case, name: str) -> bool:
    return case.step > 0 and name in Running.of(case).step(case.step).fields


for _procedure, _values in (
    ("transfer_assistance_by_notice", _paid),
    ("transfer_assistance_by_letter", _paid),
    ("mobilise_coverage", _aided),
):
    fills(_procedure, Filling(_values))
