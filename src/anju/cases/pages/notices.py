"""Public notices: posted from a case, objected to, decided; and the board of those in reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.cases import actions
from anju.cases.forms import DecideForm, NoticeForm, ObjectionForm, ProofForm
from anju.cases.pages.one import address_of, case_of, page_of
from anju.cases.procedures import Running
from anju.cases.queries.notices import board, hanging, on_the_same_paper
from anju.cases.queries.papers import proofs
from anju.cases.recorded import Recorded
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.register.queries.paging import counted, page

_shelves: Mapping[str, object] = {"now": _("正在公示"), "over": _("公示过的")}
_a_page = 20
_most_counted = 1000


@for_handlers
@require_POST
def post(request: HttpRequest, case: UUID) -> HttpResponse:
    """Record that a notice hangs."""
    who = asking(request)
    found = case_of(who, case)
    form = NoticeForm(found.entries, data=request.POST)

    def deed(given: dict[str, Any]) -> object:
        return actions.post_notice(by=who.officer, case=found.pk, **given)

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(found, "posted") + "#notice")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_POST
def prove(request: HttpRequest, case: UUID, notice: UUID) -> HttpResponse:
    """Say, as a second officer, that one that was recorded late hung since its first day."""
    who = asking(request)
    found = case_of(who, case)
    hangs = Recorded.of(found, Running.of(found)).notice
    papers, others = (proofs(who.officer, hangs), on_the_same_paper(hangs)) if hangs else ([], 0)
    form = ProofForm(papers, others, request.POST)

    def deed(given: dict[str, Any]) -> object:
        prove = actions.prove_notices if given.get("together") else actions.prove_notice
        return prove(by=who.officer, case=found.pk, notice=notice, proof=given["proof"])

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(found, "proven") + "#notice")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_POST
def record(request: HttpRequest, case: UUID) -> HttpResponse:
    """Record what somebody says against it."""
    who = asking(request)
    found = case_of(who, case)
    form = ObjectionForm(request.POST)

    def deed(given: dict[str, Any]) -> object:
        return actions.record_objection(by=who.officer, case=found.pk, **given)

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(found, "objected") + "#notice")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_POST
def decide(request: HttpRequest, case: UUID, objection: UUID) -> HttpResponse:
    """Decide one of the objections."""
    who = asking(request)
    found = case_of(who, case)
    form = DecideForm(objection, request.POST)

    def deed(given: dict[str, Any]) -> object:
        return actions.decide_objection(by=who.officer, case=found.pk, objection=objection, **given)

    if carried_out(form, deed):
        return HttpResponseRedirect(address_of(found, "decided") + "#notice")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The notice board."""
    who = asking(request)
    chosen = request.GET.get("list", "now")
    chosen = chosen if chosen in _shelves else "now"
    listed = board(who.officer, who.today, chosen)
    found = page(
        listed,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=_a_page,
    )
    context = {
        "shelves": list(_shelves.items()),
        "chosen": chosen,
        "rows": hanging(found.rows, who.today),
        "found": found,
        "total": counted(listed, _most_counted),
        "query": f"list={chosen}",
        "address": reverse("cases:notices"),
    }
    return render(request, "cases/notices.html", context)
