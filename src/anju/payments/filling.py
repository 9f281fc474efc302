"""The case of a one-stop settlement gets its amounts from the bills that were settled for it: no step asks for what is computed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.urls import reverse

from anju.cases.actions.work import values_of
from anju.cases.fields import Value
from anju.cases.filling import Filling, fills
from anju.cases.models import Case, Entry
from anju.payments.models import Did, Settlement, procedure
from anju.payments.one_stop import Step
from anju.payments.queries.settlements import steps_of

_total = "总费用"
_parts = {
    "基本医保支付": "basic",
    "大病保险支付": "catastrophic",
    "医疗救助支付": "assistance",
    "个人自付": "own",
}


def _standing(case: Case) -> list[Settlement]:
    """What was settled for the case and not taken back, in its order."""
    rows = Settlement.objects.unscoped().filter(case=case, did=Did.SETTLED, reversal=None)
    return list(rows.order_by("year", "seq"))


def _values(case: Case) -> Mapping[str, Value]:
    rows = _standing(case)
    if not rows:
        return {}
    told = [json.loads(row.told.reveal()) for row in rows]
    amounts = {name: float(_sum(rows, column)) for name, column in {_total: "total", **_parts}.items()}
    institutions, days = (dict.fromkeys(one[name] for one in told) for name in ("institution", "on"))
    return {**amounts, "定点医疗机构": "、".join(institutions), "就医起止日": "、".join(days)}


def _sum(rows: Sequence[Settlement], column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal(0))


def _lacking(case: Case) -> str:
    """Nothing settled yet, or for another sum than was written down before."""
    rows = _standing(case)
    if not rows:
        return "四项金额不手填：先结算单据，由系统照登记的标准一步一步算。"
    written = values_of(list(Entry.objects.unscoped().filter(case=case).order_by("seq"))).get(_total)
    total = _sum(rows, "total")
    if written is None or abs(Decimal(str(written)) - total) < Decimal("0.01"):
        return ""
    return (
        f"前面写的总费用是 {Decimal(str(written)):.2f} 元，结算的单据合计 {total:.2f} 元。"
        "对一对：单据没有录完的接着结算，单据录错的冲正，前面写错的退回去改。"
    )


def _working(case: Case) -> Sequence[Step]:
    return [step for row in _standing(case) for step in steps_of(json.loads(row.told.reveal()))]


def _address(case: Case) -> str:
    return reverse("settlements:new", args=[case.subject_id])


fills(
    procedure,
    Filling(
        _values,
        _address,
        frozenset(_parts),
        frozenset({_total}),
        _lacking,
        _working,
        "payments/_working.html",
    ),
)
