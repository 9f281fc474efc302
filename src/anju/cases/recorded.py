"""What a case has on record beside its entries, which no step asks for again: of its notice, by the pages' names."""

from __future__ import annotations

from dataclasses import dataclass

from anju.cases import notices
from anju.cases.fields import Value
from anju.cases.models import Case, Notice
from anju.cases.procedures import Running
from anju.policy.model import Fact, Step
from anju.register.facts import today


@dataclass(frozen=True, slots=True)
class Recorded:
    """``notice``: the one that counts, and its ``state`` (`anju.cases.notices.state`)."""

    running: Running
    notice: Notice | None
    state: str

    @classmethod
    def of(cls, case: Case, running: Running) -> Recorded:
        """That of a case. Asked for nobody: show it within the case's scope."""
        notice = notices.current(case, running)
        return cls(running, notice, notices.state(notice, today()))

    def owned(self, step: Step) -> tuple[str, ...]:
        """The fields of a step that are not typed."""
        ours = notices.owned(self.running)
        return tuple(name for name in step.fields if name in ours)

    def answers(self, step: Step) -> dict[str, Value]:
        """What is on record of the fields of a step."""
        known = notices.answers(self.notice)
        return {name: known[name] for name in self.owned(step) if name in known}

    def facts(self) -> dict[str, Fact]:
        """What is on record as facts of terms, for the pages' 把关."""
        return {notices.state_term: self.state}

    def missing(self, step: Step) -> str:
        """What has to be put on record before a step goes on, in a sentence; "" where nothing has to."""
        if set(self.owned(step)) <= self.answers(step).keys():
            return ""
        return f"“{step.name}”要先贴公示：在下面的“公示”里登记贴出的日子和地点。"
