"""Locks after failed attempts, counted before the password is checked.

A count that is read before and written after the check lets every guess through that is under way at the time. Here one
statement reserves a place, and only who got one of the first places is checked: of 64 guesses at once, five.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from anju.government.models import Attempts, UsedCode

_reserve = """
INSERT INTO government_attempts (kind, subject, n, since) VALUES (%s, %s, 1, %s)
ON CONFLICT (kind, subject) DO UPDATE SET
    n = CASE WHEN government_attempts.since < %s THEN 1 ELSE government_attempts.n + 1 END,
    since = CASE WHEN government_attempts.since < %s THEN excluded.since ELSE government_attempts.since END
RETURNING n
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Whether there was a place for one more attempt, and whether this one is the first that found none."""

    free: bool
    locked: bool


def reserve(kind: str, subject: str) -> Place:
    """Take a place among the attempts of a subject (an account, an address) in the running quarter of an hour.

    Call it outside of a transaction, or the count is not yet seen by others (it is still exact: they wait).
    """
    limit = settings.ANJU_MOST_ATTEMPTS[kind]
    now = timezone.now()
    begun = now - timedelta(minutes=settings.ANJU_LOCK_MINUTES)
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_reserve, [kind, _hidden(subject), adapt(now), adapt(begun), adapt(begun)])
        n = int(cursor.fetchone()[0])
    return Place(free=n <= limit, locked=n == limit + 1)


def is_locked(kind: str, subject: str) -> bool:
    """Whether the subject has no place left in the running quarter of an hour."""
    begun = timezone.now() - timedelta(minutes=settings.ANJU_LOCK_MINUTES)
    most = settings.ANJU_MOST_ATTEMPTS[kind]
    return Attempts.objects.filter(kind=kind, subject=_hidden(subject), n__gte=most, since__gte=begun).exists()


def release(kind: str, subject: str) -> None:
    """Forget the attempts: it was the officer, or a security administrator opens the door again."""
    Attempts.objects.filter(kind=kind, subject=_hidden(subject)).delete()


def give_back(kind: str, subject: str) -> None:
    """Give back one place: this attempt was right, and those that are under way beside it keep theirs."""
    taken = Attempts.objects.filter(kind=kind, subject=_hidden(subject))
    with transaction.atomic():
        if not taken.filter(n=1).delete()[0]:
            taken.filter(n__gt=1).update(n=F("n") - 1)


def use_once(subject: str, code: str) -> bool:
    """Whether the one-time code has not been used before; of any number that ask at once, one is told so."""
    now = timezone.now()
    with transaction.atomic():
        UsedCode.objects.filter(at__lt=now - timedelta(minutes=10)).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO government_usedcode (subject, at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING subject",
                [_hidden(f"{subject}:{code}"), connection.ops.adapt_datetimefield_value(now)],
            )
            return cursor.fetchone() is not None


def _hidden(subject: str) -> str:
    # what is typed as an account is now and then the password
    return hmac.digest(settings.SECRET_KEY.encode(), subject.encode(), "sha256").hex()
