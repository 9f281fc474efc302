"""The rows of an export, span by span, so that a list of any length needs the memory of one span."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from anju.exchange.exporting import people, places, single
from anju.exchange.exporting.asked import Asked
from anju.register.queries.paging import Listing, counted, spans

span = 2000
"""Subjects that are read at once."""
_read: Mapping[str, Callable[[Sequence[Any], Asked], pl.DataFrame]] = {
    "people": people.people,
    "households": places.households,
    "sites": places.sites,
    "relations": single.relations,
    "wishes": single.wishes,
}
_about_people: Mapping[str, Callable[[Asked], Any]] = {"relations": single.steps, "wishes": single.answers}


def rows(asked: Asked) -> Iterator[pl.DataFrame]:
    """The rows in the list's order; columns are named by what the import takes from them."""
    for found in spans(asked.listing, span):
        yield _read[asked.kind](found, asked)


def how_many(asked: Asked, most: int) -> int:
    """How many rows there are; ``most`` + 1 for more."""
    if asked.kind not in _about_people:
        return counted(asked.listing, most)
    about = _about_people[asked.kind](asked)
    parts = [about.filter(person_id__in=part.order_by().values("pk")) for part in asked.listing.parts]
    return counted(Listing(parts, ()), most)
