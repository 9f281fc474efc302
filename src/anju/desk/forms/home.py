"""The forms about a household and a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.desk.forms.fields import DayField, DeskForm, PlaceField, offer
from anju.desk.forms.person import PlacesForm
from anju.register.models import Site


class NewHouseholdForm(DeskForm):
    """A household with its 户编号, its places and its site."""

    code = forms.CharField(label=_("户编号"), max_length=40)
    origin = PlaceField(label=_("迁出地"), required=False)
    destination = PlaceField(label=_("迁入地"), required=False)
    site = forms.ChoiceField(label=_("安置点"), required=False)
    address = forms.CharField(label=_("住址"), max_length=200, required=False)

    def __init__(self, sites: Sequence[Site], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["site"], named(sites))

    def clean(self) -> dict[str, Any]:
        """At least one place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["origin"] and not cleaned["destination"]:
            raise ValidationError(_("迁出地、迁入地至少要填一个。"), code="nowhere")
        return cleaned


class HouseholdPlacesForm(PlacesForm):
    """Where a household came from and is; its people are moved along."""

    site = forms.ChoiceField(label=_("安置点"), required=False)

    def __init__(self, sites: Sequence[Site], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["site"], named(sites))
        self.order_fields(["origin", "destination", "site", "because"])


class MemberForm(DeskForm):
    """Somebody who is registered already joins the household; the ID number stands in no address."""

    number = forms.CharField(label=_("证件号码"), max_length=40)
    relation = forms.CharField(label=_("与户主关系"), max_length=12, required=False, help_text=_("户主本人写“户主”。"))
    since = DayField(label=_("从哪天起"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = timezone.localdate()


class NewSiteForm(DeskForm):
    """A site with its name and where it lies."""

    name = forms.CharField(label=_("名称"), max_length=80)
    region = PlaceField(label=_("所在地"), help_text=_("到乡镇或村，写名称或代码。"))


def named(sites: Sequence[Site]) -> list[tuple[str, Any]]:
    """Sites to choose from, and none."""
    return [("", _("不在安置点")), *((str(site.pk), site.name) for site in sites)]
