"""The forms of assistance months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.government.office_forms import DayField
from anju.payments.actions.within import longest
from anju.payments.models import Sort
from anju.payments.money import most

_F = TypeVar("_F", bound=forms.Form)
_control = {"class": "form-control", "autocomplete": "off"}
_select = {"class": "form-select", "lang": "zh-Hans"}


def _reason(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("为什么"), required=required, max_length=longest, widget=forms.TextInput(attrs=_control)
    )


def _month(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=7, widget=forms.TextInput(attrs={**_control, "placeholder": "2026-03"})
    )


class _OfKind(forms.Form):
    """Of one kind of assistance."""

    kind = forms.CharField(max_length=10, widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{"label_suffix": "", "initial": {"kind": kind}, "auto_id": f"{kind}-{self.prefix_of}-%s", **kwargs}
        )

    prefix_of = "form"


class AmountForm(_OfKind):
    """What was paid or taken back."""

    prefix_of = "amount"
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    sort = forms.ChoiceField(label=_("记什么"), choices=Sort.choices, widget=forms.Select(attrs=_select))
    month = _month(_("哪个月的"))
    payer = forms.ChoiceField(label=_("哪里发的"), widget=forms.Select(attrs=_select))
    amount = forms.DecimalField(
        label=_("金额（元）"),
        max_value=most,
        decimal_places=2,
        widget=forms.NumberInput(attrs={**_control, "step": "0.01", "min": "0.01", "inputmode": "decimal"}),
    )
    on = DayField(label=_("哪天"))
    reason = _reason(required=False)

    def __init__(self, kind: str, payers: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, *args, **kwargs)
        field = self.fields["payer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = payers
        self.fields["reason"].help_text = _("补发、追回、抵扣、退汇要写；发放不写。银行退回来、还要再发的，记退汇。")


class HoldForm(_OfKind):
    """A month that is held back, with ``release`` no longer; ``confirm``: another officer agrees to it."""

    prefix_of = "hold"
    month = _month(_("哪个月"))
    release = forms.BooleanField(
        label=_("不再缓发"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    reason = _reason(required=False)
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PostponeForm(_OfKind):
    """When the destination begins."""

    prefix_of = "postpone"
    month = _month(_("首发月推到"))
    reason = _reason()


class BeginForm(forms.Form):
    """From which month on an office keeps its months."""

    payer = forms.CharField(max_length=12, widget=forms.HiddenInput)
    month = _month(_("从哪个月起"))


def of_month(form: _F) -> _F:
    """The form where it is known which month it is about, and whose: they are sent unseen."""
    for name in form.fields.keys() & {"month", "payer"}:
        form.fields[name].widget = forms.HiddenInput()
    return form
