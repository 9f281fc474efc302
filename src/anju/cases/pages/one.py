"""One case: where it stands, what is missing, the form of the next step, and everything that was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.cases.actions import take_step
from anju.cases.clocks import Clocks
from anju.cases.forms import StepForm
from anju.cases.models import Case, State, open_states
from anju.cases.moves import went_on
from anju.cases.pages.beside import beside
from anju.cases.procedures import forward, stays
from anju.cases.queries.one import Shown, seen_case, sent, shown
from anju.cases.queries.rows import days_of, review_of
from anju.cases.together import known_of
from anju.cases.turns import Places
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.government.queries.names import Names
from anju.register.looking import not_seen
from anju.register.queries.whom import whom

_sentences = {
    "opened": _("已经立件。"),
    "moved": _("这一步办好了。"),
    "laid": _("材料已经收进这一件。"),
    "posted": _("公示已经登记。"),
    "proven": _("公示从贴出那天起算了。"),
    "objected": _("异议已经登记；处理完以前，这一步不往下走。"),
    "decided": _("这一条异议已经处理。"),
    "called": _("名单定下了，不再加人减人。"),
    "counted": _("票数登记好了，不能再改。"),
    "withdrawn": _("已经撤回。"),
    "suspended": _("已经挂起；期限照走，到复查日再看。"),
    "resumed": _("已经恢复。"),
    "terminated": _("已经终止。"),
}


@for_handlers
@require_safe
def one(request: HttpRequest, case: UUID) -> HttpResponse:
    """The page of a case; that it was opened about somebody stands in the journal."""
    who = asking(request)
    return page_of(request, who, case_of(who, case))


@for_handlers
@require_POST
def step(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take the step at which the case stands. What is refused comes back with everything that was filled in."""
    who = asking(request)
    found = case_of(who, case)
    if sent(who.officer, found, request.POST.get("key", "")):
        return HttpResponseRedirect(address_of(found, "moved"))
    known = shown(who.officer, who.scopes, found, Clocks(who.today))
    if why := _not_now(known):
        return page_of(request, who, found, refused=why)
    form = form_of(known, who, request.POST)
    if request.POST.get("seen", "") != str(found.entries):
        form.add_error(None, "这一件刚刚有人办过，请看最新的再办。")
        return page_of(request, who, found, form=form)

    def take(given: dict[str, Any]) -> None:
        take_step(
            by=who.officer,
            case=found.pk,
            seen=given["seen"],
            action=request.POST.get("action", "")[:60],
            fields=form.values(),
            reason=given.get("reason", ""),
            basis=given.get("basis", ""),
            absent=given.get("absent", False),
            on=given["on"],
            key=given["key"],
        )

    if carried_out(form, take):
        return HttpResponseRedirect(address_of(found, "moved"))
    return page_of(request, who, case_of(who, case), form=form)


def case_of(who: Asking, key: UUID) -> Case:
    """The case, or a missing page: foreign and missing are one."""
    found = seen_case(who.officer, key)
    if found is None:
        raise Http404
    return found


def address_of(case: Case, saved: str = "") -> str:
    """The address of a case's page, with what was just done."""
    return reverse("cases:case", args=[case.pk]) + (f"?saved={saved}" if saved else "")


def form_of(known: Shown, who: Asking, data: Any = None) -> StepForm:
    """The form of the step at which a case stands, with what the ledger knows."""
    assert known.step is not None
    return StepForm(
        known.step,
        known.typed,
        known_of(known, who),
        vacant=known.vacant,
        resident=known.resident,
        seen=known.case.entries,
        data=data,
    )


def heading(who: Asking, case: Case) -> dict[str, Any]:
    """What stands over every page about a case."""
    places, names = Places.of(case), Names(Places.of(case).all(), who.today)
    key = (case.subject_kind, case.subject_id)
    about = whom(who.officer, [key], who.today).get(key)
    went = went_on([case], {key: about.places} if about and about.places else None).get(case.pk)
    return {
        "case": case,
        "whom": about,
        "went": went.told() if went and not stays(case) else "",
        "origin": names(places.origin),
        "destination": names(places.destination),
        "insured": names(places.insured),
    }


def page_of(
    request: HttpRequest,
    who: Asking,
    case: Case,
    *,
    form: StepForm | None = None,
    sent: forms.Form | None = None,
    refused: str = "",
) -> HttpResponse:
    """The page of a case; ``form``, ``sent``: what was filled in and not taken."""
    if (instead := not_seen(request, case.subject_kind, case.subject_id)) is not None:
        return instead
    known = shown(who.officer, who.scopes, case, Clocks(who.today))
    may = bool(known.own)
    if form is not None and (_not_now(known) or form.step != known.step):
        refused, form = (
            " ".join(map(str, form.non_field_errors())) or _not_now(known),
            None,
        )  # meanwhile somebody else took the step
    if form is not None:
        form.data = _seen_anew(request, case)
    elif not _not_now(known):
        form = form_of(known, who)
    moves = known.step.moves if known.step else ()
    context = {
        **heading(who, case),
        "known": known,
        "procedure": known.running.procedure,
        "clause": known.running.policy.clauses[case.clause],
        "days": days_of(case, who.today),
        "review": review_of(case, who.today),
        "form": form,
        **_computed(known),
        "may": may,
        "on": [move for move in moves if known.step and forward(known.step, move)],
        "back": [move for move in moves if known.step and not forward(known.step, move)],
        "stays": stays(case),
        "ends": case.state in open_states and known.works and not stays(case),
        **beside(who, known, sent),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
        "refused": refused,
    }
    wrong = refused or sent is not None or (form is not None and form.is_bound)
    return render(request, "cases/case.html", context, status=422 if wrong else 200)


def _computed(known: Shown) -> dict[str, Any]:
    """Of a step with fields that are computed: where, and how they came out."""
    told = known.recorded.filling
    if told is None or told.address is None or known.step is None or not known.own:
        return {}
    if known.recorded.lacks or not told.computed & set(known.step.fields):
        return {"worked_out_at": told.address(known.case)}
    return {"working": {"template": told.template, "steps": told.working(known.case)}}


def _seen_anew(request: HttpRequest, case: Case) -> Any:
    """Everything that was filled in, as of what the officer sees now."""
    data = request.POST.copy()
    data["seen"] = str(case.entries)
    return data


def _not_now(known: Shown) -> str:
    """Why the officer does not take the step now; "" where it is the officer's."""
    if known.step is None:
        return f"这一件已经{known.case.get_state_display()}，不再办。"
    if known.case.state == State.SUSPENDED:
        return "这一件挂起了，先恢复再办。"
    return "" if known.own else f"“{known.step.name}”这一步由{known.step.who}办，现在轮不到您。"
