"""What an officer sees of settled bills: a month of them, one with its working, and who waits to be settled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils import timezone

from anju.cases.actions.work import values_of
from anju.cases.models import Case, Entry
from anju.duties.models import Duty
from anju.government.asking import Asking
from anju.payments.actions.settling import purpose
from anju.payments.models import Did, Settlement, procedure, settling_lines
from anju.payments.months import first_day, shifted
from anju.payments.one_stop import Figure, Step
from anju.payments.queries.insured import named
from anju.register.models import Person
from anju.register.queries.whom import Whom

_a_page = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A settlement with its person's name, and what lies sealed of it. ``reversal``: the row that took it back."""

    settlement: Settlement
    whom: Whom | None
    told: Mapping[str, Any]
    reversal: Settlement | None

    @property
    def steps(self) -> list[Step]:
        """The working."""
        return steps_of(self.told)

    @property
    def reason(self) -> str:
        """Why it was taken back."""
        found: str = json.loads(self.reversal.told.reveal())["reason"] if self.reversal else ""
        return found


def settles(who: Asking) -> bool:
    """Whether one of the officer's posts settles bills."""
    return any(scope.line in settling_lines() for scope in who.scopes)


def of_month(who: Asking, month: int, page: str) -> tuple[Page[Settlement], Sequence[Row]]:
    """The bills that were settled in a month, the latest first, by pages."""
    first, end = (timezone.make_aware(datetime.combine(first_day(one), time.min)) for one in (month, shifted(month)))
    seen = Settlement.objects.visible_to(who.officer, purpose=purpose).filter(did=Did.SETTLED)
    rows = seen.filter(recorded_at__gte=first, recorded_at__lt=end).order_by("-recorded_at", "-pk")
    found = Paginator(rows, _a_page).get_page(page)
    return found, shown(who, list(found.object_list))


def one(who: Asking, key: UUID) -> Row | None:
    """A settlement that the officer may see; foreign and missing are one."""
    found = Settlement.objects.visible_to(who.officer, purpose=purpose).filter(pk=key, did=Did.SETTLED).first()
    return shown(who, [found])[0] if found else None


def shown(who: Asking, rows: Sequence[Settlement]) -> list[Row]:
    """Rows with their people's names and what took them back."""
    about = named(who, [str(row.person_id) for row in rows], who.today)
    back = Settlement.objects.visible_to(who.officer, purpose=purpose).filter(reverses__in=[row.pk for row in rows])
    reversals = {row.reverses_id: row for row in back}
    return [
        Row(row, about.get(str(row.person_id)), json.loads(row.told.reveal()), reversals.get(row.pk)) for row in rows
    ]


def waiting(who: Asking) -> list[Whom]:
    """Whose bill waits to be settled where the officer settles: name, and the address of the form."""
    owed = Duty.objects.visible_to(who.officer, purpose=purpose).owed().filter(kind=procedure, subject_kind="person")
    mine = [scope for scope in who.scopes if scope.line in settling_lines()]
    found = [
        subject
        for subject, insured in owed.order_by("opened_on", "pk").values_list("subject_id", "insured")[:200]
        if any(scope.lo <= insured[:6].ljust(12, "0") < scope.hi for scope in mine)
    ]
    about = named(who, found, who.today)
    names = ((subject, about.get(subject)) for subject in found)
    return [Whom(known.name, subject) for subject, known in names if known]


def steps_of(told: Mapping[str, Any]) -> list[Step]:
    """The working, as it was told of a bill (`anju.payments.actions.settling`)."""
    return [
        Step(step["what"], Decimal(step["amount"]), step["how"], tuple(map(_figure, step["figures"])))
        for step in told["steps"]
    ]


def told_in_case(who: Asking, person: Person) -> tuple[Case | None, Mapping[str, Any]]:
    """The person's open case of a settlement, and what its first step says of the bill, by the fields of the bill's form."""
    seen = Case.objects.visible_to(who.officer, purpose=purpose).filter(procedure=procedure, closed_at=None)
    case = seen.filter(subject_kind="person", subject_id=str(person.pk)).order_by("-opened_at").first()
    if case is None:
        return None, {}
    written = values_of(list(Entry.objects.visible_to(who.officer, purpose=purpose).filter(case=case).order_by("seq")))
    names = {"定点医疗机构": "institution", "总费用": "total"}
    return case, {to: written[name] for name, to in names.items() if name in written}


def _figure(told: Sequence[Any]) -> Figure:
    name, value, unit, source, own = told
    return Figure(name, Decimal(value), unit, source, own)
