"""What is an officer's own: how many people, and whose files were opened last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from anju.cases.queries.lists import Filters as Waiting
from anju.cases.queries.lists import suspended
from anju.government.asking import Asking
from anju.government.models import Officer
from anju.journal.queries import entries
from anju.payments.queries.held import Held
from anju.register.models import Household, Person
from anju.register.queries import lists
from anju.register.queries.lists import Filters
from anju.register.queries.paging import Listing, counted, most_counted
from anju.register.queries.whom import Whom, whom_of

_looked_at, _shown = 60, 8


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with the list behind it. ``more``: there are more than have been counted. ``pressing``: how many of them cannot wait."""

    name: str
    count: int
    more: bool
    address: str
    pressing: int = 0


def numbers(who: Asking) -> list[Tile]:
    """People who came here and who left, households, sites; and what is put off, where anything is: suspended cases whose turn is the
    officer's, and months of assistance that are held back.
    """
    officer = who.officer
    asked: tuple[tuple[str, Listing[Any], str], ...] = (
        ("in", lists.persons(officer, Filters("in")), reverse("register:people")),
        ("out", lists.persons(officer, Filters("out")), f"{reverse('register:people')}?side=out"),
        ("households", lists.households(officer, Filters("in")), reverse("register:households")),
        ("sites", lists.sites(officer, Filters()), reverse("register:sites")),
    )
    tiles = [_tile(name, counted(listing), address) for name, listing, address in asked]
    return [*tiles, *(tile for tile in (_suspended(who), _held(who)) if tile.count)]


def _suspended(who: Asking) -> Tile:
    every, past = (suspended(who.officer, who.scopes, Waiting(state=state)) for state in ("", "past"))
    tile = _tile("suspended", counted(every), f"{reverse('cases:cases')}?list=suspended")
    return replace(tile, pressing=counted(past)) if tile.count else tile


def _held(who: Asking) -> Tile:
    held = Held(who)
    return replace(_tile("held", held.total, reverse("payments:held")), pressing=held.alone)


def _tile(name: str, count: int, address: str) -> Tile:
    return Tile(name, min(count, most_counted), count > most_counted, address)


def recent(officer: Officer, on: date) -> Sequence[Whom]:
    """The files that the officer opened last, as far as they may still be seen."""
    looks = entries(officer=str(officer.pk)).filter(action="register.look").order_by("-at", "-id")[:_looked_at]
    seen = list(dict.fromkeys((entry.object_kind, entry.object_id) for entry in looks))[:_shown]
    keys = {kind: [UUID(key) for of, key in seen if of == kind] for kind in ("person", "household")}
    people = Person.objects.visible_to(officer, purpose="经办").filter(pk__in=keys["person"])
    homes = Household.objects.visible_to(officer, purpose="经办").filter(pk__in=keys["household"])
    found = {("person", str(p.pk)): whom_of(p) for p in people} | {("household", str(h.pk)): whom_of(h) for h in homes}
    return [found[key] for key in seen if key in found]
