"""The forms of bills and premiums."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.government.office_forms import DayField
from anju.payments.actions import Charged
from anju.payments.actions.within import longest
from anju.payments.money import most
from anju.payments.one_stop import KINDS, LEVELS, TIERS

_control = {"class": "form-control", "autocomplete": "off"}


def _choice(label: Any, words: Iterable[str], **kwargs: Any) -> forms.ChoiceField:
    select = forms.Select(attrs={"class": "form-select", "lang": "zh-Hans"})
    return forms.ChoiceField(
        label=label, choices=[("", "—"), *((word, word) for word in words)], widget=select, **kwargs
    )


def _amount(label: Any, **kwargs: Any) -> forms.DecimalField:
    number = forms.NumberInput(attrs={**_control, "step": "0.01", "min": "0", "inputmode": "decimal"})
    return forms.DecimalField(label=label, min_value=0, max_value=most, decimal_places=2, widget=number, **kwargs)


class BillForm(forms.Form):
    """What stands on the institution's paper."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    institution = forms.CharField(label=_("定点医疗机构"), max_length=60, widget=forms.TextInput(attrs=_control))
    number = forms.CharField(label=_("单据号"), max_length=60, widget=forms.TextInput(attrs=_control))
    on = DayField(label=_("出院或就诊日"), help_text=_("算在哪一年、用哪天的标准，都看这一天。"))
    kind = _choice(_("就医类别"), KINDS)
    level = _choice(_("医院等级"), LEVELS)
    tier = _choice(_("参保档次"), TIERS)
    total = _amount(_("总费用（元）"))
    outside = _amount(_("其中目录外自费（元）"), required=False, help_text=_("医保目录里没有的；没有就空着。"))
    first = _amount(_("其中先行自付（元）"), required=False, help_text=_("乙类项目先由本人付的；没有就空着。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.initial = {"key": uuid4(), "on": timezone.localdate(), **self.initial}

    def charged(self) -> Charged:
        """The bill that was filled in."""
        given = self.cleaned_data
        words = (given[name] for name in ("institution", "number", "on", "kind", "level", "tier", "total"))
        return Charged(*words, *(given[name] or Decimal(0) for name in ("outside", "first")))


class ReasonForm(forms.Form):
    """Why a settlement is taken back."""

    reason = forms.CharField(label=_("为什么"), max_length=longest, widget=forms.TextInput(attrs=_control))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
