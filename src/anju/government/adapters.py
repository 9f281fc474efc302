"""Where django-allauth asks us: locks, sentences, what a sign-in does, and which second factors there are."""

from typing import Any, Literal

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.government import door, lockout, second_factors
from anju.government.acting import acting
from anju.government.models import Officer
from anju.journal.actions import record

wrong = _("账号或口令不对。")
locked = _("试的次数太多了。请过 15 分钟再试，或者请安全管理员解锁。")
locked_address = _("从这里试错的次数太多了，和账号无关。请过 15 分钟再试。")
wrong_code = _("验证码不对，或者已经用过。请等下一个。")


class Accounts(DefaultAccountAdapter):
    """Accounts are made by the security administrator; nobody signs up, and nothing is sent by mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": wrong,
        "enter_current_password": _("现在的口令不对。"),
        "incorrect_code": wrong_code,
        "too_many_login_attempts": locked,
        "too_many_from_here": locked_address,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a place before the password is checked, by account and by address. Raises `ValidationError`."""
        account = str(credentials.get("username", "")).strip().lower()
        by_account = lockout.reserve("account", account)
        by_address = lockout.reserve("address", request.META["REMOTE_ADDR"])
        if by_account.locked or by_address.locked:
            note(_of(account), "government.lock", result="refused")
        if not by_address.free:
            raise self.validation_error("too_many_from_here")
        if not by_account.free:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Officer | None:
        """The officer, or None. A right password was no guess from its address, which a whole office may share; of the account it stays
        an attempt until the second factor has come.
        """
        officer: Officer | None = super().authenticate(request, **credentials)
        if officer is not None:
            lockout.give_back("address", request.META["REMOTE_ADDR"])
        return officer

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to give back of the library's own limits, which are off."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note it; what was typed is kept only if it is an account."""
        note(_of(str(credentials.get("username", "")).strip().lower()), "government.sign_in", result="failed")

    def login(self, request: HttpRequest, user: Officer) -> None:
        """Begin the session; the attempts before it are forgotten."""
        with transaction.atomic():
            super().login(request, user)
            door.begin(request, timezone.now())
            lockout.release("account", user.account)
            note(user, "government.sign_in", actor=user)

    def logout(self, request: HttpRequest) -> None:
        """End the session."""
        officer = request.user if isinstance(request.user, Officer) else None
        with transaction.atomic():
            super().logout(request)
            note(officer, "government.sign_out", actor=officer)

    def set_password(self, user: Officer, password: str) -> None:
        """The officer's own new password."""
        with transaction.atomic():
            super().set_password(user, password)
            note(user, "government.change_password", actor=user)

    def get_reauthentication_methods(self, user: Officer) -> list[dict[str, Any]]:
        """A second factor that the officer has; the password alone opens nothing twice."""
        methods = []
        if is_mfa_enabled(user, types=[Authenticator.Type.TOTP]):
            methods.append({"id": "totp", "description": _("用验证码"), "url": reverse("mfa_reauthenticate")})
        if is_mfa_enabled(user, types=[Authenticator.Type.WEBAUTHN]):
            url = reverse("mfa_reauthenticate_webauthn")
            methods.append({"id": "webauthn", "description": _("用通行密钥"), "url": url})
        return methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has no second factor yet has just given the password and may add the first."""
        return bool(is_mfa_enabled(context.request.user))


class SecondFactors(DefaultMFAAdapter):
    """The second factors of an officer."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": wrong_code}

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows above the code."""
        return "安居 Anju"

    def encrypt(self, text: str) -> str:
        """Seal the secret that an authenticator app and we share."""
        return second_factors.closed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Raises `anju.sealing.ciphertext.SealBroken` and `anju.sealing.keys.KeysRefused`."""
        return second_factors.opened(encrypted_text)


def note(
    officer: Officer | None,
    action: str,
    *,
    actor: Officer | None = None,
    result: Literal["done", "refused", "failed"] = "done",
    **detail: str,
) -> None:
    """One entry about an account in the journal; whoever is not in yet acts as nobody."""
    with transaction.atomic():
        record(
            actor=acting(actor),
            action=action,
            object_kind="officer",
            object_id=str(officer.pk) if officer else "",
            result=result,
            detail=detail,
        )


def _of(account: str) -> Officer | None:
    return Officer.objects.filter(account=account).first()
