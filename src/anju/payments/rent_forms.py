"""The forms of the land-rent subsidy: a budget, a plot that is proposed, the day on which it was paid."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.plots import longest_plot
from anju.government.models import Region
from anju.government.office_forms import DayField, PlaceField
from anju.payments.money import most
from anju.payments.rents import hundredth

_control = {"class": "form-control", "autocomplete": "off"}


def _number(label: Any, **kwargs: Any) -> forms.DecimalField:
    widget = forms.NumberInput(attrs={**_control, "step": "0.01", "min": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, min_value=hundredth, max_value=most, decimal_places=2, widget=widget, **kwargs
    )


class BudgetForm(forms.Form):
    """A county's budget of a year."""

    amount = _number(_("预算（元）"))
    on = DayField(label=_("下达日"))
    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("哪一级、哪个文件下达的"),
        widget=forms.TextInput(attrs=_control),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "budget-%s", **kwargs})
        self.initial.setdefault("on", timezone.localdate())


class RentForm(forms.Form):
    """A plot. Who rents how much at which rate is known, and not asked."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    plot = forms.CharField(
        label=_("地块"),
        max_length=longest_plot * 2,
        help_text=_("照流转合同上的名称或编号写；同一块地一年只补一次。"),
        widget=forms.TextInput(attrs=_control),
    )
    mu = _number(_("亩数"), help_text=_("一份合同几块地的，一块一块提。"))
    place = PlaceField(
        label=_("地块所在村"),
        required=False,
        kinds=(Region.Kind.VILLAGE,),
        help_text=_("空着就是这一户的迁入地。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.initial = {"key": uuid4(), **self.initial}

    def given(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        place = self.cleaned_data["place"]
        return {**self.cleaned_data, "place": place.code if place else ""}


class PaidForm(forms.Form):
    """When a grant was paid."""

    paid_on = DayField(label=_("发放日"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.initial.setdefault("paid_on", timezone.localdate())
