"""What a case has on record beside its entries, which no step asks for again: its notice, its vote and what is computed, by the pages'
names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anju.cases import guardians, lateness, notices, votes
from anju.cases.fields import Field, Value
from anju.cases.filling import Filling, filling
from anju.cases.models import Case, Notice, Vote
from anju.cases.procedures import Running
from anju.policy.model import Fact, Step
from anju.register.facts import today


@dataclass(frozen=True, slots=True)
class Recorded:
    """``notice``: the one that counts, and its ``state`` on a day (`anju.cases.notices.state`); ``vote``: the one that counts.

    ``filling``: the floor above that computes some fields, what it ``knows``, and what it ``lacks``.
    """

    running: Running
    notice: Notice | None
    state: str
    vote: Vote | None
    filling: Filling | None
    knows: Mapping[str, Value]
    lacks: str
    case: Case
    on: date

    @classmethod
    def of(cls, case: Case, running: Running, on: date | None = None) -> Recorded:
        """That of a case, on a day, by default today. Asked for nobody: show it within the case's scope."""
        notice, told, vote = notices.current(case, running), filling(case), votes.current(case, running)
        knows, lacks = (told.values(case), told.lacking(case)) if told else ({}, "")
        return cls(running, notice, notices.state(notice, on or today()), vote, told, knows, lacks, case, on or today())

    def asked(self, step: Step) -> tuple[Field, ...]:
        """What is to be written down at a step on that day: why it is late only of what is, and a guardian of a child."""
        not_now = lateness.unasked(self.case, self.running, step, self.on)
        not_now |= guardians.unasked(self.case, self.running, step, self.on)
        return tuple(field for field in self.running.fields(step.number) if field.name not in not_now)

    def owned(self, step: Step) -> tuple[str, ...]:
        """The fields of a step that are not typed."""
        ours = notices.owned(self.running) | votes.owned(self.running, step)
        return tuple(name for name in step.fields if name in ours or name in self.computed)

    @property
    def computed(self) -> frozenset[str]:
        """The fields that the floor above computes, or knows for certain."""
        if self.filling is None:
            return frozenset()
        return self.filling.computed | (self.filling.once_known & self.knows.keys())

    def answers(self, step: Step) -> dict[str, Value]:
        """What is on record of the fields of a step."""
        known = {**notices.answers(self.notice), **votes.answers(self.vote), **self.knows}
        if set(step.fields) & notices.objections.keys():
            known |= notices.said(self.notice)
        return {name: known[name] for name in self.owned(step) if name in known}

    def facts(self) -> dict[str, Fact]:
        """What is on record as facts of terms, for the pages' 把关."""
        return {notices.state_term: self.state}

    def missing(self, step: Step) -> str:
        """What has to be put on record before a step goes on, in a sentence; "" where nothing has to."""
        if self.filling and self.filling.computed & set(step.fields) and self.lacks:
            return self.lacks
        open_ = set(self.owned(step)) - self.answers(step).keys()
        if open_ & notices.fields.keys():
            return f"“{step.name}”要先贴公示：在“公示”里登记贴出的日子和地点。"
        if open_ and self.vote is None:
            return f"“{step.name}”要先定下表决名单：在“表决”里写明由谁、哪天、哪些人。"
        if open_ & notices.objections.keys():
            return f"“{step.name}”要先登记异议：在“公示”里写明说了什么。"
        return f"“{step.name}”要先计票：在“表决”里登记。" if open_ else ""

    def too_early(self, step: Step, days: Iterable[date]) -> str:
        """Why a day of a step cannot be, in a sentence: nobody has voted before the meeting; "" where all can."""
        if self.vote is None or not votes.is_counted_at(self.running, step) or all(day >= self.vote.on for day in days):
            return ""
        return f"会议是 {self.vote.on} 开的，“{step.name}”这一步写的日子不能比它早。"
