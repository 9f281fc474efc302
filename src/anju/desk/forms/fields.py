"""The fields and looks that the forms of the desk have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.desk.places import code_of

_choosing = (forms.Select, forms.NullBooleanSelect)
_bare = (forms.HiddenInput, forms.RadioSelect, forms.CheckboxInput)


class DeskForm(forms.Form):
    """A form whose fields look as everywhere on the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            dress(field)


def dress(field: forms.Field) -> None:
    """Give a field's widget the site's look."""
    widget = field.widget
    if not isinstance(widget, _bare):
        widget.attrs.setdefault("class", "form-select" if isinstance(widget, _choosing) else "form-control")
        widget.attrs.setdefault("autocomplete", "off")


def offer(field: forms.Field, choices: Iterable[tuple[str, Any]]) -> None:
    """Give a field what it lets one choose from."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class DayField(forms.DateField):
    """A day that is not in the future."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The browser offers no later day."""
        return {**super().widget_attrs(widget), "max": timezone.localdate().isoformat()}

    def clean(self, value: Any) -> date | None:
        """The day. Raises `ValidationError`."""
        day: date | None = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("日子不能晚于今天。"), code="future")
        return day


class PlaceField(forms.CharField):
    """A place that is typed by name or by code, with suggestions; its value is the 12-digit code."""

    def __init__(self, **kwargs: Any) -> None:
        offering = {
            "list": "places",
            "hx-get": reverse_lazy("desk:places"),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#places",
        }
        super().__init__(max_length=80, widget=forms.TextInput(attrs=offering), **kwargs)

    def clean(self, value: Any) -> str:
        """The code. Raises `ValidationError`."""
        text: str = super().clean(value)
        code, doubt = code_of(text, timezone.localdate())
        if doubt:
            raise ValidationError(doubt, code="place")
        return code
