"""What payments know against joining two records of one person (`anju.register.apart`).

What was paid is never rewritten, and what is asked and done about it later names the record to which it was paid. So a record that money
names is the one that stays: nobody is paid twice by joining, and all that was paid can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.government.second_wall import looking_everywhere
from anju.payments.models import Amount, Month, Part, Payer, Premium, RentGrant, Settlement
from anju.register.apart import keeps_apart

_written: Sequence[Any] = (Payer, Month, Amount, Premium, Settlement, RentGrant, Part)


@keeps_apart
def paid(stays: str, goes: str) -> Sequence[str]:
    """Money of any kind under the record that would go: expected, proposed, paid or taken back."""
    with looking_everywhere():
        if not _any(goes):
            return ()
        if not _any(stays):
            return [
                "要并掉的那一条有救助、代缴、结算、流转费或者重新核定的记录，它们不能改写：请反过来并，留下那一条。"
            ]
    return [
        "两条都有救助、代缴、结算、流转费或者重新核定的记录，现在不能并：先更正，重复发的先追回，以后只在一条上接着办。"
    ]


def _any(person: str) -> bool:
    return any(table._default_manager.unscoped().filter(person_id=person).exists() for table in _written)
