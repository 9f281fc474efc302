"""Pages of a list by key: the next page begins behind the last row of this one, however long the list is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anju.government.scoped import ScopedQuerySet

M = TypeVar("M", bound=models.Model)
page_size = 50
most_counted = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, and the keys behind which the next and before which the previous page lies ("" where there is none)."""

    rows: Sequence[M]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """A list before it is asked for.

    ``parts`` follow each other in the order of ``keys`` (`ScopedQuerySet.visible_by`); the keys together name one row.
    ``falling``: the greatest key comes first. ``sparse``: few rows of those that lie in this order are in it; which, an index says, and
    only these are read.
    """

    parts: Sequence[ScopedQuerySet[M]]
    keys: Sequence[str]
    falling: bool = False
    sparse: bool = False


def page(listing: Listing[M], *, after: str = "", before: str = "", size: int = page_size) -> Page[M]:
    """A page of a list.

    ``after``, ``before``: a key that an earlier page gave; one that cannot be read means the first page.
    """
    keys, back = listing.keys, bool(before)
    down = back != listing.falling
    place = _read(before or after, listing)
    listed: list[M] = []
    for part in reversed(listing.parts) if back else listing.parts:
        if len(listed) > size:
            break
        found = _ordered(part, keys, down=down)
        if place is not None:
            found = found.filter(_beyond(keys, place, down=down))
        wanted = found[: size + 1 - len(listed)]
        listed += found.filter(pk__in=wanted.values("pk")) if listing.sparse else wanted
    more = len(listed) > size
    listed = listed[:size]
    if back:
        listed.reverse()
    first, last = (listed[0], listed[-1]) if listed else (None, None)
    has_next = more if not back else True
    has_previous = place is not None and (more if back else True)
    return Page(
        listed,
        _key(last, keys) if last is not None and has_next else "",
        _key(first, keys) if first is not None and has_previous else "",
    )


def page_and_count(
    listing: Listing[M], *, after: str = "", before: str = "", size: int = page_size, most: int = most_counted
) -> tuple[Page[M], int]:
    """A page, and what `counted` says: of a list that is dear to ask by one question, as long as the page lies among the first ``most``."""
    rows: list[M] = []
    for part in listing.parts:
        rows += _ordered(part, listing.keys, down=listing.falling)[: most + 1 - len(rows)]
    places = [_key(row, listing.keys) for row in rows]
    begin, end = 0, size
    if before in places[1:]:
        end = places.index(before)
        begin = max(0, end - size)
    elif after in places:
        begin = places.index(after) + 1
        end = begin + size
    elif before or after:
        return page(listing, after=after, before=before, size=size), len(rows)
    if end >= len(rows) > most:
        return page(listing, after=after, before=before, size=size), len(rows)
    behind = places[end - 1] if end < len(rows) else ""
    return Page(rows[begin:end], behind, places[begin] if begin and begin < len(rows) else ""), len(rows)


def spans(listing: Listing[M], size: int) -> Iterator[Sequence[M]]:
    """All rows of a list in its order, ``size`` at most at once, each span beginning behind the one before."""
    for part in listing.parts:
        rows: Sequence[M] = list(part.order_by(*listing.keys)[:size])
        while rows:
            yield rows
            place = [getattr(rows[-1], key) for key in listing.keys]
            behind = part.filter(_beyond(listing.keys, place, down=False)).order_by(*listing.keys)
            rows = list(behind[:size]) if len(rows) == size else ()


def counted(listing: Listing[M], most: int = most_counted) -> int:
    """How many rows there are; ``most`` + 1 for more, so that counting never costs more than reading a few pages."""
    found = 0
    for part in listing.parts:
        found += part.order_by()[: most + 1 - found].count()
        if found > most:
            break
    return found


def _ordered(part: ScopedQuerySet[M], keys: Sequence[str], *, down: bool) -> ScopedQuerySet[M]:
    return part.order_by(*(f"-{key}" for key in keys) if down else keys)


def _beyond(keys: Sequence[str], place: Sequence[Any], *, down: bool) -> Q:
    """The rows behind (or before) a place: (a, b, c) > (x, y, z), written so that an index on the first key serves."""
    way = "lt" if down else "gt"
    condition = Q()
    for depth in range(len(keys)):
        same = {key: place[at] for at, key in enumerate(keys[:depth])}
        condition |= Q(**same, **{f"{keys[depth]}__{way}": place[depth]})
    return Q(**{f"{keys[0]}__{way}e": place[0]}) & condition


def _key(row: M, keys: Sequence[str]) -> str:
    values = [str(getattr(row, key)) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _read(text: str, listing: Listing[M]) -> list[str] | None:
    """The values of a key; None for none, and for what no page gave."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(values, list) or len(values) != len(listing.keys):
        return None
    if not all(isinstance(value, str) and value.isprintable() for value in values):
        return None
    try:
        for part in listing.parts[:1]:
            fields = {"pk": part.model._meta.pk} | {field.name: field for field in part.model._meta.concrete_fields}
            for key, value in zip(listing.keys, values, strict=True):
                if key in fields:
                    fields[key].to_python(value)
    except ValidationError:
        return None
    return values
