"""Whether every settlement still comes out as it was worked out: asked at night, from what lies sealed with it."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import groupby

from anju.payments.actions.settling import bill_of, parts_of
from anju.payments.models import Did, Settlement
from anju.payments.one_stop import Figure, Unsettled, Used, settle
from anju.register.verification import proves


@proves("每笔结算照当时的参数重算一遍都一样")
def differing() -> int:
    """How many settlements come out otherwise, by their own figures and what the year had used up before them."""
    rows = Settlement.objects.unscoped().filter(did=Did.SETTLED).select_related("reversal")
    wrong = 0
    for _, of_year in groupby(rows.order_by("person_id", "year", "seq"), key=lambda row: (row.person_id, row.year)):
        listed = list(of_year)
        wrong += sum(not _same(row, listed) for row in listed)
    return wrong


def _same(row: Settlement, of_year: list[Settlement]) -> bool:
    """Whether a row comes out again from those that stood before it."""
    used = Used()
    for before in of_year:
        taken_back = getattr(before, "reversal", None)
        if before.seq < row.seq and (taken_back is None or taken_back.seq > row.seq):
            told = json.loads(before.told.reveal())
            used = used.after(bill_of(told), parts_of(told))
    told = json.loads(row.told.reveal())
    figures = [figure for step in told["steps"] for figure in step["figures"]]
    known = {name: Figure(name, Decimal(value), unit, source, own) for name, value, unit, source, own in figures}
    try:
        parts = settle(bill_of(told), used, known)
    except Unsettled:
        return False
    worked = (parts.basic, parts.catastrophic, parts.assistance, parts.own)
    return worked == (row.basic, row.catastrophic, row.assistance, row.own) and bill_of(told).total == row.total
