"""Merging what was accepted, in one transaction: compared once more, and what the register holds otherwise by now is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import IntegrityError, transaction

from anju.exchange import storage
from anju.exchange.finding import sliced
from anju.exchange.kinds import Call, kind_of
from anju.exchange.models import Batch, Part, StagedRow
from anju.exchange.resettled import resettled
from anju.exchange.staging import scopes_of, taken_up, within_of
from anju.exchange.writing.insured import compare_lists
from anju.exchange.writing.ops import Ops
from anju.exchange.writing.paid import record
from anju.government.second_wall import everything, looking_everywhere
from anju.register.changes import changed_together

meanwhile = "交上来以后，库里的这一条有了变动，没有并入；请重新交一次文件。"
_compared = ("@after",)
"""Besides what stands beside: what a row rests on."""


@dataclass(slots=True)
class _Settling:
    """Says of compared rows which are taken: those that were chosen, and stand as they were staged."""

    staged: Mapping[str, pl.DataFrame]
    left: list[int] = field(default_factory=list)
    merged: dict[str, dict[str, int]] = field(default_factory=dict)

    def __call__(self, subject: str, frame: pl.DataFrame) -> pl.DataFrame:
        staged = self.staged[subject]
        said = [c for c in staged.columns if not c.startswith("<")]
        rests_on = {*(c for c in staged.columns if c.startswith("<") or c in _compared), *(f"<{c}" for c in said)}
        names = sorted(c for c in rests_on if c in staged.columns or c in frame.columns)
        then = staged.select(
            "@number", *(pl.col(c).alias(f"!{c}") for c in (*names, "@verdict") if c in staged.columns)
        )
        both = frame.join(then, on="@number", how="left", maintain_order="left")
        same = [_blank_or(both, c).eq_missing(_blank_or(both, f"!{c}")) for c in names]
        as_then = (pl.col("@decision") != "") | (pl.col("@verdict") == pl.col("!@verdict"))
        stands = pl.all_horizontal([as_then, *same])
        told = both.select(
            stands.alias("stands"),
            pl.col("@verdict").is_in(["new", "change"]).alias("writes"),
            "@chosen",
            "@number",
            "@verdict",
        )
        lost = pl.col("@chosen") & (~pl.col("stands") | (pl.col("@verdict") == "conflict"))
        self.left += told.filter(lost)["@number"].to_list()
        taken = ~pl.col("writes") | (pl.col("@chosen") & pl.col("stands"))
        settled = frame.with_columns(
            told.select(pl.when(taken).then("@verdict").otherwise(pl.lit("left")).alias("@verdict"))
        )
        counted = settled.filter(pl.col("@verdict").is_in(["new", "change"]))["@verdict"].value_counts()
        self.merged[subject] = {str(name): int(n) for name, n in counted.iter_rows()}
        return settled


def merge(batch: Batch, at: datetime, only: Sequence[int] | None = None) -> dict[str, dict[str, int]]:
    """Merge what is chosen of a batch; within a transaction that may write anywhere. How many rows by kind and verdict.

    Args:
        only: of what the rows of the file are first, only these, by number.

    Raises what the database raises where a constraint refuses: then nothing is merged.
    """
    kind = kind_of(batch.kind)
    staged = {subject: taken_up(batch, subject) for subject in kind.subjects}
    main = kind.subjects[-1]
    if only is not None:
        staged[main] = staged[main].with_columns(pl.col("@chosen") & pl.col("@number").is_in(only))
    StagedRow.objects.unscoped().filter(batch=batch, left=True).update(left=False)
    frames = {
        subject: _as_shaped(frame.filter("@chosen") if subject == main else frame) for subject, frame in staged.items()
    }
    settling = _Settling(staged)
    plan = kind.plan(frames, Call(within_of(batch), scopes_of(batch), settling))
    ops = Ops(batch.on)
    plan.write(ops)
    ops.write(at)
    for name, rows in ops.undoing().items():
        storage.keep_frame(batch, Part.UNDO, name, rows)
    paid_to = record(batch, ops.amounts) if ops.amounts is not None else set[str]()
    for listed in ops.inserts.get("list_row", ()):
        compare_lists(listed)
    _leave(batch, settling.left)
    tell(ops, paid_to)
    return {**settling.merged, "left": {main: len(settling.left)}}


def refused_row(batch: Batch, at: datetime) -> int | None:
    """The number of a row that the database refuses already by itself; None where it is no single row.

    Half of the rows is tried, then half of what is refused, and so on: as much work as two merges, none of which stays. Outside of a
    transaction of the caller's, so that between two tries others may write.
    """
    main = kind_of(batch.kind).subjects[-1]
    with looking_everywhere():
        chosen = StagedRow.objects.unscoped().filter(batch=batch, kind=main, chosen=True).order_by("number")
        rows = list(chosen.values_list("number", flat=True))
    if _refused(batch, at, []):
        return None
    while len(rows) > 1:
        middle = len(rows) // 2
        halves = (rows[:middle], rows[middle:])
        rows = next((half for half in halves if _refused(batch, at, half)), [])
    return rows[0] if rows else None


def _refused(batch: Batch, at: datetime, only: Sequence[int]) -> bool:
    try:
        with everything(), transaction.atomic():
            merge(batch, at, only)
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


def tell(ops: Ops, people: Collection[str] = ()) -> None:
    """Let those who depend on facts look again at all subjects that were written, and at these people."""
    touched: dict[str, set[str]] = {"site": set(), "household": set(), "person": set(people)}
    for table, parts in ops.inserts.items():
        subject, column = ("person", "person_id") if table in ("membership", "relation", "wish") else (table, "id")
        for rows in parts:
            touched.setdefault(subject, set()).update(rows[column])
    for subject, rows in ops.updates.items():
        touched.setdefault(subject, set()).update(rows["id"])
    # whoever looks again at a person looks at the household as well
    came = ops.inserts.get("membership", ())
    touched["household"].difference_update(home for rows in came for home in rows["household_id"])
    homes = ops.before.get("household"), ops.updates.get("household")
    touched["site"].update(resettled(came, ops.memberships, *homes))
    changed_together({subject: sorted(touched[subject]) for subject in ("site", "household", "person")})


def _leave(batch: Batch, numbers: list[int]) -> None:
    for some in sliced(numbers):
        StagedRow.objects.unscoped().filter(batch=batch, number__in=some).update(left=True)


def _as_shaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Staged rows as they came from the file, with the ids that were given to new subjects."""
    if not frame.columns:
        return frame
    known = next((c for c in ("@found", "@known") if frame.schema.get(c) == pl.Boolean), None)
    ids = _id_column(frame)
    blank = pl.lit(None, pl.String)
    new = frame.with_columns((pl.when(~pl.col(known)).then(ids) if known else blank).alias("@new"))
    gone = [
        c
        for c in frame.columns
        if c.startswith("<") or c in ("@person", "@home", "@found", "@known", "@verdict", "@after", "@site_id")
    ]
    own = pl.col("@own_conflicts") if "@own_conflicts" in frame.columns else pl.lit(None, pl.List(pl.String))
    return new.with_columns(own.alias("@conflicts")).drop(
        [*gone, *(["@own_conflicts"] if "@own_conflicts" in frame.columns else [])]
    )


def _id_column(frame: pl.DataFrame) -> pl.Expr:
    name = next(c for c in ("@person", "@home", "@found") if frame.schema.get(c) == pl.String)
    return pl.col(name)


def _blank_or(frame: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in frame.columns else pl.lit(None)
