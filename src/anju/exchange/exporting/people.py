"""Rows about people as a list of people has them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db.models import Q

from anju.exchange import beside
from anju.exchange.exporting.asked import Asked
from anju.exchange.shaping import of_household
from anju.register.among import Many
from anju.register.models import Household, Person
from anju.sealing.ciphertext import Opener


def people(found: Sequence[Person], asked: Asked) -> pl.DataFrame:
    """A row each. Of a household outside of the officer's reach nothing is told, as on the list."""
    own = plain(beside.people(numbered(found), asked.on)).rename({"@home": "@lives"})
    homes = _homes(own["@lives"].drop_nulls().unique().to_list(), asked)
    seen = pl.col("@lives").is_in(homes["@home"].implode())
    hidden = (pl.when(seen).then(column).alias(column) for column in ("@household", "@relation"))
    return own.with_columns(hidden).join(homes, left_on="@lives", right_on="@home", how="left", maintain_order="left")


def numbered(found: Sequence[Person]) -> pl.DataFrame:
    """The ids of people and their ID numbers: ``@person``, ``@id``."""
    opener = Opener(Person._meta.db_table, "number")
    numbers = [opener(one.pk, one.number.ciphertext) if one.number else None for one in found]
    return pl.DataFrame(
        {"@person": [str(one.pk) for one in found], "@id": numbers}, schema_overrides={"@id": pl.String}
    )


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """What stands beside, under the names by which the import takes it."""
    told = frame.rename({column: column[1:] for column in frame.columns if column.startswith("<")})
    return told.rename({"@origin": "origin_code", "@destination": "destination_code"}, strict=False)


def _homes(ids: Sequence[str], asked: Asked) -> pl.DataFrame:
    """What a list of people says of their households, as far as they lie in the region of the export."""
    lo, hi = asked.within.lo, asked.within.hi
    here = Q(origin__gte=lo, origin__lt=hi) | Q(destination__gte=lo, destination__lt=hi)
    rows = Household.objects.visible_to(asked.officer, purpose=asked.purpose).filter(here, pk__among=Many(ids))
    seen = [str(pk) for pk in rows.values_list("pk", flat=True)]
    frame = plain(beside.households(pl.DataFrame({"@home": seen}, schema={"@home": pl.String}), asked.on))
    said_of_people = ("@household", "origin_code", "destination_code", *of_household)
    return frame.drop(said_of_people, strict=False)
