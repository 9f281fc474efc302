"""A handed-in file becomes staged rows: read in a child process, compared with the register, kept sealed.

And how they are taken up again when the batch is merged.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from anju.exchange import storage, unkept
from anju.exchange.kinds import Call, Frames, ImportKind, kind_of
from anju.exchange.models import Batch, Part, StagedRow, State
from anju.exchange.reading import Asked, Read, read
from anju.exchange.shaping import Within, with_columns, with_days
from anju.exchange.subjects import fields
from anju.government.queries import Scope, reaching, visible_regions
from anju.government.regions.reach import scope_of
from anju.government.second_wall import looking_everywhere
from anju.register import mass
from anju.register.guideline import guideline
from anju.tables.workbooks import private_folder

_ids = {
    "person": "@person",
    "household": "@home",
    "site": "@found",
    "relation": "@person",
    "wish": "@person",
    "paid": "@person",
    "insured": "@person",
}
"""Kind of subject → the column with its id in the register."""
_kept = (
    "@at",
    "@sheet",
    "@row",
    "@notes",
    "@refused",
    "@twin",
    "@filled",
    "@index",
    "@site_id",
    "@household",
    "birth_date",
)
_known = ("@found", "@known")
"""Columns of ids and flags that say whether a subject is in the register."""


def within_of(batch: Batch) -> Within:
    """Where a batch belongs."""
    return Within(batch.region, *scope_of(batch.region), batch.on)


def scopes_of(batch: Batch) -> tuple[Scope, ...]:
    """The posts from which the batch was handed in: those that reach its region."""
    return reaching(visible_regions(batch.uploaded_by, batch.on), batch.region)


def staged(batch: Batch) -> tuple[Frames, list[str]]:
    """Read the kept file and compare it with the register: rows by kind of subject, and what is to be told about the file.

    Raises `anju.tables.ledger.FileRefused`. Writes nothing but a private folder that is gone at the end.
    """
    kind = kind_of(batch.kind)
    found = _read(batch, kind)
    within = within_of(batch)
    shaped = kind.shape(found.rows, within)
    main = kind.subjects[-1]
    refused = found.refused.with_columns(pl.lit(value=True).alias("@refused"))
    shaped[main] = pl.concat([shaped[main], refused], how="diagonal_relaxed").sort("@at")
    undecided = {subject: _undecided(frame) for subject, frame in shaped.items()}
    with looking_everywhere():
        plan = kind.plan(undecided, Call(within, scopes_of(batch)))
    frames = {subject: _told(subject, plan.frames[subject], undecided[subject]) for subject in kind.subjects}
    frames[main] = _as_refused(frames[main], refused)
    return frames, [*found.notes, *unkept.beyond(fields[main], shaped[main])]


def keep(batch: Batch, frames: Frames, notes: list[str]) -> None:
    """Keep staged rows; within a transaction that may write anywhere. The file itself is no longer needed."""
    first = 0
    counts: dict[str, dict[str, int]] = {}
    for subject, frame in frames.items():
        numbered = frame.with_columns(pl.int_range(first, first + frame.height, dtype=pl.Int64).alias("@number"))
        storage.keep_frame(batch, Part.ROWS, subject, numbered, first // storage.rows_a_chunk)
        mass.insert(StagedRow, _listed(batch, subject, numbered))
        counts[subject] = _counted(numbered)
        first += -(-frame.height // storage.rows_a_chunk) * storage.rows_a_chunk
    storage.keep_notes(batch, notes)
    storage.forget(batch, Part.FILE)
    Batch.objects.unscoped().filter(pk=batch.pk).update(state=State.READY, counts=counts)


def taken_up(batch: Batch, subject: str) -> pl.DataFrame:
    """Staged rows as a kind's plan takes them, with what was decided about each (``@decision``, ``@chosen``)."""
    frame = storage.whole(batch, Part.ROWS, subject)
    if _ids[subject] == "@person":
        # the day is not kept where the whole list says none, the household was not in batches of an older release
        frame = with_columns(with_days(frame, ["birth_date"]), ["@household"])
    decided = StagedRow.objects.unscoped().filter(batch=batch, kind=subject).order_by("number")
    marks = pl.DataFrame(
        list(decided.values_list("number", "decision", "chosen")),
        schema={"@number": pl.Int64, "@decision": pl.String, "@chosen": pl.Boolean},
        orient="row",
    )
    return frame.join(marks, on="@number", how="left", maintain_order="left")


def _told(subject: str, frame: pl.DataFrame, shaped: pl.DataFrame) -> pl.DataFrame:
    """Of compared rows what is kept: what the file said, what stands beside it, and the verdict."""
    terms = guideline().terms
    file = [f.column for f in fields[subject]] + [c for c in shaped.columns if c.partition(".")[0] in terms]
    file = list(dict.fromkeys(c for c in (*file, *_kept) if c in frame.columns))
    before = [f"<{c}" for c in file if f"<{c}" in frame.columns]
    extra = [
        c
        for c in ("<@home", "<@since", "@home", "@after", "@nth", "@verdict", "@conflicts", _ids[subject], *_known)
        if c in frame.columns
    ]
    own = shaped.select("@at", pl.col("@conflicts").alias("@own_conflicts")) if "@conflicts" in shaped.columns else None
    kept = frame.select(list(dict.fromkeys((*file, *before, *extra))))
    return kept if own is None else kept.join(own, on="@at", how="left", maintain_order="left")


def _as_refused(frame: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """The frame with rows that could not be read saying why, and nothing of what they lack."""
    why = refused.select("@at", pl.col("@notes").alias("@why"))
    joined = frame.join(why, on="@at", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("@why", "@notes").alias("@notes")).drop("@why")


def _undecided(frame: pl.DataFrame) -> pl.DataFrame:
    blank = pl.lit(None, pl.String)
    return frame.with_columns(pl.lit("").alias("@decision"), blank.alias("@new"))


def _listed(batch: Batch, subject: str, frame: pl.DataFrame) -> pl.DataFrame:
    conflict = pl.when(pl.col("@verdict") == "conflict").then(pl.col("@conflicts").list.first()).fill_null("")
    known = next((c for c in _known if frame.schema.get(c) == pl.Boolean), None)
    shown = pl.col("@verdict").is_in(["new", "change", "same"])
    subject_id = pl.when(shown if known is None else shown | pl.col(known)).then(pl.col(_ids[subject]))
    return frame.select(
        pl.lit(str(batch.pk)).alias("batch_id"),
        pl.lit(subject).alias("kind"),
        pl.col("@number").alias("number"),
        pl.col("@verdict").alias("verdict"),
        conflict.alias("conflict"),
        pl.col("@verdict").is_in(["new", "change"]).alias("chosen"),
        pl.col("@notes").is_not_null().alias("noted"),
        subject_id.alias("subject"),
    )


def _counted(frame: pl.DataFrame) -> dict[str, int]:
    return {str(verdict): int(n) for verdict, n in frame["@verdict"].value_counts(sort=True).iter_rows()}


def _read(batch: Batch, kind: ImportKind) -> Read:
    asked = Asked(
        batch.file_name,
        batch.on,
        kind.headers,
        kind.facts,
        scopes_of(batch),
        kind.terms,
        kind.columns,
        kind.least,
        kind.subjects[-1],
    )
    with private_folder() as folder:
        path = folder / f"upload{Path(batch.file_name).suffix.lower()}"
        with looking_everywhere():
            storage.write_file(batch, path)
        return read(path, asked, folder)
