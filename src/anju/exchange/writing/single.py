"""Single steps of relations and single wishes, as rows of the register."""

from __future__ import annotations

import polars as pl

from anju.exchange.writing.ops import Ops


def write_relations(plan: pl.DataFrame, ops: Ops) -> None:
    """Add the steps that are to be merged, each chain from its beginning."""
    new = plan.filter(pl.col("@verdict") == "new").sort("@person", "@kind", "@since")
    blank = {"@unit": "place_name", "@evidence": "evidence", "@holder": "holder"}
    ops.insert(
        "relation",
        new.select(
            pl.col("@person").alias("person_id"),
            pl.col("@kind").alias("kind"),
            *(pl.col(column).fill_null("").alias(name) for column, name in blank.items()),
            pl.col("@since").alias("since"),
            pl.col("@because").alias("because"),
            pl.col("@after").alias("after"),
        ),
    )


def write_wishes(plan: pl.DataFrame, ops: Ops) -> None:
    """Add the wishes that are to be merged, in the order in which they were said."""
    new = plan.filter(pl.col("@verdict") == "new").sort("@person", "@kind", "@on")
    ops.insert(
        "wish",
        new.select(
            pl.col("@person").alias("person_id"),
            pl.col("@kind").alias("kind"),
            pl.col("@choice").alias("choice"),
            pl.col("@on").alias("on"),
            pl.col("@nth").alias("again"),
            pl.col("@how").fill_null("").alias("how"),
        ),
    )
