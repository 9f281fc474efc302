"""What an officer had typed before the second factor was asked for: kept for minutes in the session, sealed, and in no address."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from anju.government.models import Officer
from anju.sealing.ciphertext import Place, SealBroken, seal, unseal

_name = "typed"
_longest = 300


def keep(request: HttpRequest, officer: Officer, names: Iterable[str]) -> None:
    """Keep what was typed into some fields, with what the address says of whom or what they are about."""
    match = request.resolver_match
    about = {name: str(value) for name, value in match.kwargs.items()} if match else {}
    typed = {name: request.POST[name][:_longest] for name in names if name in request.POST}
    told = {"at": timezone.now().isoformat(), "about": about, "typed": typed}
    sealed = seal(json.dumps(told, ensure_ascii=False), _place(officer))
    request.session[_name] = b64encode(sealed).decode("ascii")


def typed_before(request: HttpRequest, officer: Officer) -> dict[str, str]:
    """What was kept for the page that is asked for, with what its address said; it is given back once, and by then forgotten."""
    if _name not in request.session or request.method != "GET" or request.resolver_match is None:
        return {}
    told = _told(request.session[_name], officer)
    here = {str(value) for value in request.resolver_match.kwargs.values()}
    if told and not here & set(told["about"].values()):
        return {}
    del request.session[_name]
    return {**told["about"], **told["typed"]} if told else {}


def _told(sealed: str, officer: Officer) -> dict[str, dict[str, str]]:
    """What was kept, if it is the officer's and minutes old; else nothing."""
    try:
        told = json.loads(unseal(b64decode(sealed), _place(officer)))
    except SealBroken:
        return {}
    old = timezone.now() - datetime.fromisoformat(told.pop("at"))
    found: dict[str, dict[str, str]] = (
        told if old <= timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT) else {}
    )
    return found


def _place(officer: Officer) -> Place:
    return Place("django_session", _name, officer.pk)
