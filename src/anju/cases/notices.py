"""Where a public notice belongs, how long it hangs, and what it answers by itself.

Where a page's 把关 asks for it (本件：公示), a notice is posted at the step that has a letter of the kind 公示. It hangs as long
as that step may take or, where the page sets no limit there, as long as the step that it leads to. What is on record of it, no step asks
for again.

Its days are there for whoever wants to object. They run from the first day on which it hung only where that is known: where it is
recorded on that day, or where a second officer has seen a picture of it and says so. Else they run from the day of recording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from anju.cases.clocks import length_of
from anju.cases.fields import Value, most_words
from anju.cases.models import Case, Notice, Objection, Outcome, Turn
from anju.cases.procedures import Running, hanging_limit, notice_term, posting_steps
from anju.duties.editions import Counties
from anju.policy.model import Step
from anju.register.facts import today

state_term = notice_term
fields: Mapping[str, str] = {
    "公示开始日": "since",
    "公示截止日": "until",
    "公示地点": "place",
    "名单公布日": "since",
    "申诉期满日": "until",
}
"""What is to be written down at a step → what of the notice it is."""
objections: Mapping[str, str] = {
    "异议人意见": "told",
    "查明的情况": "because",
    "申诉收到日": "on",
    "处理结果": "outcome",
}
"""What is to be written down at a step → what it is of the objections to the notice."""


def is_posted_at(running: Running, step: Step) -> bool:
    """Whether a notice is posted at a step."""
    return step.number in posting_steps(running.policy.version, running.procedure.code)


def owned(running: Running) -> frozenset[str]:
    """The fields of a procedure that a notice answers."""
    known = frozenset(fields) | frozenset(objections)
    return known if posting_steps(running.policy.version, running.procedure.code) else frozenset()


def last_day(case: Case, running: Running, since: date) -> date | None:
    """Until when a notice hangs at the least whose days run from a day; None where the pages do not say."""
    limit = hanging_limit(running.procedure, case.step)
    length = length_of(limit, Counties.of(running.policy, today()).edition(case.destination[:6]))
    return length.after(since) if length else None


def proven_last_day(notice: Notice, case: Case, running: Running) -> date | None:
    """Until when a notice that was recorded late hung at the least, if its days ran from the first day on; None for one that was not late,
    for one that is proven, and for one that was announced for longer than it had to hang: whoever read that may still object.
    """
    if notice.proven_until or notice.recorded_on is None or notice.since >= notice.recorded_on:
        return None
    limit = hanging_limit(running.procedure, notice.step)
    length = length_of(limit, Counties.of(running.policy, today()).edition(case.destination[:6]))
    if length is None or notice.until > length.after(notice.recorded_on):
        return None
    last = length.after(notice.since)
    return last if last < notice.until else None


def current(case: Case, running: Running) -> Notice | None:
    """The notice that counts: the one of the last time that the case stood where notices are posted. Asked for nobody."""
    steps = posting_steps(running.policy.version, running.procedure.code)
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
    return "running" if on <= notice.ends else "clear"


def takes_objections(notice: Notice, case: Case, running: Running, on: date) -> bool:
    """Whether what is said against a notice is still written down: while it hangs, and of its days as long as a way waits for its end."""
    shut = {guard.action for guard in running.procedure.guards if guard.decision == state_term}
    waits = any(move.action in shut for move in running.step(case.step).moves) if case.step else False
    asked = bool(case.step) and bool(objections.keys() & set(running.step(case.step).fields))
    return notice.since <= on and (on <= notice.ends or case.step == notice.step or waits or asked)


def answers(notice: Notice | None) -> dict[str, Value]:
    """What the notice answers, by the pages' names."""
    if notice is None:
        return {}
    told = {"since": notice.since.isoformat(), "until": notice.ends.isoformat(), "place": notice.place}
    return {name: told[what] for name, what in fields.items()}


def said(notice: Notice | None) -> dict[str, Value]:
    """What the objections to the notice answer, by the pages' names: what was said and found out, not by whom. Asked for nobody."""
    if notice is None:
        return {}
    rows = list(Objection.objects.unscoped().filter(notice=notice).order_by("on", "pk"))
    if not rows:
        return {}
    told = [row.told.reveal() for row in rows]
    found = [f"{row.get_outcome_display()}：{row.because.reveal()}" if row.outcome else "未处理" for row in rows]
    texts = {"told": _joined(told), "because": _joined(found), "outcome": _joined(found), "on": rows[0].on.isoformat()}
    return {name: texts[what] for name, what in objections.items()}


def _joined(texts: Sequence[str]) -> str:
    """One after the other, as long as an entry may be; the whole of it stands with the objections."""
    text = "；".join(texts)
    return text if len(text) <= most_words else f"{text[: most_words - 1]}…"
