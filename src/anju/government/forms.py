"""The forms of sign-in, where they are stricter than django-allauth's."""

from collections.abc import Callable

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anju.government import lockout
from anju.government.adapters import locked, note, wrong_code
from anju.government.models import Officer


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
    if not lockout.use_once(subject, code.strip()):
        raise ValidationError(wrong_code, code="incorrect_code")
    lockout.release("code", subject)
    return code
