"""What followed from cases, and what duties followed from (domain 1.9): as far as the officer may see both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from anju.cases.models import Case, Consequence
from anju.cases.procedures import Running, changed_by
from anju.cases.queries.lists import purpose
from anju.duties.queries import Desk, Shown
from anju.government.models import Officer
from anju.register.queries.whom import Whom, whom


@dataclass(frozen=True, slots=True)
class Cause:
    """The case that a duty followed from: what it changed, its procedure, the day on which it did."""

    case: Case
    changed: str
    procedure: str
    on: date

    def __str__(self) -> str:
        return f"因{self.changed}（{self.procedure}，{self.on}）"


def causes(officer: Officer, duties: Iterable[int]) -> Mapping[int, Cause]:
    """What some duties followed from, by their keys; one question."""
    keys = list(duties)
    if not keys:
        return {}
    found = Consequence.objects.visible_to(officer, purpose=purpose).filter(duty__in=keys).select_related("case")
    return {one.duty_id: _cause(one.case) for one in found.order_by("-pk")}


def consequences(officer: Officer, case: Case) -> Sequence[tuple[Shown, Whom | None]]:
    """The duties that followed from a case, each with whom it is about, in the order in which they opened."""
    found = Consequence.objects.visible_to(officer, purpose=purpose).filter(case=case).select_related("duty")
    shown = Desk(officer).shown(one.duty for one in found.order_by("pk"))
    about = whom(officer, {(one.duty.subject_kind, one.duty.subject_id) for one in shown}, timezone.localdate())
    return [(one, about.get((one.duty.subject_kind, one.duty.subject_id))) for one in shown]


def _cause(case: Case) -> Cause:
    at, running = case.in_force_at or case.closed_at, Running.of(case)
    assert at is not None
    return Cause(case, changed_by(running), running.procedure.name, timezone.localdate(at))
