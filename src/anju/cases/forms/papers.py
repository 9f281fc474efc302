"""The form of a paper that is laid into a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.cases.actions.papers import check_size, longest_about
from anju.cases.forms.steps import control
from anju.cases.models import PaperKind
from anju.government.refusals import Refused


class FileForm(forms.Form):
    """A file that is laid into a case, and what it is in a few words."""

    about = forms.CharField(
        label=_("是什么"),
        required=False,
        max_length=longest_about,
        help_text=_("比如“张青山的授权书”；不写就用文件名。不能有证件号码。"),
        widget=forms.TextInput(attrs=control),
    )
    file = forms.FileField(
        label=_("照片或者 PDF"),
        error_messages={
            "required": _("还没有选文件。"),
            "empty": _("这个文件是空的，请重新拍照或者另存后再交。"),
        },
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(self, *sent: Any, too_large: bool = False) -> None:
        super().__init__(*sent)
        self.auto_id, self.label_suffix = "paper-%s", ""
        self.too_large = too_large

    def clean_file(self) -> Any:
        """Look at the size before anybody reads it. Raises `ValidationError`."""
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self) -> dict[str, Any]:
        """What did not even arrive is too large as well."""
        if self.too_large:
            self.errors.pop("file", None)
            try:
                check_size(-1)
            except Refused as refused:
                self.add_error("file", str(refused))
        return super().clean() or self.cleaned_data


class PaperForm(FileForm):
    """A file of one of the kinds."""

    kind = forms.ChoiceField(
        label=_("哪一种"),
        choices=[(kind.value, _(kind.label)) for kind in PaperKind],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    field_order = ("kind", "about", "file")


class ConsentForm(FileForm):
    """What one or several people signed who did not come: whose it is is ticked."""

    signed = forms.MultipleChoiceField(error_messages={"required": _("先勾上这一份是谁签的。")})

    def __init__(self, cases: Sequence[UUID], *sent: Any, too_large: bool = False) -> None:
        super().__init__(*sent, too_large=too_large)
        self.auto_id = "consent-%s"
        field = self.fields["signed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(case), str(case)) for case in cases]
        field.error_messages["invalid_choice"] = _("勾选的里面有刚刚交过的，请看最新的再交。")
