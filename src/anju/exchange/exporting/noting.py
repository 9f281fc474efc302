"""Entries about exports in the journal."""

from __future__ import annotations

from typing import Any

from anju.exchange.models import Export
from anju.government.acting import acting
from anju.government.models import Officer
from anju.journal.actions import Result, record
from anju.sealing.blind_index import keyed_digest


def note(by: Officer | None, action: str, export: Export, *, result: Result = "done", **detail: Any) -> None:
    """Write the entry of a deed; within its transaction.

    What the list was narrowed to is told by a keyed digest, since it may be a name: the same filters give the same digest.
    """
    record(
        actor=acting(by),
        action=f"exchange.{action}",
        object_kind="export",
        object_id=str(export.pk),
        purpose=export.purpose,
        result=result,
        detail={
            "kind": export.kind,
            "region": export.region,
            "full": export.full,
            "rows": export.rows,
            "filter": keyed_digest("filters", export.filters.reveal())[:16],
            **({"file": export.digest} if export.digest else {}),
            **detail,
        },
    )
