"""The forms of a case: the fields of a step as its page names them, the opening, and the ways out of every procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.actions.papers import check_size
from anju.cases.fields import Field, FieldKind, Value
from anju.cases.procedures import forward
from anju.government.office_forms import DayField, PlaceField
from anju.government.refusals import Refused
from anju.policy.model import Step

control = {"class": "form-control", "autocomplete": "off"}
select = forms.Select(attrs={"class": "form-select"})
_yes_or_no = (("", "—"), ("yes", _("是")), ("no", _("否")))
_most = 1_000


class _CaseForm(forms.Form):
    """What the officer had seen, and the sender's own key, so that what is sent twice is done once."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class StepForm(_CaseForm):
    """What is written down at a step. On the way on nothing may be missing; on a way back there is a reason."""

    needed: ClassVar[Mapping[bool, Any]] = {
        False: _("还没有填；没有的写“无”。"),
        True: _("还没有交验；没有交验，办不了这一步。"),
    }
    """What is said of a field that is missing; True: of a paper."""
    key = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=_("办理日"))
    basis = forms.CharField(
        label=_("凭哪一份回函或材料"),
        required=False,
        max_length=_most,
        help_text=_("办这一步的单位现在没有人在系统里，由您照它的回函或材料记下。"),
        widget=forms.TextInput(attrs=control),
    )
    absent = forms.BooleanField(
        label=_("本人不在场，由我代办"),
        required=False,
        help_text=_("代办要有本人签字的授权书或照片，先在下面的“材料”里交上；本人在场、当面签字的不用勾。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"}),
    )
    reason = forms.CharField(
        label=_("为什么"),
        required=False,
        max_length=_most,
        help_text=_("退回、补正、终止要写；别的可以不写。"),
        widget=forms.Textarea(attrs={**control, "rows": 2}),
    )

    def __init__(
        self,
        step: Step,
        fields: Sequence[Field],
        known: Mapping[str, Value],
        *,
        vacant: bool,
        seen: int,
        resident: bool = False,
        data: Any = None,
    ) -> None:
        first = {name_of(field): _first(field, known[field.name]) for field in fields if field.name in known}
        told = {"on": timezone.localdate(), "seen": seen, "key": uuid4()}
        super().__init__(data, initial={**first, **told})
        self.step, self.written = step, tuple(fields)
        for field in fields:
            self.fields[name_of(field)] = _made[field.kind](field)
        if not vacant:
            del self.fields["basis"]
        if not resident:
            del self.fields["absent"]
        if all(forward(step, move) for move in step.moves):
            del self.fields["reason"]
        self.order_fields([*(name_of(field) for field in fields), "on", "basis", "absent", "reason"])

    def clean(self) -> dict[str, Any]:
        """Say at each field what the way on still needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        move = next((move for move in self.step.moves if move.action == self.data.get("action")), None)
        if move is not None and forward(self.step, move):
            for field in self.written:
                if name_of(field) not in self.errors and cleaned.get(name_of(field)) in (None, "", False):
                    self.add_error(name_of(field), self.needed[field.kind == "paper"])
        elif move is not None and move.target != self.step.number and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("退回、补正和终止要写明为什么。"))
        return cleaned

    def values(self) -> dict[str, Value]:
        """What was filled in, by the page's names."""
        given = ((field, self.cleaned_data.get(name_of(field))) for field in self.written)
        return {field.name: _value(field, value) for field, value in given if value not in (None, "", False)}


def name_of(field: Field) -> str:
    """A field's name in the form."""
    return f"f-{field.name}"


def _first(field: Field, value: Value) -> Any:
    return ("yes" if value else "no") if field.kind == "yes" else value


def _value(field: Field, value: Any) -> Value:
    if field.kind == "yes":
        return bool(value == "yes")
    if field.kind == "day":
        return str(value.isoformat())
    kept: Value = value
    return kept


def _text(field: Field) -> forms.Field:
    return forms.CharField(label=field.name, required=False, max_length=_most, widget=forms.TextInput(attrs=control))


def _month(field: Field) -> forms.Field:
    return forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label=field.name,
        required=False,
        error_messages={"invalid": _("这不是月份，写成 2026-06。")},
        widget=forms.TextInput(attrs={**control, "type": "month"}),
    )


_made: Mapping[FieldKind, Callable[[Field], forms.Field]] = {
    "text": _text,
    "day": lambda field: DayField(label=field.name, required=False),
    "month": _month,
    "whole": lambda field: forms.IntegerField(
        label=field.name, required=False, min_value=0, widget=forms.NumberInput(attrs=control)
    ),
    "number": lambda field: forms.FloatField(
        label=field.name, required=False, min_value=0, widget=forms.NumberInput(attrs={**control, "step": "any"})
    ),
    "yes": lambda field: forms.ChoiceField(label=field.name, required=False, choices=_yes_or_no, widget=select),
    "choice": lambda field: forms.ChoiceField(
        label=field.name, required=False, choices=[("", "—"), *field.choices], widget=select
    ),
    "paper": lambda field: forms.BooleanField(
        label=field.name, required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"})
    ),
}


class OpenForm(forms.Form):
    """How one knows that the person wants it; for a site or a county the other side's place."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    applied_on = DayField(label=_("申请日"), help_text=_("从哪天起算；到场、收到申请或者接手的那一天。"))
    how = forms.CharField(
        label=_("凭什么办"),
        max_length=_most,
        help_text=_("本人到场、书面申请、电话记录，或者依据什么。"),
        widget=forms.TextInput(attrs=control),
    )
    origin = PlaceField(label=_("迁出地"), help_text=_("这个流程要和迁出地一起办。"))
    absent = forms.BooleanField(
        label=_("本人没有来，由村社区或者本单位代办"),
        required=False,
        help_text=_("代办要有本人签字的授权书或照片；没有交上的，先立件，停在第一步等补正。"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input tick"}),
    )
    consent = forms.FileField(
        label=_("本人签字的授权书、签字名单，或者照片"),
        required=False,
        help_text=_("照片（.jpg、.png）或 .pdf；一张签字名单可以给名单上的每个人用。"),
        error_messages={"empty": _("这个文件是空的，请重新拍照或者另存后再交。")},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, two_sides: bool, person: bool = True, too_large: bool = False
    ) -> None:
        first = {"key": uuid4(), "applied_on": timezone.localdate()}
        super().__init__(data, files, initial=first, label_suffix="")
        self.too_large = too_large
        if not two_sides:
            del self.fields["origin"]
        if not person:
            del self.fields["absent"], self.fields["consent"]

    def clean_consent(self) -> Any:
        """Look at the size before anybody reads it; what did not even arrive is too large as well. Raises `ValidationError`."""
        file = self.cleaned_data["consent"]
        if file is not None or self.too_large:
            try:
                check_size(-1 if self.too_large else file.size)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return file


class LeaveForm(_CaseForm):
    """Why a case is left, or gone on with."""

    why = forms.CharField(max_length=_most, widget=forms.Textarea(attrs={**control, "rows": 2}))

    def __init__(self, label: Any, *, seen: int, required: bool = True, data: Any = None) -> None:
        super().__init__(data, initial={"seen": seen})
        self.fields["why"].label, self.fields["why"].required = label, required


class SuspendForm(LeaveForm):
    """What is waited for, and when somebody looks again."""

    review_on = DayField(label=_("复查日"), help_text=_("那天再看；期限照走，不因为挂起停下来。"))
