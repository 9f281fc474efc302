"""A resident's own months of assistance: which were paid, by whom, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anju.government.queries.names import Names
from anju.government.residents import Resident
from anju.payments.chain import elsewhere
from anju.payments.models import Amount, Month, Sort, State, gives
from anju.payments.months import text_of

_purpose = "本人查看"
_most = 24
"""So many months are shown."""


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """A month: its kind (低保, 特困), how far it is, the office that pays, and what was paid and not taken back."""

    text: str
    kind: str
    state: str
    tone: str
    office: str
    paid: Decimal


_tones = {"paid": "calm", "expected": "none", "held": "principle", "stopped": "none"}
_returned = "银行退了回来，还没有再发"


def own_months(resident: Resident, on: date) -> Sequence[OwnMonth]:
    """The latest months, the newest first; those to come are not told."""
    months = Month.objects.visible_to(resident, purpose=_purpose).filter(month__lte=on.year * 100 + on.month)
    rows = list(months.order_by("-month", "kind")[:_most])
    paid: dict[tuple[str, int], Decimal] = {}
    last: dict[tuple[str, int], str] = {}
    amounts = Amount.objects.visible_to(resident, purpose=_purpose).filter(month__in={row.month for row in rows})
    for amount in amounts.order_by("recorded_at", "pk"):
        key = amount.kind, amount.month
        paid[key] = paid.get(key, Decimal(0)) + (amount.amount if amount.sort in gives else -amount.amount)
        last[key] = amount.sort
    names = Names({row.payer for row in rows}, on)
    found = []
    for row in rows:
        key, told, tone = (row.kind, row.month), row.stands, _tones[row.state]
        if row.reason == elsewhere:
            told, tone = row.reason, "none"
        elif row.state == State.PAID and last.get(key) == Sort.RETURNED and not paid[key]:  # after it was closed
            told, tone = _returned, "principle"
        money = paid.get(key, Decimal(0))
        found.append(OwnMonth(text_of(row.month), row.get_kind_display(), told, tone, names(row.payer), money))
    return found
