"""Begin a job, tell how far it is, and let its effects happen once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from anju.jobs.models import Effect, Job

not_done = "这件后台工作几次都没有做完，已经停下。请稍后再交一次；还不行，请告诉维护的人。"
JobTask = Task[[str], None]


class JobRefused(Exception):
    """Raised by a job that must not be tried again; the message is a Chinese sentence for whoever began it."""


class AttemptFailed(Exception):
    """Says of which kind an attempt's exception was, and where; nothing of what stood in it."""


def job(work: Callable[[Job], None]) -> JobTask:
    """Decorate a module's function to make it a kind of job; :func:`begin` queues it.

    A worker may be killed at any moment, and the job is then taken again from its start: every write goes through
    :func:`once`. An exception is a failed attempt and is tried again, :class:`JobRefused` ends the job.
    """

    @wraps(work)
    def attempt(job_id: str) -> None:
        taken = Job.objects.get(pk=job_id)
        if taken.state != Job.State.OPEN:
            return
        try:
            work(taken)
        except JobRefused as refused:
            end(job=taken, state=Job.State.FAILED, message=str(refused))
        except Exception as error:  # noqa: BLE001 - the queue keeps its message, and a database's may quote a row
            raise AttemptFailed(type(error).__name__).with_traceback(error.__traceback__) from None
        else:
            end(job=taken, state=Job.State.DONE)

    return task(attempt)


def begin(work: JobTask, *, key: str, owner: str, title: str, arguments: Mapping[str, Any] | None = None) -> Job:
    """Queue a job in the caller's transaction; the same ``key`` again gives the job that was begun before."""
    with transaction.atomic():
        begun, new = Job.objects.get_or_create(
            key=key, defaults={"owner": owner, "title": title, "arguments": dict(arguments or {})}
        )
        if new:
            begun.task_id = UUID(work.enqueue(str(begun.pk)).id)
            begun.save(update_fields=["task"])
    return begun


def once(effect: Callable[[], object], *, job: Job, step: str) -> bool:
    """Let ``effect`` happen in one transaction, unless this step of the job has happened before; True if it did now.

    What lies outside of the database (a message sent, a file written) needs the step as its own idempotency key.
    """
    with transaction.atomic():
        _, new = Effect.objects.get_or_create(job=job, step=step)
        if new:
            effect()
    return new


def report(*, job: Job, done: int, total: int, message: str = "") -> None:
    """Tell how far the job is. Others see it at once outside of a transaction, and with its commit inside of one."""
    Job.objects.filter(pk=job.pk).update(done=min(done, total), total=total, message=message)


def end(*, job: Job, state: Job.State, message: str | None = None) -> bool:
    """Close the job, once; a finished one keeps its last message unless there is a new one."""
    said = {} if message is None else {"message": message[:300]}
    still_open = Job.objects.filter(pk=job.pk, state=Job.State.OPEN)
    return bool(still_open.update(state=state, ended_at=timezone.now(), **said))
