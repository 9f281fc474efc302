"""The forms of a vote: calling it with its roster, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.actions.votes import Figures
from anju.cases.forms.steps import control, select
from anju.cases.models import Body, Choice
from anju.government.office_forms import DayField

_whole = forms.NumberInput(attrs=control)


class CallForm(forms.Form):
    """Who meets, when, and who may vote."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    body = forms.ChoiceField(label=_("由谁表决"), choices=Body.choices, widget=select)
    on = DayField(label=_("会议日"))
    from_register = forms.BooleanField(
        label=_("登记库里的成年人列入名单"),
        required=False,
        help_text=_("成员大会列本集体的成员，村民会议列户籍在本村的人；村民代表要自己写。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"}),
    )
    names = forms.CharField(
        label=_("还有哪些人"),
        required=False,
        help_text=_("一行一个人，可以从表格里整列粘贴。名单一定下来，就不再加人减人；全部人数就是分母。"),
        widget=forms.Textarea(attrs={**control, "rows": 5}),
    )

    def __init__(self, seen: int, data: Any = None) -> None:
        first = {"seen": seen, "on": timezone.localdate(), "from_register": True}
        super().__init__(data, initial=first, label_suffix="", auto_id="call-%s")

    def clean_names(self) -> Sequence[str]:
        """A name a line."""
        return str(self.cleaned_data["names"]).splitlines()


class CountForm(forms.Form):
    """The figures of a vote."""

    present = forms.IntegerField(label=_("实到"), min_value=1, widget=_whole)
    agreed = forms.IntegerField(label=_("同意"), min_value=0, widget=_whole)
    against = forms.IntegerField(label=_("反对"), min_value=0, widget=_whole)
    abstained = forms.IntegerField(label=_("弃权"), min_value=0, widget=_whole)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="count-%s")

    def figures(self) -> Figures:
        """What was filled in."""
        return Figures(**{name: self.cleaned_data[name] for name in ("present", "agreed", "against", "abstained")})


class RosterForm(forms.Form):
    """How those of one page of a roster voted."""

    def __init__(self, rows: Sequence[tuple[int, str, str]], data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        words = [("", _("没有到")), *((one.value, _(one.label)) for one in Choice)]
        for number, name, choice in rows:
            self.fields[str(number)] = forms.ChoiceField(
                label=f"{number} {name}", choices=words, required=False, initial=choice, widget=select
            )

    def choices(self) -> dict[int, str]:
        """By number."""
        return {int(number): choice for number, choice in self.cleaned_data.items()}
