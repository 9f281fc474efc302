"""A list of what an office paid, as amounts beside the months: what is merged stands for good."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
from django.db.models import Q

from anju.exchange.models import Batch
from anju.exchange.writing.ops import Ops
from anju.payments.actions import Given, record_amounts
from anju.payments.models import Month, open_month


def write_paid(plan: pl.DataFrame, ops: Ops) -> None:
    """Keep what is to be merged until the batch is known."""
    new = plan.filter(pl.col("@verdict") == "new")
    ops.amounts = new.select("@person", "@kind", "@of", "@payer", "@cents", "@on")


def record(batch: Batch, rows: pl.DataFrame) -> set[str]:
    """Write the amounts down; whoever is concerned: who is on the list, and who should be and is not."""
    given = [
        Given(person, kind, month, payer, Decimal(cents).scaleb(-2), on, batch=batch.pk)
        for person, kind, month, payer, cents, on in rows.iter_rows()
    ]
    record_amounts(given, batch.accepted_by)
    listed = Q(pk__in=[])
    for payer, kind, month in {(one.payer, one.kind, one.month) for one in given}:
        listed |= Q(payer=payer, kind=kind, month=month)
    missing = Month.objects.unscoped().filter(listed, open_month).values_list("person_id", flat=True)
    return {one.person for one in given} | {str(person) for person in missing}
