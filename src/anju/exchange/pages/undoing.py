"""Undoing a merge: one officer asks, with a reason; another one agrees or does not."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.exchange import actions
from anju.exchange.models import rows_gone
from anju.exchange.pages.batch import address_of, batch_of, shown_batch, told
from anju.exchange.pages.deeds import with_reason
from anju.government.door import confirmed_again, for_handlers, officer_of
from anju.government.refusals import Refused

_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@_asked_or_sent
@confirmed_again
def ask(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Ask for a merge to be undone, with a reason."""
    found = batch_of(officer_of(request), batch)
    if found.forgotten_at:
        return shown_batch(request, found, rows_gone)
    text = _(
        "撤回要两个人：您申请，同一地区的另一位干部同意。撤回以后，这一批新登记的都拿掉，改过的都恢复；并入以后又有人动过的，一条也不撤，先告诉您是哪些。"
    )
    words = {"title": _("申请撤回这一批"), "text": text, "press": _("申请撤回")}
    return with_reason(request, found, actions.ask_undo, "undo_asked", **words)


@for_handlers
@_asked_or_sent
@confirmed_again
def approve(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What would be undone, who asks for it and why; and that it is."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    refused = ""
    if request.method == "POST":
        try:
            actions.approve_undo(by=officer, batch=batch)
        except Refused as why:
            refused = str(why)
            found = batch_of(officer, batch)
        else:
            return HttpResponseRedirect(address_of(found, request, "undoing"))
    if found.undo_asked_by_id is None or found.undone_by_id is not None:
        return shown_batch(request, found, refused)
    context = {
        "batch": found,
        "refused": refused,
        "merged": told(found.counts.get("merged", {})),
        "mine": found.undo_asked_by_id == officer.pk,
    }
    return render(request, "exchange/undo.html", context, status=422 if refused else 200)


@for_handlers
@_asked_or_sent
def refuse(request: HttpRequest, batch: UUID) -> HttpResponse:
    """It is not undone: another officer says why, or who asked thinks better of it."""
    found = batch_of(officer_of(request), batch)
    words = {
        "title": _("不撤回这一批"),
        "text": _("这一批照旧留在登记库里；为什么不撤回，申请的人看得到。"),
        "press": _("不撤回"),
    }
    return with_reason(request, found, actions.refuse_undo, "undo_refused", **words)
