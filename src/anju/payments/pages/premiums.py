"""代缴: who is due this year, the batches, and the list of one."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode
from uuid import UUID

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.refusals import Refused, one_deed
from anju.payments import actions
from anju.payments.actions import approve as approve_batch
from anju.payments.actions import draw_up as draw_up_batch
from anju.payments.actions import withdraw as withdraw_batch
from anju.payments.actions.returning import most
from anju.payments.actions.within import longest, note
from anju.payments.models import Batch, Scheme, pays_premiums
from anju.payments.queries.premiums import batch, batches, cells, listed, of_counties
from anju.tables.workbooks import xlsx

_sentences = {
    "drawn": _("提出了，等另一位干部复核。"),
    "approved": _("复核好了，这一批算代缴了。"),
    "withdrawn": _("撤回了，这些人还是应当代缴。"),
    "return_asked": _("提出退回了，等另一位干部复核；复核以前算代缴了。"),
    "returned": _("退回了，还应当代缴的可以重新提。"),
    "return_withdrawn": _("不退回了，还是算代缴了。"),
}
_digits = 19
"""Of a number that a database does not take for a row's."""
_head = ("序号", "姓名", "证件号码", "年度", "人群", "标准（元）", "政府负担（元）", "个人负担（元）", "退回")


@for_handlers
@offered_to(pays_premiums)
@require_safe
def premiums(request: HttpRequest) -> HttpResponse:
    """This year, by scheme and county."""
    return _all(request, asking(request))


@for_handlers
@require_POST
def draw_up(request: HttpRequest) -> HttpResponse:
    """List everybody who is due, for another officer."""
    who = asking(request)
    scheme, county = request.POST.get("scheme", "")[:10], request.POST.get("county", "")[:12]
    year = request.POST.get("year", "")[:4]
    of_year = int(year) if year.isascii() and year.isdecimal() else None
    try:
        made = draw_up_batch(by=who.officer, scheme=scheme, county=county, year=of_year)
    except Refused as refusal:
        return _all(request, who, str(refusal))
    return HttpResponseRedirect(f"{reverse('premiums:batch', args=[made.pk])}?saved=drawn")


@for_handlers
@require_safe
def one(request: HttpRequest, batch: UUID) -> HttpResponse:
    """A batch and whom it is for."""
    who = asking(request)
    return _one(request, who, _batch(who, batch))


@for_handlers
@require_POST
def approve(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Agree to what somebody else drew up."""
    left: list[str] = []
    back = f"{reverse('premiums:batch', args=[batch])}?saved=approved&left="
    return _done(
        request,
        batch,
        lambda: f"{back}{len(left)}",
        lambda who: left.extend(approve_batch(by=who.officer, batch=batch).left_out),
    )


@for_handlers
@require_POST
def withdraw(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Give up a batch that waits."""
    back = f"{reverse('premiums:premiums')}?saved=withdrawn"
    return _done(request, batch, lambda: back, lambda who: withdraw_batch(by=who.officer, batch=batch))


@for_handlers
@require_POST
def ask_return(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Want the ticked ones returned."""
    because = request.POST.get("because", "")
    back = f"{reverse('premiums:batch', args=[batch])}?returns=1&saved=return_asked"
    return _done(
        request,
        batch,
        lambda: back,
        lambda who: actions.ask_return(by=who.officer, batch=batch, premiums=_ticked(request), because=because),
    )


@for_handlers
@require_POST
def confirm_return(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Agree that the ticked ones are returned."""
    back = f"{reverse('premiums:batch', args=[batch])}?saved=returned"
    return _done(
        request,
        batch,
        lambda: back,
        lambda who: actions.confirm_return(by=who.officer, batch=batch, premiums=_ticked(request)),
    )


@for_handlers
@require_POST
def withdraw_return(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Leave the ticked ones as they are."""
    back = f"{reverse('premiums:batch', args=[batch])}?saved=return_withdrawn"
    return _done(
        request,
        batch,
        lambda: back,
        lambda who: actions.withdraw_return(by=who.officer, batch=batch, premiums=_ticked(request)),
    )


def _ticked(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("chosen")[: most + 1]
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < _digits]


@for_handlers
@require_safe
def take(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The list as a workbook, numbers masked; that it was taken stands in the journal."""
    who = asking(request)
    found = _batch(who, batch)
    rows = cells(who, found)
    with one_deed():
        note(who.officer, "take_premiums", "premiums", found.pk, people=len(rows))
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("代缴名单")
        for line, row in enumerate([_head, *([str(at), *row] for at, row in enumerate(rows, 1))]):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text)
        sheet.autofit()
    name = f"premiums-{found.scheme}-{found.year}.xlsx"
    return HttpResponse(
        file.getvalue(), content_type=xlsx, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _batch(who: Asking, key: UUID) -> Batch:
    found = batch(who, key)
    if found is None:
        raise Http404
    return found


def _person(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _done(request: HttpRequest, key: UUID, back: Callable[[], str], deed: Callable[[Asking], object]) -> HttpResponse:
    who = asking(request)
    found = _batch(who, key)
    try:
        deed(who)
    except Refused as refusal:
        return _one(request, who, found, str(refusal))
    return HttpResponseRedirect(back())


def _all(request: HttpRequest, who: Asking, refused: str = "") -> HttpResponse:
    context = {
        "year": who.today.year,
        "offices": of_counties(who),
        "batches": batches(who),
        "refused": refused,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "payments/premiums.html", context, status=422 if refused else 200)


def _one(request: HttpRequest, who: Asking, found: Batch, refused: str = "") -> HttpResponse:
    given = request.GET if request.method in ("GET", "HEAD") else request.POST
    person, returns = _person(given.get("person", "")), given.get("returns", "") == "1"
    shown = listed(who, found, given.get("page", ""), person=person, returns=returns)
    waiting = [row for row, _ in shown.rows if row.return_asked_at is not None and row.returned_at is None]
    kept = {"person": str(person or ""), "returns": "1" if returns else ""}
    context = {
        "clause": Scheme(found.scheme).clause,
        **{name: getattr(shown, name) for name in ("batch", "name", "sums", "found", "rows")},
        "returning": shown.pays and found.approved_at is not None,
        "standing": any(row.return_asked_at is None for row, _ in shown.rows),
        "waiting": bool(waiting),
        "confirms": any(row.return_asked_by_id != who.officer.pk for row in waiting),
        "kept": {name: text for name, text in kept.items() if text},
        "query": urlencode({name: text for name, text in kept.items() if text}),
        "because": request.POST.get("because", "")[:longest],
        "ticked": _ticked(request),
        "longest": longest,
        "left": int(left) if (left := request.GET.get("left", "")[:5]).isdecimal() and left.isascii() else 0,
        "gone": shown.gone,
        "mine": found.asked_by_id == who.officer.pk,
        "refused": refused,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "payments/batch.html", context, status=422 if refused else 200)
