"""Every sealed value under the newest key, while the house goes on working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from anju.sealing.ciphertext import Place, Sealed, key_number, seal_bytes, unseal_bytes
from anju.sealing.fields import SealedField
from anju.sealing.keys import key_ring
from anju.walls.second_wall import everything

_batch = 100


def sealed_fields() -> list[SealedField[Any, Any]]:
    """Every sealed field of every model."""
    return [
        field for model in apps.get_models() for field in model._meta.concrete_fields if isinstance(field, SealedField)
    ]


def reseal(fields: list[SealedField[Any, Any]] | None = None) -> int:
    """Write values that an older key sealed anew with the newest one; may be stopped and run again at any time.

    A row that somebody changes meanwhile is left as it is: whoever writes already writes with the newest key.

    Returns:
        how many values were written.
    Raises:
        anju.sealing.ciphertext.SealBroken: a value was changed or moved; nothing of its batch is written.
    """
    key_ring(read_anew=True)
    return sum(_reseal_column(field) for field in (sealed_fields() if fields is None else fields))


def keys_in_use(fields: list[SealedField[Any, Any]] | None = None) -> Counter[int]:
    """How many values each key sealed; a key without any may be taken out of the key file."""
    every = sealed_fields() if fields is None else fields
    return Counter(key_number(value) for field in every for batch in _batches(field) for _, value in batch)


def _reseal_column(field: SealedField[Any, Any]) -> int:
    newest = key_ring().current("seal")
    rows = field.model._base_manager
    written = 0
    for batch in _batches(field):
        with everything():
            for row, old in batch:
                if key_number(old) != newest:
                    place = Place(field.model._meta.db_table, field.attname, row)
                    new = Sealed(seal_bytes(unseal_bytes(old, place), place), place)
                    unchanged = rows.filter(pk=row, **{field.attname: Sealed(old, place)})
                    written += unchanged.update(**{field.attname: new})
    return written


def _batches(field: SealedField[Any, Any]) -> Iterator[list[tuple[UUID, bytes]]]:
    """The column's values, in the order of the primary key."""
    rows: models.QuerySet[models.Model] = field.model._base_manager.exclude(**{field.attname: None}).order_by("pk")
    after: UUID | None = None
    while True:
        ahead = rows if after is None else rows.filter(pk__gt=after)
        with everything():
            batch = [(row, bytes(value)) for row, value in ahead.values_list("pk", field.attname)[:_batch]]
        if not batch:
            return
        yield batch
        after = batch[-1][0]
