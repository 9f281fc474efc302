"""What the counted cases of 1.1-4 come to: how many in which way, how long they took, how many were in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

columns = {
    "region": pl.String,
    "month": pl.String,
    "way": pl.String,
    "state": pl.String,
    "late": pl.Boolean,
    "days": pl.Int64,
    "n": pl.Int64,
}
"""What is counted: ``n`` cases that are alike; ``days``: working days until they were done, none while they are not."""
_median, _most = 50, 90


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some cases: by way, done and done in time, late (done or not), still open, left (withdrawn or terminated).

    ``median``, ``most``: within so many working days half and nine tenths of those were done that are done; None while none is.
    """

    total: int
    window: int
    online: int
    agent: int
    done: int
    kept: int
    late: int
    open: int
    left: int
    median: int | None
    most: int | None

    @property
    def share(self) -> float | None:
        """How many of a hundred came in online; None of none."""
        return 100 * self.online / self.total if self.total else None


def figures(counted: pl.DataFrame) -> Figures:
    """Of all that was counted."""
    return figures_by(counted.with_columns(every=pl.lit("")), "every").get("", _none)


def figures_by(counted: pl.DataFrame, column: str) -> Mapping[str, Figures]:
    """Of each value of a column, in its order."""
    done, late = pl.col("state") == "done", pl.col("late")
    days = pl.col("days").filter(done & pl.col("days").is_not_null()).sort()
    found = (
        counted.select(pl.all().repeat_by("n").explode())
        .group_by(column)
        .agg(
            total=pl.len(),
            **{way: (pl.col("way") == way).sum() for way in ("window", "online", "agent")},
            done=done.sum(),
            kept=(done & ~late).sum(),
            late=late.sum(),
            open=pl.col("state").is_in(["running", "suspended"]).sum(),
            left=pl.col("state").is_in(["withdrawn", "terminated"]).sum(),
            median=_within(days, _median),
            most=_within(days, _most),
        )
        .sort(column)
    )
    return {row.pop(column): Figures(**row) for row in found.iter_rows(named=True)}


def _within(days: pl.Expr, percent: int) -> pl.Expr:
    """The nearest rank: the smallest number of days within which at least so many of a hundred were done."""
    return days.get((days.len().cast(pl.Int64) * percent + 99) // 100 - 1, null_on_oob=True)


_nothing: Mapping[str, Any] = dict.fromkeys(
    ("total", "window", "online", "agent", "done", "kept", "late", "open", "left"), 0
)
_none = Figures(**_nothing, median=None, most=None)
