"""What a resident applies for, and says: each with what it means, and refused in plain words."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.cases.actions import open_case
from anju.cases.guardians import guardian, kinship
from anju.cases.models import for_guardians
from anju.cases.procedures import Running, begun_by_person
from anju.government.office_forms import carried_out
from anju.government.queries.names import Names
from anju.government.residents import Resident, for_child, online
from anju.policy.model import Procedure
from anju.portal.door import acting_for, for_residents, note_look, resident_of
from anju.portal.pages.cases import address_of, asked_or_sent, running_of, sent_case
from anju.portal.queries.mine import Mine, mine_of, ward_of
from anju.portal.queries.offers import offer_of, wishings
from anju.register.actions.wishes import choices, record_wish
from anju.register.guideline import guideline


class ApplyForm(forms.Form):
    """The sender's own key, so that what is sent twice opens one case."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class SayForm(forms.Form):
    """What the person chooses."""

    choice = forms.ChoiceField(
        label=_("您的意思"), widget=forms.RadioSelect, error_messages={"required": _("请选一样。")}
    )

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices(kind)


@for_residents
@asked_or_sent
def apply(request: HttpRequest, procedure: str) -> HttpResponse:
    """Apply for something; what runs already is shown instead."""
    asked_for = request.GET.get("for", "")
    resident, today = acting_for(request, asked_for) if asked_for else resident_of(request), timezone.localdate()
    wanted = guideline().procedures.get(procedure)
    if wanted is None or not begun_by_person(wanted):
        raise Http404
    if resident.guardian and procedure not in for_guardians(guideline().version):
        raise Http404  # whatever the page said, it would tell what the child has
    if (case := sent_case(resident, request.POST.get("key", "")) or running_of(resident, procedure)) is not None:
        return HttpResponseRedirect(address_of(case))
    note_look(resident)
    offer = offer_of(mine_of(resident, today), wanted, today, guardian=bool(resident.guardian))
    form = ApplyForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    if form.is_bound and offer.state == "no":
        form.add_error(None, f"现在不能申请“{wanted.name}”：{offer.why}。有疑问请到村（社区）便民服务中心问。")
    if form.is_bound and carried_out(form, lambda given: _open(resident, wanted, given)):
        opened = running_of(resident, procedure)
        return HttpResponseRedirect(address_of(opened, "applied") if opened else reverse("portal:mine"))
    if form.is_bound and (case := running_of(resident, procedure)) is not None:
        return HttpResponseRedirect(address_of(case))  # the other click was faster
    context = {
        "offer": offer,
        "ward": ward_of(resident),
        "procedure": wanted,
        "form": form,
        "fields": [
            one
            for one in Running(guideline(), wanted).fields(1)
            if one.name not in (guardian, kinship) or (resident.guardian and one.name == kinship)
        ],
        "steps": wanted.steps,
    }
    return render(request, "portal/apply.html", context, status=422 if form.is_bound else 200)


def _open(resident: Resident, procedure: Procedure, given: dict[str, Any]) -> None:
    open_case(
        by=resident,
        procedure=procedure.code,
        subject=str(resident.person),
        applied_on=timezone.localdate(),
        how=for_child if resident.guardian else online,
        key=given["key"],
    )


@for_residents
@asked_or_sent
def say(request: HttpRequest, kind: str) -> HttpResponse:
    """Say what one wishes."""
    resident, today = resident_of(request), timezone.localdate()
    note_look(resident)
    mine: Mine = mine_of(resident, today)
    wishing = next((one for one in wishings(mine, today) if one.kind == kind), None)
    if wishing is None:
        raise Http404
    form = SayForm(kind, request.POST if request.method == "POST" else None)

    def record(given: dict[str, str]) -> None:
        record_wish(by=resident, person=str(resident.person), kind=kind, choice=given["choice"], on=today, how=online)

    if form.is_bound and carried_out(form, record):
        return HttpResponseRedirect(reverse("portal:mine") + "?saved=said")
    places = Names((mine.person.origin, mine.person.destination), today)
    context = {
        "wishing": wishing,
        "form": form,
        "radios": list(zip(form["choice"], wishing.follows, strict=True)),
        "origin": places(mine.person.origin),
        "destination": places(mine.person.destination),
    }
    return render(request, "portal/say.html", context, status=422 if form.is_bound else 200)
