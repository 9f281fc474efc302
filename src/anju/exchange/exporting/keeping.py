"""An export at rest: its file in sealed pieces, from which it is put together again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from anju.exchange.models import Export, Piece
from anju.government.models import Officer
from anju.register.models.subjects import new_id
from anju.sealing.ciphertext import Sealer

_bytes_a_piece = 4 << 20


class FileBroken(Exception):
    """The pieces do not make the file that was kept."""


def keep(export: Export, path: Path) -> None:
    """Keep a file; within a transaction of the caller's that may write anywhere."""
    seal = Sealer(Piece._meta.db_table, "content").seal
    with path.open("rb") as stream:
        for number, content in enumerate(iter(lambda: stream.read(_bytes_a_piece), b"")):
            key = new_id()
            Piece(pk=key, export=export, number=number, content=seal(key, content)).save(force_insert=True)


def write(by: Officer, export: Export, path: Path) -> None:
    """Write a kept file to the disk, readable by this user alone. Raises `FileBroken`."""
    pieces = Piece.objects.visible_to(by, purpose="导出").filter(export=export).order_by("number")
    path.touch(mode=0o600)
    with path.open("wb") as stream:
        for number in list(pieces.values_list("number", flat=True)):
            stream.write(pieces.get(number=number).content.reveal_bytes())
    if digest_of(path) != export.digest:
        raise FileBroken


def forget(export: Export) -> None:
    """Delete the pieces."""
    Piece.objects.unscoped().filter(export=export).delete()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
