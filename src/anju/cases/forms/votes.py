"""The forms of a vote: calling it with its roster, and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.actions.votes import Figures
from anju.cases.forms.steps import control, select
from anju.cases.models import Body, Choice
from anju.government.office_forms import DayField

_tally = {"agreed": _("同意"), "against": _("反对"), "abstained": _("弃权")}
_whole = forms.NumberInput(attrs=control)


class BodySelect(forms.Select):
    """The bodies, of which those that cannot vote stand there in grey, each with its reason."""

    def __init__(self, closed: Mapping[str, str]) -> None:
        super().__init__(attrs={"class": "form-select"})
        self.closed = closed

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Django's own, which cannot be chosen where the body is closed."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.closed:
            option["attrs"]["disabled"] = True
        return option


class CallForm(forms.Form):
    """Who meets, when, and who may vote."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    body = forms.ChoiceField(label=_("由谁表决"), choices=Body.choices)
    notified = DayField(label=_("通知日"), help_text=_("哪天告诉大家开会的。"))
    on = DayField(label=_("会议日"), help_text=_("要在公示期满以后，并且提前通知够天数。"))
    from_register = forms.BooleanField(
        label=_("登记库里的成年人列入名单"),
        required=False,
        help_text=_(
            "成员大会列本集体的成员；村民会议，确认成员身份的也只列本集体的成员，别的列户籍在本村的人；村民代表要自己写。"
        ),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"}),
    )
    names = forms.CharField(
        label=_("还有哪些人"),
        required=False,
        help_text=_("一行一个人，可以从表格里整列粘贴。名单一定下来，就不再加人减人；全部人数就是分母。"),
        widget=forms.Textarea(attrs={**control, "rows": 5}),
    )

    def __init__(
        self,
        seen: int,
        earliest: date | None = None,
        closed: Mapping[str, str] | None = None,
        data: Any = None,
        prefix: str | None = None,
    ) -> None:
        day, shut = timezone.localdate(), closed or {}
        first = {"seen": seen, "notified": day, "on": earliest or day, "from_register": True}
        super().__init__(data, initial=first, label_suffix="", auto_id="call-%s", prefix=prefix)
        words = [(body.value, f"{body.label}（{shut[body]}）" if body in shut else body.label) for body in Body]
        self.fields["body"] = forms.ChoiceField(label=_("由谁表决"), choices=words, widget=BodySelect(shut))
        self.order_fields(["body"])

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


class CountTogetherForm(forms.Form):
    """Who came to a meeting, and how it voted on each of several cases."""

    present = forms.IntegerField(label=_("实到"), min_value=1, widget=_whole)

    def __init__(self, cases: Sequence[tuple[UUID, str]], data: Any = None) -> None:
        super().__init__(data, label_suffix="", prefix="count", auto_id="tally-%s")
        self.cases = cases
        for case, name in cases:
            for what, word in _tally.items():
                self.fields[f"{case}.{what}"] = forms.IntegerField(
                    label=f"{name} {word}",
                    min_value=0,
                    widget=forms.NumberInput(attrs={**control, "aria-label": f"{name} {word}"}),
                )

    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Each of the cases by name, with its fields."""
        return [(name, [self[f"{case}.{what}"] for what in _tally]) for case, name in self.cases]

    def figures(self) -> dict[UUID, Figures]:
        """What was filled in, by case."""
        given = self.cleaned_data
        return {
            case: Figures(given["present"], *(given[f"{case}.{what}"] for what in _tally)) for case, _name in self.cases
        }


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
