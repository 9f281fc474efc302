"""流转费补助: a county's year with its budget, who is owed the subsidy, a plot that is proposed, a grant, and the list."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import xlsxwriter
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse as address
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions import approve_rent, propose_rent, reverse_rent, set_rent_budget, withdraw_rent
from anju.payments.actions.rents import Owed, owed_to
from anju.payments.actions.within import note
from anju.payments.bill_forms import ReasonForm
from anju.payments.models import RentGrant, clause_of_rents, knows_rents
from anju.payments.queries import rents as asked
from anju.payments.queries.rents import One
from anju.payments.rent_forms import BudgetForm, PaidForm, RentForm
from anju.register.looking import not_seen
from anju.register.models import Person
from anju.register.queries.one import person as seen_person
from anju.tables.workbooks import xlsx

_sentences = {
    "budget": _("预算登记好了。"),
    "proposed": _("提出了，等另一位干部复核。"),
    "approved": _("复核好了，这一笔算补助了。"),
    "withdrawn": _("撤回了，这块地可以重新提。"),
    "reversed": _("冲回了，钱退回预算；还该补的，照对的再提。"),
}
_head = (
    "序号",
    "姓名",
    "证件号码",
    "户编号",
    "地块所在村",
    "地块",
    "补助亩数",
    "补助标准（元/亩·年）",
    "补助金额（元）",
    "状态",
    "提出",
    "复核",
    "发放日",
    "冲回原因",
)
_longest_year = 4
_first_year, _last_year = 2020, 2999
"""From the year of the guideline on, of which the pages say something, as far as the database goes."""


@for_handlers
@offered_to(knows_rents)
@require_safe
def rents(request: HttpRequest) -> HttpResponse:
    """A county's year."""
    who = asking(request)
    return _all(request, who, *_of(request.GET, who))


@for_handlers
@require_POST
def budget(request: HttpRequest) -> HttpResponse:
    """Let the county have a budget for a year."""
    who, form = asking(request), BudgetForm(request.POST)
    county, year = _of(request.POST, who)
    if carried_out(form, lambda given: set_rent_budget(by=who.officer, county=county, year=year, **given)):
        return HttpResponseRedirect(f"{address('rents:rents')}?county={county}&year={year}&saved=budget")
    return _all(request, who, county, year, form)


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, person: UUID) -> HttpResponse:
    """Propose a plot of somebody's."""
    who = asking(request)
    found = seen_person(who.officer, str(person))
    if found is None or not asked.may_propose(who, found):
        raise Http404
    if request.method != "POST":
        return _new(request, who, found)
    form, made = RentForm(request.POST), list[RentGrant]()
    if carried_out(form, lambda _: made.append(propose_rent(by=who.officer, person=found.pk, **form.given()))):
        return HttpResponseRedirect(f"{address('rents:one', args=[made[0].pk])}?saved=proposed")
    return _new(request, who, found, form)


@for_handlers
@require_safe
def one(request: HttpRequest, grant: UUID) -> HttpResponse:
    """A grant."""
    who = asking(request)
    return _one(request, who, _grant(who, grant))


@for_handlers
@require_POST
def approve(request: HttpRequest, grant: UUID) -> HttpResponse:
    """Agree to what somebody else proposed."""
    return _done(
        request, grant, "approved", PaidForm(request.POST), lambda by, given: approve_rent(by=by, grant=grant, **given)
    )


@for_handlers
@require_POST
def withdraw(request: HttpRequest, grant: UUID) -> HttpResponse:
    """Give up what waits."""
    return _done(request, grant, "withdrawn", forms.Form(request.POST), lambda by, _: withdraw_rent(by=by, grant=grant))


@for_handlers
@require_POST
def reverse(request: HttpRequest, grant: UUID) -> HttpResponse:
    """Take back what was wrong."""
    return _done(
        request,
        grant,
        "reversed",
        ReasonForm(request.POST),
        lambda by, given: reverse_rent(by=by, grant=grant, **given),
    )


@for_handlers
@require_safe
def take(request: HttpRequest) -> HttpResponse:
    """The list of a county's year as a workbook, numbers masked; that it was taken stands in the journal."""
    who = asking(request)
    county, year = _of(request.GET, who)
    if not county:
        raise Http404
    rows = asked.listed_cells(who, county, year)
    with one_deed():
        note(who.officer, "take_rents", "rent", f"{county}-{year}", rows=len(rows))
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("流转费补助")
        for line, row in enumerate([_head, *([str(at), *row] for at, row in enumerate(rows, 1))]):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text)
        sheet.autofit()
    named = f'attachment; filename="rents-{county[:6]}-{year}.xlsx"'
    return HttpResponse(file.getvalue(), content_type=xlsx, headers={"Content-Disposition": named})


def _of(given: Any, who: Asking) -> tuple[str, int]:
    """The county and year that are asked for: by default the officer's first, and this year. Raises `Http404` for another county."""
    own, county, text = asked.counties(who), given.get("county", "")[:12], given.get("year", "")[:_longest_year]
    if county and county not in own:
        raise Http404
    year = int(text) if text.isascii() and text.isdigit() else 0
    return county or next(iter(own), ""), year if _first_year <= year <= _last_year else who.today.year


def _grant(who: Asking, key: UUID) -> One:
    found = asked.one(who, key)
    if found is None:
        raise Http404
    return found


def _done(
    request: HttpRequest, key: UUID, saved: str, form: forms.Form, deed: Callable[[Any, dict[str, Any]], object]
) -> HttpResponse:
    who = asking(request)
    found = _grant(who, key)
    if carried_out(form, lambda given: deed(who.officer, given)):
        return HttpResponseRedirect(f"{address('rents:one', args=[key])}?saved={saved}")
    return _one(request, who, found, form)


def _all(request: HttpRequest, who: Asking, county: str, year: int, form: BudgetForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"clause": clause_of_rents(), "county": county, "year": year}
    if county:
        office = asked.of_county(who, county, year)
        found, rows = asked.grants(who, county, year, request.GET.get("page", ""))
        context |= {"office": office, "found": found, "rows": rows, "years": asked.years(who, county)}
        context["others"] = asked.other_counties(who, county)
        if year == who.today.year:
            context["due_found"], context["due"] = asked.due(who, county, request.GET.get("due", ""))
        if office.may_budget:
            context["form"] = form or BudgetForm()
    context["saved"] = _sentences.get(request.GET.get("saved", ""), "")
    return render(request, "payments/rents.html", context, status=422 if form else 200)


def _new(request: HttpRequest, who: Asking, person: Person, form: RentForm | None = None) -> HttpResponse:
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    owed: Owed | None = None
    refused = ""
    with everything():
        try:
            owed = owed_to(person, who.today)
        except Refused as refusal:
            refused = str(refusal)
    context = {
        "clause": clause_of_rents(),
        "person": person,
        "owed": owed,
        "refused": refused,
        "form": form or RentForm(initial={"mu": owed.left} if owed else None),
        "place": asked.name_of(who, person.destination),
    }
    return render(request, "payments/rent_new.html", context, status=422 if form else 200)


def _one(request: HttpRequest, who: Asking, found: One, form: forms.Form | None = None) -> HttpResponse:
    if (instead := not_seen(request, "person", found.grant.person_id)) is not None:
        return instead
    context = {
        "clause": clause_of_rents(),
        "it": found,
        "row": found.grant,
        "paid": form if isinstance(form, PaidForm) else PaidForm(),
        "reason": form if isinstance(form, ReasonForm) else ReasonForm(),
        "refused": form.non_field_errors() if form else (),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "payments/rent.html", context, status=422 if form else 200)
