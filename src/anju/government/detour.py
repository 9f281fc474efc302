"""What an officer had typed before the second factor was asked for stands on the form again, to be looked at and sent once more.

It is kept for minutes in the session, sealed for the officer, and in no address; it is given back once. Nothing is sent by itself: what is
confirmed is what was seen, with what the page says by now.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from anju.government.as_filled import as_filled
from anju.government.models import Officer
from anju.sealing.ciphertext import Place, SealBroken, seal, unseal
from anju.sealing.keys import KeysRefused

_name, _pages = "typed", "stood"
_longest = 10_000
"""How many characters of a form are kept, names and all."""


class _Told(TypedDict):
    at: str
    path: str
    fields: dict[str, list[str]] | None
    files: bool


def keep(request: HttpRequest, officer: Officer) -> None:
    """Keep what was typed into a form that is being sent; nothing of its files, nor of what is too long."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    short = len(json.dumps(fields, ensure_ascii=False)) <= _longest
    told = _Told(
        at=timezone.now().isoformat(), path=request.path, fields=fields if short else None, files=bool(request.FILES)
    )
    sealed = seal(json.dumps(told, ensure_ascii=False), _place(officer))
    request.session[_name] = b64encode(sealed).decode("ascii")


def give_back(request: HttpRequest, officer: Officer, answer: HttpResponse) -> None:
    """Fill the form into the page that is answered, if it is there; by then nothing is kept any more."""
    if _name not in request.session:
        return
    told = _told(request.session[_name], officer)
    if told is None:
        del request.session[_name]
    elif request.method == "GET" and _is_page(answer):
        page, at = answer.content.decode(), request.get_full_path()
        filled = as_filled(page, at, told["path"], told["fields"] or {}, _said(told))
        if filled is not None:
            answer.content = filled.encode()
            del request.session[_name]


def page_of(request: HttpRequest) -> str:
    """The address of the page that a form was sent from, without the host; empty where the browser does not say."""
    page = urlsplit(request.headers.get("Referer", ""))
    stood = request.session.get(_pages)
    if stood and stood[0] == page.path:
        return str(stood[1])
    return f"{page.path}?{page.query}" if page.query else page.path


def remember_page(request: HttpRequest, answer: object) -> None:
    """Remember where a form stood that was answered with a page at its own address: nobody can go back to what only takes what is sent."""
    page = page_of(request)
    if _is_page(answer) and page and urlsplit(page).path != request.path:
        request.session[_pages] = [request.path, urlsplit(page).path]


def _is_page(answer: object) -> bool:
    return (
        isinstance(answer, HttpResponse)
        and answer.status_code in (200, 422)
        and answer.headers.get("Content-Type", "").startswith("text/html")
    )


def _said(told: _Told) -> str:
    sentences = [
        _("您已经确认过了，还没有办：填的都在下面，请看一遍，再按一次。")
        if told["fields"] is not None
        else _("您已经确认过了，还没有办：填的太长，没有留下，请重新填。")
    ]
    if told["files"]:
        sentences.append(_("文件没有留下，要重新选。"))
    return format_html(
        '<p class="tone tone-open d-block w-100 mb-2" tabindex="-1" role="status" autofocus>{}</p>', " ".join(sentences)
    )


def _told(sealed: str, officer: Officer) -> _Told | None:
    """What was kept, if it is the officer's and minutes old; else None."""
    try:
        told: _Told = json.loads(unseal(b64decode(sealed), _place(officer)))
    except (SealBroken, KeysRefused):  # the key may have been retired meanwhile
        return None
    old = timezone.now() - datetime.fromisoformat(told["at"])
    return told if old <= timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT) else None


def _place(officer: Officer) -> Place:
    return Place("django_session", _name, officer.pk)
