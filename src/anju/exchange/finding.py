"""Whom the register already knows of the subjects that a file names.

Acts for nobody: it must know that somebody is registered elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

import polars as pl
from django.db.models import F, Q, QuerySet

from anju.exchange.shaping import Within, noted
from anju.government.models import never
from anju.register.among import Many
from anju.register.asking import columns_of
from anju.register.models import Formerly, Household, Membership, Person, Site

_asked_at_once = 5000
_text = pl.String()
_old_number = "文件里是这个人从前的证件号码，照现在登记的认；号码没有改。"
_another_had_it = "这个证件号码以前登记在另一个名字下，后来改了；姓名不同，不当作那个人。"
_old_name = "文件里是这个人的曾用名，照现在登记的认；姓名没有改。"


def sliced(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The values in the portions in which a database is asked for them."""
    for start in range(0, len(values), _asked_at_once):
        yield values[start : start + _asked_at_once]


def framed(rows: list[tuple[Any, ...]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows of a question as a frame; ids become text."""
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    made = {
        name: [None if value is None else str(value) for value in values] if dtype == _text else list(values)
        for (name, dtype), values in zip(schema.items(), columns, strict=True)
    }
    return pl.DataFrame(made, schema=schema)


def day(column: str) -> pl.Expr:
    """A column of ISO days as days."""
    return pl.col(column).str.to_date("%Y-%m-%d")


def people(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The frame of people with ``@person`` (whom it is about, if one is found in the batch's region), ``@elsewhere`` (the ID number is
    registered outside of it), ``@several`` (how many it could be, if not one), and whether the person has had that ID number
    (``@renumbered``) or that name (``@renamed``) before, which is noted.

    First by ID number, then by one that somebody had before; who has none, or one that nobody has, by name and birth date, or by name and
    household. Somebody with another ID number is another person.
    """
    numbered = frame.join(_by_number(frame["@index"].drop_nulls().unique().to_list(), within), on="@index", how="left")
    numbered = _by_former_number(numbered, within)
    unknown = pl.col("@person").is_null() & ~pl.col("@elsewhere").fill_null(value=False)
    open_rows = numbered.filter(unknown & pl.col("@before").is_null())
    named = _by_name(open_rows, within)
    joined = numbered.join(named, on="@at", how="left").with_columns(
        pl.coalesce("@person", "@named").alias("@person"),
        pl.col("@elsewhere").fill_null(value=False),
        pl.coalesce("@several", "@before").fill_null(0).alias("@several"),
    )
    joined = _renamed(joined.drop("@named", "@before"))
    joined = noted(joined, pl.col("@renumbered"), _old_number)
    joined = noted(joined, pl.col("@once") & pl.col("@person").is_null(), _another_had_it).drop("@once")
    return noted(joined, pl.col("@renamed"), _old_name).sort("@at")


def households(codes: Sequence[str], within: Within) -> pl.DataFrame:
    """Of 户编号 that are registered: ``@household``, ``@home`` (None outside of the region), ``@elsewhere``."""
    rows = Household.objects.unscoped().filter(code__among=Many(codes))
    found = columns_of(rows, {"code": "code", "@home": "pk", "o": "origin", "d": "destination"})
    return _within(found.rename({"code": "@household"}), "@home", within)


def sites(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The frame with ``@found`` (the site of that name, in the row's own region if there are several) and ``@several``."""
    names = frame["@site"].drop_nulls().unique().to_list()
    rows = Site.objects.unscoped().filter(name__among=Many(names), region__gte=within.lo, region__lt=within.hi)
    known = columns_of(rows, {"name": "name", "@found": "pk", "there": "region"})
    known = known.rename({"name": "@site", "there": "@there"})
    joined = frame.select("@at", "@site", "@region").join(known, on="@site", how="inner")
    here = joined.filter(pl.col("@region") == pl.col("@there"))
    rest = joined.join(here, on="@at", how="anti")
    # a row that names no place, or one around or within the site's, means the only one of that name
    near = rest.filter(_near("@region", "@there")).with_columns(pl.len().over("@at").alias("@several"))
    chosen = pl.concat([here.select("@at", "@found"), near.filter(pl.col("@several") == 1).select("@at", "@found")])
    several = near.filter(pl.col("@several") > 1).select("@at", "@several").unique()
    return (
        frame.join(chosen, on="@at", how="left")
        .join(several, on="@at", how="left")
        .with_columns(pl.col("@several").fill_null(0))
        .sort("@at")
    )


def _near(one: str, other: str) -> pl.Expr:
    """Whether one of two codes names the region in which the other one lies, or the first names nothing."""
    here, there = (pl.col(c).str.replace(r"(?:0{3}|0{6}|0{8})$", "") for c in (one, other))
    return pl.col(one).is_null() | pl.col(other).str.starts_with(here) | pl.col(one).str.starts_with(there)


def _by_number(indexes: Sequence[str], within: Within) -> pl.DataFrame:
    rows = Person.objects.unscoped().filter(number_index__among=Many(indexes))
    found = columns_of(rows, {"index": "number_index", "@person": "pk", "o": "origin", "d": "destination"})
    return _within(found.rename({"index": "@index"}), "@person", within)


def _by_former_number(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The frame with who had the ID number before and has, or had, the row's name, where nobody has the number now; ``@before``: how many
    these are, if not one; ``@once``: somebody of another name had it, which may have been a mistake.
    """
    open_ones = frame.filter(pl.col("@person").is_null() & pl.col("@elsewhere").is_null())["@index"].drop_nulls()
    rows = _formerly().filter(number_index__among=Many(open_ones.unique().to_list()))
    names = {"@index": "number_index", "@had": "person_id", "o": "person__origin", "d": "person__destination"}
    had = _within(columns_of(rows, {**names, "@key": "person_id"}), "@had", within)
    found = had.join(called(had["@key"].unique().to_list()), on="@key", how="inner")
    many = pl.len().cast(pl.UInt32)
    found = found.group_by("@index", "@name").agg(
        pl.when(many == 1).then(pl.col("@had").first()).alias("@had"),
        (pl.col("@elsewhere").first() & (many == 1)).alias("@gone"),
        pl.when(many > 1).then(many).alias("@before"),
        pl.lit(value=True).alias("@theirs"),
    )
    joined = frame.join(found, on=["@index", "@name"], how="left", maintain_order="left")
    here = had.filter(~pl.col("@elsewhere"))["@index"]  # of a number's past elsewhere nobody is told
    once = pl.col("@theirs").is_null() & pl.col("@index").is_in(here.implode())
    return joined.with_columns(
        pl.coalesce("@person", "@had").alias("@person"),
        pl.coalesce("@elsewhere", "@gone").alias("@elsewhere"),
        pl.col("@had").is_not_null().alias("@renumbered"),
        once.alias("@once"),
    ).drop("@had", "@gone", "@theirs")


def _formerly() -> QuerySet[Formerly]:
    """Former names and numbers of whoever is still somebody: a record that was joined gave its own to the one that stays."""
    return Formerly.objects.unscoped().filter(person__joined_into=None)


def called(ids: Sequence[str]) -> pl.DataFrame:
    """What people are called, and were: ``@key`` and ``@name``."""
    now = columns_of(Person.objects.unscoped().filter(pk__among=Many(ids)), {"@key": "pk", "@name": "name"})
    before = _formerly().filter(person_id__among=Many(ids)).exclude(name="")
    return pl.concat([now, columns_of(before, {"@key": "person_id", "@name": "name"})]).unique()


def _renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ``@renamed``: the person has another name now, and had this one before."""
    ids = frame["@person"].drop_nulls().unique().to_list()
    kept = _formerly().filter(person_id__among=Many(ids)).exclude(name="").exclude(name=F("person__name"))
    known = columns_of(kept, {"@person": "person_id", "@name": "name"}).with_columns(
        pl.lit(value=True).alias("@renamed")
    )
    joined = frame.join(known, on=["@person", "@name"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("@renamed").fill_null(value=False))


def _within(found: pl.DataFrame, column: str, within: Within) -> pl.DataFrame:
    """Who is in the region keeps the id; of the others only that they are elsewhere."""
    here = within.reaches("o") | within.reaches("d")
    return found.with_columns(pl.when(here).then(column).alias(column), (~here).alias("@elsewhere")).drop("o", "d")


def _by_name(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """For rows without a person: ``@at``, ``@named`` (the only one it can be) and ``@several``."""
    names = frame["@name"].drop_nulls().unique().to_list()
    rows = Person.objects.unscoped().filter(_reach("", within), name__among=Many(names))
    columns = {"name": "name", "@named": "pk", "born": "birth_date", "has": "number_index"}
    kept = _formerly().filter(_reach("person__", within), name__among=Many(names))
    before = {"name": "name", **{name: f"person__{column}" for name, column in columns.items() if name != "name"}}
    known = pl.concat([columns_of(rows, columns), columns_of(kept, before)]).unique().with_columns(day("born"))
    known = known.rename({"name": "@name", "born": "@born", "has": "@has"})
    if known.is_empty():
        blank = {"@at": pl.UInt32(), "@named": _text, "@several": pl.UInt32()}
        return pl.DataFrame(schema=blank)
    known = known.join(_homes(known["@named"].unique().to_list()), on="@named", how="left")
    pairs = frame.select("@at", "@name", "@index", "birth_date", "@household").join(known, on="@name", how="inner")
    pairs = pairs.filter(pl.col("@index").is_null() | pl.col("@has").is_null())
    same_day = (pl.col("birth_date") == pl.col("@born")).fill_null(value=False)
    same_home = (pl.col("@household") == pl.col("@code")).fill_null(value=False)
    unknown = pl.col("birth_date").is_null() | pl.col("@born").is_null()
    pairs = pairs.filter(same_day | (unknown & same_home))
    counted = pairs.group_by("@at").agg(pl.col("@named").first(), pl.len().alias("@several"))
    one = pl.col("@several") == 1
    return counted.with_columns(
        pl.when(one).then("@named").alias("@named"),
        pl.when(~one).then("@several").otherwise(0).cast(pl.UInt32).alias("@several"),
    )


def _reach(of: str, within: Within) -> Q:
    """Whether a person is in the batch's region."""
    lo, hi = within.lo, within.hi
    sides = ({f"{of}{side}__gte": lo, f"{of}{side}__lt": hi} for side in ("origin", "destination"))
    return reduce(or_, (Q(**side) for side in sides))


def _homes(people: Sequence[str]) -> pl.DataFrame:
    open_ones = Membership.objects.unscoped().filter(person_id__among=Many(people), until=never)
    return columns_of(open_ones, {"@named": "person_id", "code": "household__code"}).rename({"code": "@code"})
