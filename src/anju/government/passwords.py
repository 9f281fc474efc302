"""What a password has to be. Two norms contradict each other; an installation chooses, the code does not.

``dengbao3`` asks for several kinds of characters and every 90 days for a password that is none of the last ones (GB/T 22239-2019,
8.1.4.1); ``asvs`` forbids both (OWASP ASVS 5.0, 6.2.5 and 6.2.10) and relies on length and on the list of common passwords.
"""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_own = "anju.government.passwords"
_plain, _digits = "abcdefghkmnpqrstuvwxyz", "23456789"
_django = "django.contrib.auth.password_validation"


@dataclass(frozen=True, slots=True)
class Profile:
    """`kinds` of characters out of four, after how many `days` a new password is due (0: never), and how many `former` ones it is not."""

    kinds: int
    days: int
    former: int

    def validators(self) -> list[dict[str, Any]]:
        """The setting ``AUTH_PASSWORD_VALIDATORS``."""
        return [
            {"NAME": f"{_own}.Length"},
            {"NAME": f"{_own}.Kinds", "OPTIONS": {"kinds": self.kinds}},
            {"NAME": f"{_own}.NotTheAccount"},
            *([{"NAME": f"{_own}.NotAFormerOne", "OPTIONS": {"former": self.former}}] if self.former else []),
            {"NAME": f"{_django}.CommonPasswordValidator"},
        ]

    def due(self, since: datetime | None, now: datetime) -> bool:
        """Whether a password that is one since then has to be changed; one that somebody else has set always has."""
        return since is None or (self.days > 0 and now - since >= timedelta(days=self.days))


most_former = 5
profiles: Mapping[str, Profile] = {
    "dengbao3": Profile(kinds=3, days=90, former=most_former),
    "asvs": Profile(kinds=1, days=0, former=0),
}


def first_password(account: str) -> str:
    """A password for one sign-in, easy to read out: five groups of letters and a digit that nobody confuses."""
    groups = ["".join(secrets.choice(_plain) for _ in range(3)) + secrets.choice(_digits) for _ in range(5)]
    password = "-".join(groups)
    return first_password(account) if account in password else password


class Length:
    """Twelve characters at least; long sentences are welcome."""

    shortest, longest = 12, 200

    def validate(self, password: str, user: object = None) -> None:
        """Raises `ValidationError`."""
        if not self.shortest <= len(password) <= self.longest:
            raise ValidationError(self.get_help_text(), code="length")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("口令要 12 到 200 个字符。")


class Kinds:
    """So many of: small letters, capital letters, digits, others."""

    def __init__(self, kinds: int) -> None:
        self.kinds = kinds

    def validate(self, password: str, user: object = None) -> None:
        """Raises `ValidationError`."""
        known = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        found = sum(any(character in kind for character in password) for kind in known)
        found += any(not any(character in kind for kind in known) for character in password)
        if found < self.kinds:
            raise ValidationError(self.get_help_text(), code="kinds")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        if self.kinds < 2:
            return _("什么字符都可以，越长越好。")
        return _("小写字母、大写字母、数字、其他符号，至少要有 %(kinds)s 种。") % {"kinds": self.kinds}


class NotTheAccount:
    """The account or the officer's name is no password, and no large part of one."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises `ValidationError`."""
        for word in (getattr(user, "account", ""), getattr(user, "name", "")):
            if len(word) > 1 and word.lower() in password.lower():
                raise ValidationError(self.get_help_text(), code="account")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("口令里不能有账号和姓名。")


class NotAFormerOne:
    """The passwords before are none, or a new one every 90 days would be the same two in turns."""

    def __init__(self, former: int) -> None:
        self.former = former

    def validate(self, password: str, user: object = None) -> None:
        """Raises `ValidationError`."""
        if any(check_password(password, one) for one in getattr(user, "former_passwords", [])[: self.former]):
            raise ValidationError(self.get_help_text(), code="former")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("不能是以前用过的最近 %(former)s 个口令。") % {"former": self.former}
