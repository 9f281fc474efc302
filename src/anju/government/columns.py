"""Columns that every table with people has: an id that grows with time, and the codes of regions."""

import os
import time
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


def new_id() -> UUID:
    """A UUID of version 7: later ones are greater, so that the index of a mass insert grows at its end."""
    moment = time.time_ns() // 1_000_000
    number = (moment << 80) | int.from_bytes(os.urandom(10))
    return UUID(int=number & ~(0xF000 << 64) & ~(0xC000 << 48) | (7 << 76) | (2 << 62))


def place(label: str, *, blank: bool = False) -> "models.CharField[str, str]":
    """A column for the 12-digit code of a region; "" where it is not known."""
    return models.CharField(label, max_length=12, blank=blank, default="" if blank else models.NOT_PROVIDED)


def is_code(column: str) -> Q:
    """The condition for a region's code, as far as both databases can say it (PostgreSQL has a wall besides)."""
    return Q(Exact(Length(column), 12), **{f"{column}__gte": "0", f"{column}__lt": ":"})


def code_or_blank(column: str) -> Q:
    """The condition for a region's code or nothing."""
    return Q(**{column: ""}) | is_code(column)
