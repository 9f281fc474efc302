"""Which of two records stays, what is right where they differ, and why they are one person's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.desk.forms.fields import DeskForm
from anju.register.actions.joining import stated
from anju.register.models import Person


class JoinForm(DeskForm):
    """``stays``: the id of the record that stays. Of what differs, the id of the record that is right."""

    stays = forms.ChoiceField(label=_("留下哪一条"), widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("凭什么说是同一个人"), max_length=300, help_text=_("看过什么证件、问过谁；不写证件号码。")
    )

    def __init__(self, records: Mapping[Person, str], differing: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["stays"], [(str(one.pk), label) for one, label in records.items()])
        for field in differing:
            said = [(str(one.pk), str(getattr(one, field))) for one in records]
            self.fields[field] = forms.ChoiceField(label=_labels[field], choices=said, widget=forms.RadioSelect)
        self.order_fields(["stays", *stated, "because"])
        self.differing = differing

    def right(self) -> dict[str, str]:
        """Of what differs, which record is right."""
        stays = self.cleaned_data["stays"]
        return {field: "stays" if self.cleaned_data[field] == stays else "goes" for field in self.differing}


_labels = {"birth_date": _("哪个出生日期是对的"), "sex": _("哪个性别是对的")}


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class WhyNotForm(DeskForm):
    """Why two records are not joined."""

    because = forms.CharField(label=_("为什么不并"), max_length=300, help_text=_("申请的人看得到；不写证件号码。"))
