"""The lists of the security administrator: accounts and posts, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Max, Model, Prefetch, Q

from anju.government.models import Client, Officer, Post, PostHolding, Region
from anju.government.regions.reach import scope_of

M = TypeVar("M", bound=Model)
_at_once = 50


@dataclass(frozen=True, slots=True)
class Listed(Generic[M]):
    """One page of rows, and what the next page begins after; "" at the end."""

    rows: Sequence[M]
    more: str = ""


def officers(*, text: str = "", duty: str = "", active: bool | None = None, after: str = "") -> Listed[Officer]:
    """Accounts of people that fit everything that is given, by account.

    Args:
        text: the beginning of an account, or a part of a name.
        after: the account that the page before ended with.
    """
    found = Officer.objects.exclude(duty=Officer.Duty.CLIENT).filter(account__gt=after).order_by("account")
    if text := text.strip():
        found = found.filter(Q(account__startswith=text.lower()) | Q(name__contains=text))
    if duty:
        found = found.filter(duty=duty)
    if active is not None:
        found = found.filter(is_active=active)
    rows = list(found[: _at_once + 1])
    return Listed(rows[:_at_once], rows[_at_once - 1].account if len(rows) > _at_once else "")


def held_on(officers: Sequence[Officer], on: date) -> dict[object, list[PostHolding]]:
    """What each of these officers holds on a day, by officer."""
    found: dict[object, list[PostHolding]] = {officer.pk: [] for officer in officers}
    holdings = PostHolding.objects.filter(officer__in=[officer.handler for officer in officers if officer.handler])
    holdings = holdings.filter(since__lte=on, until__gt=on, post__since__lte=on, post__until__gt=on)
    for holding in holdings.select_related("post").order_by("post__region", "post__line"):
        found[holding.officer_id].append(holding)
    return found


def clients() -> Sequence[Client]:
    """Other offices' systems with their posts, those that are there before those that have ended."""
    found = Client.objects.select_related("officer", "post").annotate(used_on=Max("keys__used_on"))
    return list(found.order_by("-officer__is_active", "post__region", "post__line", "officer__account"))


def posts(
    *, region: Region | None = None, line: str = "", on: date, closed: bool = False, after: int = 0
) -> Listed[Post]:
    """Posts in a region and below it, by region and line, each with those who hold it on the day as `held`.

    Args:
        closed: those that no longer exist on the day, instead of those that do or will.
        after: the post that the page before ended with.
    """
    holding = PostHolding.objects.filter(since__lte=on, until__gt=on).select_related("officer")
    found = Post.objects.prefetch_related(Prefetch("holdings", holding, to_attr="held"))
    found = found.filter(until__lte=on) if closed else found.filter(until__gt=on)
    if region is not None:
        lo, hi = scope_of(region.code)
        found = found.filter(region__gte=lo, region__lt=hi)
    if line:
        found = found.filter(line=line)
    if last := Post.objects.filter(pk=after).first():
        later = Q(region=last.region, line__gt=last.line) | Q(region=last.region, line=last.line, pk__gt=last.pk)
        found = found.filter(Q(region__gt=last.region) | later)
    rows = list(found.order_by("region", "line", "pk")[: _at_once + 1])
    return Listed(rows[:_at_once], str(rows[_at_once - 1].pk) if len(rows) > _at_once else "")
