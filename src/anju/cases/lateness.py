"""超期理由 is asked of what is late and of nothing else: a case that ends after the day until when its duty allows (guideline 1.7-3)."""

from __future__ import annotations

from datetime import date

from anju.cases.clocks import length_of
from anju.cases.models import Case, Did, Entry, Turn
from anju.cases.procedures import Running
from anju.duties.editions import Counties
from anju.policy.model import Step
from anju.register.facts import today

reason = "超期理由"
"""What a page calls the field."""


def due_of(case: Case, running: Running) -> date | None:
    """Until when a case is to be done, from its day of application, by the duties that it ends; None where none says."""
    deadlines = [
        kind.deadline
        for kind in running.policy.duties.values()
        if kind.ends == ("procedure", case.procedure) and kind.deadline.kind == "after"
    ]
    edition = Counties.of(running.policy, today()).edition(case.destination[:6])
    lengths = [length_of(deadline.parameter, edition) for deadline in deadlines]
    return min((length.after(case.applied_on) for length in lengths if length is not None), default=None)


def unasked(case: Case, running: Running, step: Step, on: date) -> frozenset[str]:
    """The fields of a step that are not asked on a day: why it is late, of what is in time, or was done in time and waited for its day."""
    if reason not in step.fields:
        return frozenset()
    due = due_of(case, running)
    late = due is not None and on > due and (_done(case) or on) > due
    return frozenset() if due is None or late else frozenset({reason})


def _done(case: Case) -> date | None:
    """The day on which all was done of a case that waits for the day from which on it holds. Asked for nobody."""
    begun = Turn.objects.unscoped().filter(case=case, until_entry=None).values("since_entry")
    done = Entry.objects.unscoped().filter(case=case, did=Did.DATED, seq__in=begun)
    return done.values_list("on", flat=True).first()
