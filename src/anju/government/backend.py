"""Checks an account and its password, in the same time whether there is such an account or not."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from anju.government.models import Officer


class OfficerBackend(BaseBackend):
    """Officers by account and password. A disabled account is refused like a wrong password, and its sessions end."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: object
    ) -> Officer | None:
        """The officer, or None."""
        officer = Officer.objects.filter(account=username.strip().lower()).first()
        if officer is None:
            Officer().set_password(password)  # as long as a check takes
            return None
        may = officer.is_active and officer.duty != Officer.Duty.CLIENT
        return officer if officer.check_password(password) and may else None

    def get_user(self, user_id: UUID) -> Officer | None:
        """The officer of a session, unless the account is disabled; never another office's system."""
        return Officer.objects.filter(pk=user_id, is_active=True).exclude(duty=Officer.Duty.CLIENT).first()
