"""Writing the journal. There is one way, and it fails together with the deed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from anju.journal.chain import digest_of, line, shard_of
from anju.journal.models import Entry, Head
from anju.journal.plain_numbers import has_id_number
from anju.sealing.keys import key_ring
from anju.walls.prepared import insert, prepared

Result = Literal["done", "refused", "failed"]
_action = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_most_detail = 20_000
_written = logging.getLogger("anju.journal")


class JournalRefused(Exception):
    """The entry cannot be written, so that the deed is not done either; the text says in Chinese what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, in words that stay true: account id and name, the post held, the office, and from where."""

    officer: str = ""
    name: str = ""
    post: str = ""
    organisation: str = ""
    ip: str = ""


system = Actor(name="系统")
"""Nobody: jobs at night and commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done.

    ``action``: app and deed, such as ``register.move_person``. ``object_kind``, ``object_id``: what it was done to, by its own id, never by
    an ID number. ``purpose``: what the officer gave as the reason for a look or an export. ``detail``: what else belongs to it; written as
    JSON.
    """

    action: str
    object_kind: str = ""
    object_id: str = ""
    purpose: str = ""
    result: Result = "done"
    detail: Mapping[str, Any] | None = None


def record(
    *,
    actor: Actor,
    action: str,
    object_kind: str = "",
    object_id: str = "",
    purpose: str = "",
    result: Result = "done",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Write one entry, as `record_all` does: the fields of a `Deed`."""
    deed = Deed(
        action=action, object_kind=object_kind, object_id=object_id, purpose=purpose, result=result, detail=detail
    )
    (entry,) = record_all(actor=actor, deeds=[deed])
    return entry


def record_all(*, actor: Actor, deeds: Sequence[Deed]) -> list[Entry]:
    """Write an entry for each deed into the chain of the actor's office, as the last step of the action's own transaction.

    The head of the chain stays locked until that transaction ends; later writers of the same office wait, others do not. A refusal
    that is to be seen although its transaction is undone is recorded in a transaction of its own.

    Raises:
        JournalRefused: there is no transaction, or a text has an ID number, or is too long; the transaction will be undone.
    """
    if not connection.in_atomic_block:
        raise JournalRefused("操作和它的日志必须在同一个事务里。")
    try:
        entries = [_entry(actor, deed) for deed in deeds]
        for entry in entries:
            _check(entry)
        if entries:
            _append(entries)
    except BaseException:
        # Even where somebody catches this, what was done without an entry must not stay.
        transaction.set_rollback(True)
        raise
    for entry in entries:
        transaction.on_commit(partial(_tell, entry))
    return entries


def _tell(entry: Entry) -> None:
    _written.info(line(entry))


def _entry(actor: Actor, deed: Deed) -> Entry:
    now = timezone.localtime()
    return Entry(
        shard=shard_of(_storable(actor.organisation)),
        at=now,
        offset_minutes=_offset_minutes(now),
        officer=_storable(actor.officer),
        officer_name=_storable(actor.name),
        post=_storable(actor.post),
        organisation=_storable(actor.organisation),
        ip=str(ip_address(actor.ip)) if actor.ip else "",
        action=deed.action,
        object_kind=_storable(deed.object_kind),
        object_id=_storable(deed.object_id),
        purpose=_storable(deed.purpose),
        result=deed.result,
        detail=_storable(json.dumps(deed.detail or {}, ensure_ascii=False, allow_nan=False, sort_keys=True)),
    )


def _offset_minutes(now: datetime) -> int:
    offset = now.utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


def _storable(text: str) -> str:
    """What both databases can hold: no NUL, no half of a surrogate pair. Other control characters stay, as evidence."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _check(entry: Entry) -> None:
    if not _action.fullmatch(entry.action):
        raise JournalRefused(f"日志里的操作要写成“应用.动作”，这里是“{entry.action}”。")
    for field in Entry._meta.concrete_fields:
        text = getattr(entry, field.attname)
        if not isinstance(text, str):
            continue
        if len(text) > (field.max_length or _most_detail):
            raise JournalRefused(f"日志的 {field.name} 太长：最多 {field.max_length or _most_detail} 个字。")
        if has_id_number(text):
            raise JournalRefused("日志里不能写身份证号。请用姓名或户编号说明是谁，身份证号不要写进事由和备注。")


@prepared
def _locked(shard: int) -> QuerySet[Head]:
    return Head.objects.select_for_update().filter(shard=shard)


def _append(entries: Sequence[Entry]) -> None:
    head = next(iter(_locked(entries[0].shard)), None)
    if head is None:
        raise Head.DoesNotExist
    seq, digest, number = head.seq, head.digest, key_ring().current("journal")
    moves = []
    for entry in entries:
        entry.seq, entry.previous, entry.key_number = seq + 1, digest, number
        digest = entry.digest = digest_of(entry)
        moves.append((entry.seq, digest, head.shard, seq))
        seq = entry.seq
    insert(entries)
    with connection.cursor() as cursor:  # the wall lets a head go on by one entry at a time
        cursor.executemany("UPDATE journal_head SET seq = %s, digest = %s WHERE shard = %s AND seq = %s", moves)
        moved = cursor.rowcount
    if moved != len(entries):
        raise JournalRefused("另一项操作刚刚写了日志，请再试一次。")
