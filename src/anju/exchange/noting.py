"""Entries about batches in the journal."""

from __future__ import annotations

from typing import Any

from anju.exchange.models import Batch
from anju.government.acting import acting
from anju.government.models import Officer
from anju.journal.actions import record


def note(by: Officer | None, action: str, batch: Batch, **detail: Any) -> None:
    """Write the entry of a deed; within its transaction."""
    record(
        actor=acting(by),
        action=f"exchange.{action}",
        object_kind="batch",
        object_id=str(batch.pk),
        detail={"kind": batch.kind, "region": batch.region, "file": batch.digest[:12], **detail},
    )
