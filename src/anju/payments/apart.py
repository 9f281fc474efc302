"""What payments know against joining two records of one person (`anju.register.apart`).

What was paid is never rewritten, and what is asked and done about it later names the record to which it was paid. So a record that money
names is the one that stays: nobody is paid twice by joining, and all that was paid can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from anju.government.second_wall import looking_everywhere
from anju.payments.models import Amount, Month, Part, Payer, Premium, RentGrant, Scheme, Settlement
from anju.register.apart import Apart, keeps_apart

_assistance: Sequence[Any] = (Payer, Month, Amount, Part)
_both = "两条都有钱款的记录，不能并：先更正，重复发的先追回，以后只在一条上接着办。"


@keeps_apart
def paid(stays: str, goes: str) -> Sequence[Apart]:
    """Money of any kind under the record that would go: expected, proposed, paid or taken back."""
    with looking_everywhere():
        found = dict(_money(goes))
        both = bool(found) and any(_money(stays))
    if both:
        return [Apart(_both)]
    told = "要并掉的那一条有{}的记录，不能改写：请反过来并，留下那一条。"
    return [Apart(told.format(what), frozenset({clause})) for what, clause in found.items()]


def _money(person: str) -> Iterator[tuple[str, str]]:
    """What there is of a record, and whose work it is."""
    if any(table._default_manager.unscoped().filter(person_id=person).exists() for table in _assistance):
        yield "救助发放", "1.7"
    for scheme, clause in ((Scheme.PENSION, "1.5"), (Scheme.MEDICAL, "1.6")):
        if Premium.objects.unscoped().filter(person_id=person, scheme=scheme).exists():
            yield scheme.label, clause
    if Settlement.objects.unscoped().filter(person_id=person).exists():
        yield "就医结算", "1.6"
    if RentGrant.objects.unscoped().filter(person_id=person).exists():
        yield "流转费补助", "1.4"
