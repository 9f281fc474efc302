"""Every sealed value under the newest key, while the house goes on working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models

from anju.sealing.ciphertext import Place, Sealed, key_number, seal_bytes, unseal_bytes
from anju.sealing.fields import SealedField
from anju.sealing.keys import KeysRefused, key_ring, remove_key
from anju.sealing.models import KnownKey
from anju.walls.second_wall import everything

_batch = 100


@dataclass(frozen=True, slots=True)
class Beside:
    """Values that are sealed outside of any sealed field: ``values`` gives them all, ``reseal`` writes those that are not under the key
    of a number anew, in transactions of its own, and says how many.
    """

    values: Callable[[], Iterable[bytes]]
    reseal: Callable[[int], int]


_beside: dict[str, Beside] = {}


def sealed_beside(name: str, those: Beside) -> None:
    """List such values, at start-up: they are counted and sealed anew with all others."""
    _beside[name] = those


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
    newest = key_ring(read_anew=True).current("seal")
    written = sum(_reseal_column(field) for field in (sealed_fields() if fields is None else fields))
    return written + (sum(those.reseal(newest) for those in _beside.values()) if fields is None else 0)


def keys_in_use(fields: list[SealedField[Any, Any]] | None = None) -> Counter[int]:
    """How many values each key sealed; a key without any may be retired."""
    every = sealed_fields() if fields is None else fields
    used = Counter(key_number(value) for field in every for batch in _batches(field) for _, value in batch)
    if fields is None:
        used.update(key_number(value) for those in _beside.values() for value in those.values())
    return used


def retire(number: int) -> Path:
    """Take an older key that seals nothing any more out of the key file; the database does without it from now on.

    Returns:
        where it lies now: older backups open only with it, and what a process wrote that was not restarted after the newer key came.
    Raises:
        KeysRefused: there is no such key, it is the one that writes, or it seals something yet; the sentence says which.
    """
    ring = key_ring(read_anew=True)
    if ("seal", number) not in ring.keys:
        raise KeysRefused(f"密钥文件里没有 seal {number} 号密钥。")
    if number == ring.current("seal"):
        raise KeysRefused("正在用来写的密钥不能停用：先运行 anju keys add seal，重启，再运行 anju keys reseal。")
    if left := keys_in_use()[number]:
        raise KeysRefused(f"seal {number} 号密钥还管着 {left} 处，请先运行 anju keys reseal。")
    KnownKey.objects.filter(use="seal", number=number).delete()
    return remove_key(Path(settings.ANJU_KEYS), "seal", number)


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
