"""A meeting that decides about 张青山: called when his notice has hung, and counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from anju.cases.actions import ByName, Figures, call_vote, count_vote, take_step
from anju.cases.models import Case, Vote
from anju.cases.queries.votes import revision_of
from anju.government.models import Officer
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.cases.test_notices import EARLY, at_notice

OVER, MET = EARLY + timedelta(8), EARLY + timedelta(18)
"""The day after the notice; the first day for a meeting that all were told of on it."""


def at_meeting(by: Officer, person: Person, offices: Offices) -> Case:
    """张青山's application has hung and nobody objected: the meeting is to be called."""
    return step_on(at_notice(by, person, offices), offices, "期满没有异议", on=OVER)


def called(by: Officer, case: Case, n: int = 30, **more: Any) -> Vote:
    given = {
        "body": "members",
        "notified": OVER,
        "on": MET,
        "from_register": False,
        "names": [f"成员{i}" for i in range(n)],
        **more,
    }
    return call_vote(by=by, case=case.pk, seen=case.entries, **given)


def counted(by: Officer, case: Case, vote: Vote, *figures: int) -> Vote:
    return count_vote(by=by, case=case.pk, vote=vote.pk, figures=Figures(*figures))


def as_noted(vote: Vote) -> ByName:
    """What is noted by name, as somebody sees it now."""
    return ByName(revision_of(vote))


def at_count(by: Officer, case: Case, offices: Offices, n: int = 30) -> tuple[Case, Vote]:
    vote = called(by, case, n)
    case = take_step(by=by, case=case.pk, seen=case.entries, action="通知并定下表决名单", on=OVER)
    return case, vote
