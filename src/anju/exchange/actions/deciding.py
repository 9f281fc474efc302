"""Which rows are to be merged, and what of those that contradict."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F

from anju.exchange.conflicts import allowed
from anju.exchange.models import Batch, Decision, StagedRow, State, Verdict
from anju.exchange.noting import note
from anju.exchange.queries.batches import seen_batch
from anju.exchange.queries.rows import conflicts_of, rivals_of
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed

_purpose = "核对导入"


def decide(*, by: Officer, batch: str | UUID, numbers: Sequence[int], decision: str) -> None:
    """Decide of rows with a conflict: whoever handed the batch in. Of rows that say the same of somebody, taking one leaves the others.

    Raises:
        Refused: not one's own batch, not waiting any more, a decision that the conflict does not allow.
    """
    with one_deed():
        found = _waiting(by, batch)
        if found.uploaded_by_id != by.pk:
            raise Refused("对不上的行由交的人来定。")
        known = conflicts_of(by, found, numbers)
        for codes in known.values():
            if decision and decision not in allowed(codes):
                raise Refused("这一行不能这样定，请重选。")
        if set(known) != set(numbers):
            raise Refused("有的行没有对不上的地方，不用定。")
        rows = StagedRow.objects.visible_to(by, purpose=_purpose).filter(batch=found, verdict=Verdict.CONFLICT)
        merged = decision in (Decision.KEEP, Decision.FILE)
        rows.filter(number__in=numbers).update(decision=decision, chosen=merged)
        if decision == Decision.FILE:
            rivals = set(rivals_of(by, found, numbers)) - set(numbers)
            rows.filter(number__in=sorted(rivals)).update(decision=Decision.OUT, chosen=False)
        _seen_anew(by, found)
        note(by, "decide", found, rows=len(numbers), decision=decision)


def choose(*, by: Officer, batch: str | UUID, shown: Sequence[int], chosen: Sequence[int]) -> None:
    """Of the rows that were shown, merge those that are chosen and not the others. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, batch)
        rows = StagedRow.objects.visible_to(by, purpose=_purpose).filter(
            batch=found, number__in=shown, verdict__in=[Verdict.NEW, Verdict.CHANGE]
        )
        taken = set(chosen)
        rows.filter(number__in=sorted(taken)).update(chosen=True)
        rows.exclude(number__in=sorted(taken)).update(chosen=False)
        _seen_anew(by, found)
        note(by, "choose", found, shown=len(shown), chosen=len(taken))


def _waiting(by: Officer, batch: str | UUID) -> Batch:
    found = seen_batch(by, str(batch))
    if found is None:
        raise Refused("没有这一批，或者不在您的范围里。")
    if found.state != State.READY:
        raise Refused("这一批已经处理过了，请刷新再看。")
    return found


def _seen_anew(by: Officer, batch: Batch) -> None:
    rows = Batch.objects.visible_to(by, purpose=_purpose).filter(pk=batch.pk, state=State.READY)
    if not rows.update(revision=F("revision") + 1):
        raise Refused("这一批已经处理过了，请刷新再看。")
