"""A resident's own months of assistance: which were paid, by whom, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anju.government.queries.names import Names
from anju.government.residents import Resident
from anju.payments.chain import elsewhere
from anju.payments.models import Amount, Month, State
from anju.payments.months import month_of, text_of
from anju.payments.queries.standing import Money, in_part, returned, states, told, unpaid

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


def own_months(resident: Resident, on: date) -> Sequence[OwnMonth]:
    """The latest months, the newest first; those to come are not told."""
    this = month_of(on)
    months = Month.objects.visible_to(resident, purpose=_purpose).filter(month__lte=this)
    rows = list(months.order_by("-month", "kind")[:_most])
    given: dict[tuple[str, int], list[Amount]] = {}
    amounts = Amount.objects.visible_to(resident, purpose=_purpose).filter(month__in={row.month for row in rows})
    for amount in amounts.order_by("recorded_at", "pk"):
        given.setdefault((amount.kind, amount.month), []).append(amount)
    names = Names({row.payer for row in rows}, on)
    found = []
    for row in rows:
        every = given.get((row.kind, row.month), ())
        own = Money.of((one.sort, one.amount) for one in every if one.payer == row.payer)
        net = Money.of((one.sort, one.amount) for one in every).net
        words, tone = told(row, own, over=row.month < this), _tones[row.state]
        if row.reason == elsewhere:
            words, tone = row.reason, "none"
        elif words == unpaid and net > 0:  # by an office that did not have to
            words, tone = states[State.PAID], _tones["paid"]
        elif words in (returned, in_part):
            tone = "principle"
        found.append(OwnMonth(text_of(row.month), row.get_kind_display(), words, tone, names(row.payer), net))
    return found
