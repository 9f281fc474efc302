"""What one writes on the pages of letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.government.office_forms import DayField


def _line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})


class ReviseForm(forms.Form):
    """The words of a draft; ``imprinted``: copies are told at its foot."""

    title = forms.CharField(label=_("标题"), max_length=200, widget=_line(lang="zh-Hans"))
    to = forms.CharField(label=_("主送"), max_length=500, required=False, widget=_line(lang="zh-Hans"))
    text = forms.CharField(
        label=_("正文"),
        max_length=5000,
        required=False,
        help_text=_("一行一段。证件号码不写在正文里，名单上有。"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 9, "lang": "zh-Hans"}),
    )
    copies_to = forms.CharField(
        label=_("抄送"),
        max_length=500,
        required=False,
        help_text=_("印在版记里；几个单位用逗号隔开，不抄送的空着。"),
        widget=_line(lang="zh-Hans"),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, imprinted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not imprinted:
            del self.fields["copies_to"]


class SeenForm(forms.Form):
    """Which revision was seen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class BecauseForm(forms.Form):
    """Why a letter is made void."""

    because = forms.CharField(
        label=_("作废，为什么"),
        max_length=500,
        help_text=_("号码不再用，这份文书留着，看得出作废。"),
        widget=_line(lang="zh-Hans"),
    )


class ReceiveForm(forms.Form):
    """Since when an office has it."""

    on = DayField(label=_("收到日"))


class TakeForm(forms.Form):
    """In which form, and what for if with numbers in full."""

    file = forms.ChoiceField(choices=[("pdf", "PDF"), ("docx", ".docx")])
    full = forms.BooleanField(label=_("完整号码"), required=False)
    because = forms.CharField(label=_("用途"), max_length=300, required=False, widget=_line(lang="zh-Hans"))


class OfficeForm(forms.Form):
    """How an office calls itself."""

    name = forms.CharField(label=_("机关名称"), max_length=60, widget=_line(lang="zh-Hans"))
    sign = forms.CharField(
        label=_("机关代字"),
        max_length=20,
        help_text=_("发文字号开头的几个字，例如“云阳民”；年份和序号由系统编。"),
        widget=_line(lang="zh-Hans"),
    )
