"""The forms of sign-in, where they are stricter than django-allauth's."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anju.government import lockout
from anju.government.adapters import locked, note, wrong_code
from anju.government.models import Officer
from anju.sealing.ciphertext import Place, SealBroken, seal, unseal
from anju.sealing.keys import KeysRefused


class SignInCode(AuthenticateForm):
    """The second step of signing in."""

    def clean_code(self) -> str:
        """The code. Raises `ValidationError`."""
        return _once_only(self.user, super().clean_code)


class ConfirmCode(ReauthenticateForm):
    """Before something is shown in full or taken out."""

    def clean_code(self) -> str:
        """The code. Raises `ValidationError`."""
        return _once_only(self.user, super().clean_code)


class NewApp(ActivateTOTPForm):
    """Setting up an authenticator app. Until that is done, what it and we are to share lies in the session, sealed for the officer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user: Officer = kwargs.pop("user")
        super(ActivateTOTPForm, self).__init__(*args, **kwargs)  # the library's would lay it there in the plain
        self.secret: str = (self._pending() if self.is_bound else "") or self._anew()

    def clean_code(self) -> str:
        """The code, which opens nothing a second time. Raises `ValidationError`."""
        code: str = super().clean_code()
        _use(self.user, code)
        return code

    def _pending(self) -> str:
        try:
            return unseal(b64decode(context.request.session.get(SECRET_SESSION_KEY, "")), self._place())
        except (SealBroken, KeysRefused):  # changed, or of a key that is retired
            return ""

    def _anew(self) -> str:
        secret: str = generate_totp_secret()
        context.request.session[SECRET_SESSION_KEY] = b64encode(seal(secret, self._place())).decode("ascii")
        return secret

    def _place(self) -> Place:
        return Place("django_session", SECRET_SESSION_KEY, self.user.pk)


class NewPassword(ChangePasswordForm):
    """The officer's own new password."""

    def rules(self) -> list[str]:
        """What it has to be, in sentences."""
        return password_validators_help_texts()

    def clean_oldpassword(self) -> str:
        """The password so far; guessing it is counted like at the door. Raises `ValidationError`."""
        if not lockout.reserve("account", self.user.account).free:
            raise ValidationError(locked, code="locked")
        old: str = super().clean_oldpassword()
        lockout.release("account", self.user.account)
        return old

    def clean_password1(self) -> str:
        """Another one than before. Raises `ValidationError`."""
        new: str = self.cleaned_data["password1"]
        if new == self.data.get("oldpassword"):
            raise ValidationError(_("新口令不能和现在的一样。"), code="same")
        return new


def _once_only(officer: Officer, check: Callable[[], str]) -> str:
    """A code counts as an attempt before it is checked, and once it was right it never is again."""
    subject = str(officer.pk)
    place = lockout.reserve("code", subject)
    if place.locked:
        note(officer, "government.lock", result="refused")
    if not place.free:
        raise ValidationError(locked, code="locked")
    code = check()
    _use(officer, code)
    lockout.release("code", subject)
    return code


def _use(officer: Officer, code: str) -> None:
    """However it is spelled, it is the same code. Raises `ValidationError` where it was used before."""
    if not lockout.use_once(str(officer.pk), normalize_user_code(code)):
        raise ValidationError(wrong_code, code="incorrect_code")
