"""What one may do to accounts and posts: the security administrator alone, and the command line for the first account.

Each is one transaction with its entry in the journal. Whatever is refused is refused with a sentence (`Refused`) and changes nothing.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password

from anju.government import lockout
from anju.government.acting import acting
from anju.government.models import Officer, Post, PostHolding, never
from anju.government.refusals import Refused, one_deed
from anju.government.regions.reach import padded
from anju.journal.actions import record


def create_officer(*, by: Officer | None, account: str, name: str, duty: str, password: str | None) -> Officer:
    """Open an account with a password for the first sign-in, when it has to be changed; by nobody: on the command line.

    Without a password, the officer comes in by the city's own sign-in alone.
    """
    with _allowed(by, on_the_command_line=by is None):
        officer = Officer(account=account.strip().lower(), name=name.strip(), duty=duty)
        if password is not None:
            validate_password(password, officer)
        officer.set_password(password)
        officer.password_since = None
        officer.full_clean(exclude=["handler"])
        officer.save()
        _record(by, "government.create_officer", "officer", officer.pk, duty=duty)
    return officer


def set_password(*, by: Officer, officer: Officer, password: str) -> None:
    """Give an officer who forgot it another password for one sign-in; the sessions end."""
    with _allowed(by):
        validate_password(password, officer)
        officer.set_password(password)
        officer.password_since = None
        officer.save(update_fields=["password", "password_since"])
        _record(by, "government.set_password", "officer", officer.pk)


def disable(*, by: Officer, officer: Officer) -> None:
    """Close an account: its sessions end, now and should it be opened again. Nobody closes the own account."""
    with _allowed(by):
        if by == officer:
            raise Refused("不能停用自己的账号，请另一位安全管理员来办。")
        officer.is_active, officer.session_stamp = False, uuid.uuid4()
        officer.save(update_fields=["is_active", "session_stamp"])
        _record(by, "government.disable", "officer", officer.pk)


def enable(*, by: Officer, officer: Officer) -> None:
    """Open an account that was closed."""
    with _allowed(by):
        officer.is_active = True
        officer.save(update_fields=["is_active"])
        _record(by, "government.enable", "officer", officer.pk)


def unlock(*, by: Officer, officer: Officer) -> None:
    """Forget the failed attempts of an account."""
    with _allowed(by):
        lockout.release("account", officer.account)
        lockout.release("code", str(officer.pk))
        _record(by, "government.unlock", "officer", officer.pk)


def forget_second_factors(*, by: Officer, officer: Officer) -> None:
    """For an officer with a new phone: the next sign-in sets up a new authenticator. The sessions end."""
    with _allowed(by):
        Authenticator.objects.filter(user=officer).delete()
        officer.session_stamp = uuid.uuid4()
        officer.save(update_fields=["session_stamp"])
        _record(by, "government.forget_second_factors", "officer", officer.pk)


def open_post(*, by: Officer, line: str, level: str, region: str, since: date) -> Post:
    """Have a post of a line in a region."""
    with _allowed(by):
        post = Post(line=line, level=level, region=padded(region), since=since)
        post.full_clean()
        post.save()
        _record(by, "government.open_post", "post", post.pk, post=str(post), since=str(since))
    return post


def give_post(*, by: Officer, officer: Officer, post: Post, since: date, until: date = never) -> PostHolding:
    """Let an officer hold a post from a day on, until another."""
    with _allowed(by):
        if officer.handler is None:
            raise Refused("管理员和审计员的账号不能有岗位，请另开一个经办账号。")
        if since < post.since or until > post.until:
            raise Refused("任职要在岗位的起止日之内。")
        holding = PostHolding.objects.create(officer=officer, post=post, since=since, until=until)
        _record(
            by,
            "government.give_post",
            "holding",
            holding.pk,
            officer=str(officer.pk),
            post=str(post),
            since=str(since),
            until=str(until),
        )
    return holding


def end_post(*, by: Officer, holding: PostHolding, until: date) -> None:
    """The officer no longer holds the post from that day on."""
    with _allowed(by):
        holding.until = until
        holding.save(update_fields=["until"])
        _record(
            by,
            "government.end_post",
            "holding",
            holding.pk,
            officer=str(holding.officer_id),
            post=str(holding.post),
            until=str(until),
        )


def _record(by: Officer | None, action: str, kind: str, key: object, **detail: str) -> None:
    record(actor=acting(by), action=action, object_kind=kind, object_id=str(key), detail=detail)


@contextmanager
def _allowed(by: Officer | None, *, on_the_command_line: bool = False) -> Iterator[None]:
    """One transaction of the security administrator's. Raises `Refused`."""
    entitled = on_the_command_line or (
        by is not None and Officer.objects.filter(pk=by.pk, is_active=True, duty=Officer.Duty.SECURITY).exists()
    )
    if not entitled:
        raise Refused("只有安全管理员能办这件事。")
    with one_deed():
        yield
