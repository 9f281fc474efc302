"""The forms of a public notice and of what is said against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.actions.notices import longest_place
from anju.cases.fields import most_words
from anju.cases.forms.steps import control, select
from anju.cases.models import How, Outcome
from anju.government.office_forms import DayField


class NoticeForm(forms.Form):
    """A notice that hangs somewhere. ``until``: the last day at the least of one that is posted today."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    since = DayField(label=_("公示开始日"))
    until = DayField(label=_("公示截止日"), required=False, help_text=_("不填就按期限算；可以长，不能短。"))
    place = forms.CharField(label=_("贴在哪里"), max_length=longest_place, widget=forms.TextInput(attrs=control))
    text = forms.CharField(
        label=_("公示内容"),
        max_length=most_words,
        help_text=_("只写姓名、村社区和事由；证件、电话、账号、病情都不能写。"),
        widget=forms.Textarea(attrs={**control, "rows": 3}),
    )

    def __init__(
        self, seen: int, text: str = "", until: date | None = None, data: Any = None, prefix: str | None = None
    ) -> None:
        first = {"seen": seen, "since": timezone.localdate(), "text": text}
        super().__init__(data, initial=first, label_suffix="", auto_id="notice-%s", prefix=prefix)
        if until is not None:
            self.fields["until"].help_text = _("不填就按期限算，今天贴出的到 %(until)s；可以长，不能短。") % {
                "until": until
            }


class ProofForm(forms.Form):
    """Which paper shows that a notice hung since its first day."""

    proof = forms.ChoiceField(label=_("贴出来的照片或扫描件"), widget=select)

    together = forms.BooleanField(
        required=False,
        initial=True,
        help_text=_("照片也收进各人的件；对其中一位的异议，还是只拦那一位。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"}),
    )

    def __init__(self, papers: Sequence[tuple[str, str]], others: int, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id="proof-%s")
        field = self.fields["proof"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *papers]
        if others:
            self.fields["together"].label = _("同一张公示上的另外 %(n)s 件一起证实") % {"n": others}
        else:
            del self.fields["together"]


class ObjectionForm(forms.Form):
    """What somebody says against it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=_("哪天提的"))
    how = forms.ChoiceField(label=_("怎么提的"), choices=[(how.value, _(how.label)) for how in How], widget=select)
    who = forms.CharField(label=_("谁提的"), max_length=60, widget=forms.TextInput(attrs=control))
    told = forms.CharField(
        label=_("说了什么"), max_length=most_words, widget=forms.Textarea(attrs={**control, "rows": 2})
    )

    def __init__(self, data: Any = None) -> None:
        first = {"key": uuid4(), "on": timezone.localdate()}
        super().__init__(data, initial=first, label_suffix="", auto_id="objection-%s")


class DecideForm(forms.Form):
    """What became of an objection, and why."""

    outcome = forms.ChoiceField(
        label=_("处理结果"), choices=[("", "—"), *((one.value, _(one.label)) for one in Outcome)], widget=select
    )
    because = forms.CharField(
        label=_("理由"), max_length=most_words, widget=forms.Textarea(attrs={**control, "rows": 2})
    )

    def __init__(self, objection: object, data: Any = None) -> None:
        super().__init__(data, label_suffix="", auto_id=f"decide-{objection}-%s")
        self.objection = str(objection)
