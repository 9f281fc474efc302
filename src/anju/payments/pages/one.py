"""One person's months: the strip with who pays, what was paid, and the forms of what may be done. Whoever pays somebody out of reach has
the forms on the month's page instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out, told
from anju.government.refusals import Refused
from anju.payments import actions
from anju.payments.forms import AmountForm, HoldForm, PostponeForm
from anju.payments.models import Kind, Month, Sort, clause
from anju.payments.months import month_of, read, text_of
from anju.payments.pages import month
from anju.payments.queries.one import offices_of, tracks
from anju.payments.queries.payees import paid_here
from anju.register.looking import not_seen
from anju.register.models import Person
from anju.register.privacy import works_on
from anju.register.queries import one as register

_sentences = {
    "amount": _("记下了。"),
    "hold": _("记下了。"),
    "postpone": _("首发月推迟了，在那以前由原来的一方照发。"),
}
_given_back = "补发、追回、抵扣、退汇要写明为什么；发放不写。"


@for_handlers
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The months of a person; that they were looked at stands in the journal."""
    who, person = _of(request, key)
    return _page(request, who, person)


@for_handlers
@require_POST
def amount(request: HttpRequest, key: UUID) -> HttpResponse:
    """Write an amount down."""
    who, person = _whom(request, key)
    form = AmountForm(_kind(request), offices_of(who, key), data=request.POST)

    def deed(given: dict[str, Any]) -> None:
        sort, reason = given.pop("sort"), given.pop("reason")
        given |= {"by": who.officer, "person": str(key)}
        if bool(reason) == (sort == Sort.PAID):
            raise Refused(_given_back)
        if sort in (Sort.PAID, Sort.BACK):
            actions.pay(**given, back=sort == Sort.BACK, reason=reason)
        else:
            actions.take_back(**given, offset=sort == Sort.OFFSET, returned=sort == Sort.RETURNED, reason=reason)

    return _sent(request, who, person, "amount", form, deed)


@for_handlers
@require_POST
def hold(request: HttpRequest, key: UUID) -> HttpResponse:
    """Hold a month back, agree to that, or no longer."""
    who, person = _whom(request, key)
    form = HoldForm(_kind(request), data=request.POST)

    def deed(given: dict[str, Any]) -> None:
        months = Month.objects.visible_to(who.officer, purpose="经办").filter(person=key, kind=given["kind"])
        found = str(next(iter(months.filter(month=read(given["month"]) or 0).values_list("pk", flat=True)), ""))
        if given["confirm"]:
            actions.confirm_hold(by=who.officer, month=found)
        elif given["release"]:
            actions.release_month(by=who.officer, month=found)
        else:
            actions.hold_month(by=who.officer, month=found, reason=given["reason"])

    return _sent(request, who, person, "hold", form, deed)


@for_handlers
@require_POST
def postpone(request: HttpRequest, key: UUID) -> HttpResponse:
    """The destination begins later."""
    who, person = _of(request, key)
    form = PostponeForm(_kind(request), data=request.POST)
    return _sent(
        request,
        who,
        person,
        "postpone",
        form,
        lambda given: actions.postpone(by=who.officer, person=str(person.pk), **given),
    )


def _of(request: HttpRequest, key: UUID) -> tuple[Asking, Person]:
    who = asking(request)
    person = register.person(who.officer, str(key))
    if person is None or not works_on(who.over(person.origin, person.destination).scopes, clause):
        raise Http404
    return who, person


def _whom(request: HttpRequest, key: UUID) -> tuple[Asking, Person | None]:
    """The same, with None for somebody out of reach whom one of the officer's offices pays."""
    who = asking(request)
    if register.person(who.officer, str(key)) is None and paid_here(who.officer, {key}):
        return who, None
    return _of(request, key)


def _kind(request: HttpRequest) -> str:
    kind = request.POST.get("kind", "")
    return kind if kind in Kind.values else Kind.DIBAO


def _sent(
    request: HttpRequest,
    who: Asking,
    person: Person | None,
    name: str,
    form: forms.Form,
    deed: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    if carried_out(form, lambda given: deed(dict(given))):
        if "shelf" in request.POST:
            return HttpResponseRedirect(f"{reverse('payments:held')}?saved={name}")
        if person is None:
            return month.back_to(form.cleaned_data["month"], "written")
        return HttpResponseRedirect(f"{reverse('payments:person', args=[person.pk])}?saved={name}")
    if person is None:
        return month.refused(request, who, "".join(told(form)))
    return _page(request, who, person, {(_kind(request), name): form})


def _page(
    request: HttpRequest, who: Asking, person: Person, sent: Mapping[tuple[str, str], forms.Form] | None = None
) -> HttpResponse:
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    given, payers, today = sent or {}, offices_of(who, person.pk), who.today.isoformat()
    found = []
    for track in tracks(who, person):
        first = {"kind": track.kind, "month": text_of(month_of(who.today)), "on": today}
        last = track.months[-1].row.payer if track.months else track.amounts[0][1].payer if track.amounts else ""
        made: Mapping[str, forms.Form] = {
            "amount": AmountForm(track.kind, payers, initial={**first, "payer": last}),
            "hold": HoldForm(track.kind, initial=first),
            "postpone": PostponeForm(track.kind, initial={"kind": track.kind}),
        }
        found.append((track, {name: given.get((track.kind, name), form) for name, form in made.items()}))
    opened = next(iter(given), ("", ""))
    context = {
        "person": person,
        "clause": clause,
        "tracks": found,
        "opened": "-".join(opened),
        "mine": who.officer.pk,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "payments/person.html", context, status=422 if sent else 200)
