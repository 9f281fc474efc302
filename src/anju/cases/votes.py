"""Where a vote belongs, and what it answers by itself.

A step that a page asks 应到 of is where the meeting is called and its roster fixed; one that it asks 同意 of is where it is counted, which
may be the same. None of the figures is typed into a step: they are the vote's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Max

from anju.calendar.deadlines import Length
from anju.cases.clocks import length_of
from anju.cases.fields import Value
from anju.cases.models import Case, Turn, Vote, Voter
from anju.cases.procedures import Running
from anju.duties.editions import Counties
from anju.duties.versions import policy_of
from anju.policy.model import Step
from anju.register.facts import today

roster, count = "应到", "同意"
fields: Mapping[str, str] = {
    "表决方式": "body",
    "会议种类": "body",
    "会议日": "on",
    "应到": "eligible",
    "实到": "present",
    "同意": "agreed",
    "反对": "against",
    "弃权": "abstained",
}
"""What is to be written down at a step → what of the vote it is."""


def is_called_at(step: Step) -> bool:
    """Whether the meeting is called at a step."""
    return roster in step.fields


def is_counted_at(running: Running, step: Step) -> bool:
    """Whether the votes are counted at a step."""
    return count in step.fields and bool(_steps(running.policy.version, running.procedure.code))


def notice_of(case: Case, running: Running) -> Length | None:
    """How long before the meeting it has to be called: where it is called at a step of its own, what the page allows that step."""
    step = running.step(case.step)
    if count in step.fields:
        return None
    return length_of(step.limit, Counties.of(running.policy, today()).edition(case.destination[:6]))


def earliest(case: Case, running: Running, told: date) -> date:
    """The first day for a meeting that everybody is told of on a day."""
    length = notice_of(case, running)
    return length.after(told) if length else told


def owned(running: Running, step: Step) -> frozenset[str]:
    """The fields of a step that a vote answers."""
    if not _steps(running.policy.version, running.procedure.code):
        return frozenset()
    return frozenset(fields) if is_called_at(step) or is_counted_at(running, step) else frozenset()


@lru_cache(maxsize=512)
def _steps(version: str, procedure: str) -> tuple[int, ...]:
    return tuple(step.number for step in policy_of(version).procedures[procedure].steps if is_called_at(step))


def current(case: Case, running: Running) -> Vote | None:
    """The vote that counts: the one of the last time that the case stood where it is called. Asked for nobody."""
    steps = _steps(running.policy.version, running.procedure.code)
    if not steps:
        return None
    began = Turn.objects.unscoped().filter(case=case, step__in=steps).order_by("-since_entry").first()
    if began is None:
        return None
    return Vote.objects.unscoped().filter(case=case, after__gte=began.since_entry).order_by("-after").first()


def shared(vote: Vote) -> bool:
    """Whether one meeting votes on several cases with one roster. Asked for nobody."""
    return vote.first_id is not None or Vote.objects.unscoped().filter(first=vote).exists()


def meeting_of(vote: Vote) -> UUID:
    """At which meeting was voted: the vote that has its roster."""
    return vote.first_id or vote.pk


def revision(vote: Vote) -> str:
    """What is noted of a vote by name, in short: after each deed that notes or takes back it is another. Asked for nobody."""
    noted = Voter.objects.unscoped().filter(vote=vote, voted_at__isnull=False)
    told = noted.aggregate(n=Count("pk"), last=Max("voted_at"))
    return f"{told['n']}-{told['last']:%Y%m%d%H%M%S%f}" if told["n"] else "0"


def answers(vote: Vote | None) -> dict[str, Value]:
    """What the vote answers, by the pages' names; its figures once it is counted."""
    if vote is None:
        return {}
    told: dict[str, Value | None] = {
        "body": vote.body,
        "on": vote.on.isoformat(),
        "eligible": vote.eligible,
        "present": vote.present,
        "agreed": vote.agreed,
        "against": vote.against,
        "abstained": vote.abstained,
    }
    known = {name: told[what] for name, what in fields.items()}
    return {name: value for name, value in known.items() if value is not None}
