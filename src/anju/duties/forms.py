"""The forms of a county's own figures."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.government.models import never
from anju.government.office_forms import DayField


class NewValue(forms.Form):
    """A figure, from a day on."""

    value = forms.DecimalField(
        label=_("值"),
        min_value=0,
        max_digits=14,
        decimal_places=4,
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "any", "inputmode": "decimal"}),
        error_messages={"invalid": _("写成数，例如 30。"), "min_value": _("不能小于 0。")},
    )
    since = DayField(label=_("生效"))
    until = DayField(label=_("失效（空着是一直有效）"), required=False)
    basis = forms.CharField(
        label=_("依据"),
        max_length=200,
        help_text=_("哪一级、哪个文件定的"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, parameter: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{parameter}-%s", **kwargs})
        self.initial.setdefault("since", timezone.localdate())

    def clean_until(self) -> Any:
        """A blank last day is never."""
        return self.cleaned_data["until"] or never


class LastDay(forms.Form):
    """From which day a figure no longer holds."""

    until = DayField(label=_("失效"))

    def __init__(self, *args: Any, value: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"end-{value}-%s", **kwargs})
        self.initial.setdefault("until", timezone.localdate())
