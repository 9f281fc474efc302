"""One letter, and what is pressed on its page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from anju.documents import actions
from anju.documents.forms import form_of
from anju.documents.models import Letter
from anju.documents.page_forms import BecauseForm, ReceiveForm, ReviseForm, SeenForm, TakeForm
from anju.documents.queries.one import Shown, seen_letter, shown
from anju.government.asking import asking
from anju.government.door import confirmed_again, for_handlers, officer_of
from anju.government.models import Officer
from anju.government.office_forms import carried_out, told
from anju.government.refusals import Refused

_types = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_sentences = {
    "drafted": _("拟好了，请看一遍。"),
    "revised": _("改好了。"),
    "hand_over": _("已经送核稿，等本单位另一位干部。"),
    "countersign": _("核过稿了，可以签发。"),
    "send_back": _("退回拟稿，改好以后再送核稿。"),
    "issue": _("签发了，从现在起不能再改。"),
    "void": _("作废了。"),
    "receive": _("登记了收到。"),
}


@for_handlers
@require_safe
def one(request: HttpRequest, letter: UUID) -> HttpResponse:
    """The page of a letter."""
    return _page(request, letter_of(officer_of(request), letter))


def letter_of(officer: Officer, key: UUID) -> Letter:
    """The letter, or a missing page: foreign and missing are one."""
    found = seen_letter(officer, key)
    if found is None:
        raise Http404
    return found


def address_of(letter: Letter, saved: str = "") -> str:
    """The address of a letter's page, with what was just done."""
    return reverse("documents:letter", args=[letter.pk]) + (f"?saved={saved}" if saved else "")


Deed = Callable[[HttpRequest, Letter], HttpResponseBase]


def _pressed(deed: Deed) -> Callable[..., HttpResponseBase]:
    """What is pressed on a letter's page; whoever comes to its address otherwise is led to that page."""

    @for_handlers
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(deed)
    def press(request: HttpRequest, letter: UUID) -> HttpResponseBase:
        found = letter_of(officer_of(request), letter)
        return deed(request, found) if request.method == "POST" else HttpResponseRedirect(address_of(found))

    return press


def _done(
    request: HttpRequest, letter: Letter, form: forms.Form, saved: str, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    if carried_out(form, act):
        return HttpResponseRedirect(address_of(letter, saved))
    return _page(request, letter_of(officer_of(request), letter.pk), form)


@_pressed
def revise(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Other words in the draft."""
    by, form = officer_of(request), ReviseForm(request.POST, imprinted=form_of(letter.form).imprinted)
    return _done(request, letter, form, "revised", lambda given: actions.revise(by=by, letter=letter.pk, **given))


def _step(name: str, act: Callable[..., object]) -> Callable[..., HttpResponseBase]:
    def deed(request: HttpRequest, letter: Letter) -> HttpResponse:
        by = officer_of(request)
        form = SeenForm(request.POST)
        return _done(request, letter, form, name, lambda given: act(by=by, letter=letter.pk, seen=given["seen"]))

    deed.__doc__ = act.__doc__
    return _pressed(deed)


hand_over = _step("hand_over", actions.hand_over)
countersign = _step("countersign", actions.countersign)
send_back = _step("send_back", actions.send_back)
issue = _step("issue", actions.issue)


@_pressed
def void(request: HttpRequest, letter: Letter) -> HttpResponse:
    """It no longer counts."""
    by, form = officer_of(request), BecauseForm(request.POST)
    return _done(request, letter, form, "void", lambda given: actions.void(by=by, letter=letter.pk, **given))


@_pressed
def receive(request: HttpRequest, letter: Letter) -> HttpResponse:
    """My office has it."""
    by, form = officer_of(request), ReceiveForm(request.POST)
    return _done(request, letter, form, "receive", lambda given: actions.receive(by=by, letter=letter.pk, **given))


@_pressed
def take(request: HttpRequest, letter: Letter) -> HttpResponseBase:
    """The file; with ID numbers in full behind a fresh second factor."""
    return (_take_confirmed if request.POST.get("full") else _take)(request, letter)


def _take(request: HttpRequest, letter: Letter) -> HttpResponse:
    by, form, made = officer_of(request), TakeForm(request.POST), []
    if not carried_out(form, lambda given: made.append(actions.take(by=by, letter=letter.pk, **given))):
        return _page(request, letter, form)
    (taken,) = made
    answer = HttpResponse(taken.body, content_type=_types[form.cleaned_data["file"]])
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=taken.name) or ""
    answer.headers["Cache-Control"] = "no-store"
    return answer


_take_confirmed = confirmed_again(_take)


def _page(request: HttpRequest, letter: Letter, form: forms.Form | None = None) -> HttpResponse:
    who = asking(request)
    try:
        actions.look(by=who.officer, letter=letter)
    except Refused as refusal:
        return render(request, "refused.html", {"sentence": str(refusal)}, status=429)
    known = shown(who.officer, letter, who.today)
    context = {
        "known": known,
        "letter": letter,
        "paper": known.paper,
        "errors": told(form) if form else [],
        "revise": form if isinstance(form, ReviseForm) else _first(known),
        "because": form if isinstance(form, BecauseForm) else BecauseForm(),
        "receive": form if isinstance(form, ReceiveForm) else ReceiveForm(initial={"on": who.today}),
        "take": form if isinstance(form, TakeForm) else TakeForm(),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "documents/letter.html", context, status=422 if context["errors"] else 200)


def _first(known: Shown) -> ReviseForm | None:
    if known.content is None or "revise" not in known.deeds:
        return None
    told = known.content
    words = {"title": told.title, "to": told.to, "text": told.text, "copies_to": told.copies_to}
    imprinted = form_of(known.letter.form).imprinted
    return ReviseForm(initial={**words, "seen": known.letter.revision}, imprinted=imprinted)
