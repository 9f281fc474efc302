"""Contents of a batch at rest: files and frames in sealed chunks, so that any worker can go on where another one was killed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from anju.exchange.models import Batch, Chunk, Part
from anju.government.second_wall import everything
from anju.register import mass
from anju.register.models.subjects import new_id
from anju.sealing.ciphertext import Sealer

rows_a_chunk = 1000
_bytes_a_piece = 4 << 20
_column = "content"


def keep_file(batch: Batch, path: Path) -> None:
    """Keep a file; within a transaction of the caller's."""
    with path.open("rb") as stream:
        pieces = iter(lambda: stream.read(_bytes_a_piece), b"")
        for number, piece in enumerate(pieces):
            _keep(batch, Part.FILE, "", [(number, piece)])


def write_file(batch: Batch, path: Path) -> None:
    """Write a kept file to the disk, readable by this user alone."""
    path.touch(mode=0o600)
    with path.open("wb") as stream:
        for piece in _contents(batch, Part.FILE, ""):
            stream.write(piece)


def keep_frame(batch: Batch, part: Part, kind: str, frame: pl.DataFrame, first: int = 0) -> None:
    """Keep a frame in chunks of `rows_a_chunk` rows, numbered from ``first``; within a transaction of the caller's.

    One without rows is kept too, for its columns.
    """
    slices = frame.iter_slices(rows_a_chunk) if frame.height else [frame]
    _keep(batch, part, kind, [(first + at, _packed(rows)) for at, rows in enumerate(slices)])


def frames(batch: Batch, part: Part, kind: str, numbers: Sequence[int] | None = None) -> Iterator[pl.DataFrame]:
    """The kept frames in their order, all or those of some numbers. A column that is blank in all rows of one is missing there."""
    for content in _contents(batch, part, kind, numbers):
        yield pl.read_ipc(io.BytesIO(content))


def whole(batch: Batch, part: Part, kind: str) -> pl.DataFrame:
    """A kept frame as one."""
    parts = list(frames(batch, part, kind))
    return pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame()


def keep_notes(batch: Batch, notes: Any) -> None:
    """Keep what is to be told about the file as a whole, as JSON."""
    _keep(batch, Part.NOTES, "", [(0, json.dumps(notes, ensure_ascii=False).encode())])


def notes(batch: Batch) -> Any:
    """What is to be told about the file as a whole; an empty list where nothing is."""
    return next((json.loads(content) for content in _contents(batch, Part.NOTES, "")), [])


def forget(batch: Batch, part: Part) -> None:
    """Delete the chunks of a part."""
    Chunk.objects.unscoped().filter(batch=batch, part=part).delete()


def _keep(batch: Batch, part: Part, kind: str, contents: Sequence[tuple[int, bytes]]) -> None:
    seal = Sealer(Chunk._meta.db_table, _column).seal
    ids = [new_id() for _ in contents]
    sealed = [seal(key, content) for key, (_, content) in zip(ids, contents, strict=True)]
    same = {"batch_id": str(batch.pk), "part": part.value, "kind": kind}
    numbers = pl.Series("number", [number for number, _ in contents], dtype=pl.Int64)
    with everything():
        mass.insert(
            Chunk,
            pl.DataFrame({"id": [str(key) for key in ids], "content": pl.Series(sealed, dtype=pl.Binary)}).with_columns(
                numbers, **{name: pl.lit(value) for name, value in same.items()}
            ),
        )


def _contents(batch: Batch, part: Part, kind: str, numbers: Sequence[int] | None = None) -> Iterator[bytes]:
    chunks = Chunk.objects.unscoped().filter(batch=batch, part=part, kind=kind).order_by("number")
    if numbers is not None:
        chunks = chunks.filter(number__in=numbers)
    for number in list(chunks.values_list("number", flat=True)):
        with_content = chunks.filter(number=number).get()
        yield with_content.content.reveal_bytes()


def _packed(rows: pl.DataFrame) -> bytes:
    """A frame as Arrow bytes, without the columns that hold nothing."""
    filled = [name for name in rows.columns if rows[name].null_count() < rows.height or name.startswith("@")]
    stream = io.BytesIO()
    rows.select(filled).write_ipc(stream, compression="zstd")
    return stream.getvalue()
