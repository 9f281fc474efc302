"""The forms about households: a new one, its facts and places, who joins it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.desk.forms import home as forms
from anju.desk.forms.facts import FactsForm
from anju.desk.forms.person import NewPersonForm
from anju.desk.pages.lists import sites_in_reach
from anju.desk.pages.one import carried_out, household_of
from anju.desk.pages.saved import saved, title_of
from anju.desk.queries.judged import anchor_of, recordable
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.register import actions
from anju.register.facts import facts_of
from anju.register.looking import not_seen
from anju.register.models import Household
from anju.register.queries import one

_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@_asked_or_sent
def new(request: HttpRequest) -> HttpResponse:
    """Register a household."""
    who = asking(request)
    form = forms.NewHouseholdForm(sites_in_reach(who.officer), request.POST or None)
    made: list[Household] = []

    def create() -> None:
        given = form.cleaned_data
        household = actions.create_household(
            by=who.officer,
            household_code=given["code"],
            origin=given["origin"],
            destination=given["destination"],
            site=one.site(who.officer, given["site"]),
            address=given["address"],
        )
        made.append(household)

    if carried_out(request, form, create):
        return saved("new", "register:household", made[0].pk)
    return asked(request, form, None, _("登记一户"))


@for_handlers
@_asked_or_sent
def facts(request: HttpRequest, key: UUID, clause: str) -> HttpResponse:
    """The facts of a clause."""
    who = asking(request)
    household = household_of(who.officer, key)
    who = who.over(household.origin, household.destination)
    terms = recordable("household", clause, who.scopes)
    if not terms:
        raise Http404
    form = FactsForm(terms, facts_of("household", str(key), on=who.today), household.revision, request.POST or None)
    if carried_out(request, form, lambda: form.record(by=who.officer, kind="household", subject=str(key))):
        return saved("facts", "register:household", key, anchor=anchor_of(clause))
    return asked(request, form, household, title_of(clause), words="zh-Hans")


@for_handlers
@_asked_or_sent
def place(request: HttpRequest, key: UUID) -> HttpResponse:
    """A correction of where the household came from and is, with its people."""
    who = asking(request)
    household = household_of(who.officer, key)
    who = who.over(household.origin, household.destination)
    first = {**typed(household, who.today), "site": str(household.site_id or "")}
    form = forms.HouseholdPlacesForm(sites_in_reach(who.officer, household.site), request.POST or None, initial=first)
    if carried_out(
        request,
        form,
        lambda: actions.place_household(
            by=who.officer, household=str(key), **{**form.cleaned_data, "site": form.cleaned_data["site"] or None}
        ),
    ):
        still = one.household(who.officer, str(key)) is not None
        return saved("placed", "register:household", key) if still else saved("placed", "register:households")
    return asked(
        request,
        form,
        household,
        _("更正迁出地、迁入地"),
        warning=_("这一户的人，原来和户一样的地点跟着一起改；自己另有的地点不动。"),
    )


@for_handlers
@_asked_or_sent
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """Somebody who is registered already joins the household."""
    who = asking(request)
    household = household_of(who.officer, key)
    who = who.over(household.origin, household.destination)
    form = forms.MemberForm(request.POST or None)

    def enter() -> None:
        given = form.cleaned_data
        found = one.person_by_number(who.officer, given["number"])
        actions.join_household(
            by=who.officer,
            person=str(found.pk) if found else "",
            household=str(key),
            relation=given["relation"],
            since=given["since"],
        )

    if carried_out(request, form, enter):
        return saved("joined", "register:household", key)
    return asked(request, form, household, _("已经登记的人入户"))


@for_handlers
@_asked_or_sent
def new_person(request: HttpRequest, key: UUID | None = None) -> HttpResponse:
    """Register a person, in a household or by themselves."""
    who = asking(request)
    household = household_of(who.officer, key) if key else None
    form = NewPersonForm(request.POST or None, initial=typed(household, who.today) if household else {})
    if household is None:
        del form.fields["relation"]
    made: list[Any] = []
    if carried_out(
        request,
        form,
        lambda: made.append(actions.create_person(by=who.officer, household=household, **form.cleaned_data)),
    ):
        return saved("new", "register:person", made[0].pk)
    return asked(request, form, household, _("登记一个人"), list_address="register:people")


def typed(household: Household, on: Any) -> dict[str, str]:
    """Both places as a form has them: name and code."""
    names = Names((household.origin, household.destination), on)
    pairs = {"origin": household.origin, "destination": household.destination}
    return {field: f"{names(code)} {code}" if code else "" for field, code in pairs.items()}


def asked(
    request: HttpRequest,
    form: Form,
    household: Household | None,
    title: str,
    *,
    list_address: str = "register:households",
    **more: Any,
) -> HttpResponse:
    """The page of a form about a household, which shows what is recorded."""
    if household is not None and (instead := not_seen(request, "household", household.pk)) is not None:
        return instead
    back = reverse("register:household", args=[household.pk]) if household else reverse(list_address)
    context = {
        "form": form,
        "title": title,
        "subject": household.code if household else _("回到列表"),
        "back": back,
        **more,
    }
    return render(request, "desk/form.html", context, status=422 if form.errors else 200)
