"""Months as whole numbers, 202603 for March 2026: they compare, and both databases compute with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

so_far_back = 36
"""So many months before this one may still begin, be paid or be brought along by a list."""
_written = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_of(day: date) -> int:
    """The month in which a day lies."""
    return day.year * 100 + day.month


def shifted(month: int, by: int = 1) -> int:
    """The month that comes so many later, or with a number below 0 earlier."""
    year, number = divmod(month // 100 * 12 + month % 100 - 1 + by, 12)
    return year * 100 + number + 1


def from_to(first: int, last: int) -> Iterator[int]:
    """The months from the first to the last, both of them."""
    month = first
    while month <= last:
        yield month
        month = shifted(month)


def earliest(this: int) -> int:
    """The oldest month that is still written down in this month: what is older is a slip of the pen, or stands in the books of then."""
    return shifted(this, -so_far_back)


def first_day(month: int) -> date:
    """Its first day."""
    return date(month // 100, month % 100, 1)


def text_of(month: int) -> str:
    """As a page writes it: 2026-03."""
    return f"{month // 100:04}-{month % 100:02}"


def read(text: str) -> int | None:
    """The month that a text means, None for another text."""
    found = _written.fullmatch(text.strip())
    return int(found[1]) * 100 + int(found[2]) if found else None


def month_field(label: str) -> models.PositiveIntegerField[int, int]:
    """A column for a month."""
    return models.PositiveIntegerField(label)


def is_month(column: str) -> Q:
    """The condition that a column holds a month."""
    number = F(column) - F(column) / 100 * 100
    return Q(
        GreaterThanOrEqual(number, 1),
        LessThanOrEqual(number, 12),
        **{f"{column}__gte": 190001, f"{column}__lte": 299912},
    )
