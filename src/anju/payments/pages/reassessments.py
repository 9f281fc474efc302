"""重新核定 of a household of which a part moves: its forms, drawing one up, the other side's agreement, the paper."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused
from anju.payments import actions
from anju.payments.actions.assessed_form import draft_reassessment
from anju.payments.models import Side, clause
from anju.payments.months import month_of, shifted, text_of
from anju.payments.queries.reassessments import forms_of, has_left, home_of, offices_for, people_for
from anju.payments.reassessment_forms import ReassessmentForm
from anju.register.models import Household
from anju.register.privacy import works_on
from anju.register.queries import one as register

_sentences = {
    "drawn": _("提出了，等另一方的干部复核。"),
    "agreed": _("复核好了，从起算月起按两份发。"),
    "withdrawn": _("撤回了，还是按原来的一户发。"),
}


@for_handlers
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The forms of a household, and a new one."""
    who, household = _of(request, key)
    return _page(request, who, household)


@for_handlers
@require_safe
def of_person(request: HttpRequest, person: UUID) -> HttpResponse:
    """Lead from somebody to the forms of their household."""
    who = asking(request)
    found = register.person(who.officer, str(person))
    home = home_of(who, found) if found is not None else None
    if home is None:
        raise Http404
    _, household = _of(request, home)
    return HttpResponseRedirect(reverse("reassessments:household", args=[household.pk]))


@for_handlers
@require_POST
def draw_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new form."""
    who, household = _of(request, key)
    form = _form(who, household, request)

    def deed(given: dict[str, object]) -> None:
        stays, goes = (form.share(side) for side in Side)
        actions.draw_up_reassessment(
            by=who.officer,
            household=str(household.pk),
            since=str(given["since"]),
            basis=str(given["basis"]),
            stays=stays,
            goes=goes,
        )

    if carried_out(form, lambda given: deed(dict(given))):
        return _back(household, "drawn")
    return _page(request, who, household, form=form)


@for_handlers
@require_POST
def agree(request: HttpRequest, key: UUID) -> HttpResponse:
    """Agree to what the other side drew up."""
    return _done(
        request, key, "agreed", lambda who, form: actions.agree_reassessment(by=who.officer, reassessment=form)
    )


@for_handlers
@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give up what waits."""
    return _done(
        request, key, "withdrawn", lambda who, form: actions.withdraw_reassessment(by=who.officer, reassessment=form)
    )


@for_handlers
@require_POST
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """Draft the form as a letter."""
    who, household = _of(request, key)
    try:
        letter = draft_reassessment(by=who.officer, reassessment=_asked(request))
    except Refused as refusal:
        return _page(request, who, household, refused=str(refusal))
    return HttpResponseRedirect(reverse("documents:letter", args=[letter.pk]))


def _of(request: HttpRequest, key: UUID) -> tuple[Asking, Household]:
    who = asking(request)
    household = register.household(who.officer, str(key))
    if household is None or not works_on(who.over(household.origin, household.destination).scopes, clause):
        raise Http404
    return who, household


def _asked(request: HttpRequest) -> UUID:
    """The form that was pressed; no form's where it is no key."""
    try:
        return UUID(request.POST.get("form", "")[:36])
    except ValueError:
        return UUID(int=0)


def _done(request: HttpRequest, key: UUID, saved: str, deed: Callable[[Asking, UUID], object]) -> HttpResponse:
    who, household = _of(request, key)
    try:
        deed(who, _asked(request))
    except Refused as refusal:
        return _page(request, who, household, refused=str(refusal))
    return _back(household, saved)


def _back(household: Household, saved: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('reassessments:household', args=[household.pk])}?saved={saved}")


def _form(who: Asking, household: Household, request: HttpRequest) -> ReassessmentForm:
    seen = people_for(who, household)
    offices = offices_for(who, household)
    if request.method == "POST" and request.path.endswith("/draw-up/"):
        return ReassessmentForm(seen, offices, data=request.POST)
    first = {f"counted-{person}": True for person in seen}
    last = {"stays_payer": offices[0][0], "goes_payer": offices[-1][0]} if offices else {}
    return ReassessmentForm(seen, offices, initial={**first, **last, "since": text_of(shifted(month_of(who.today)))})


def _page(
    request: HttpRequest, who: Asking, household: Household, *, form: ReassessmentForm | None = None, refused: str = ""
) -> HttpResponse:
    found = forms_of(who, household)
    context = {
        "household": household,
        "clause": clause,
        "forms": found,
        "waits": any(one.row.agreed_at is None for one in found),
        "form": (shown := form or _form(who, household, request)),
        "left": sum(name.endswith(has_left) for name in shown.members.values()),
        "refused": refused,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "payments/reassessment.html", context, status=422 if refused or form else 200)
