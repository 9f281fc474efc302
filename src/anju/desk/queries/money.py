"""Duties about months of assistance say which month; and whoever pays somebody out of reach is told who, and led to the office's month."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from anju.duties.queries import Shown
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.payments.queries.amiss import months_amiss
from anju.payments.queries.payees import named, paid_here
from anju.register.guideline import guideline
from anju.register.queries.whom import Whom

by_month = frozenset({"assistance_payers"})
"""Facts that follow from the months of assistance, and are put right there."""


def _is_by_month(one: Shown) -> bool:
    kind = guideline().duties.get(one.duty.kind)
    return kind is not None and one.duty.closed_on is None and bool(by_month & set(kind.records))


def with_months(shown: Sequence[Shown], on: date) -> list[Shown]:
    """The duties of a page, each with the month and the office that it is about, where its reason is told."""
    found = months_amiss(sorted({one.duty.subject_id for one in shown if one.reason and _is_by_month(one)}))
    names = Names({one.office for one in found.values() if one.office}, on)
    told = []
    for one in shown:
        month = found.get(one.duty.subject_id) if one.reason and _is_by_month(one) else None
        said = f"{month.month} {names(month.office)}" if month and month.office else month.month if month else ""
        told.append(replace(one, reason=f"{one.reason}：{said}") if said else one)
    return told


def payees(
    officer: Officer, shown: Sequence[Shown], known: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], Whom]:
    """Whom the officer's offices pay, of those about whom duties are and whom the officer does not see (``known``: whom he does): by name
    and masked number, as in the month.
    """
    subjects = {("person", one.duty.subject_id) for one in shown if _is_by_month(one)}
    people = [person for kind, person in subjects if (kind, person) not in known]
    paid = paid_here(officer, {UUID(person) for person in people}) if people else set[UUID]()
    months = months_amiss([str(key) for key in paid])
    found = {}
    for key, payee in named(officer, paid).items() if paid else ():
        month = months.get(str(key))
        asked = (
            {"month": month.month, "office": month.office, "show": "double" if month.twice else "expected"}
            if month
            else {}
        )
        address = f"{reverse('payments:months')}?{urlencode(asked)}"
        found["person", str(key)] = Whom(f"{payee.name} {payee.number}".rstrip(), address)
    return found
