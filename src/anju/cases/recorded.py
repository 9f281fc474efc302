"""What a case has on record beside its entries, which no step asks for again: its notice and its vote, by the pages' names."""

from __future__ import annotations

from dataclasses import dataclass

from anju.cases import notices, votes
from anju.cases.fields import Value
from anju.cases.models import Case, Notice, Vote
from anju.cases.procedures import Running
from anju.policy.model import Fact, Step
from anju.register.facts import today


@dataclass(frozen=True, slots=True)
class Recorded:
    """``notice``: the one that counts, and its ``state`` (`anju.cases.notices.state`); ``vote``: the one that counts."""

    running: Running
    notice: Notice | None
    state: str
    vote: Vote | None

    @classmethod
    def of(cls, case: Case, running: Running) -> Recorded:
        """That of a case. Asked for nobody: show it within the case's scope."""
        notice = notices.current(case, running)
        return cls(running, notice, notices.state(notice, today()), votes.current(case, running))

    def owned(self, step: Step) -> tuple[str, ...]:
        """The fields of a step that are not typed."""
        ours = notices.owned(self.running) | votes.owned(self.running, step)
        return tuple(name for name in step.fields if name in ours)

    def answers(self, step: Step) -> dict[str, Value]:
        """What is on record of the fields of a step."""
        known = notices.answers(self.notice) | votes.answers(self.vote)
        return {name: known[name] for name in self.owned(step) if name in known}

    def facts(self) -> dict[str, Fact]:
        """What is on record as facts of terms, for the pages' 把关."""
        return {notices.state_term: self.state}

    def missing(self, step: Step) -> str:
        """What has to be put on record before a step goes on, in a sentence; "" where nothing has to."""
        open_ = set(self.owned(step)) - self.answers(step).keys()
        if open_ & notices.fields.keys():
            return f"“{step.name}”要先贴公示：在下面的“公示”里登记贴出的日子和地点。"
        if open_ and self.vote is None:
            return f"“{step.name}”要先定下表决名单：在下面的“表决”里写明由谁、哪天、哪些人。"
        return f"“{step.name}”要先计票：在下面的“表决”里登记。" if open_ else ""
