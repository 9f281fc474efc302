"""After tables have changed: a head for every chain, and the walls."""

from typing import Any

from django.db import connections

from anju.journal import walls
from anju.journal.chain import genesis
from anju.journal.models import Entry, Head, shards


def refresh(*, using: str, **kwargs: Any) -> None:
    """Set up what a new or remade table lacks. A head that somebody took away comes back empty, and `verify` tells."""
    tables = connections[using].introspection.table_names()
    if Entry._meta.db_table in tables and Head._meta.db_table in tables:
        standing = set(Head.objects.using(using).values_list("shard", flat=True))
        Head.objects.using(using).bulk_create(
            [Head(shard=shard, digest=genesis(shard)) for shard in range(shards) if shard not in standing]
        )
        walls.build(connections[using])
