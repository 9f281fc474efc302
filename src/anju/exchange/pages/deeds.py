"""What is done with a batch. What is refused stands on the page as a sentence, and nothing that was given is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.exchange import actions, problem_list
from anju.exchange.forms import BecauseForm
from anju.exchange.models import Batch, Decision
from anju.exchange.pages.batch import address_of, batch_of, rows_shown, shown_batch
from anju.exchange.pages.sending import workbook
from anju.exchange.queries.numbers import numbers
from anju.exchange.subjects import titles
from anju.government.door import confirmed_again, for_handlers, officer_of
from anju.government.refusals import Refused

_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@require_POST
def decide(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Decide of one row (``one``: number and decision), or of all that are shown (``all``: the decision)."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    number, _colon, decision = request.POST.get("one", "").partition(":")
    some = _numbers([number])
    if given := request.POST.get("all", ""):
        decision = given
        listed = rows_shown(request, officer, found)[2]
        asked = set(_numbers(request.POST.getlist("shown")))
        some = [r.staged.number for r in listed if r.staged.number in asked and decision in r.allowed]
    return _pressed(
        request,
        found,
        lambda: actions.decide(by=officer, batch=batch, numbers=_some(some), decision=_known(decision)),
        "decided",
        f"#row-{some[0]}" if some and not given else "#list",
    )


@for_handlers
@require_POST
def choose(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Of the rows that were shown, merge those that are ticked: or all, or none."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    shown = _numbers(request.POST.getlist("shown"))
    which = request.POST.get("which", "ticked")
    chosen = shown if which == "all" else [] if which == "none" else _numbers(request.POST.getlist("chosen"))
    return _pressed(
        request,
        found,
        lambda: actions.choose(by=officer, batch=batch, shown=_some(shown), chosen=chosen),
        "chosen",
        "#list",
    )


@for_handlers
@require_POST
def again(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Begin anew what did not get done in the background."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    return _pressed(request, found, lambda: actions.again(by=officer, batch=batch), "again", "")


@for_handlers
@_asked_or_sent
@confirmed_again
def accept(request: HttpRequest, batch: UUID) -> HttpResponse:
    """What would be merged, once more; and the merge."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    sent = request.method == "POST"
    seen = _numbers([request.POST.get("revision", "") if sent else request.GET.get("revision", "")])
    revision = seen[0] if seen else 0 if sent else found.revision
    refused = ""
    if sent:
        try:
            actions.accept(by=officer, batch=batch, revision=revision)
        except Refused as why:
            refused = str(why)
        else:
            return HttpResponseRedirect(address_of(found, request, "accepted"))
    counted = numbers(officer, found)
    context = {
        "batch": found,
        "revision": revision,
        "refused": refused,
        "numbers": counted,
        "chosen": [(titles[kind], n) for kind, n in counted.chosen.items()],
    }
    return render(request, "exchange/accept.html", context, status=422 if refused else 200)


@for_handlers
@_asked_or_sent
def reject(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Give a batch back, with a reason."""
    found = batch_of(officer_of(request), batch)
    text = _("退回以后，这一批不再并入；改好了，请重新交一份文件。")
    return with_reason(request, found, actions.reject, "rejected", title=_("退回这一批"), text=text, press=_("退回"))


@for_handlers
@require_GET
@confirmed_again
def problems(request: HttpRequest, batch: UUID) -> FileResponse | HttpResponse:
    """Everything that is to be read about rows, as a workbook; that it was taken along stands in the journal."""
    officer = officer_of(request)
    found = batch_of(officer, batch)
    try:
        lines = actions.take_problems(by=officer, batch=batch)
    except Refused as refused:
        return shown_batch(request, found, str(refused))
    name = f"{PurePath(found.file_name).stem}-问题.xlsx"
    return workbook(name, lambda path: problem_list.write(lines, path))


def _pressed(request: HttpRequest, batch: Batch, deed: Callable[[], object], saved: str, anchor: str) -> HttpResponse:
    try:
        deed()
    except Refused as refused:
        return shown_batch(request, batch_of(officer_of(request), batch.pk), str(refused))
    return HttpResponseRedirect(address_of(batch, request, saved) + anchor)


def with_reason(
    request: HttpRequest, batch: Batch, deed: Callable[..., object], saved: str, **words: Any
) -> HttpResponse:
    """The page that asks why something is done with a batch; and that it is done."""
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            deed(by=officer_of(request), batch=batch.pk, because=form.cleaned_data["because"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(address_of(batch, request, saved))
    context = {"batch": batch, "form": form, **words}
    return render(request, "exchange/reason.html", context, status=422 if form.errors else 200)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _some(some: list[int]) -> list[int]:
    """Raises `Refused` for none."""
    if not some:
        raise Refused("这一页没有能这样定的行，请刷新再看。")
    return some


def _known(decision: str) -> str:
    """Raises `Refused` for what is no decision."""
    if decision not in Decision.values:
        raise Refused("这一行不能这样定，请重选。")
    return decision
