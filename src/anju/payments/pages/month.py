"""发放: a month of the officer's offices, what is not in order in red, and its closing by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.office_forms import carried_out
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.payments import actions
from anju.payments.forms import AmountForm, BeginForm, HoldForm, of_month
from anju.payments.models import Closing, Kind, Sort, State, clause, keeps_months
from anju.payments.months import month_of, read, text_of
from anju.payments.queries.month import Filters, InMonth, Row, around, purpose, rows, shows
from anju.payments.queries.payees import Payee, named
from anju.register.queries.paging import counted, page

_sentences = {
    "begun": _("从那个月起按月记了；名单上没有的人，请先登记救助关系和救助类别。"),
    "asked": _("已经提出关账，等另一位干部复核。"),
    "withdrawn": _("关账的提议撤回了。"),
    "closed": _("这个月关账了。"),
    "written": _("记下了。"),
}
_labels = {
    "": _("全部"),
    "expected": _("应发未发"),
    "paid": _("已发"),
    "held": _("缓发"),
    "alone": _("缓发待复核"),
    "stray": _("不该发的一方发了"),
    "double": _("重发"),
}
_a_page = 50
_most_counted = 10_000


@for_handlers
@offered_to(keeps_months)
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """A month by office, and the list of whose months they are."""
    return _page(request, asking(request))


@for_handlers
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """An office begins to keep its months."""
    who, form = asking(request), BeginForm(request.POST)
    if carried_out(form, lambda given: actions.begin_months(by=who.officer, **given)):
        return back_to(form.cleaned_data["month"], "begun")
    return _page(request, who, begin=form)


@for_handlers
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask that a month be closed."""
    who = asking(request)
    return _done(
        request,
        who,
        "asked",
        lambda payer, month: actions.ask_closing(by=who.officer, payer=payer, month=month),
    )


@for_handlers
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close what somebody else asked to close."""
    who = asking(request)
    return _done(
        request,
        who,
        "closed",
        lambda payer, month: actions.close_month(by=who.officer, closing=_key(who, payer, month)),
    )


@for_handlers
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back what was asked."""
    who = asking(request)
    return _done(
        request,
        who,
        "withdrawn",
        lambda payer, month: actions.withdraw_closing(by=who.officer, closing=_key(who, payer, month)),
    )


def _key(who: Asking, payer: str, month: str) -> str:
    found = Closing.objects.visible_to(who.officer, purpose=purpose).filter(payer=payer, month=read(month) or 0)
    return str(next(iter(found.values_list("pk", flat=True)), ""))


def _done(request: HttpRequest, who: Asking, saved: str, deed: Callable[[str, str], object]) -> HttpResponse:
    payer, month = request.POST.get("payer", "")[:12], request.POST.get("month", "")[:7]
    try:
        deed(payer, month)
    except Refused as refusal:
        return _page(request, who, refused=str(refusal))
    return back_to(month, saved)


def refused(request: HttpRequest, who: Asking, why: str) -> HttpResponse:
    """The month's page for what was sent from it and not done."""
    return _page(request, who, refused=why)


def back_to(month: str, saved: str) -> HttpResponse:
    """To the month, where it says what was done."""
    return HttpResponseRedirect(f"{reverse('payments:months')}?{urlencode({'month': month, 'saved': saved})}")


def _forms(row: Row, seen: InMonth) -> list[tuple[str, Any, forms.Form]]:
    """What is written down of a month of the officer's office here, because the person's page is out of reach: where it is sent, what it
    is called, and the form.
    """
    month, key = row.month, row.person.key
    if row.person.reached or not seen.is_own(month.payer) or month.month > month_of(seen.who.today):
        return []
    first = {"kind": month.kind, "month": text_of(month.month), "payer": month.payer, "on": seen.who.today.isoformat()}
    given: dict[str, Any] = {"initial": first, "auto_id": f"{month.pk}-%s"}
    amount = of_month(AmountForm(month.kind, [(month.payer, row.office)], **given))
    found: list[tuple[str, Any, forms.Form]] = [
        (reverse("payments:amount", args=[key]), _("记发放、补发、追回、抵扣或退汇"), amount)
    ]
    if month.state != State.PAID:
        hold = of_month(HoldForm(month.kind, initial=first, auto_id=f"{month.pk}-hold-%s"))
        found.append((reverse("payments:hold", args=[key]), _("缓发一个月，或者不再缓发"), hold))
    return found


def _beside(seen: InMonth) -> list[tuple[Payee, str, str, forms.Form]]:
    """Whom the officer's offices paid although they did not have to, and who is out of reach: the kind, the office, and the form by which
    it is taken back.
    """
    beside, today = seen.beside(), seen.who.today.isoformat()
    whom = named(seen.who.officer, {person for person, _, _ in beside})
    names, found = Names({payer for _, _, payer in beside}, seen.who.today), []
    for person, kind, payer in beside:
        first = {
            "kind": kind,
            "month": text_of(seen.filters.month),
            "payer": payer,
            "on": today,
            "sort": Sort.RECOVERED,
        }
        form = AmountForm(kind, [(payer, names(payer))], initial=first, auto_id=f"{person}-{kind}-{payer}-%s")
        found.append((whom[person], Kind(kind).label, names(payer), of_month(form)))
    return [one for one in found if not one[0].reached]


def _page(request: HttpRequest, who: Asking, *, begin: BeginForm | None = None, refused: str = "") -> HttpResponse:
    given = request.GET if request.method in ("GET", "HEAD") else request.POST
    filters = Filters.of(
        {name: str(given.get(name, "")) for name in ("month", "office", "kind", "show")}, month_of(who.today)
    )
    if request.method == "POST":
        filters = Filters(filters.month)
    seen = InMonth(who, filters)
    listing = seen.listing()
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    n, (before, after) = counted(listing, _most_counted), around(filters.month, who.today)
    townships = seen.townships()
    context: dict[str, Any] = {
        "offices": seen.offices(),
        "month": text_of(filters.month),
        "over": seen.over,
        "previous": before,
        "following": after,
        "rows": [(row, _forms(row, seen)) for row in rows(found.rows, seen)],
        "beside": _beside(seen),
        "found": found,
        "total": f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+",
        "wanted": filters,
        "labels": [(name, _labels[name]) for name in shows],
        "kinds": Kind.choices,
        "narrowed": bool(filters.office or filters.kind or filters.show),
        "query": urlencode(filters.given()),
        "address": reverse("payments:months"),
        "clause": clause,
        "works": bool(seen.scopes),
        "begin": begin
        or BeginForm(initial={"month": text_of(month_of(who.today)), "payer": next(iter(townships), "")}),
        "townships": townships if not seen.begun() or begin else (),
        "place": Names(townships, who.today)(townships[0]) if townships else "",
        "refused": refused,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    template = "payments/_list.html" if part else "payments/months.html"
    return render(request, template, context, status=422 if refused or begin else 200)
