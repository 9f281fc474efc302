"""What followed from cases, and what duties followed from (domain 1.9): as far as the officer may see both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from anju.cases.models import Case, Consequence
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.duties.queries import Desk, Shown
from anju.government.models import Officer
from anju.register.queries.whom import Whom, whom

_moved: Mapping[str, str] = {
    "hukou": "户口已迁",
    "party": "党组织关系已转",
    "membership": "集体成员身份已确认",
    "pension": "养老保险已转",
    "medical": "医保关系已转",
    "assistance": "救助关系已转",
    "election": "选民已登记",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """The case that a duty followed from: what it changed, its procedure, the day it ended."""

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


def changed_by(running: Running) -> str:
    """What the end of a procedure changes first, as one says it."""
    relations = (effect.what for effect in running.procedure.effects if effect.kind == "relation")
    return next((_moved[what] for what in relations), f"{running.procedure.name}已办结")


def _cause(case: Case) -> Cause:
    assert case.closed_at is not None
    running = Running.of(case)
    return Cause(case, changed_by(running), running.procedure.name, timezone.localdate(case.closed_at))
