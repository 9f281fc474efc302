"""A city's own sign-in by OpenID Connect: it says who somebody is, and the account has to be here already.

Nothing of what the city tells is kept, and the second factor is still ours.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from anju.government.models import Officer


class CityAccounts(DefaultSocialAccountAdapter):
    """Matches the claim ``ANJU_OIDC_CLAIM`` with an account."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts are opened by the security administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Go on as the officer of that account; an unknown and a disabled one are refused alike."""
        account = str(sociallogin.account.uid).strip().lower()
        officer = Officer.objects.filter(account=account, is_active=True).first()
        if officer is None or sociallogin.state.get("process") != "login":
            get_adapter(request).authentication_failed(request, username=account)
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))
        sociallogin.user = officer
