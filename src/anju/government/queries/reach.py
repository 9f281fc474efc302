"""Who holds which post on a day, and what that lets them see."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from anju.government.models import Client, Officer, Post, PostHolding, Region
from anju.government.regions.heirs import Given, Heirs, heirs_on
from anju.government.regions.reach import padded
from anju.government.regions.table import significant


@dataclass(frozen=True, slots=True)
class Scope:
    """What one post lets its holder see: a line, and the codes ``lo ≤ code < hi``."""

    line: str
    level: str
    lo: str
    hi: str


def held_posts(officer: Officer, on: date) -> QuerySet[PostHolding]:
    """The officer's holdings of posts on a day; none for a disabled account or one with a separate duty."""
    held = PostHolding.objects.filter(
        officer__id=officer.pk,
        officer__is_active=True,
        since__lte=on,
        until__gt=on,
        post__since__lte=on,
        post__until__gt=on,
    )
    return held.select_related("post").order_by("post__region", "post__line")


def _clients_of(officer: Officer, on: date) -> QuerySet[Client]:
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


_asked_villages: ContextVar[dict[date, Given] | None] = ContextVar("asked_villages", default=None)
_asked: ContextVar[dict[tuple[UUID, date], tuple[Post, ...]] | None] = ContextVar("asked", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """While a page that changes nothing is answered, or a deed done that changes no posts: they are asked for once, not once a question."""
    if _asked.get() is not None:
        yield
        return
    posts, villages = _asked.set({}), _asked_villages.set({})
    try:
        yield
    finally:
        _asked.reset(posts)
        _asked_villages.reset(villages)


def posts_of(officer: Officer, on: date) -> tuple[Post, ...]:
    """The posts that the officer holds on a day, by region and line; a client's own one."""
    asked = _asked.get()
    key = officer.pk, on
    if asked is not None and key in asked:
        return asked[key]
    is_client = officer.duty == Officer.Duty.CLIENT
    held = _clients_of(officer, on) if is_client else held_posts(officer, on)
    posts = tuple(one.post for one in held)
    if asked is not None:
        asked[key] = posts
    return posts


def heirs(on: date) -> Heirs:
    """What became of the codes that are no region's any more on a day, villages included."""
    asked = _asked_villages.get()
    if asked is not None and on in asked:
        return heirs_on(on, asked[on])
    closed = Region.objects.filter(level=Region.Kind.VILLAGE, until__lte=on, successor__gt="").order_by("code", "until")
    became = {code: heir for code, heir in closed.values_list("code", "successor") if code != heir}
    used = Region.objects.filter(code__in=became, since__lte=on, until__gt=on) if became else ()
    in_use = {region.code for region in used}
    villages = tuple((code, significant(heir)) for code, heir in became.items() if code not in in_use)
    if asked is not None:
        asked[on] = villages
    return heirs_on(on, villages)


def visible_regions(officer: Officer, on: date) -> tuple[Scope, ...]:
    """The ranges of codes that the officer may see on a day, each with its line. Asked anew for every request.

    Rows keep the code that was right when they were written. A post in a region that took over others reaches what carries their codes,
    from the day on which it did; a post in one that was given up reaches nothing from that day on (docs/adr/0023). So two counties that
    merge do not open to each other's officers until someone gives them a post in the new one.
    """
    posts = posts_of(officer, on)
    by_now = heirs(on) if posts else None
    found = [(post, by_now.reach_of(post.region)) for post in posts] if by_now else []
    own = [Scope(post.line, post.level, *one) for post, ranges in found for one in ranges[:1]]
    return (*own, *(Scope(post.line, post.level, *one) for post, ranges in found for one in ranges[1:]))


def reaching(scopes: Iterable[Scope], *codes: str) -> tuple[Scope, ...]:
    """The posts that reach one of the places: a line held elsewhere gives nothing here."""
    return tuple(scope for scope in scopes if any(scope.lo <= code < scope.hi for code in codes))


def region_on(code: str, on: date) -> Region | None:
    """The region with that code on a day, or None. Raises `ValueError` for what is no code."""
    same = Region.objects.filter(code=padded(code), since__lte=on, until__gt=on)
    return same.order_by("-since", "-until").first()
