"""What an export takes: a list of the register with its filters, within the region of one of the officer's posts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from anju.exchange.models import Export
from anju.exchange.shaping import Within
from anju.government.models import Officer
from anju.government.queries import Scope, reaching, visible_regions
from anju.government.regions.reach import scope_of
from anju.register.queries import lists
from anju.register.queries.lists import Filters
from anju.register.queries.paging import Listing

Lister = Callable[[Officer, Filters], Listing[Any]]
listings: Mapping[str, Lister] = {
    "people": lists.persons,
    "relations": lists.persons,
    "wishes": lists.persons,
    "households": lists.households,
    "sites": lists.sites,
}
"""Kind → the list that its rows are of, or are about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose list, narrowed to what. ``scopes``: the officer's posts that reach the region, as they are now; none without one."""

    officer: Officer
    kind: str
    region: str
    filters: Filters
    full: bool = False
    purpose: str = "导出"
    on: date = field(default_factory=timezone.localdate)

    @property
    def scopes(self) -> Sequence[Scope]:
        """The posts whose lines say which columns there are."""
        return reaching(visible_regions(self.officer, self.on), self.region)

    @property
    def lines(self) -> str:
        """The lines of these posts, as they are kept."""
        return ",".join(sorted({scope.line for scope in self.scopes}))

    @property
    def within(self) -> Within:
        """The region as a range of codes."""
        return Within(self.region, *scope_of(self.region), self.on)

    @property
    def listing(self) -> Listing[Any]:
        """The list, through the officer's scope."""
        return listings[self.kind](self.officer, self.filters)


def asked_of(export: Export) -> Asked:
    """What a stored export takes."""
    given = json.loads(export.filters.reveal())
    filters = replace(Filters(**given), region=narrower(given["region"], export.region))
    return Asked(export.officer, export.kind, export.region, filters, export.full, export.purpose or "导出")


def stored(filters: Filters) -> str:
    """Filters as they are sealed."""
    return json.dumps(asdict(filters), ensure_ascii=False, sort_keys=True)


def narrower(wanted: str, region: str) -> str:
    """The region that a list is narrowed to: its own filter's, as far as it lies within the export's."""
    return wanted if lies_within(wanted, region) else region


def lies_within(wanted: str, region: str) -> bool:
    """Whether a code names a region in another one, or that one itself."""
    try:
        lo, hi = scope_of(wanted)
    except ValueError:
        return False
    first, end = scope_of(region)
    return first <= lo and hi <= end
