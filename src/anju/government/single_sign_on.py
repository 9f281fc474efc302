"""A city's own sign-in by OpenID Connect: it says who somebody is, and the account has to be here already.

Nothing of what the city tells is kept, and the second factor is still ours.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest
from django.shortcuts import render

from anju.government.models import Officer

_longest_account = 40
_nobody = "?"


class City(OpenIDConnectProvider):
    """The city's sign-in. A claim that is missing, empty or no text is nobody's account, not a fault of ours."""

    def extract_uid(self, data: Any) -> str:
        """What stands in the claim, or what can be no account."""
        told = data.get("userinfo") or data.get("id_token") or data
        claim = told.get(self.app.settings["uid_field"]) if isinstance(told, dict) else None
        return claim if isinstance(claim, str) and 0 < len(claim) <= _longest_account else _nobody

    def extract_common_fields(self, data: Any) -> dict[str, str]:
        """Nothing else is taken from what the city tells."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """None: nothing goes by mail."""
        return []


class CityAccounts(DefaultSocialAccountAdapter):
    """Matches the claim ``ANJU_OIDC_CLAIM`` with an account."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The city's, as read by `City`. Raises `SocialApp.DoesNotExist`."""
        found = super().get_provider(request, provider, client_id=client_id)
        return City(request, app=found.app)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts are opened by the security administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Go on as the officer of that account; an unknown and a disabled one are refused alike."""
        account = str(sociallogin.account.uid).strip().lower()
        people = Officer.objects.exclude(duty=Officer.Duty.CLIENT)
        officer = people.filter(account=account, is_active=True).first()
        if officer is None or sociallogin.state.get("process") != "login":
            get_adapter(request).authentication_failed(request, username=account)
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))
        sociallogin.user = officer
