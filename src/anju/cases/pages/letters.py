"""A letter of a step: looked at and drafted with what the step's form says, for one case or for those that were ticked together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anju.cases.clocks import Clocks
from anju.cases.forms import StepForm, name_of
from anju.cases.letters import Asked, Known, check_office, draft_for, letters_of, office_for, paper_for
from anju.cases.models import State
from anju.cases.pages.bulk import ticked
from anju.cases.pages.one import address_of, case_of
from anju.cases.queries.one import Shown, shown
from anju.cases.together import Together
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused
from anju.register.looking import not_seen


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, case: UUID, kind: str) -> HttpResponse:
    """A letter about a case: how it would look; and drafted, once that is pressed."""
    who = asking(request)
    known = shown(who.officer, who.scopes, case_of(who, case), Clocks(who.today))
    return _page(request, who, [known], kind, address_of(known.case))


@for_handlers
@require_POST
def together(request: HttpRequest, kind: str) -> HttpResponse:
    """One letter about the ticked cases, which stand at the same step; they are its list."""
    who = asking(request)
    clocks = Clocks(who.today)
    cases = [shown(who.officer, who.scopes, case, clocks) for case in ticked(who, request.POST.getlist("chosen"))]
    if not cases:
        raise Http404
    return _page(request, who, cases, kind, reverse("cases:cases"))


def _page(request: HttpRequest, who: Asking, cases: Sequence[Shown], code: str, back: str) -> HttpResponse:
    first = cases[0]
    kind = (
        next((one for one in letters_of(first.running, first.step) if one.code == code), None) if first.step else None
    )
    if kind is None or first.step is None:
        raise Http404
    data = request.POST if request.method == "POST" and "seen" in request.POST else None
    context: dict[str, Any] = {
        "kind": kind,
        "procedure": first.running.procedure,
        "step": first.step,
        "back": back,
        "cases": cases,
        "chosen": request.POST.getlist("chosen"),
        "refused": _not_now(cases),
    }
    if not context["refused"]:
        together = Together.of(who, cases)
        form = together.form(data)
        context |= {"form": form, "fields": [form[name_of(field)] for field in form.written]}
        try:
            if form.is_bound and not form.is_valid():
                raise Refused("有几项写得不对，请看下面。")
            asked = _asked(who, together, kind, form)
            context["paper"] = paper_for(who.officer, asked, who.today).data(full=False)
            if "draft" in request.POST and form.is_bound:
                key = form.cleaned_data["key"]
                drafted = draft_for(by=who.officer, asked=asked, on=who.today, key=key)
                return HttpResponseRedirect(f"{reverse('documents:letter', args=[drafted.pk])}?saved=drafted")
        except Refused as refused:
            context["refused"] = str(refused)
    for one in cases:
        if (instead := not_seen(request, one.case.subject_kind, one.case.subject_id)) is not None:
            return instead
    return render(request, "cases/letter.html", context, status=422 if context["refused"] and data else 200)


def _asked(who: Asking, together: Together, kind: Any, form: StepForm) -> Asked:
    first, own = together.here[0], together.own
    assert first.step is not None
    office = check_office(office_for(first.running, first.case, first.own, who.scopes))
    filled = form.values() if form.is_bound else {}
    known = [
        Known(one.case, {**one.values, **own[one.case.pk], **one.recorded.answers(first.step)}) for one in together.here
    ]
    return Asked(kind, first.running, first.step, office, known, filled)


def _not_now(cases: Sequence[Shown]) -> str:
    """Why no letter is written; "" where it is the officer's turn at all of them, and they stand at one step."""
    if any(one.step is None or one.case.state == State.SUSPENDED for one in cases):
        return "结束了的和挂起的件，不出文书。"
    if any(not one.own for one in cases):
        return "这一步现在轮不到您，不能出这份文书。"
    if len({(one.case.procedure, one.case.version_id, one.case.step) for one in cases}) > 1:
        return "只有同一个流程、同一步的件，才能合出一份文书。"
    return ""
