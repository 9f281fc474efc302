"""Sheets that name people by the head of their household (户主, 户主证件号码) and no other way: whom their rows are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from anju.register.models.people import head
from anju.tables.derivation import fill_birth_dates, fill_sexes
from anju.tables.headers import Header, declared
from anju.tables.identity import id_birth_date
from anju.tables.ledger import Sheet

head_number: Header = replace(next(one for one in declared() if one.gives == "@head_id"), reads="身份证")
"""户主证件号码, of which `anju check` makes nothing: here somebody may be known by it, so it is read like any other."""
head_number_alone = replace(head_number, unless="@name")
"""The same in lists that say nothing of households: beside 姓名 nobody is known by it."""


def of_people(sheet: Sheet) -> Sheet:
    """A list without 姓名 that names heads is one of heads: a row is about the head, unless it says that it is somebody else."""
    frame = sheet.frame
    if "@name" in frame.columns or "@head" not in frame.columns:
        return sheet
    texts = ("@id", "@head_id", "@relation", "@household")
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in texts if name not in frame.columns)
    plain = pl.col("@relation").is_null() | (pl.col("@relation") == head)
    one = pl.col("@id").is_null() | pl.col("@head_id").is_null() | (pl.col("@id") == pl.col("@head_id"))
    theirs = pl.col("@head").is_not_null() & plain & one
    number = pl.coalesce("@id", "@head_id")
    frame = frame.with_columns(
        pl.when(theirs).then("@head").alias("@name"),
        pl.when(theirs).then(number).otherwise("@id").alias("@id"),
        # who is in no household is the head of none
        pl.when(theirs & pl.col("@household").is_not_null())
        .then(pl.lit(head))
        .otherwise("@relation")
        .alias("@relation"),
        *(pl.when(~theirs).then(column).alias(column) for column in ("@head", "@head_id")),
    )
    if "birth_date" not in frame.columns:
        frame = frame.with_columns(frame.select(id="@id").select(id_birth_date()).to_series().alias("birth_date"))
    return replace(sheet, frame=fill_birth_dates(fill_sexes(frame))[0])


def of_households(sheet: Sheet) -> Sheet:
    """A list of households that names one person a row names its head."""
    given = set(sheet.frame.columns)
    called = "@head" in given
    if called == ("@name" in given):
        return sheet
    moved = {} if called else {"@name": "@head"}
    moved |= {"@id": "@head_id"} if "@id" in given and "@head_id" not in given else {}
    return replace(sheet, frame=sheet.frame.rename(moved), headers=_renamed(sheet.headers, moved))


def _renamed(headers: Mapping[str, str], moved: Mapping[str, str]) -> dict[str, str]:
    return {moved.get(gives, gives): text for gives, text in headers.items()}
