"""A ledger in a form: what it may be called, and what is said of one that is too large."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

suffixes = (".xlsx", ".xls", ".csv", ".parquet", ".xlsm", ".txt")


class LedgerField(forms.FileField):
    """A file whose name says that it is a table; an empty one is refused by those who read it (components/drop.html)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("台账文件"),
            allow_empty_file=True,
            error_messages={"required": _("还没有选文件：把台账拖进来，或者点“选文件”。")},
            widget=forms.FileInput(attrs={"accept": ",".join(suffixes), "aria-describedby": "drop-title"}),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The upload, with its path. Raises `ValidationError`."""
        ledger = super().clean(data, initial)
        if PurePath(ledger.name).suffix.lower() not in suffixes:
            raise forms.ValidationError(gettext("只读 .xlsx、.xls、.csv、.parquet 文件，请另存为其中一种再交。"))
        return ledger


def largest() -> int:
    """In MB."""
    return int(settings.ANJU_LARGEST_UPLOAD) >> 20


def too_large() -> str:
    """What is said of a file that was refused on its way."""
    return gettext("文件超过 %(largest)d MB，请按乡镇或年份拆成几份再交。") % {"largest": largest()}
