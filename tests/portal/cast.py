"""Residents who have signed in, without the provider that says who they are (`tests/portal/test_sign_in.py` asks that one)."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from anju.government.residents import Resident
from anju.government.second_wall import everything
from anju.portal.door import ResidentSessions, resident_as
from anju.register.models import Person
from anju.sealing.blind_index import blind_index
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ORIGIN


def at_home(person: Person) -> Browser:
    """The browser of a resident who has come in."""
    browser, now = Browser(), timezone.now().isoformat()
    session = ResidentSessions()
    session.update({"person": str(person.pk), "number": person.number_index, "began": now, "seen": now})
    session.create()
    browser.cookies[settings.ANJU_RESIDENT_COOKIE] = session.session_key or ""
    return browser


def somebody(name: str, number: str) -> Person:
    """Somebody whom the register has, without any officer."""
    with everything():
        return Person.objects.create(
            name=name, number=number, number_index=blind_index(number), origin=ORIGIN, destination=DESTINATION
        )


def as_resident(person: Person) -> Resident:
    """Somebody who acts for himself."""
    return resident_as(person)
