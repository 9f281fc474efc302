"""Who holds which post on a day, and what that lets them see."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from anju.government.models import Client, Officer, Post, PostHolding, Region
from anju.government.regions.reach import padded, scope_of
from anju.walls.prepared import prepared

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one post lets its holder see: a line, and the codes ``lo ≤ code < hi``."""

    line: str
    level: str
    lo: str
    hi: str


def held_posts(officer: Officer, on: date) -> QuerySet[PostHolding]:
    """The officer's holdings of posts on a day; none for a disabled account or one with a separate duty."""
    return _held(officer.pk, on)


def _held(officer: UUID, on: date) -> QuerySet[PostHolding]:
    held = PostHolding.objects.filter(
        officer__id=officer,
        officer__is_active=True,
        since__lte=on,
        until__gt=on,
        post__since__lte=on,
        post__until__gt=on,
    )
    return held.select_related("post").order_by("post__region", "post__line")


_posts_held = prepared(_held)


@prepared
def _posts_of_client(officer: UUID, on: date) -> QuerySet[Client]:
    """What a client stands in for on a day; none once it is disabled or its days or its post's are over."""
    standing = Client.objects.filter(
        officer=officer,
        officer__is_active=True,
        officer__duty=Officer.Duty.CLIENT,
        since__lte=on,
        until__gt=on,
        post__since__lte=on,
        post__until__gt=on,
    )
    return standing.select_related("post")


_asked: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """While a page that changes nothing is answered, or a deed done that changes neither posts nor counties' own figures: these are asked
    for once, not once a question.
    """
    token = _asked.set({}) if _asked.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _asked.reset(token)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """What is asked: within `asking_once` the first answer, else one each time."""
    asked = _asked.get()
    if asked is None:
        return ask()
    if key not in asked:
        asked[key] = ask()
    found: T = asked[key]
    return found


def posts_of(officer: Officer, on: date) -> tuple[Post, ...]:
    """The posts that the officer holds on a day, by region and line; a client's own one."""
    held: Callable[[UUID, date], list[Any]] = _posts_of_client if officer.duty == Officer.Duty.CLIENT else _posts_held
    return once(("posts", officer.pk, on), lambda: tuple(one.post for one in held(officer.pk, on)))


def visible_regions(officer: Officer, on: date) -> tuple[Scope, ...]:
    """The ranges of codes that the officer may see on a day, each with its line. Asked anew for every request.

    A post on a code that was given up reaches what still carries that code, not its successor: two counties that
    merge do not open to each other's officers until someone gives them a post in the new one.
    """
    return tuple(Scope(post.line, post.level, *scope_of(post.region)) for post in posts_of(officer, on))


def reaching(scopes: Iterable[Scope], *codes: str) -> tuple[Scope, ...]:
    """The posts that reach one of the places: a line held elsewhere gives nothing here."""
    return tuple(scope for scope in scopes if any(scope.lo <= code < scope.hi for code in codes))


def region_on(code: str, on: date) -> Region | None:
    """The region with that code on a day, or None. Raises `ValueError` for what is no code."""
    same = Region.objects.filter(code=padded(code), since__lte=on, until__gt=on)
    return same.order_by("-since", "-until").first()
