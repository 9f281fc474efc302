"""The case of a one-stop settlement gets its amounts from what was settled."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.urls import reverse

from anju.cases.fields import Value
from anju.cases.filling import Filling, fills
from anju.cases.models import Case
from anju.payments.models import Did, Settlement, procedure

_names = {
    "总费用": "total",
    "基本医保支付": "basic",
    "大病保险支付": "catastrophic",
    "医疗救助支付": "assistance",
    "个人自付": "own",
}


def _values(case: Case) -> Mapping[str, Value]:
    """What was settled for the case last, and not taken back."""
    rows = Settlement.objects.unscoped().filter(case=case, did=Did.SETTLED, reversal=None)
    last = rows.order_by("-year", "-seq").first()
    if last is None:
        return {}
    told = json.loads(last.told.reveal())
    amounts = {name: float(getattr(last, column)) for name, column in _names.items()}
    return {**amounts, "定点医疗机构": told["institution"], "就医起止日": told["on"]}


def _address(case: Case) -> str:
    return reverse("settlements:new", args=[case.subject_id])


fills(procedure, Filling(_values, _address))
