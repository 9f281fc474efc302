"""Why a case that is under way is no longer owed: the duty that leads to it was closed meanwhile, by other facts than its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from anju.cases.models import Case
from anju.cases.queries.lists import purpose
from anju.duties.editions import Counties
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline


@dataclass(frozen=True, slots=True)
class Gone:
    """``duty``: what is not owed any more ``since`` a day, for a reason of `anju.duties.models.Because`; ``now``: what the pages say
    today, with their reason.
    """

    duty: str
    since: date
    because: str
    now: str

    @property
    def why(self) -> str:
        """As it is written down where the case is ended for it."""
        now = f"；现在的判定：{self.now}" if self.now else ""
        return f"“{self.duty}”自 {self.since} 起不再应办（{self.because}{now}）。"


def gone(officer: Officer, case: Case) -> Gone | None:
    """Why a case is no longer owed; None while it is, and where no duty ever led to it since it began."""
    pages = guideline()
    kinds = [kind.code for kind in pages.duties.values() if kind.ends == ("procedure", case.procedure)]
    found = Duty.objects.visible_to(officer, purpose=purpose).filter(
        subject_kind=case.subject_kind, subject_id=case.subject_id, kind__in=kinds
    )
    if not kinds or found.filter(closed_on=None).exists():
        return None
    began = timezone.localdate(case.opened_at)
    last = found.filter(closed_on__gte=began).order_by("-closed_on", "-pk").first()
    if last is None or last.closed_on is None:
        return None
    answer = None
    if last.decision in pages.decisions:
        judge = Counties.of(pages, today()).judge(case.destination[:6])
        facts = facts_of(case.subject_kind, case.subject_id, on=today())
        answer = judge.case(case.subject_kind).answer(facts).get(last.decision)
    now = ""
    if answer is not None and answer.label:
        reason = f"，{answer.reason}" if answer.reason and answer.reason != answer.label else ""
        now = f"{pages.terms[last.decision].name}是“{answer.label}”{reason}"
    return Gone(pages.duties[last.kind].name, last.closed_on, last.get_closed_because_display(), now)
