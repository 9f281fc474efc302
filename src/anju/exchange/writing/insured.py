"""The rows of an insurer's list; which months are compared once they are written."""

from __future__ import annotations

import polars as pl

from anju.exchange.shaping import Within
from anju.exchange.writing.ops import Ops
from anju.payments.comparing import compare
from anju.payments.models import Insurance
from anju.register import mass


def write_insured(plan: pl.DataFrame, ops: Ops, within: Within, insurance: Insurance) -> None:
    """Add the rows that are to be merged."""
    new = plan.filter(pl.col("@verdict") == "new")
    ops.insert(
        "list_row",
        new.select(
            mass.new_ids(new.height).alias("id"),
            pl.lit(insurance.value).alias("insurance"),
            pl.lit(within.region).alias("county"),
            pl.col("@of").alias("month"),
            pl.col("@person").alias("person_id"),
            pl.col("@index").fill_null("").alias("number_index"),
            pl.col("@told").alias("told"),
        ),
    )


def compare_lists(rows: pl.DataFrame) -> None:
    """Compare the months of which rows came in or were taken back."""
    for insurance, county, month in rows.select("insurance", "county", "month").unique().sort(pl.all()).iter_rows():
        compare(Insurance(insurance), county, month)
