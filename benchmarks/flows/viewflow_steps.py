"""Six steps of viewflow: handles, the least that it does for a step that somebody takes: no form, no permission, no view."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process, Task


class Transfer(flow.Flow):
    """Application, check, notice, receipt, hand-over, archive."""

    process_class = Process

    apply = flow.StartHandle(this.begin).Next(this.check)
    check = flow.Handle(this.take).Next(this.tell)
    tell = flow.Handle(this.take).Next(this.go_on)
    go_on = flow.Handle(this.take).Next(this.hand_over)
    hand_over = flow.Handle(this.take).Next(this.archive)
    archive = flow.Handle(this.take).Next(this.end)
    end = flow.End()

    def begin(self, activation: Any, told: dict[str, str]) -> Any:
        """The first step: what was written down is kept with the process."""
        activation.process.data = {"apply": told}
        return activation.process

    def take(self, activation: Any, told: dict[str, str]) -> Any:
        """Any other step."""
        activation.process.data[activation.flow_task.name] = told
        activation.process.save()
        return activation.process


steps = ("apply", "check", "tell", "go_on", "hand_over", "archive")


def take_all(told: dict[str, str]) -> int:
    """One process from its first step to its last; how many steps that were."""
    process = Transfer.apply.run(told=told)
    for name in steps[1:]:
        node = getattr(Transfer, name)
        node.run(Task.objects.get(process=process, flow_task=node), told=told)
    process = Process.objects.get(pk=process.pk)
    assert process.finished is not None
    return len(steps)


def take_many(processes: int, told: dict[str, str]) -> int:
    """Several processes, one after the other."""
    return sum(take_all(told) for _ in range(processes))
