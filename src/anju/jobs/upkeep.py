"""What a worker looks after between two jobs: who is alive, what to take over, what to try again, what is due by schedule."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from anju.jobs.actions import begin, end, job, not_done
from anju.jobs.models import Job, Schedule, Worker

most_attempts = 5
_kept = timedelta(days=30)


def seen(worker: str) -> None:
    """Tell the others that this worker is alive."""
    Worker.objects.update_or_create(pk=worker, defaults={"seen_at": timezone.now()})


def gone(worker: str) -> None:
    """Tell the others that this worker has ended as it should."""
    Worker.objects.filter(pk=worker).delete()


def take_over(*, lease: timedelta) -> int:
    """Queue again what ended workers had begun; the number of jobs."""
    running = list(DBTaskResult.objects.running().filter(job__isnull=False).select_related("job"))
    # Asked for second: a worker says that it is alive before it takes its first job.
    alive = set(Worker.objects.filter(seen_at__gte=timezone.now() - lease).values_list("pk", flat=True))
    return sum(_again(task) for task in running if not alive.intersection(task.worker_ids[-1:]))


def try_again() -> int:
    """Queue failed attempts again, each time later: after 10, 20, 40, … seconds; the number of jobs."""
    failed = DBTaskResult.objects.failed().filter(job__state=Job.State.OPEN).select_related("job")
    return sum(_again(task, wait=timedelta(seconds=5 * 2 ** len(task.worker_ids))) for task in failed)


def _again(task: DBTaskResult[Any, Any], *, wait: timedelta = timedelta()) -> int:
    """Back into the queue, unless another worker was faster or it has been tried often enough."""
    unchanged = DBTaskResult.objects.filter(pk=task.pk, status=task.status, started_at=task.started_at)
    if len(task.worker_ids) >= most_attempts:
        if unchanged.update(status=TaskResultStatus.FAILED, finished_at=timezone.now()):
            end(job=task.job, state=Job.State.FAILED, message=not_done)
        return 0
    return unchanged.update(status=TaskResultStatus.READY, run_after=timezone.now() + wait, finished_at=None)


def begin_due() -> int:
    """Begin the jobs that ``settings.ANJU_SCHEDULES`` wants by now; a time that nobody was up for is made up once."""
    now = timezone.localtime()
    later = set(Schedule.objects.filter(next_at__gt=now).values_list("pk", flat=True))
    entries = settings.ANJU_SCHEDULES.items()
    return sum(_begin_due(name, now, *entry) for name, entry in entries if name not in later)


@transaction.atomic
def _begin_due(name: str, now: datetime, path: str, first: str, minutes: int) -> bool:
    following = _next(now, first, minutes)
    Schedule.objects.get_or_create(pk=name, defaults={"next_at": following})
    due = Schedule.objects.select_for_update().filter(pk=name, next_at__lte=now).first()
    if due is None:
        return False
    begin(import_string(path), key=f"{name}@{due.next_at.isoformat()}", owner="", title=name)
    due.next_at = following
    due.save(update_fields=["next_at"])
    return True


def _next(now: datetime, first: str, minutes: int) -> datetime:
    """The first time after ``now`` that lies a multiple of ``minutes`` after the day's ``first`` (``HH:MM``)."""
    at = time.fromisoformat(first)
    begun = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    passed = (now - begun) // timedelta(minutes=minutes)
    return begun + (passed + 1) * timedelta(minutes=minutes)


@job
def forget(_: Job) -> None:
    """Remove jobs that ended long ago, with the queue's own records of them, and workers that never said goodbye."""
    old = timezone.now() - _kept
    ended = Job.objects.filter(ended_at__lt=old)
    with transaction.atomic():
        DBTaskResult.objects.filter(job__in=ended).delete()
        ended.delete()
        DBTaskResult.objects.finished().filter(job=None, finished_at__lt=old).delete()
        Worker.objects.filter(seen_at__lt=old).delete()
