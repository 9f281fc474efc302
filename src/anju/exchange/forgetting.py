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

from anju.exchange.models import Batch, Batches, Chunk, StagedRow, State, not_asked
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
    """Delete the contents of all batches that are kept no longer, each in a transaction of its own with its entry in the journal; and let
    those go that wait to be undone and for which nobody came.
    """
    ended_by = timezone.now() - timedelta(days=settings.ANJU_BATCHES_KEPT_DAYS)
    with looking_everywhere():
        due = list(_due(ended_by).values_list("pk", flat=True))
        late = list(_late().values_list("pk", flat=True))
    for key in late:
        with everything():
            once(partial(_lapse, key), job=work, step=f"lapse:{key}")
    for number, key in enumerate(due, start=1):
        with everything():
            once(partial(_forget, key, ended_by), job=work, step=str(key))
        report(job=work, done=number, total=len(due))


def _late() -> Batches:
    """Those whose undoing waits for a second officer, and nobody came."""
    return Batch.objects.unscoped().filter(state=State.MERGED, undo_decide_by__lt=timezone.now())


def _lapse(key: UUID) -> None:
    batch = _late().select_for_update(of=("self",)).filter(pk=key).first()
    if batch is not None:
        _let_go(batch, "申请了撤回，到期没有人同意，这一批没有撤回；还要的话请重新申请。")


def _let_go(batch: Batch, message: str) -> None:
    """Nobody wants it to be undone any more."""
    Batch.objects.unscoped().filter(pk=batch.pk).update(message=message, **not_asked)
    note(None, "lapse_undo", batch, asked_by=str(batch.undo_asked_by_id))


def _due(ended_by: datetime) -> Batches:
    return Batch.objects.unscoped().filter(ended_at__lte=ended_by, forgotten_at=None)


def _forget(key: UUID, ended_by: datetime) -> None:
    batch = _due(ended_by).select_for_update().filter(pk=key).first()
    if batch is None:  # somebody begins to undo it
        return
    if batch.state == State.MERGED and batch.undo_asked_by_id is not None:
        _let_go(batch, "申请了撤回，每行的内容到期删去了，不能再撤回。")
    Chunk.objects.unscoped().filter(batch=batch).delete()
    rows, _ = StagedRow.objects.unscoped().filter(batch=batch).delete()
    Batch.objects.unscoped().filter(pk=key).update(forgotten_at=timezone.now())
    note(None, "forget", batch, rows=rows)
