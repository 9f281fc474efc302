"""``--parquet``: the answers as columns, one line a row, for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from anju.check.answers import Answers
from anju.check.run import Checked


def write_parquet(checked: Sequence[Checked], out: Path) -> None:
    """Write all subjects of all files into one Parquet file.

    Columns: file, sheet, row, key, subject, then for each decision ``code``, ``code.row``, ``code.missing`` (see
    `anju.policy.frames`), ``missing`` and ``duties`` (list of duty codes).
    """
    frames = [_frame(answers) for one in checked for answers in one.answers]
    empty = pl.DataFrame(schema={"file": pl.String, "key": pl.String})
    (pl.concat(frames, how="diagonal_relaxed") if frames else empty).write_parquet(out)


def _frame(answers: Answers) -> pl.DataFrame:
    results = [f"{code}{end}" for code in answers.question.decisions for end in ("", ".row", ".missing")]
    opened = [_duties(answers, code) for code in answers.question.decisions]
    duties = pl.concat_list(opened).list.unique(maintain_order=True) if opened else pl.lit([], dtype=pl.List(pl.String))
    return answers.frame.select(
        pl.lit(answers.file).alias("file"),
        pl.lit(answers.sheet, dtype=pl.String).alias("sheet"),
        pl.col("@row").alias("row"),
        pl.col("@key").alias("key"),
        pl.lit(answers.subject).alias("subject"),
        *results,
        "missing",
        duties.alias("duties"),
    )


def _duties(answers: Answers, decision: str) -> pl.Expr:
    """The duty codes of the row that applies, as a list column."""
    by_row: dict[int, list[str]] = {r.row.number: list(r.row.duties) for r in answers.edition.tables[decision].rules}
    table = pl.Series([by_row.get(n, []) for n in range(max(by_row, default=0) + 1)], dtype=pl.List(pl.String))
    return pl.lit(table).gather(pl.col(f"{decision}.row").fill_null(0))
