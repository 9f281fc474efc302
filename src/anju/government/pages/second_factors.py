"""Adding a second factor, which the journal keeps together with it."""

from typing import Any

from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from anju.government.adapters import note
from anju.government.models import Officer


class AddApp(ActivateTOTPView):
    """An authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, or neither it nor the entry."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            _note(self.request, "app")
        return answer


class AddPasskey(AddWebAuthnView):
    """A passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, or neither it nor the entry."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            _note(self.request, "passkey")
        return answer


def _note(request: HttpRequest, kind: str) -> None:
    officer = request.user  # with a first factor alone, nobody has come through the door yet
    assert isinstance(officer, Officer)
    note(officer, "government.add_second_factor", actor=officer, kind=kind)
