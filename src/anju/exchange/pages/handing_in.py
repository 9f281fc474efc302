"""Handing in a file, and the empty workbooks to fill in."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from anju.exchange import blanks
from anju.exchange.actions import hand_in
from anju.exchange.forms import HandInForm
from anju.exchange.kinds import kinds
from anju.exchange.pages.sending import workbook
from anju.government.door import for_handlers, officer_of
from anju.government.queries import visible_regions
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.tables.uploads import largest, too_large


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a file and begin to read it."""
    officer, today = officer_of(request), timezone.localdate()
    codes = list(dict.fromkeys(scope.lo for scope in visible_regions(officer, today)))
    names = Names(codes, today)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HandInForm({code: names(code) for code in codes}, *sent, initial={"kind": request.GET.get("kind", "")})
    if request.META.get("anju.too_large"):
        form.errors["ledger"] = form.error_class([too_large()])
        return _asked(request, form, status=413)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ledger = given["ledger"]
        path = Path(ledger.temporary_file_path())
        try:
            batch = hand_in(by=officer, kind=given["kind"], region=given["region"], path=path, file_name=ledger.name)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("exchange:batch", args=[batch.pk]))
    return _asked(request, form, status=422 if form.errors else 200)


@for_handlers
@require_GET
def blank(request: HttpRequest, kind: str) -> FileResponse:
    """An empty workbook of a kind, with the columns that the officer's lines work with."""
    known = next((one for one in kinds() if one.code == kind), None)
    if known is None:
        raise Http404
    scopes = visible_regions(officer_of(request), timezone.localdate())
    return workbook(f"导入模板-{known.title}.xlsx", lambda path: blanks.write(known, scopes, path))


def _asked(request: HttpRequest, form: HandInForm, status: int) -> HttpResponse:
    context = {"form": form, "kinds": kinds(), "largest": largest(), "has_posts": bool(form.regions)}
    return render(request, "exchange/new.html", context, status=status)
