"""The heads that a file names of households against those that the register has: nothing is written, what is not so is told."""

from __future__ import annotations

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.shaping import noted
from anju.register import mass

_nobody = "这一户还没有登记户主，这里写的户主没有留下；请在人员名单里交，“与户主关系”写户主。"
_another = "写的户主和登记的不一样，没有改；换了户主，请在人员名单里交，写错了就核对姓名和证件号码。"
_no_number = "登记的户主没有证件号码，这里写的没有留下；请在人员名单里交。"


def compared(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame of households, with a note where ``@head_told`` (a head is named, and has no row here) and the register has none, or
    somebody else. Of a household elsewhere nothing is told.
    """
    if "@head_told" not in frame.columns:
        return frame
    asked = pl.col("@head_told") & ~pl.col("@elsewhere") & ~pl.col("@refused")
    told = frame.filter(asked)
    chiefs = beside.numbered_heads(told["@home"].drop_nulls().unique().to_list())
    names = finding.called(chiefs["@chief"].unique().to_list()).group_by("@key").agg(pl.col("@name").alias("@called"))
    known = chiefs.join(names.rename({"@key": "@chief"}), on="@chief", how="left")
    numbers = told.select("@at", mass.indexed(told["@head_id"]).alias("@head_index"))
    joined = frame.join(known, on="@home", how="left", maintain_order="left")
    joined = joined.join(numbers, on="@at", how="left", maintain_order="left")
    there = asked & pl.col("@chief").is_not_null()
    called = pl.col("@head").is_null() | pl.col("@called").list.contains(pl.col("@head"))
    other = ~called | (pl.col("@head_index") != pl.col("@chief_index"))
    unnumbered = pl.col("@head_index").is_not_null() & pl.col("@chief_index").is_null()
    joined = noted(joined, asked & pl.col("@chief").is_null(), _nobody)
    joined = noted(joined, there & other.fill_null(value=False), _another)
    joined = noted(joined, there & unnumbered, _no_number)
    return joined.drop("@chief", "@chief_index", "@called", "@head_index", "@head_told")
