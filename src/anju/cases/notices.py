"""Where a public notice belongs, how long it hangs, and what it answers by itself.

Where a page's 把关 asks for it (本件：公示), a notice is posted at the step that has a letter of the kind 公示. It hangs as long
as that step may take or, where the page sets no limit there, as long as the step that it leads to. What is on record of it, no step asks
for again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from anju.cases.clocks import length_of
from anju.cases.fields import Value
from anju.cases.models import Case, Notice, Objection, Outcome, Turn
from anju.cases.procedures import Running, forward
from anju.duties.editions import Counties
from anju.duties.versions import policy_of
from anju.policy.model import Step
from anju.register.facts import today

state_term = "notice_state"
"""The term 公示 of the pages, and its values."""
fields: Mapping[str, str] = {
    "公示开始日": "since",
    "公示截止日": "until",
    "公示地点": "place",
    "名单公布日": "since",
    "申诉期满日": "until",
}
"""What is to be written down at a step → what of the notice it is."""


def is_posted_at(running: Running, step: Step) -> bool:
    """Whether a notice is posted at a step."""
    return step.number in _steps(running.policy.version, running.procedure.code)


def owned(running: Running) -> frozenset[str]:
    """The fields of a procedure that a notice answers."""
    return frozenset(fields) if _steps(running.policy.version, running.procedure.code) else frozenset()


@lru_cache(maxsize=512)
def _steps(version: str, procedure: str) -> tuple[int, ...]:
    """The numbers of the steps of a procedure at which a notice is posted."""
    policy = policy_of(version)
    if not any(guard.decision == state_term for guard in policy.procedures[procedure].guards):
        return ()
    notices = {letter.name for letter in policy.letters.values() if letter.form == "公示"}
    return tuple(step.number for step in policy.procedures[procedure].steps if notices & set(step.letters))


def last_day(case: Case, running: Running, since: date) -> date | None:
    """Until when a notice hangs at the least; None where the pages do not say."""
    step = running.step(case.step)
    following = [running.step(move.target) for move in step.moves if move.target > 0 and forward(step, move)]
    limit = step.limit or next((one.limit for one in following if one.limit), "")
    length = length_of(limit, Counties.of(running.policy, today()).edition(case.destination[:6]))
    return length.after(since) if length else None


def current(case: Case, running: Running) -> Notice | None:
    """The notice that counts: the one of the last time that the case stood where notices are posted. Asked for nobody."""
    steps = _steps(running.policy.version, running.procedure.code)
    if not steps:
        return None
    began = Turn.objects.unscoped().filter(case=case, step__in=steps).order_by("-since_entry").first()
    if began is None:
        return None
    return Notice.objects.unscoped().filter(case=case, after__gte=began.since_entry).order_by("-after").first()


def state(notice: Notice | None, on: date) -> str:
    """none, running, objection (one is undecided or upheld) or clear (over, and none in the way). Asked for nobody."""
    if notice is None:
        return "none"
    against = Objection.objects.unscoped().filter(notice=notice, outcome__in=["", Outcome.UPHELD])
    if against.exists():
        return "objection"
    return "running" if on <= notice.until else "clear"


def answers(notice: Notice | None) -> dict[str, Value]:
    """What the notice answers, by the pages' names."""
    if notice is None:
        return {}
    told = {"since": notice.since.isoformat(), "until": notice.until.isoformat(), "place": notice.place}
    return {name: told[what] for name, what in fields.items()}
