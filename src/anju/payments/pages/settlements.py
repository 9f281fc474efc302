"""就医结算: a month of bills, a bill worked out step by step before it is settled, one that is settled, and its slip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused
from anju.payments.actions import reverse as take_back_settlement
from anju.payments.actions import settle_bill, work_out
from anju.payments.actions.settling import patient
from anju.payments.actions.slip import draft_slip
from anju.payments.bill_forms import BillForm, ReasonForm
from anju.payments.models import Settlement, clause_of_settling, settles_bills
from anju.payments.months import month_of, read, shifted, text_of
from anju.payments.queries.settlements import Row, of_month, one, settles, told_in_case, waiting
from anju.register.looking import not_seen
from anju.register.models import Person
from anju.register.queries.one import person as seen_person
from anju.sealing.masking import mask

_sentences = {"settled": _("结算好了。"), "reversed": _("已经冲正；照对的单据重新结算。")}
_again = ("institution", "number", "on", "kind", "level", "tier", "total", "outside", "first")


@for_handlers
@offered_to(settles_bills)
@require_safe
def settlements(request: HttpRequest) -> HttpResponse:
    """The bills of a month, and who waits."""
    who = asking(request)
    month = read(request.GET.get("month", "")) or month_of(who.today)
    found, rows = of_month(who, month, request.GET.get("page", ""))
    context = {
        "clause": clause_of_settling(),
        "works": settles(who),
        "month": text_of(month),
        "before": text_of(shifted(month, -1)),
        "after": text_of(shifted(month)) if month < month_of(who.today) else "",
        "found": found,
        "rows": rows,
        "waiting": waiting(who),
    }
    return render(request, "payments/settlements.html", context)


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, person: UUID) -> HttpResponse:
    """A bill: worked out to look at, or settled. What is refused comes back with everything that was filled in."""
    who = asking(request)
    found = _person(who, person)
    if request.method != "POST":
        before = _before(who, request.GET.get("again", "")) or told_in_case(who, found)[1]
        return _form(request, who, found, BillForm(initial=before))
    form, made = BillForm(request.POST), []
    if request.POST.get("do") == "settle":
        if carried_out(form, lambda given: made.append(_settled(who, found, form, given["key"]))):
            return HttpResponseRedirect(f"{reverse('settlements:one', args=[made[0].pk])}?saved=settled")
        return _form(request, who, found, form)
    worked = []
    carried_out(form, lambda _: worked.append(work_out(by=who.officer, person=found.pk, charged=form.charged())))
    return _form(request, who, found, form, worked[0].parts if worked else None)


@for_handlers
@require_safe
def settlement(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """A settled bill with its working."""
    who = asking(request)
    return _one(request, _row(who, settlement))


@for_handlers
@require_POST
def reversal(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """Take a settlement back."""
    who, form = asking(request), ReasonForm(request.POST)
    row = _row(who, settlement)
    if carried_out(form, lambda given: take_back_settlement(by=who.officer, settlement=settlement, **given)):
        return HttpResponseRedirect(f"{reverse('settlements:one', args=[settlement])}?saved=reversed")
    return _one(request, row, form)


@for_handlers
@require_POST
def slip(request: HttpRequest, settlement: UUID) -> HttpResponse:
    """Draft the slip as a letter of the office."""
    who = asking(request)
    row = _row(who, settlement)
    try:
        letter = draft_slip(by=who.officer, settlement=settlement)
    except Refused as refusal:
        return _one(request, row, refused=str(refusal))
    return HttpResponseRedirect(reverse("documents:letter", args=[letter.pk]))


def _person(who: Asking, key: UUID) -> Person:
    """Somebody the officer sees and settles for; foreign and missing are one."""
    found = patient(who.officer, str(key)) if settles(who) else None
    if found is None:
        raise Http404
    return found


def _row(who: Asking, key: UUID) -> Row:
    found = one(who, key)
    if found is None:
        raise Http404
    return found


def _before(who: Asking, key: str) -> dict[str, Any]:
    """What was filled in for a settlement that was taken back, to be put right."""
    try:
        found = one(who, UUID(key)) if key else None
    except ValueError:
        found = None
    return {name: found.told[name] for name in _again} if found and found.reversal else {}


def _settled(who: Asking, person: Person, form: BillForm, key: UUID) -> Settlement:
    return settle_bill(by=who.officer, person=person.pk, charged=form.charged(), key=key)


def _form(request: HttpRequest, who: Asking, person: Person, form: BillForm, parts: Any = None) -> HttpResponse:
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    context = {
        "clause": clause_of_settling(),
        "person": person,
        "seen": seen_person(who.officer, str(person.pk)) is not None,
        "number": mask("id_number", person.number.reveal()) if person.number else "",
        "case": told_in_case(who, person)[0],
        "form": form,
        "parts": parts,
        "steps": parts.steps if parts else (),
    }
    return render(request, "payments/bill.html", context, status=422 if form.errors else 200)


def _one(request: HttpRequest, row: Row, form: ReasonForm | None = None, refused: str = "") -> HttpResponse:
    if (instead := not_seen(request, "person", row.settlement.person_id)) is not None:
        return instead
    context = {
        "clause": clause_of_settling(),
        "row": row,
        "steps": row.steps,
        "form": form or ReasonForm(),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
        "refused": refused,
    }
    return render(request, "payments/settlement.html", context, status=422 if form or refused else 200)
