"""一户一档: one household with its people, facts and places."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anju.desk.pages.one import household_of, refused, when
from anju.desk.pages.saved import saved_sentence
from anju.desk.queries import judged, rows
from anju.desk.queries.owed import of_subject
from anju.desk.queries.procedures import cases_of
from anju.government.asking import Asking, asking
from anju.government.door import confirmed_again, for_handlers
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.payments.models import clause
from anju.register.actions import look, reveal
from anju.register.facts import facts_of
from anju.register.models import Household
from anju.register.privacy import works_on
from anju.register.queries.history import last_changed
from anju.register.queries.one import members, site
from anju.sealing.masking import mask_address


@for_handlers
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """One household, on any day; that it was opened stands in the journal."""
    who = asking(request)
    return shown(request, who, household_of(who.officer, key))


@for_handlers
@require_POST
@confirmed_again
def show_in_full(request: HttpRequest, key: UUID) -> HttpResponse:
    """The address in full, for a purpose."""
    who = asking(request)
    household = household_of(who.officer, key)
    purpose = request.POST.get("purpose", "")[:200]
    try:
        text = reveal(by=who.officer, kind="household", subject=str(key), field="address", purpose=purpose)
    except Refused as refusal:
        return shown(request, who, household, revealed={"field": "address", "refused": str(refusal)})
    return shown(request, who, household, revealed={"field": "address", "text": text})


def shown(request: HttpRequest, who: Asking, household: Household, **more: Any) -> HttpResponse:
    """The page of a household."""
    try:
        look(by=who.officer, kind="household", subject=str(household.pk))
    except Refused as refusal:
        return refused(request, str(refusal))
    who, asked = who.over(household.origin, household.destination), when(request)
    facts = facts_of("household", str(household.pk), on=asked.on, at=asked.at)
    changed = last_changed(household) if asked.now else {}
    subject = judged.Subject("household", facts, asked.on, asked.at, household.destination[:6], changed)
    names = Names((household.origin, household.destination), asked.on)
    belonging = list(members(who.officer, household, asked.on))
    context = {
        "household": household,
        "members": [
            (one, rows.age_on(one.person.birth_date, asked.on), rows.masked(one.person.number)) for one in belonging
        ],
        "address": mask_address(household.address.reveal()) if household.address else "",
        "at_site": site(who.officer, str(household.site_id)) if household.site_id else None,
        "origin": names(household.origin),
        "destination": names(household.destination),
        "when": asked,
        "today": who.today,
        "editable": asked.now,
        "clauses": judged.clauses(subject, who.scopes),
        "duties": of_subject(who.officer, who.scopes, "household", str(household.pk)) if asked.now else None,
        "cases": cases_of(who, "household", str(household.pk)) if asked.now else None,
        "reassesses": asked.now and works_on(who.scopes, clause),
        "saved": saved_sentence(request),
        **more,
    }
    return render(request, "desk/household.html", context)
