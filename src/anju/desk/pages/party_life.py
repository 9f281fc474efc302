"""Where party members take part beside their affiliation: said, ended, and listed by place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anju.desk import places
from anju.desk.forms.person import LeavePartyLifeForm, PartyLifeForm
from anju.desk.pages.one import carried_out, person_of
from anju.desk.pages.person_forms import asked, asked_or_sent
from anju.desk.pages.saved import saved
from anju.desk.queries import party
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.register import actions
from anju.register.actions.party_life import keeps_party_life
from anju.register.models import Person
from anju.register.queries.paging import counted, most_counted, page


@for_handlers
@asked_or_sent
def begin(request: HttpRequest, key: UUID) -> HttpResponse:
    """A place where the person takes part; below it those where the person does already."""
    who, person = _kept(request, key)
    names = Names((person.origin, person.destination), who.today)
    here = {code: names(code) for code in (person.destination, person.origin)}
    form = PartyLifeForm(here, request.POST or None)

    def take_part() -> None:
        given = form.cleaned_data
        actions.begin_party_life(
            by=who.officer,
            person=str(key),
            place=form.place,
            since=given["since"],
            place_name=given["place_name"],
            evidence=given["evidence"],
        )

    if carried_out(request, form, take_part):
        return saved("party", "register:person", key, anchor="party")
    lives = party.lives(who.officer, person, who.scopes, who.today, None, is_member=True)
    leaving = [(one, LeavePartyLifeForm(auto_id=f"{one.row.pk}_%s")) for one in lives.open] if lives else []
    more = {"leaving": leaving, "key": key}
    return asked(request, form, person, _("参加组织生活"), template="desk/party_life.html", **more)


@for_handlers
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """The person takes part at a place no more."""
    who, person = _kept(request, key)
    row = request.POST.get("row", "")[:20]
    form = LeavePartyLifeForm(request.POST)

    def leave() -> None:
        given = form.cleaned_data
        actions.end_party_life(by=who.officer, row=row, person=str(key), on=given["on"], because=given["because"])

    if carried_out(request, form, leave):
        return saved("party_left", "register:person", key, anchor="party")
    return asked(request, form, person, _("不再参加组织生活"), hidden={"row": row})


@for_handlers
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Who takes part now at the places of the officer's posts; there for nobody whose line does not work with it."""
    who = asking(request)
    if not party.may_list(who.scopes):
        raise Http404
    region = request.GET.get("region", "")[:12]
    listing = party.taking_part(who.officer, who.scopes, region)
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    total = counted(listing)
    context: dict[str, Any] = {
        "clause": party.clause,
        "rows": party.members(who.officer, found.rows, who.today),
        "found": found,
        "total": f"{total:,}" if total <= most_counted else _("%(n)s 以上") % {"n": f"{most_counted:,}"},
        "region": region,
        "query": urlencode({"region": region} if region else {}),
        "address": reverse("register:party_lives"),
        "regions": places.choices(who.scopes, region, who.today),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "desk/_party_lives.html" if part else "desk/party_lives.html", context)


def _kept(request: HttpRequest, key: UUID) -> tuple[Asking, Person]:
    """Who asks, from the posts that reach the person, and the person; a missing page where none of them arranges it."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    if not keeps_party_life(who.scopes, person.origin, person.destination):
        raise Http404
    return who, person
