"""How far a job is, for whoever began it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_tasks import TaskResultStatus

from anju.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Progress:
    """``stage``: waiting · running · done · failed. ``done`` of ``total`` (0 while unknown), in the job's own units."""

    job: str
    title: str
    stage: str
    done: int
    total: int
    message: str
    begun_at: datetime
    ended_at: datetime | None


def progress(job_id: str, *, owner: str) -> Progress | None:
    """The job's progress; none where it does not exist or is another owner's, which look the same."""
    found = Job.objects.filter(pk=job_id, owner=owner).select_related("task").first()
    return None if found is None else _progress(found)


def progress_of(job_id: UUID) -> Progress | None:
    """The job's progress, for a page that has asked already whether its reader may know of it."""
    found = Job.objects.filter(pk=job_id).select_related("task").first()
    return None if found is None else _progress(found)


def jobs_of(owner: str, *, at_most: int = 50) -> list[Progress]:
    """The owner's jobs, the newest first."""
    found = Job.objects.filter(owner=owner).select_related("task").order_by("-begun_at")
    return [_progress(job) for job in found[:at_most]]


def _progress(job: Job) -> Progress:
    stage = str(job.state)
    if job.state == Job.State.OPEN:
        stage = "running" if job.task and job.task.status == TaskResultStatus.RUNNING else "waiting"
    return Progress(
        job=str(job.pk),
        title=job.title,
        stage=stage,
        done=job.done,
        total=job.total,
        message=job.message,
        begun_at=job.begun_at,
        ended_at=job.ended_at,
    )
