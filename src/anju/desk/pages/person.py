"""一人一档: one person with seven relations, decisions with their reasons, facts, wishes and the household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from anju.cases.queries.letters import letters_of_subject
from anju.desk.pages.one import When, person_of, refused, when
from anju.desk.pages.saved import saved_sentence
from anju.desk.queries import judged, party, rows, told
from anju.desk.queries.owed import of_subject
from anju.desk.queries.procedures import cases_of
from anju.desk.queries.timeline import timeline
from anju.government.asking import Asking, asking
from anju.government.door import confirmed_again, for_handlers
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.payments.queries.one import tracks
from anju.register.actions import look, reveal
from anju.register.actions.relations import clauses
from anju.register.facts import facts_of
from anju.register.models import Person
from anju.register.models.relations import Kind
from anju.register.privacy import works_on
from anju.register.queries.history import last_changed
from anju.register.queries.joinings import count_joined_into
from anju.register.queries.one import formerly, membership, site
from anju.register.queries.whom import whom_of
from anju.sealing.masking import mask


@for_handlers
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person, on any day, as known on any day; that it was opened stands in the journal."""
    who = asking(request)
    person = person_of(who.officer, key)
    if person.pk != key:  # a record that was joined into this one
        return HttpResponseRedirect(reverse("register:person", args=[person.pk]))
    return shown(request, who, person)


@for_handlers
@require_POST
@confirmed_again
def show_in_full(request: HttpRequest, key: UUID, field: str) -> HttpResponse:
    """A number or phone in full, for a purpose."""
    who = asking(request)
    person = person_of(who.officer, key)
    try:
        text = reveal(
            by=who.officer, kind="person", subject=str(key), field=field, purpose=request.POST.get("purpose", "")[:200]
        )
    except Refused as refusal:
        revealed = {"field": field, "refused": str(refusal)}
    else:
        revealed = {"field": field, "text": text}
    return shown(request, who, person, revealed=revealed)


def shown(request: HttpRequest, who: Asking, person: Person, **more: Any) -> HttpResponse:
    """The page of a person."""
    try:
        look(by=who.officer, kind="person", subject=str(person.pk))
    except Refused as refusal:
        return refused(request, str(refusal))
    who, asked = who.over(person.origin, person.destination), when(request)
    return render(
        request,
        "desk/person.html",
        {**_context(who, person, asked), "saved": saved_sentence(request), **more},
    )


def _context(who: Asking, person: Person, asked: When) -> dict[str, Any]:
    facts = facts_of("person", str(person.pk), on=asked.on, at=asked.at)
    changed = last_changed(person) if asked.now else {}
    subject = judged.Subject("person", facts, asked.on, asked.at, person.destination[:6], changed)
    home = membership(who.officer, person, asked.on)
    cases = cases_of(who, "person", str(person.pk), ended=person.ended_on is not None) if asked.now else None
    names = Names((person.origin, person.destination), asked.on)
    key = str(person.pk)
    known = {("person", key): whom_of(person)}
    return {
        "person": person,
        "number": rows.masked(person.number),
        "formerly": [(one, rows.masked(one.number)) for one in formerly(who.officer, person)] if asked.now else (),
        "joined": count_joined_into(person),
        "phone": mask("phone", person.phone.reveal()) if person.phone else "",
        "age": rows.age_on(person.birth_date, person.ended_on or asked.on),
        "home": home,
        "at_site": site(who.officer, str(home.household.site_id)) if home and home.household.site_id else None,
        "origin": names(person.origin),
        "destination": names(person.destination),
        "when": asked,
        "today": who.today,
        "editable": asked.now,
        "ends": works_on(who.scopes, clauses[Kind.HUKOU]),
        "duties": of_subject(who.officer, who.scopes, "person", key, cases.running, known) if cases else None,
        "cases": cases,
        "letters": letters_of_subject(who.officer, "person", str(person.pk), cases.keys) if cases else (),
        "months": tracks(who, person) if asked.now else (),
        "timeline": timeline(who.officer, person, who.scopes, asked.on, asked.at),
        "party": party.lives(
            who.officer, person, who.scopes, asked.on, asked.at, is_member=facts.get("party_member") is True
        ),
        "clauses": judged.clauses(subject, who.scopes),
        "wishes": told.wishes_of(who.officer, person, who.scopes, asked.on, asked.at),
    }
