"""Batches that an officer may see: his own, those that wait for him, the others of his regions."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from anju.exchange.models import Batch, Batches, State
from anju.government.models import Officer
from anju.jobs.queries import Progress, progress_of

_purpose = "导入"


def batches(officer: Officer) -> Batches:
    """All of them, the newest first."""
    return (
        Batch.objects.visible_to(officer, purpose=_purpose)
        .select_related("uploaded_by", "accepted_by", "undo_asked_by", "undone_by")
        .order_by("-uploaded_at")
    )


def mine(officer: Officer) -> Batches:
    """Those that the officer handed in."""
    return batches(officer).filter(uploaded_by=officer)


def to_accept(officer: Officer) -> Batches:
    """Those that wait for somebody else than who handed them in, or who asked for them to be undone."""
    return batches(officer).filter(_waits(officer))


def others(officer: Officer) -> Batches:
    """Those of the officer's regions that somebody else handed in and that do not wait any more, or not yet."""
    return batches(officer).exclude(uploaded_by=officer).exclude(state=State.READY).exclude(_waits(officer))


def _waits(officer: Officer) -> Q:
    """Whether a batch waits for the officer."""
    undo = Q(state=State.MERGED, undo_asked_by__isnull=False, undo_decide_by__gte=timezone.now())
    return Q(state=State.READY) & ~Q(uploaded_by=officer) | undo & ~Q(undo_asked_by=officer)


def seen_batch(officer: Officer, key: str) -> Batch | None:
    """One batch, if the officer may see it."""
    try:
        UUID(key)
    except ValueError:
        return None
    return batches(officer).filter(pk=key).first()


def same_file(officer: Officer, batch: Batch) -> Batch | None:
    """The last merge of the same file in the same region before this one."""
    earlier = batches(officer).filter(digest=batch.digest, region=batch.region, kind=batch.kind, state=State.MERGED)
    return earlier.exclude(pk=batch.pk).filter(uploaded_at__lt=batch.uploaded_at).first()


def work_of(batch: Batch) -> Progress | None:
    """How far the background work of a batch is; none where it is not known any more."""
    return progress_of(batch.job) if batch.job else None
