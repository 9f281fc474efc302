"""What is done with an export. What is refused stands on its page as a sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from anju.exchange.actions import exporting as actions
from anju.exchange.exporting.asked import asked_of
from anju.exchange.forms import AskForm
from anju.exchange.kinds import kind_of
from anju.exchange.models import Export
from anju.exchange.pages.exports import export_of, shown_export
from anju.exchange.pages.sending import workbook
from anju.government.door import confirmed_again, for_handlers, officer_of
from anju.government.office_forms import told
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.register.queries.lists import Filters


@for_handlers
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an export of a list with its filters, or (``like``) one such as an earlier one; its filters stand in no address."""
    officer = officer_of(request)
    given = request.POST
    kind, filters, region = given.get("kind", ""), Filters.of(given), ""
    if "like" in given:
        earlier = asked_of(export_of(officer, _key(given["like"])))
        kind, filters, region = earlier.kind, earlier.filters, earlier.region
    try:
        found = actions.draft(by=officer, kind=kind, filters=filters, region=region)
    except Refused as refused:
        return render(request, "exchange/not_exported.html", {"refused": str(refused)}, status=422)
    return _to(found)


def _on_an_export(deed: Callable[[HttpRequest, Export], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """What is pressed on an export's page. Whoever comes to its address otherwise, from the second factor or by reloading what was
    refused, is led to that page.
    """

    @for_handlers
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(deed)
    def pressed(request: HttpRequest, export: UUID) -> HttpResponseBase:
        found = export_of(officer_of(request), export)
        return deed(request, found) if request.method == "POST" else _to(found)

    return pressed


@_on_an_export
def change(request: HttpRequest, found: Export) -> HttpResponse:
    """Another kind of rows, or another region."""
    officer, given = officer_of(request), request.POST
    kind, region = given.get("kind", found.kind), given.get("region", found.region)
    return _pressed(request, found, lambda: actions.change(by=officer, export=found.pk, kind=kind, region=region))


@_on_an_export
def ask(request: HttpRequest, found: Export) -> HttpResponseBase:
    """Ask for it; numbers in full behind a fresh second factor."""
    return (_ask_confirmed if request.POST.get("full") else _ask)(request, found)


def _ask(request: HttpRequest, found: Export) -> HttpResponse:
    officer, form = officer_of(request), AskForm(request.POST)
    if not form.is_valid():
        return shown_export(request, found, " ".join(told(form)), form)
    full, purpose = bool(form.cleaned_data["full"]), form.cleaned_data["purpose"]
    return _pressed(request, found, lambda: actions.ask(by=officer, export=found.pk, full=full, purpose=purpose), form)


_ask_confirmed = confirmed_again(_ask)


@_on_an_export
@confirmed_again
def approve(request: HttpRequest, found: Export) -> HttpResponse:
    """Let another officer's export be made."""
    officer = officer_of(request)
    return _pressed(request, found, lambda: actions.approve(by=officer, export=found.pk))


@_on_an_export
def refuse(request: HttpRequest, found: Export) -> HttpResponse:
    """Do not let it be made, with a reason."""
    officer, because = officer_of(request), request.POST.get("because", "")
    return _pressed(request, found, lambda: actions.refuse(by=officer, export=found.pk, because=because))


@_on_an_export
def again(request: HttpRequest, found: Export) -> HttpResponse:
    """Begin anew what did not get done in the background."""
    officer = officer_of(request)
    return _pressed(request, found, lambda: actions.again(by=officer, export=found.pk))


@_on_an_export
def download(request: HttpRequest, found: Export) -> HttpResponseBase:
    """The file; numbers in full behind a fresh second factor."""
    return (_sent_confirmed if found.full else _sent)(request, found)


def _sent(request: HttpRequest, found: Export) -> HttpResponseBase:
    officer = officer_of(request)
    region = Names([found.region], timezone.localdate())(found.region)
    how = "完整" if found.full else "遮住号码"
    name = f"{kind_of(found.kind).title}-{region}-{how}-{timezone.localdate():%Y%m%d}.xlsx"
    try:
        return workbook(name, lambda path: actions.take(by=officer, export=found.pk, path=path))
    except Refused as refused:
        return shown_export(request, found, str(refused))


_sent_confirmed = confirmed_again(_sent)


def _pressed(
    request: HttpRequest, found: Export, deed: Callable[[], object], form: AskForm | None = None
) -> HttpResponse:
    try:
        deed()
    except Refused as refused:
        return shown_export(request, export_of(officer_of(request), found.pk), str(refused), form)
    return _to(found)


def _to(export: Export) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("exchange:export", args=[export.pk]))


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
