"""The residents' own door: a cookie and a session of their own, and who comes in by it on each request.

It looks at no officer's session, and no officer's page looks at this one: the two cookies have different names, and what a session holds is
signed under a name of its own, so that neither opens the other's even in the same table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import timezone

from anju.cases.guardians import wards
from anju.government.acting import acting
from anju.government.door import for_duties
from anju.government.residents import RESIDENT, Guardian, Resident
from anju.government.second_wall import everything
from anju.journal.actions import record
from anju.register.models import Person
from anju.sealing.masking import mask_name

P = ParamSpec("P")
_seen_every = timedelta(minutes=1)
_of_residents = for_duties(RESIDENT)


class ResidentSessions(SessionStore):
    """Sessions of residents. Its name is what their content is signed under."""


class ResidentsRequest(HttpRequest):
    """A request that has come through the residents' door; the portal's pages are framed for the resident."""

    resident: Resident


def for_residents(
    page: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that a resident who has signed in sees; whoever has not is led to where one does."""

    @_of_residents
    @wraps(page)
    def ask_first(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if coming(request) is None:
            return HttpResponseRedirect(reverse("portal:mine"))
        return page(request, *args, **kwargs)

    return ask_first


def for_whoever_comes(
    page: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The page at which residents come in: it asks itself who is there (`coming`)."""
    return _of_residents(page)


def resident_of(request: HttpRequest) -> Resident:
    """The resident who came through the door."""
    return cast(ResidentsRequest, request).resident


def coming(request: HttpRequest) -> Resident | None:
    """The resident whose session the request shows, None where it shows none, one that is over, or one of somebody who is no more."""
    key = request.COOKIES.get(settings.ANJU_RESIDENT_COOKIE, "")
    if not key:
        return None
    session, now = ResidentSessions(key), timezone.now()
    person = _living(session.get("person"), session.get("number"))
    if person is None or _is_over(session, now):
        if not session.is_empty():
            session.flush()
        return None
    if now - datetime.fromisoformat(session["seen"]) >= _seen_every:
        session["seen"] = now.isoformat()
        session.save()
    resident = resident_as(person)
    cast(ResidentsRequest, request).resident = resident
    return resident


def resident_as(person: Person) -> Resident:
    """Somebody of the register as a resident who acts."""
    return Resident(person.pk, mask_name(person.name), person.destination or person.origin)


def wards_of(resident: Resident) -> list[Resident]:
    """The children of the household for whom a resident acts as their guardian, each as who acts; whom he sees nothing else of."""
    with everything():
        person = Person.objects.unscoped().get(pk=resident.person)
        hand = Guardian(resident.person, resident.called, person.name)
        return [replace(resident_as(child), guardian=hand) for child in wards(person, timezone.localdate())]


def acting_for(request: HttpRequest, key: object) -> Resident:
    """Who acts for a person: the resident himself, or the guardian of a child of the household; for anybody else the page is missing."""
    resident = resident_of(request)
    found = (one for one in (resident, *wards_of(resident)) if str(one.person) == str(key))
    if (acts := next(found, None)) is None:
        raise Http404
    return acts


def come_in(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Begin the session of a resident with an answer; another one that the browser had is over."""
    now, session = timezone.now().isoformat(), ResidentSessions()
    session.update({"person": str(person.pk), "number": person.number_index, "began": now, "seen": now})
    with transaction.atomic():
        ResidentSessions(request.COOKIES.get(settings.ANJU_RESIDENT_COOKIE) or None).flush()
        session.create()
        record(
            actor=acting(resident_as(person)), action="portal.sign_in", object_kind="person", object_id=str(person.pk)
        )
    rotate_token(request)
    response.set_cookie(
        settings.ANJU_RESIDENT_COOKIE,
        session.session_key or "",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def go_out(request: HttpRequest, response: HttpResponse) -> None:
    """End the session on the server, and what the browser kept of it."""
    resident = resident_of(request)
    with transaction.atomic():
        ResidentSessions(request.COOKIES.get(settings.ANJU_RESIDENT_COOKIE)).flush()
        record(actor=acting(resident), action="portal.sign_out", object_kind="person", object_id=str(resident.person))
    response.delete_cookie(settings.ANJU_RESIDENT_COOKIE, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def note_look(resident: Resident, kind: str = "person", key: object = "") -> None:
    """Write into the journal that the resident has opened what is about himself."""
    with transaction.atomic():
        record(
            actor=acting(resident),
            action="portal.look",
            object_kind=kind,
            object_id=str(key or resident.person),
            purpose="监护人查看" if resident.guardian else "本人查看",
        )


def _living(key: object, index: object) -> Person | None:
    """Whose session it is, as long as it is the number's by which the session was opened."""
    if not isinstance(key, str) or not isinstance(index, str):
        return None
    with transaction.atomic():
        return Person.objects.unscoped().filter(pk=key, number_index=index, ended_on=None).first()


def _is_over(session: ResidentSessions, now: datetime) -> bool:
    idle = now - datetime.fromisoformat(session["seen"]) >= timedelta(minutes=settings.ANJU_IDLE_MINUTES)
    old = now - datetime.fromisoformat(session["began"]) >= timedelta(hours=settings.ANJU_LONGEST_SESSION_HOURS)
    return idle or old
