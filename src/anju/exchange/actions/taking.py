"""Taking along what is to be read about a batch."""

from __future__ import annotations

from uuid import UUID

from anju.exchange.models import rows_gone
from anju.exchange.noting import note
from anju.exchange.queries.batches import seen_batch
from anju.exchange.queries.rows import problems
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed


def take_problems(*, by: Officer, batch: str | UUID) -> list[tuple[str, str, str, str]]:
    """Everything that is to be read about rows: sheet and row, who, verdict, text; it stands in the journal before it is out.

    Raises:
        Refused: no such batch in the officer's reach, or its rows are forgotten.
    """
    with one_deed():
        found = seen_batch(by, str(batch))
        if found is None:
            raise Refused("没有这一批，或者不在您的范围里。")
        if found.forgotten_at:
            raise Refused(rows_gone)
        lines = list(problems(by, found))
        note(by, "take_problems", found, rows=len(lines))
    return lines
