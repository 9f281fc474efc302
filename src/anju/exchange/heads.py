"""Sheets that name people by the head of their household (户主, 户主证件号码) and no other way: whom their rows are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from anju.register.models.people import head
from anju.tables.derivation import doubtful_ages, fill_birth_dates, fill_sexes
from anju.tables.headers import Header, declared
from anju.tables.ledger import Problem, Sheet

head_number: Header = replace(next(one for one in declared() if one.gives == "@head_id"), reads="身份证")
"""户主证件号码, of which `anju check` makes nothing: here somebody may be known by it, so it is read like any other."""
head_number_alone = replace(head_number, unless="@name")
"""The same in lists that say nothing of households: beside 姓名 nobody is known by it."""


_has_a_row = "户主在这份文件的另一张工作表里有自己的一行，这一行没有收；户的情况请写在那一行，或者把这张表按“户”交。"


def with_rows(sheets: Sequence[Sheet]) -> Collection[str]:
    """The households whose head has a row of their own in a sheet with 姓名."""
    found: set[str] = set()
    for frame in (sheet.frame for sheet in sheets if {"@name", "@household"} <= set(sheet.frame.columns)):
        texts = ("@id", "@head_id", "@relation")
        full = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in texts if name not in frame.columns)
        own = (pl.col("@relation") == head) | (pl.col("@relation").is_null() & (pl.col("@id") == pl.col("@head_id")))
        found |= {*full.filter(own)["@household"].drop_nulls()}
    return found


def of_people(sheet: Sheet, file: str, on: date, elsewhere: Collection[str] = ()) -> Sheet:
    """A list without 姓名 that names heads is one of heads: a row is about the head, unless it says that it is somebody else. What it
    says of the head's birth is compared as everybody's is. Of a household ``elsewhere`` the head has another row: it would be theirs twice.
    """
    frame = sheet.frame
    if "@name" in frame.columns or "@head" not in frame.columns:
        return sheet
    texts = ("@id", "@head_id", "@relation", "@household")
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in texts if name not in frame.columns)
    unnumbered = frame["@id"].is_null()
    plain = pl.col("@relation").is_null() | (pl.col("@relation") == head)
    one = pl.col("@id").is_null() | pl.col("@head_id").is_null() | (pl.col("@id") == pl.col("@head_id"))
    theirs = pl.col("@head").is_not_null() & plain & one
    twice = frame.filter(theirs & pl.col("@household").is_in([*elsewhere]))["@row"]
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
        frame = frame.with_columns(pl.lit(None, pl.Date).alias("birth_date"))
    born = frame["birth_date"].is_not_null()
    frame, differing = fill_birth_dates(fill_sexes(frame))
    # what the sheet itself has beside each other was compared when it was read
    remarks = [(differing, unnumbered), (doubtful_ages(frame, on), ~born)]
    problems = [
        Problem(file, sheet.name, row, sheet.headers.get(one.source), None, said, one.advice, "warning")
        for one, new in remarks
        if one
        for row, said in frame.filter(one.where & new).select("@row", pl.col(one.source).cast(pl.String)).iter_rows()
    ]
    problems += [Problem(file, sheet.name, row, None, None, "", _has_a_row, "refused") for row in twice]
    return replace(sheet, frame=frame, problems=(*sheet.problems, *problems))


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
