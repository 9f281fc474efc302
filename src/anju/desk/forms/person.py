"""The forms about one person: relations, wishes, corrections, the end, the household."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.desk.forms.fields import DayField, DeskForm, PlaceField, offer
from anju.register.actions.wishes import choices
from anju.register.models.relations import Because

_begins = (Because.MOVED, Because.CONFIRMED, Because.ENROLLED, Because.RECORDED)
_ends = (Because.STATUS, Because.WITHDRAWN, Because.CANCELLED)
_ways = [(way, way) for way in ("当面", "电话", "书面", "视频", "代录")]
_sexes = [("", _("不知道")), ("男", "男"), ("女", "女")]
_nations = 20


def reason() -> forms.CharField:
    """Why something is corrected."""
    return forms.CharField(label=_("为什么"), max_length=200)


class _PlaceForm(DeskForm):
    """A place that is one of a person's own, or another one; since when, and what proves it."""

    to = forms.ChoiceField(label=_("归属地"))
    elsewhere = PlaceField(label=_("别处：名称或代码"), required=False)
    place_name = forms.CharField(
        label=_("归属单位"), max_length=80, required=False, help_text=_("党支部、村集体、经办机构。")
    )
    since = DayField(label=_("从哪天起"))
    evidence = forms.CharField(
        label=_("凭据"), max_length=200, required=False, help_text=_("证明或文件的名称和编号，不要写证件号码。")
    )
    further: tuple[tuple[str, Any], ...] = ()
    """What may be chosen beside the places."""

    def __init__(self, here: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, name) for code, name in here.items() if code]
        offer(self.fields["to"], [*named, ("elsewhere", _("别处")), *self.further])

    def clean(self) -> dict[str, Any]:
        """A place elsewhere has to be said."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("to") == "elsewhere" and not cleaned.get("elsewhere") and "elsewhere" not in self.errors:
            self.add_error("elsewhere", _("请写明是哪里。"))
        return cleaned

    @property
    def place(self) -> str:
        """The code of the place."""
        to: str = self.cleaned_data["to"]
        return str(self.cleaned_data["elsewhere"]) if to == "elsewhere" else to


class MoveForm(_PlaceForm):
    """The next step of a relation."""

    because = forms.ChoiceField(label=_("原因"), choices=[(b.value, b.label) for b in (*_begins, *_ends)])
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    further = (("nobody", _("没有人接（终止）")),)
    field_order = ("to", "elsewhere", "place_name", "since", "because", "evidence")

    @property
    def holder(self) -> str:
        """The code of who holds the relation from then on, "" for nobody."""
        return "" if self.cleaned_data["to"] == "nobody" else self.place


class PartyLifeForm(_PlaceForm):
    """A place where a party member takes part beside the affiliation."""

    to = forms.ChoiceField(label=_("参加地"))
    elsewhere = PlaceField(
        label=_("别处：名称或代码"), required=False, help_text=_("要在迁出地或迁入地的乡镇（街道）里。")
    )
    place_name = forms.CharField(label=_("参加的支部"), max_length=80, required=False)


class LeavePartyLifeForm(DeskForm):
    """Taking part at a place no more."""

    on = DayField(label=_("从哪天起不再参加"), help_text=_("登记错了的，写开始的那一天。"))
    because = reason()


class WithdrawForm(DeskForm):
    """Taking back the last step."""

    why = reason()


class WishForm(DeskForm):
    """What the person said."""

    choice = forms.ChoiceField(label=_("选择"))
    on = DayField(label=_("表态日"))
    how = forms.ChoiceField(label=_("方式"), choices=_ways)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["choice"], choices(kind))
        self.fields["on"].initial = timezone.localdate()


class PersonForm(DeskForm):
    """What stands in a person's own row. A number or phone that is left blank stays as it is when a person is corrected."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    number = forms.CharField(label=_("证件号码"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    birth_date = DayField(label=_("出生日期"), required=False, help_text=_("有证件号码的可以空着。"))
    sex = forms.ChoiceField(label=_("性别"), choices=_sexes, required=False)
    people = forms.CharField(label=_("民族"), max_length=_nations, required=False)


class ChangeForm(PersonForm):
    """A correction of a person's own row."""

    because = reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "phone"):
            self.fields[name].help_text = _("不改就空着。")

    def changes(self) -> dict[str, Any]:
        """The fields that were changed; what is sealed only where something new is given."""
        given = self.cleaned_data
        return {name: given[name] for name in PersonForm.base_fields if name in self.changed_data}


class NewPersonForm(PersonForm):
    """A person who is registered, with both places; in a household, what the person is to its head."""

    relation = forms.CharField(label=_("与户主关系"), max_length=12, required=False, help_text=_("户主本人写“户主”。"))
    origin = PlaceField(label=_("迁出地"), required=False)
    destination = PlaceField(label=_("迁入地"), required=False)


class PlacesForm(DeskForm):
    """Where somebody came from and is."""

    origin = PlaceField(label=_("迁出地"), required=False)
    destination = PlaceField(label=_("迁入地"), required=False)
    because = reason()

    def clean(self) -> dict[str, Any]:
        """At least one place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["origin"] and not cleaned["destination"]:
            raise ValidationError(_("迁出地、迁入地至少要填一个。"), code="nowhere")
        return cleaned


class EndForm(DeskForm):
    """Death, or the hukou cancelled."""

    on = DayField(label=_("哪一天"))
    because = forms.ChoiceField(
        label=_("原因"), choices=[(b.value, b.label) for b in (Because.DEATH, Because.CANCELLED)]
    )


class RestoreForm(DeskForm):
    """A death or cancellation that was a mistake; the form of the death, sent twice, is none of this."""

    mistake = reason()


class LeaveForm(DeskForm):
    """Leaving the household."""

    until = DayField(label=_("从哪天起不在这一户"))
    because = reason()


class JoinForm(DeskForm):
    """Joining a household, by its 户编号."""

    code = forms.CharField(label=_("户编号"), max_length=40)
    relation = forms.CharField(label=_("与户主关系"), max_length=12, required=False, help_text=_("户主本人写“户主”。"))
    since = DayField(label=_("从哪天起"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()
