"""Votes: called from a case with a roster, noted by name, counted once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anju.cases import actions, votes
from anju.cases.bodies import closed_bodies
from anju.cases.clocks import Clocks
from anju.cases.forms import CallForm, CountForm, RosterForm
from anju.cases.models import Vote
from anju.cases.pages.one import address_of, case_of, heading, page_of
from anju.cases.procedures import Running
from anju.cases.queries.one import Shown, shown
from anju.cases.queries.votes import roster
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.looking import not_seen


@for_handlers
@require_POST
def call(request: HttpRequest, case: UUID) -> HttpResponse:
    """Call the meeting and fix the roster."""
    who = asking(request)
    found = case_of(who, case)
    with everything():
        closed = closed_bodies(found, Running.of(found))
    form = CallForm(found.entries, closed=closed, data=request.POST)

    def deed(given: dict[str, Any]) -> object:
        return actions.call_vote(by=who.officer, case=found.pk, **given)

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(found, "called") + "#vote")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_POST
def count(request: HttpRequest, case: UUID) -> HttpResponse:
    """Write the count: the figures that were sent, or that of the votes noted by name, as they were seen (``named``)."""
    who = asking(request)
    known, vote = vote_of(who, case)
    if "named" in request.POST:
        try:
            seen = actions.ByName(request.POST["named"])
            actions.count_vote(by=who.officer, case=case, vote=vote.pk, figures=seen)
        except Refused as refused:
            return page_of(request, who, known.case, refused=str(refused))
        return HttpResponseRedirect(address_of(known.case, "counted") + "#vote")
    form = CountForm(request.POST)

    def deed(_given: dict[str, Any]) -> object:
        return actions.count_vote(by=who.officer, case=case, vote=vote.pk, figures=form.figures())

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(known.case, "counted") + "#vote")
    return page_of(request, who, known.case, sent=form)


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, case: UUID) -> HttpResponse:
    """The roster, page by page; how each voted is noted on it."""
    who = asking(request)
    known, vote = vote_of(who, case)
    number = request.GET.get("page", "1")
    listed = roster(who.officer, vote, int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1)
    form = RosterForm(listed.rows, request.POST if request.method == "POST" else None)

    def deed(_given: dict[str, Any]) -> object:
        return actions.note_votes(by=who.officer, case=case, vote=vote.pk, choices=form.choices())

    if form.is_bound and carried_out(form, deed):
        further = listed.page + (listed.page < listed.pages)
        return HttpResponseRedirect(f"{reverse('cases:roster', args=[case])}?page={further}&saved=1")
    step = known.step
    may = bool(known.own) and step is not None and votes.is_counted_at(known.running, step) and vote.counted_at is None
    if (instead := not_seen(request, known.case.subject_kind, known.case.subject_id)) is not None:
        return instead
    context = {
        **heading(who, known.case),
        "procedure": known.running.procedure,
        "vote": vote,
        "listed": listed,
        "form": form,
        "may": may,
        "saved": "saved" in request.GET,
    }
    return render(request, "cases/roster.html", context, status=422 if form.is_bound else 200)


def vote_of(who: Asking, case: UUID) -> tuple[Shown, Vote]:
    """The case with its vote, for those who do its work; for all others there is none."""
    known = shown(who.officer, who.scopes, case_of(who, case), Clocks(who.today))
    if known.recorded.vote is None or not (known.works or known.own):
        raise Http404
    return known, known.recorded.vote
