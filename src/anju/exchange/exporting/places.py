"""Rows about households and sites as their lists have them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anju.exchange import beside
from anju.exchange.exporting.asked import Asked
from anju.exchange.exporting.people import plain
from anju.register.models import Household, Site
from anju.register.queries.lists import Home, members_of


def households(found: Sequence[Household], asked: Asked) -> pl.DataFrame:
    """A row each, with the head's name where the officer sees the head."""
    homes = members_of(asked.officer, found)
    heads = [homes.get(one.pk, Home()).head or None for one in found]
    frame = pl.DataFrame(
        {"@home": [str(one.pk) for one in found], "@head": heads}, schema_overrides={"@head": pl.String}
    )
    return plain(beside.households(frame, asked.on))


def sites(found: Sequence[Site], asked: Asked) -> pl.DataFrame:
    """A row each."""
    frame = plain(beside.sites(pl.DataFrame({"@found": [str(one.pk) for one in found]}), asked.on))
    return frame.rename({"@region": "destination_code"})
