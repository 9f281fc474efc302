"""参保比对: a month of the insurers' lists beside the ledger, what follows for whom, and a county that has not compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import xlsxwriter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.refusals import Refused, one_deed
from anju.payments import actions
from anju.payments.actions.comparing import most
from anju.payments.actions.within import note
from anju.payments.models import Comparison, Insurance, works_with_lists
from anju.payments.months import month_of, shifted, text_of
from anju.payments.queries.comparisons import Compared, Filters, Row, comparison, insurances, label_of, sorts
from anju.tables.workbooks import xlsx

_a_page = 50
_names = {"medical": _("基本医保"), "pension": _("居民养老")}
_head = ("序号", "查出", "姓名", "证件号码", "名单", "台账", "为什么", "应办", "上个月")
_saved = {"again": _("重新比对好了。")}


@for_handlers
@offered_to(works_with_lists)
@require_safe
def comparisons(request: HttpRequest) -> HttpResponse:
    """A month of an insurance: the counties, and what was found about whom."""
    return _page(request, asking(request))


@for_handlers
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Record what the lists prove of the ticked rows."""
    return _together(request, lambda who, keys: actions.follow_list(by=who.officer, findings=keys))


@for_handlers
@require_POST
def open_together(request: HttpRequest) -> HttpResponse:
    """Open the cases that follow from the ticked rows."""
    return _together(request, lambda who, keys: actions.open_cases(by=who.officer, findings=keys))


@for_handlers
@require_POST
def again(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Compare the month of a county anew."""
    who = asking(request)
    found = _one(who, comparison)
    try:
        actions.compare_again(by=who.officer, comparison=found.pk)
    except Refused as refusal:
        return _page(request, who, refused=str(refusal))
    given = Filters(found.insurance, found.month, found.county).given()
    return HttpResponseRedirect(f"{reverse('comparisons:comparisons')}?{urlencode({**given, 'saved': 'again'})}")


@for_handlers
@require_safe
def take(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """A county's month as a workbook, a sheet a list, numbers masked; that it was taken stands in the journal."""
    who = asking(request)
    found = _one(who, comparison)
    seen = Compared(who, Filters(found.insurance, found.month, found.county))
    rows = seen.rows(list(seen.found()), numbers=True)
    with one_deed():
        note(who.officer, "take_comparison", "comparison", found.pk, rows=len(rows))
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for sort in sorts[found.insurance]:
            sheet = book.add_worksheet(label_of(found.insurance, sort))
            listed = [row for row in rows if row.finding.sort == sort]
            for line, texts in enumerate([_head, *(_cells(at, row) for at, row in enumerate(listed, 1))]):
                for column, text in enumerate(texts):
                    sheet.write_string(line, column, text)
            sheet.autofit()
    name = f"comparison-{found.insurance}-{found.county[:6]}-{found.month}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type=xlsx, headers=disposition)


def _cells(at: int, row: Row) -> Sequence[str]:
    before = "" if row.new is None else "新增" if row.new else "上月已有"
    return (str(at), row.label, row.name, row.number, "；".join(row.lists), row.ledger, row.why, row.state, before)


def _one(who: Asking, key: UUID) -> Comparison:
    found = comparison(who, key)
    if found is None:
        raise Http404
    return found


def _together(request: HttpRequest, deed: Callable[[Asking, Sequence[UUID]], Mapping[UUID, str]]) -> HttpResponse:
    """Do it for the ticked rows, and say of each what became of it."""
    who, keys = asking(request), []
    for text in request.POST.getlist("chosen")[: most + 1]:
        with suppress(ValueError):
            keys.append(UUID(text))
    if not keys:
        return _page(request, who, refused=str(_("先勾选要办的行。")))
    try:
        told = deed(who, keys)
    except Refused as refusal:
        return _page(request, who, refused=str(refusal))
    done = sum(not why for why in told.values())
    return _page(request, who, done=done, reasons=sorted({why for why in told.values() if why}), left=len(told) - done)


def _page(request: HttpRequest, who: Asking, *, refused: str = "", **more: Any) -> HttpResponse:
    given = request.GET if request.method in ("GET", "HEAD") else request.POST
    allowed = insurances(who)
    context: dict[str, Any] = {"works": bool(allowed), "refused": refused, **more}
    if allowed:
        names = ("insurance", "month", "county", "sort", "news")
        now = month_of(who.today)
        filters = Filters.of({name: str(given.get(name, "")) for name in names}, now, allowed)
        context |= _shown(Compared(who, filters), given.get("page", ""), allowed, now)
    context["saved"] = _saved.get(request.GET.get("saved", ""), "")
    return render(request, "payments/comparisons.html", context, status=422 if refused else 200)


def _shown(seen: Compared, page: str, allowed: Sequence[str], now: int) -> dict[str, Any]:
    filters, insurance = seen.filters, Insurance(seen.filters.insurance)
    counties = seen.counties()
    found = Paginator(seen.found(), _a_page).get_page(page)
    rows = seen.rows(list(found.object_list))
    kinds = sorts[insurance.value]
    return {
        "wanted": filters,
        "month": text_of(filters.month),
        "previous": text_of(shifted(filters.month, -1)),
        "following": text_of(shifted(filters.month)) if filters.month < now else "",
        "insurances": [(code, _names[code]) for code in allowed],
        "insurance": insurance,
        "counties": [(of, of.numbers(kinds)) for of in counties],
        "sorts": [(sort.value, label_of(insurance.value, sort)) for sort in kinds],
        "narrowed": bool(filters.county or filters.sort or filters.news),
        "rows": rows,
        "follows": any(row.follows for row in rows),
        "opens": any(row.opens for row in rows),
        "found": found,
        "query": urlencode(filters.given()),
        "kept": filters.given(),
        "address": reverse("comparisons:comparisons"),
        "kind": f"{insurance.value}_list",
    }
