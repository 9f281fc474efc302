"""What must hold between the cells of one row; a row that breaks it is refused."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class RowRule:
    """`broken` is true where the row cannot be. All `terms` must be present; the first names the column shown."""

    terms: tuple[str, ...]
    broken: Callable[[], pl.Expr]
    advice: str


row_rules: tuple[RowRule, ...] = (
    RowRule(("votes_eligible",), lambda: pl.col("votes_eligible") < 1, "应到人数至少是 1，请核对。"),
    RowRule(
        ("votes_for", "votes_eligible"),
        lambda: pl.col("votes_for") > pl.col("votes_eligible"),
        "同意的人数不能比应到的多，请核对。",
    ),
    RowRule(("councils_present",), lambda: pl.col("councils_present") > 4, "“四会”最多是 4，请核对。"),
    RowRule(("councils_with_relocated",), lambda: pl.col("councils_with_relocated") > 4, "“四会”最多是 4，请核对。"),
)
