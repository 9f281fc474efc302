"""What pages about one subject have in common: found or missing, the day they show, a form carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.actions import JournalRefused
from anju.register.models import Household, Person, Site
from anju.register.queries import one
from anju.register.queries.whom import county_in_reach

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class When:
    """The day that a page shows, and the day as of which it was known (None: now)."""

    on: date
    known: date | None

    @property
    def at(self) -> datetime | None:
        """The last moment of the day as of which it was known."""
        return None if self.known is None else timezone.make_aware(datetime.combine(self.known, time.max))

    @property
    def now(self) -> bool:
        """Whether it is what holds and is known today; only then it can be changed."""
        return self.known is None and self.on == timezone.localdate()


def when(request: HttpRequest) -> When:
    """``?on=`` and ``?known=`` of the address; what is no day of the past means today."""
    today = timezone.localdate()
    on, known = (_day(request.GET.get(name, "")) for name in ("on", "known"))
    return When(on if on and on <= today else today, known if known and known < today else None)


def person_of(officer: Officer, key: UUID) -> Person:
    """The person, or a missing page: foreign and missing are one."""
    return found(one.person(officer, str(key)))


def household_of(officer: Officer, key: UUID) -> Household:
    """The household, or a missing page."""
    return found(one.household(officer, str(key)))


def site_of(officer: Officer, key: UUID) -> Site:
    """The site, or a missing page."""
    return found(one.site(officer, str(key)))


def county_of(who: Asking, code: str) -> str:
    """The 12-digit code of a county that one of the posts reaches as a whole, or a missing page."""
    full = county_in_reach(who.scopes, code, who.today)
    if not full:
        raise Http404
    return full


def found(subject: T | None) -> T:
    """What was found, or a missing page."""
    if subject is None:
        raise Http404
    return subject


def carried_out(request: HttpRequest, form: forms.Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent and its deed is done; what is refused stands on the form as a sentence."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except (Refused, JournalRefused) as refused:
        form.add_error(None, str(refused))
        return False
    return True


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """A page that says why something cannot be seen now."""
    return render(request, "refused.html", {"sentence": sentence}, status=429)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
