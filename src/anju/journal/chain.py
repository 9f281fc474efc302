"""What ties an entry to the one before it: HMAC-SM3 over the digest before and every word of the entry."""

from __future__ import annotations

import json
from datetime import UTC
from functools import cache

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from anju.journal.models import Entry, shards
from anju.sealing.keys import key


@cache
def genesis(shard: int) -> str:
    """What stands before the first entry of a chain."""
    return sm3(f"anju journal {shard}".encode())


def sm3(data: bytes) -> str:
    """64 hexadecimal digits."""
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize().hex()


def keyed(number: int, data: bytes) -> str:
    """64 hexadecimal digits that only the holder of the journal's key can make.

    Raises:
        anju.sealing.keys.KeysRefused: there is no journal key of that number.
    """
    code = HMAC(key("journal", number), SM3())
    code.update(data)
    return code.finalize().hex()


def digest_of(entry: Entry) -> str:
    """The digest that the entry must have."""
    return keyed(entry.key_number, f"{entry.previous}{line(entry)}".encode())


def shard_of(organisation: str) -> int:
    """The chain of an office: always the same one, so that a transaction of one officer never holds two heads."""
    return int(sm3(organisation.encode())[:8], 16) % shards


def line(entry: Entry) -> str:
    """The entry as one line of JSON in ASCII, in a fixed order: no name or purpose can break a line or colour a terminal."""
    words = {
        "shard": entry.shard,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "offset_minutes": entry.offset_minutes,
        "officer": entry.officer,
        "officer_name": entry.officer_name,
        "post": entry.post,
        "organisation": entry.organisation,
        "ip": entry.ip,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "purpose": entry.purpose,
        "result": entry.result,
        "detail": entry.detail,
        "key_number": entry.key_number,
    }
    return json.dumps(words, ensure_ascii=True, separators=(",", ":"))
