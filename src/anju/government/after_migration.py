"""After tables have changed: the regions of the table of codes."""

from typing import Any

from django.db import connections, transaction

from anju.government.models import Region, always, never
from anju.government.regions.reach import padded
from anju.government.regions.table import Region as ListedRegion
from anju.government.regions.table import regions


def refresh(*, using: str, apps: Any, **kwargs: Any) -> None:
    """Bring a database that has our tables up to date; nothing is written where nothing changed."""
    tables = connections[using].introspection.table_names()
    if "government_region" in tables:
        load_regions(using)


def load_regions(using: str = "default") -> int:
    """Make the stored regions those of `regions.csv`; returns how many rows were written or removed.

    Villages are not in the file: what is stored of them stays.
    """
    listed = {
        (padded(region.code), region.name, region.since or always, region.until or never): region
        for region in regions()
    }
    rows = Region.objects.using(using).exclude(level=Region.Kind.VILLAGE)
    stored = {
        (row.code, row.name, row.since, row.until): row
        for row in rows.only("code", "name", "since", "until", "successor")
    }
    kept = {key for key, row in stored.items() if key in listed and row.successor == _successor(listed[key])}
    stale = [row.pk for key, row in stored.items() if key not in kept]
    new = [
        Region(code=code, name=name, since=since, until=until, level=len(region.code), successor=_successor(region))
        for (code, name, since, until), region in listed.items()
        if (code, name, since, until) not in kept
    ]
    with transaction.atomic(using=using):
        rows.filter(pk__in=stale).delete()
        Region.objects.using(using).bulk_create(new)
    return len(stale) + len(new)


def _successor(region: ListedRegion) -> str:
    return padded(region.successor) if region.successor else ""
