"""The form of 重新核定: each member stays or goes and counts or not, and of each part who pays, what, how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.payments.actions import Share
from anju.payments.actions.within import longest
from anju.payments.models import Assessed, Side
from anju.payments.money import most

_control = {"class": "form-control", "autocomplete": "off"}
_select = {"class": "form-select", "lang": "zh-Hans"}


class ReassessmentForm(forms.Form):
    """A household of these ``members`` (person → name), paid by these ``offices`` (code and name)."""

    since = forms.CharField(
        label=_("从哪个月起算"), max_length=7, widget=forms.TextInput(attrs={**_control, "placeholder": "2026-03"})
    )
    basis = forms.CharField(
        label=_("依据"),
        max_length=longest,
        help_text=_("凭什么核定：入户调查、家庭收入核对、新户口簿。"),
        widget=forms.TextInput(attrs=_control),
    )

    def __init__(
        self, members: Mapping[str, str], offices: Sequence[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.members = members
        for person, name in members.items():
            self.fields[f"side-{person}"] = forms.ChoiceField(
                label=name,
                choices=[("", "—"), *Side.choices],
                widget=forms.Select(attrs={**_select, "class": "form-select w-auto"}),
            )
            self.fields[f"counted-{person}"] = forms.BooleanField(
                label=_("计入人数"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
            )
        for side in Side:
            self.fields[f"{side.value}_payer"] = forms.ChoiceField(
                label=_("由哪里发"), choices=offices, widget=forms.Select(attrs=_select)
            )
            self.fields[f"{side.value}_kind"] = forms.ChoiceField(
                label=_("救助"), choices=Assessed.choices, widget=forms.Select(attrs=_select)
            )
            self.fields[f"{side.value}_amount"] = forms.DecimalField(
                label=_("每月金额（元）"),
                min_value=0,
                max_value=most,
                decimal_places=2,
                widget=forms.NumberInput(attrs={**_control, "step": "0.01", "min": "0", "inputmode": "decimal"}),
            )

    def people(self) -> list[tuple[Any, Any]]:
        """Of each member the two fields."""
        return [(self[f"side-{person}"], self[f"counted-{person}"]) for person in self.members]

    def parts(self) -> list[tuple[str, list[Any]]]:
        """Of each part its name and its fields."""
        return [(side.label, [self[f"{side.value}_{name}"] for name in ("payer", "kind", "amount")]) for side in Side]

    def share(self, side: Side) -> Share:
        """What was filled in for a part."""
        given = self.cleaned_data
        own = [person for person in self.members if given[f"side-{person}"] == side]
        counted = [person for person in own if given[f"counted-{person}"]]
        payer, kind, amount = (given[f"{side.value}_{name}"] for name in ("payer", "kind", "amount"))
        return Share(payer, kind, Decimal(amount), counted, [person for person in own if person not in counted])
