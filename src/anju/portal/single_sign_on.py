"""Residents by the city's identity provider: it says which ID number somebody has, and the register says who that is.

No other way leads in (docs/adr/0022): an ID number that somebody types proves nothing, and a resident has no password here. What the
provider tells is kept nowhere; of the number only the blind index is ever handed on.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from anju.government import lockout
from anju.government.acting import acting
from anju.government.single_sign_on import CityAccounts
from anju.journal.actions import record
from anju.portal.door import come_in
from anju.register.models import Person
from anju.sealing.blind_index import blind_index, normal_id_number
from anju.tables.identity import id_is_right

residents = "residents"
"""The provider's name in addresses and settings."""
_nobody = "?"


def is_open() -> bool:
    """Whether residents may come in: a provider is configured for them."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return any(app["provider_id"] == residents for app in apps)


class Residents(OpenIDConnectProvider):
    """The provider for residents. A number that is missing, not verified or no ID number is nobody's, not a fault of ours."""

    def extract_uid(self, data: Any) -> str:
        """The blind index of the verified ID number, or what can be nobody's."""
        told, wanted = _told(data), self.app.settings
        number = told.get(wanted["uid_field"])
        verified = not wanted["verified"] or told.get(wanted["verified"]) is True
        if not isinstance(number, str) or not verified:
            return _nobody
        number = normal_id_number(number)
        return blind_index(number) if id_is_right(number) else _nobody

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Nothing is kept of what it tells."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, str]:
        """Nothing else is taken from what it tells."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """None: nothing goes by mail."""
        return []


def _told(data: Any) -> dict[str, Any]:
    """What the two answers of a provider say together; nothing where they are about two people."""
    parts = [part for part in (data.get("id_token"), data.get("userinfo")) if isinstance(part, dict)]
    if len({part["sub"] for part in parts if "sub" in part}) > 1:
        return {}
    return {name: value for part in parts for name, value in part.items()}


class BothDoors(CityAccounts):
    """Officers by the city's sign-in as before; whoever comes by the residents' provider gets a resident's session, never an account."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The residents' provider, or the officers'. Raises `SocialApp.DoesNotExist`."""
        found = super().get_provider(request, provider, client_id=client_id)
        return Residents(request, app=found.app) if found.app.provider_id == residents else found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Go on as the resident whose number it is; for the officers' provider as the officer."""
        if sociallogin.account.provider != residents:
            super().pre_social_login(request, sociallogin)
            return
        asked = sociallogin.state.get("process") == "login"
        raise ImmediateHttpResponse(_let_in(request, str(sociallogin.account.uid)) if asked else _refused(request))

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any) -> None:
        """What went wrong at the residents' provider is told in a resident's words."""
        if getattr(provider, "app", None) is not None and provider.app.provider_id == residents:
            raise ImmediateHttpResponse(_refused(request))


def _let_in(request: HttpRequest, index: str) -> HttpResponse:
    """The resident's own page, with a session; an unknown, a foreign and a deceased person are refused alike."""
    if index == _nobody:
        return _refused(request)  # of no number there is nothing to count, and nothing to find out
    address = f"resident {request.META['REMOTE_ADDR']}"
    by_number = lockout.reserve("account", f"resident {index}")
    by_address = lockout.reserve("address", address)
    if by_number.locked or by_address.locked:
        with transaction.atomic():
            record(actor=acting(None), action="portal.lock", object_kind="person", result="refused")
    if not (by_number.free and by_address.free):
        return _refused(request, status=429)
    person = _who(index)
    if person is None:
        return _refused(request)
    lockout.release("account", f"resident {index}")
    lockout.give_back("address", address)
    answer = HttpResponseRedirect(reverse("portal:mine"))
    come_in(request, answer, person)
    return answer


def _who(index: str) -> Person | None:
    """The one living person of that index."""
    with transaction.atomic():
        found = list(Person.objects.unscoped().filter(number_index=index, ended_on=None)[:2])
    return found[0] if len(found) == 1 else None


def _refused(request: HttpRequest, *, status: int = 403) -> HttpResponse:
    if status == 403:
        with transaction.atomic():
            record(actor=acting(None), action="portal.sign_in", object_kind="person", result="failed")
    return render(request, "portal/refused.html", {"locked": status != 403}, status=status)
