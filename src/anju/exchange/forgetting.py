"""What was read of a file is deleted some time after its batch ended; who handed in and accepted how many rows stays.

The staged rows and the sealed contents say what single people told and what stood in the register before; nobody needs that any
longer than a merge may be undone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from anju.exchange.models import Batch, Batches, Chunk, StagedRow
from anju.exchange.noting import note
from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.actions import job, once, report
from anju.jobs.models import Job


def kept_until(batch: Batch) -> datetime | None:
    """Until when an ended batch keeps its rows, and a merge may be undone; None while it has not ended, and once they are gone."""
    kept = timedelta(days=settings.ANJU_BATCHES_KEPT_DAYS)
    return batch.ended_at + kept if batch.ended_at and not batch.forgotten_at else None


@job
def forget(work: Job) -> None:
    """Delete the contents of all batches that are kept no longer, each in a transaction of its own with its entry in the journal."""
    ended_by = timezone.now() - timedelta(days=settings.ANJU_BATCHES_KEPT_DAYS)
    with looking_everywhere():
        due = list(_due(ended_by).values_list("pk", flat=True))
    for number, key in enumerate(due, start=1):
        with everything():
            once(partial(_forget, key, ended_by), job=work, step=str(key))
        report(job=work, done=number, total=len(due))


def _due(ended_by: datetime) -> Batches:
    return Batch.objects.unscoped().filter(ended_at__lte=ended_by, forgotten_at=None)


def _forget(key: UUID, ended_by: datetime) -> None:
    batch = _due(ended_by).select_for_update().filter(pk=key).first()
    if batch is None:  # somebody begins to undo it
        return
    Chunk.objects.unscoped().filter(batch=batch).delete()
    rows, _ = StagedRow.objects.unscoped().filter(batch=batch).delete()
    Batch.objects.unscoped().filter(pk=key).update(forgotten_at=timezone.now())
    note(None, "forget", batch, rows=rows)
