"""A case is opened for a subject, from a duty or because the person applies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anju.cases.actions import open_case
from anju.cases.actions.papers import longest_about
from anju.cases.consent import Consent
from anju.cases.forms import OpenForm
from anju.cases.models import Case
from anju.cases.offers import offer
from anju.cases.pages.one import address_of
from anju.cases.procedures import subject_of
from anju.cases.queries.lists import open_of
from anju.cases.turns import sides_of
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.government.queries import reaching
from anju.register.facts import facts_of
from anju.register.guideline import guideline
from anju.register.privacy import may_see, works_on
from anju.register.queries.whom import places_of, whom


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, procedure: str, subject: str) -> HttpResponse:
    """Open a case; one that is open already is shown instead."""
    who, pages = asking(request), guideline()
    wanted = pages.procedures.get(procedure)
    if wanted is None:
        raise Http404
    kind = subject_of(pages, procedure)
    places = places_of(who.officer, who.scopes, kind, subject, who.today)
    if places is None or not works_on(reaching(who.scopes, *filter(None, places)), wanted.clause):
        raise Http404
    two_sides = kind in ("site", "county") and "origin" in sides_of(wanted)
    if request.method != "POST" and not two_sides and (running := _running(who.officer, kind, subject, procedure)):
        return HttpResponseRedirect(address_of(running))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    too_large = bool(request.META.get("anju.too_large"))
    form = OpenForm(*sent, two_sides=two_sides, person=kind in ("person", "household"), too_large=too_large)
    opened: list[Case] = []

    def begin(given: Mapping[str, Any]) -> None:
        place = given.get("origin")
        opened.append(
            open_case(
                by=who.officer,
                procedure=procedure,
                subject=subject,
                applied_on=given["applied_on"],
                how=given["how"],
                origin=place.code if place else "",
                key=given["key"],
                absent=given.get("absent", False),
                consent=_consent(given.get("consent")),
            )
        )

    if form.is_bound and carried_out(form, begin):
        return HttpResponseRedirect(address_of(opened[0], "opened"))
    here = reaching(who.scopes, *filter(None, places))
    context = {
        "offer": offer(
            wanted,
            kind,
            facts_of(kind, subject, on=who.today),
            (places[-1] or places[0])[:6],
            who.today,
            guardian=None,
            sees=lambda code: may_see(here, code),
        ),
        "form": form,
        "procedure": wanted,
        "clause": pages.clauses[wanted.clause],
        "whom": whom(who.officer, [(kind, subject)], who.today)[kind, subject],
    }
    return render(request, "cases/new.html", context, status=422 if form.is_bound else 200)


def _consent(file: Any) -> Consent | None:
    """What was handed in with the opening."""
    if file is None:
        return None
    return Consent(file.name[-longest_about:], Path(file.temporary_file_path()).read_bytes())


def _running(officer: Any, kind: str, subject: str, procedure: str) -> Case | None:
    return open_of(officer, [(kind, subject)]).get((kind, subject, procedure))
