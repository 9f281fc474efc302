"""Accounts: opened, closed, unlocked, given another password or another second factor."""

import uuid

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password

from anju.government import lockout
from anju.government.actions.allowed import allowed, write
from anju.government.models import Officer
from anju.government.refusals import Refused


def create_officer(*, by: Officer | None, account: str, name: str, duty: str, password: str | None) -> Officer:
    """Open an account with a password for the first sign-in, when it has to be changed; by nobody: on the command line.

    Without a password, the officer comes in by the city's own sign-in alone.
    """
    with allowed(by, on_the_command_line=by is None):
        if duty == Officer.Duty.CLIENT:
            raise Refused("对接系统在“对接系统”里开。")
        officer = Officer(account=account.strip().lower(), name=name.strip(), duty=duty)
        if password is not None:
            validate_password(password, officer)
        officer.set_password(password)
        officer.password_since = None
        officer.full_clean(exclude=["handler"])
        officer.save()
        write(by, "government.create_officer", "officer", officer.pk, duty=duty)
    return officer


def rename(*, by: Officer, officer: Officer, name: str) -> None:
    """Correct an officer's name; what the journal has under the old one stays."""
    with allowed(by):
        officer.name = Officer._meta.get_field("name").clean(name.strip(), officer)
        officer.save(update_fields=["name"])
        write(by, "government.rename", "officer", officer.pk)


def set_password(*, by: Officer, officer: Officer, password: str) -> None:
    """Give an officer who forgot it another password for one sign-in; the sessions end."""
    with allowed(by):
        _refuse_oneself(by, officer, "自己的口令在“我的账号”里换。")
        validate_password(password, officer)
        officer.set_password(password)
        officer.password_since = None
        officer.save(update_fields=["password", "password_since", "former_passwords"])
        write(by, "government.set_password", "officer", officer.pk)


def disable(*, by: Officer, officer: Officer) -> None:
    """Close an account: its sessions end, now and should it be opened again. Nobody closes the own account."""
    with allowed(by):
        _refuse_oneself(by, officer, "不能停用自己的账号，请另一位安全管理员来办。")
        officer.is_active, officer.session_stamp = False, uuid.uuid4()
        officer.save(update_fields=["is_active", "session_stamp"])
        write(by, "government.disable", "officer", officer.pk)


def enable(*, by: Officer, officer: Officer) -> None:
    """Open an account that was closed."""
    with allowed(by):
        officer.is_active = True
        officer.save(update_fields=["is_active"])
        write(by, "government.enable", "officer", officer.pk)


def unlock(*, by: Officer, officer: Officer) -> None:
    """Forget the failed attempts of an account."""
    with allowed(by):
        lockout.release("account", officer.account)
        lockout.release("code", str(officer.pk))
        write(by, "government.unlock", "officer", officer.pk)


def forget_second_factors(*, by: Officer, officer: Officer) -> None:
    """For an officer with a new phone: the next sign-in sets up a new authenticator. The sessions end."""
    with allowed(by):
        _refuse_oneself(by, officer, "自己的验证器请另一位安全管理员来清。")
        Authenticator.objects.filter(user=officer).delete()
        officer.session_stamp = uuid.uuid4()
        officer.save(update_fields=["session_stamp"])
        write(by, "government.forget_second_factors", "officer", officer.pk)


def _refuse_oneself(by: Officer, officer: Officer, sentence: str) -> None:
    if by == officer:
        raise Refused(sentence)
