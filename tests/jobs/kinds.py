"""Jobs that the tests begin. What they do to the world is a count in the database, by schedule rows."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from django.utils import timezone

from anju.jobs.actions import JobRefused, job, once, report
from anju.jobs.models import Job, Schedule

SECRET = "".join(["张", "三"])  # not as it stands in a line of this file, which a traceback may quote


def mark(name: str) -> None:
    """An effect that can be counted: a second one of the same name fails."""
    Schedule.objects.create(pk=name, next_at=timezone.now() + timedelta(days=1))


def mark_and_fail() -> None:
    """An effect of which nothing may be left."""
    mark("甲")
    raise RuntimeError


@job
def count(taken: Job) -> None:
    """``steps`` effects, with a pause between them long enough to be killed in."""
    steps = taken.arguments["steps"]
    for step in range(steps):
        once(partial(mark, f"{taken.pk}/{step}"), job=taken, step=str(step))
        report(job=taken, done=step + 1, total=steps, message=f"第 {step + 1} 步")
        time.sleep(taken.arguments.get("pause", 0))


@job
def stumble(taken: Job) -> None:
    """Fails as long as it has not been tried ``times`` times."""
    assert taken.task is not None
    if len(taken.task.worker_ids) < taken.arguments["times"]:
        raise RuntimeError(SECRET)
    once(lambda: mark(str(taken.pk)), job=taken, step="done")


@job
def refuse(taken: Job) -> None:
    """Cannot be done, now or later."""
    report(job=taken, done=1, total=2)
    raise JobRefused("这份文件没有可导入的行。")
