"""What one may hand in, and why something is given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.exchange.kinds import kinds
from anju.tables.uploads import LedgerField


class HandInForm(forms.Form):
    """A file, what its rows are, and for which of the officer's regions."""

    kind = forms.ChoiceField(
        label=_("文件里一行是什么"), error_messages={"required": _("请选文件里一行是什么。")}, widget=forms.RadioSelect
    )
    region = forms.ChoiceField(
        label=_("归口地区"),
        help_text=_("这一批归这里：迁出地或迁入地在这里的才收，由这里的另一位干部接收。"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    ledger = LedgerField()

    def __init__(self, regions: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = regions
        kind, region = self.fields["kind"], self.fields["region"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(region, forms.ChoiceField)
        kind.choices = [(known.code, known.title) for known in kinds()]
        region.choices = list(regions.items())


class AskForm(forms.Form):
    """How much of the numbers is taken along, and what for."""

    full = forms.ChoiceField(
        label=_("号码和住址"),
        choices=[("", _("遮住")), ("1", _("完整"))],
        required=False,
        widget=forms.RadioSelect,
    )
    purpose = forms.CharField(
        label=_("用途"),
        max_length=300,
        required=False,
        help_text=_("导出完整的，要写明用来做什么；写进日志，审计员看得到。不写姓名和证件号码。"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class BecauseForm(forms.Form):
    """Why a batch is given back, or a merge undone."""

    because = forms.CharField(
        label=_("为什么"),
        max_length=300,
        required=False,
        help_text=_("写进日志，交的人看得到；不写姓名和证件号码。"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
