"""The background work of an import: reading a file, merging a batch, undoing a merge.

Each may be killed anywhere, and is then begun again; what it does happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from anju.exchange import storage
from anju.exchange.finding import sliced
from anju.exchange.merging import merge, refused_row
from anju.exchange.models import Batch, Batches, Part, StagedRow, State, not_asked
from anju.exchange.noting import note
from anju.exchange.staging import keep, staged
from anju.exchange.undoing import Touched, undo
from anju.government.refusals import sentence
from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.actions import job, once, report
from anju.jobs.models import Job
from anju.journal.plain_numbers import without_numbers
from anju.tables.ledger import FileRefused

_steps = 4
_which_row = "不能并入的是下面标出的那一行，别的行都没有动；不并入它，或者改好再交。"
_tied = "库里别的记录连着这一批的对象，这一步做不成；请逐个核对。"


def _batch(work: Job) -> Batch:
    with looking_everywhere():
        return Batch.objects.unscoped().select_related("accepted_by", "undone_by").get(pk=work.arguments["batch"])


@job
def read_file(work: Job) -> None:
    """Read a handed-in file, compare it with the register, and let its rows wait."""
    batch = _batch(work)
    if batch.state != State.READING:
        return
    report(job=work, done=1, total=_steps, message="读文件，和库里的比对")
    try:
        frames, notes = staged(batch)
    except FileRefused as refused:
        problem = without_numbers(refused.problem.sentence())
        with everything():
            once(lambda: _failed(batch, problem), job=work, step="refused")
        return
    report(job=work, done=3, total=_steps, message="存下待接收的行")
    with everything():
        once(lambda: keep(batch, frames, notes), job=work, step="kept")
    report(job=work, done=_steps, total=_steps)


@job
def merge_batch(work: Job) -> None:
    """Merge an accepted batch."""
    batch = _batch(work)
    if batch.state != State.MERGING:
        return
    report(job=work, done=1, total=2, message="并入，计算应办")
    at = timezone.now()
    _try(work, batch, lambda: _merged(batch, at), back=State.READY, whose=lambda: refused_row(batch, at))
    report(job=work, done=2, total=2)


@job
def undo_batch(work: Job) -> None:
    """Undo a merge, unless something was touched since."""
    batch = _batch(work)
    if batch.state != State.UNDOING:
        return
    report(job=work, done=1, total=2, message="撤回")
    _try(work, batch, lambda: _undone(batch, timezone.now()), back=State.MERGED)
    report(job=work, done=2, total=2)


def _merged(batch: Batch, at: datetime) -> None:
    merged = merge(batch, at)
    counts = {**batch.counts, "merged": merged}
    _rows(batch).update(state=State.MERGED, merged_at=at, ended_at=at, counts=counts, message="")
    note(batch.accepted_by, "merge", batch, counts=merged)


def _undone(batch: Batch, at: datetime) -> None:
    undo(batch, at)
    _rows(batch).update(state=State.UNDONE, undone_at=at, ended_at=at, message="")
    note(batch.undone_by, "undo", batch)


def _try(
    work: Job, batch: Batch, effect: Callable[[], None], *, back: State, whose: Callable[[], int | None] = lambda: None
) -> None:
    """Let it happen once; what the database refuses, or what was touched, takes the batch a step back with a sentence.

    ``whose``: the number of the row for which the database refuses.
    """
    touched: Mapping[str, Sequence[str]] = {}
    row: int | None = None
    try:
        with everything():
            once(effect, job=work, step="done")
    except Touched as found:
        problem, touched = str(found), found.subjects
    except IntegrityError as error:
        row = whose()
        problem = _sentence(error) + (_which_row if row is not None else "")
    else:
        return
    with everything():
        once(lambda: _back(batch, back, problem, touched, row), job=work, step="back")


def _sentence(error: IntegrityError) -> str:
    try:
        return sentence(error)
    except IntegrityError:
        return _tied


def _back(
    batch: Batch, state: State, problem: str, touched: Mapping[str, Sequence[str]], left: int | None = None
) -> None:
    if left is not None:
        StagedRow.objects.unscoped().filter(batch=batch, number=left).update(left=True)
    for kind, ids in touched.items():
        for some in sliced(ids):
            rows = StagedRow.objects.unscoped().filter(batch=batch, subject__in=some)
            (rows if kind != "person" else rows.exclude(kind__in=["household", "site"])).update(touched=True)
    values = {"accepted_by": None} if state == State.READY else {"ended_at": batch.merged_at, **not_asked}
    _rows(batch).update(state=state, message=problem[:300], **values)


def _failed(batch: Batch, problem: str) -> None:
    storage.forget(batch, Part.FILE)
    _rows(batch).update(state=State.FAILED, message=problem[:300])


def _rows(batch: Batch) -> Batches:
    return Batch.objects.unscoped().filter(pk=batch.pk)
