"""What one may hand in on the front page."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.check.queries import guideline
from anju.check.settings import UsageError, parse_settings
from anju.tables.uploads import LedgerField

_between = re.compile(r"[\n;；,，]+")


class CheckForm(forms.Form):
    """A ledger and how it is to be read; ``cleaned_data`` has ``on`` as a date and ``settings`` as a list of texts."""

    ledger = LedgerField()
    on = forms.DateField(
        label=_("判定日"),
        required=False,
        help_text=_("按哪一天的情况和规定判定；不填就是今天。"),
        error_messages={"invalid": _("这不是日期，写成 2026-06-30。")},
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    subject = forms.ChoiceField(
        label=_("台账里一行是什么"),
        required=False,
        choices=[
            ("", _("由表头看出来")),
            ("person", _("一个人")),
            ("household", _("一户")),
            ("site", _("一个安置点")),
            ("county", _("一个区县")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    settings = forms.CharField(
        label=_("全表都一样的事实"),
        required=False,
        max_length=2000,
        help_text=_("文件里没有的列，一行写一个，比如：户籍已迁入=是"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control", "spellcheck": "false"}),
    )

    def clean_on(self) -> date:
        """The day asked for, or today."""
        on: date | None = self.cleaned_data["on"]
        return on or date.today()

    def clean_settings(self) -> list[str]:
        """The settings one by one, each a term or parameter of the pages with a value it can take."""
        texts = [text.strip() for text in _between.split(self.cleaned_data["settings"]) if text.strip()]
        try:
            parse_settings(texts, guideline())
        except UsageError as error:
            raise forms.ValidationError(str(error).removeprefix("--set ")) from None
        return texts
