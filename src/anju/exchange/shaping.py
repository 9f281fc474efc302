"""From rows of a file to what they say of subjects: places as codes, one row a person, one a household, and what contradicts inside
of the file itself.

Nothing here depends on the order of the rows, so that a shuffled file gives the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from anju.exchange.subjects import Field, household_fields
from anju.government.regions.reach import padded
from anju.government.regions.scope import codes
from anju.journal.plain_numbers import has_id_number, without_numbers
from anju.register import mass
from anju.register.guideline import recorded_terms
from anju.register.models.people import head
from anju.tables.columns import by_distinct
from anju.tables.values import Read

says_alone = ("@at", "@sheet", "@row", "@notes")
"""Columns that say where a row stands, and nothing of its subject."""
beyond = "+"
"""Behind a column of places: whether the file names more than can be kept."""
of_household = ("relocatee_kind", "settlement_mode")
"""Facts of a household that its people share, unless their own document says otherwise."""
no_key = "认不出这一行说的是谁：要有证件号码，或者姓名加出生日期，或者姓名加户编号。"
no_name = "没有姓名，没有收。"
out_of_reach = "迁出地和迁入地都不在这一批的地区里，请让当地交，或者换一个地区。"
plain_places = frozenset(f"@{part}" for part in ("province", "city", "county", "township", "village"))
"""Columns that say where a site is, in a directory that names no other places."""
_cannot_belong = "没有户编号，户的这几样没有地方放，没有留下：{}；要留下，请补上户编号再交。"
_shortest_number = 15
_disagree = "这一户各行的“{}”不一样，没有采用，请改成一致。"
_as_the_head = "这一户各行的“{}”不一样，按户主那一行；请改成一致。"
_other_head = "写的户主和这一户户主那一行不一样，没有采用；请核对姓名和证件号码。"
_unnumbered_head = "这一户户主那一行没有证件号码，这里写的没有留下；请写在户主那一行。"
_two_places = "所在地写了两种，按写明安置地的那一列；请核对。"


@dataclass(frozen=True, slots=True)
class Within:
    """Where a batch belongs: its region, the range of codes below it, and the day."""

    region: str
    lo: str
    hi: str
    on: date

    def reaches(self, column: str) -> pl.Expr:
        """Whether a code lies in the region."""
        return ((pl.col(column) >= self.lo) & (pl.col(column) < self.hi)).fill_null(value=False)


def noted(frame: pl.DataFrame, where: pl.Expr, text: str | pl.Expr) -> pl.DataFrame:
    """The frame with one more note on the rows for which a condition holds."""
    told = pl.lit(text) if isinstance(text, str) else text
    return frame.with_columns(
        pl.concat_str("@notes", pl.when(where).then(told), separator="\n", ignore_nulls=True)
        .replace("", None)
        .alias("@notes")
    )


def refused_where(frame: pl.DataFrame, where: pl.Expr, text: str | pl.Expr) -> pl.DataFrame:
    """The frame with the rows refused for which a condition holds, and why."""
    marked = noted(frame, where, text)
    return marked.with_columns(pl.col("@refused") | where.fill_null(value=False))


def with_columns(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with these text columns, blank where the file has none."""
    absent = [pl.lit(None, pl.String).alias(name) for name in columns if name not in frame.columns]
    return frame.with_columns(absent)


def placed(frame: pl.DataFrame, side: str, column: str, on: date) -> pl.DataFrame:
    """The frame with a 12-digit code in ``column``, as far as the file tells it, and whether it tells more (``column`` + `beyond`); what is
    in doubt is noted.
    """
    found = codes(frame, side, on)
    known = {code: padded(code) for code in found["code"].drop_nulls().unique()}
    code = found["code"].replace_strict(known, default=None, return_dtype=pl.String) if known else found["code"]
    return noted(
        frame.with_columns(code.alias(column), found["doubt"].alias("@doubt"), found["beyond"].alias(column + beyond)),
        pl.lit(True),
        pl.col("@doubt"),
    ).drop("@doubt")


def plain_enough(frame: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """The frame with the rows refused in which a text that lies in the open holds an ID number, which is not kept."""
    for field in fields:
        if field.sealed or frame.schema.get(field.column) != pl.String:
            continue
        texts = frame[field.column].drop_nulls().unique()
        found = [text for text in texts.filter(texts.str.len_chars() >= _shortest_number) if has_id_number(text)]
        if found:
            where = pl.col(field.column).is_in(found)
            frame = refused_where(
                frame, where, f"“{field.label}”里写了证件号码，没有收；证件号码只填在“证件号码”一列。"
            )
            without = pl.Series([without_numbers(text) for text in found])
            frame = frame.with_columns(pl.col(field.column).replace(pl.Series(found), without))
    return frame


def unmasked(frame: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """The frame with the rows refused that come from a masked file: stars would take the place of what is registered."""
    for field in fields:
        if field.sealed and frame.schema.get(field.column) == pl.String:
            stars = "***" if field.column == "@address" else "*"
            masked = pl.col(field.column).str.contains(stars, literal=True)
            frame = refused_where(frame, masked, f"“{field.label}”遮住了一部分（*），没有收；请用写全的文件。")
    return frame


def short_enough(frame: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """The frame with the rows refused in which a text is longer than the register takes."""
    for field in fields:
        if field.longest and frame.schema.get(field.column) == pl.String:
            longer = pl.col(field.column).str.len_chars() > field.longest
            frame = refused_where(frame, longer, f"“{field.label}”最多 {field.longest} 个字，请改短。")
    return frame


def people(rows: pl.DataFrame, within: Within, fields: Sequence[Field]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of a list of people → people and the households they name.

    People have besides ``@index`` (the blind index), ``@filled`` (the destination is the batch's own), ``@refused``, ``@twin`` (the
    row that says the same), ``@conflicts`` (a list of codes) and no longer what is their household's.
    """
    texts = dict.fromkeys(f.column for f in (*fields, *household_fields) if f.column != "birth_date")
    frame = with_columns(rows, [*texts, "@head_id"])
    if "birth_date" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.Date).alias("birth_date"))
    every = (*fields, *household_fields)
    frame = unmasked(plain_enough(frame.with_columns(pl.lit(False).alias("@refused")), every), every)
    frame = frame.with_columns(mass.indexed(frame["@id"]).alias("@index"))
    own = pl.col("@relation").is_null() & (pl.col("@id") == pl.col("@head_id"))
    frame = frame.with_columns(pl.when(own).then(pl.lit(head)).otherwise("@relation").alias("@relation"))
    frame = frame.with_columns(pl.coalesce("@name", pl.when(pl.col("@relation") == head).then("@head")).alias("@name"))
    frame = placed(placed(frame, "origin", "@origin", within.on), "destination", "@destination", within.on)
    frame = frame.with_columns(pl.col("@destination").is_null().alias("@filled"))
    frame = frame.with_columns(pl.col("@destination").fill_null(within.region))
    if "age" in frame.columns:
        frame = frame.with_columns(pl.when(pl.col("birth_date").is_null()).then("age").alias("age"))
    frame = refused_where(frame, ~(within.reaches("@origin") | within.reaches("@destination")), out_of_reach)
    frame = short_enough(frame, fields)
    frame = _with_heads(_keyed(frame))
    homes = _households(frame.filter(~pl.col("@refused") & pl.col("@twin").is_null()), within)
    return _without_shared(_homeless(frame), homes), homes


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """Who is who inside of the file: rows that say the same, and rows that contradict."""
    by_name = pl.concat_str("@name", pl.col("birth_date").dt.to_string("%Y-%m-%d"), separator="|")
    by_home = pl.concat_str("@name", "@household", separator="|")
    key = pl.coalesce(pl.lit("i") + pl.col("@index"), pl.lit("n") + by_name, pl.lit("h") + by_home)
    frame = frame.with_columns(key.alias("@key"), by_name.alias("@named"))
    frame = refused_where(frame, pl.col("@key").is_null(), no_key)
    said = [c for c in frame.columns if c not in (*says_alone, "@key", "@named", "@refused", "@part")]
    kept = frame.filter(~pl.col("@refused"))
    several = kept.filter(pl.col("@key").is_duplicated())
    first = several.with_columns(pl.col("@at").min().over(pl.struct(said)).alias("@first"))
    twins = first.filter(pl.col("@first") < pl.col("@at")).select("@at", pl.col("@first").alias("@twin"))
    single = kept.join(twins, on="@at", how="anti")
    twice = single.filter(pl.col("@key").is_duplicated())
    homes = pl.col("@household").drop_nulls().n_unique().over("@key")
    code = pl.when(homes > 1).then(pl.lit("two_households")).otherwise(pl.lit("twice"))
    unclear = single.filter(pl.col("@named").is_duplicated() & pl.col("@index").is_null()).join(
        twice.select("@at"), on="@at", how="anti"
    )
    heads = single.filter(pl.col("@relation") == head).filter(pl.col("@household").is_duplicated())
    contradictions = pl.concat(
        [
            twice.select("@at", code.alias("@conflicts")),
            unclear.select("@at", pl.lit("twice").alias("@conflicts")),
            heads.select("@at", pl.lit("two_heads").alias("@conflicts")),
        ]
    )
    listed = contradictions.group_by("@at").agg(pl.col("@conflicts").sort())
    frame = frame.drop("@key", "@named").join(twins, on="@at", how="left").join(listed, on="@at", how="left")
    return frame.sort("@at")


def _with_heads(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that name another head of their household than the head's own row does are told so."""
    if frame["@head"].is_null().all() and frame["@head_id"].is_null().all():
        return frame
    heads = frame.filter((pl.col("@relation") == head) & ~pl.col("@refused") & pl.col("@household").is_not_null())
    known = heads.group_by("@household").agg(
        pl.col("@name").alias("@heads"), pl.col("@id").drop_nulls().alias("@numbers")
    )
    joined = frame.join(known, on="@household", how="left", maintain_order="left")
    unnumbered = pl.col("@head_id").is_not_null() & (pl.col("@numbers").list.len() == 0)
    pairs = (("@head", "@heads"), ("@head_id", "@numbers"))
    other = [pl.col(said).is_not_null() & ~pl.col(there).list.contains(pl.col(said)) for said, there in pairs]
    differs = (other[0] | (other[1] & ~unnumbered)).fill_null(value=False)
    joined = noted(noted(joined, differs, _other_head), unnumbered, _unnumbered_head)
    return joined.drop("@heads", "@numbers")


def _households(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """One row a household: what its rows agree on. ``@head_told``: its head is named, and has no row here."""
    known = {term.code for term in recorded_terms("household")}
    terms = [c for c in frame.columns if c.partition(".")[0] in known]
    texts = ["@origin", "@destination", "@site", "@address"]
    named = {"@head": "户主姓名", "@head_id": "户主证件号码"}
    of_head = pl.col("@relation") == head
    plain = frame.with_columns(pl.when(~pl.col("@filled")).then("@destination").alias("@destination"))
    grouped = (
        plain.filter(pl.col("@household").is_not_null())
        .group_by("@household")
        .agg(
            pl.col("@at").min(),
            pl.col("@sheet").sort_by("@at").first(),
            pl.col("@row").sort_by("@at").first(),
            pl.coalesce(pl.col("@name").filter(of_head).drop_nulls().min(), pl.col("@head").drop_nulls().min()).alias(
                "@head"
            ),
            *(_agreed(c, pl.col(c).filter(of_head).drop_nulls().min()) for c in texts),
            *(_agreed(c, None) for c in ("@head_id", *terms)),
            *((pl.col(c).drop_nulls().n_unique() > 1).alias(f"{c}!") for c in (*texts, *terms)),
            *((~of_head.any() & (pl.col(c).drop_nulls().n_unique() > 1)).alias(f"{c}!") for c in named),
            (
                ~of_head.fill_null(value=False).any() & pl.any_horizontal(pl.col(c).is_not_null().any() for c in named)
            ).alias("@head_told"),
        )
        .sort("@at")
    )
    grouped = grouped.with_columns(pl.lit(None, pl.String).alias("@notes"), pl.lit(False).alias("@refused"))
    labels = {"@origin": "迁出地", "@destination": "迁入地", "@site": "安置点", "@address": "住址"}
    labels |= {term.code: term.name for term in recorded_terms("household")}
    for column in (*texts, *terms):
        if column in labels:
            grouped = noted(grouped, pl.col(f"{column}!") & pl.col(column).is_null(), _disagree.format(labels[column]))
    for column in ("@site", "@address"):
        told = pl.col(f"{column}!") & pl.col(column).is_not_null()
        grouped = noted(grouped, told, _as_the_head.format(labels[column]))
    for column, label in named.items():
        grouped = noted(grouped, pl.col(f"{column}!"), _disagree.format(label))
    grouped = grouped.with_columns(pl.col("@head_told") & ~pl.any_horizontal(f"{c}!" for c in named))
    filled = grouped.with_columns(pl.col("@destination").is_null().alias("@filled")).with_columns(
        pl.col("@destination").fill_null(within.region)
    )
    return filled.drop(f"{c}!" for c in (*texts, *terms, *named))


def _agreed(column: str, otherwise: pl.Expr | None) -> pl.Expr:
    """What the rows of a household say if they agree; else what its head's row says, or nothing."""
    said = pl.col(column).drop_nulls()
    return pl.when(said.n_unique() == 1).then(said.first()).otherwise(otherwise).alias(column)


_of_a_home = {
    "@relation": "与户主关系",
    "@head": "户主姓名",
    "@head_id": "户主证件号码",
    "@site": "安置点",
    "@address": "住址",
}
"""What a row may say of the household besides facts."""


def _homeless(frame: pl.DataFrame) -> pl.DataFrame:
    """What a row that names no household says of one is told, not kept."""
    mine = {term.code for term in recorded_terms("person")}
    theirs = [term for term in recorded_terms("household") if term.code in frame.columns and term.code not in mine]
    columns = {**_of_a_home, **{term.code: term.name for term in theirs}}
    lost = [pl.when(pl.col(column).is_not_null()).then(pl.lit(name)) for column, name in columns.items()]
    names = pl.concat_str(lost, separator="、", ignore_nulls=True)
    frame = noted(frame, pl.col("@household").is_null() & (names != ""), pl.format(_cannot_belong, names))
    frame = frame.with_columns(pl.when(pl.col("@household").is_not_null()).then("@relation").alias("@relation"))
    flags = [c for c in frame.columns if c.partition(".")[0] in {t.code for t in theirs}]
    return frame.drop(flags)


def _without_shared(frame: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """People without what their household says for all of them."""
    shared = [c for c in of_household if c in frame.columns]
    if not shared:
        return frame
    agreed = homes.select("@household", *(pl.col(c).is_not_null().alias(f"{c}!") for c in shared))
    joined = frame.join(agreed, on="@household", how="left", maintain_order="left")
    own = (pl.when(~pl.col(f"{c}!").fill_null(value=False)).then(c).alias(c) for c in shared)
    return joined.with_columns(own).drop(f"{c}!" for c in shared)


def households(rows: pl.DataFrame, within: Within, fields: Sequence[Field]) -> pl.DataFrame:
    """Rows of a list of households."""
    texts = ["@household", "@head", "@head_id", "@site", "@address"]
    frame = plain_enough(with_columns(rows, texts).with_columns(pl.lit(False).alias("@refused")), fields)
    frame = unmasked(frame, fields)
    frame = frame.with_columns((pl.col("@head").is_not_null() | pl.col("@head_id").is_not_null()).alias("@head_told"))
    frame = placed(placed(frame, "origin", "@origin", within.on), "destination", "@destination", within.on)
    frame = frame.with_columns(pl.col("@destination").is_null().alias("@filled"))
    frame = frame.with_columns(pl.col("@destination").fill_null(within.region))
    frame = refused_where(frame, pl.col("@household").is_null(), "没有户编号，没有收。")
    frame = refused_where(frame, ~(within.reaches("@origin") | within.reaches("@destination")), out_of_reach)
    return _without_twins(short_enough(frame, fields), "@household")


def sites(rows: pl.DataFrame, within: Within, fields: Sequence[Field]) -> pl.DataFrame:
    """Rows of a directory of sites. Where a site is stands in the columns of the destination, or in plain ones (区县, 乡镇)."""
    frame = plain_enough(with_columns(rows, ["@site"]).with_columns(pl.lit(False).alias("@refused")), fields)
    for plain in sorted(plain_places & set(frame.columns)):
        frame = _in_plain(frame, plain, f"@destination_{plain[1:]}")
    frame = placed(frame, "destination", "@region", within.on)
    frame = frame.with_columns(pl.col("@region").is_null().alias("@filled"))
    frame = refused_where(frame, pl.col("@site").is_null(), "没有安置点名称，没有收。")
    outside = pl.col("@region").is_not_null() & ~within.reaches("@region")
    frame = refused_where(frame, outside, "所在地不在这一批的地区里，请让当地交，或者换一个地区。")
    return _without_twins(short_enough(frame, fields), "@site", "@region")


def _in_plain(frame: pl.DataFrame, plain: str, column: str) -> pl.DataFrame:
    """The frame with a plain column of a place taken for that of the destination, as far as it says nothing itself."""
    if column not in frame.columns:
        return frame.rename({plain: column})
    frame = noted(frame, pl.col(plain) != pl.col(column), _two_places)
    return frame.with_columns(pl.coalesce(column, plain).alias(column)).drop(plain)


def _without_twins(frame: pl.DataFrame, *key: str) -> pl.DataFrame:
    """The frame with ``@twin``: an earlier row that says the same of the same subject."""
    said = [c for c in frame.columns if c not in (*says_alone, "@refused", "@key")]
    kept = frame.filter(~pl.col("@refused")).filter(pl.struct(key).is_duplicated())
    first = kept.with_columns(pl.col("@at").min().over(pl.struct(said)).alias("@first"))
    twins = first.filter(pl.col("@first") < pl.col("@at")).select("@at", pl.col("@first").alias("@twin"))
    return frame.join(twins, on="@at", how="left").sort("@at")


def about_people(rows: pl.DataFrame, texts: Iterable[str], fields: Sequence[Field]) -> pl.DataFrame:
    """Rows that say something of somebody who is registered already."""
    frame = with_columns(rows, ["@name", "@id", "@household", *texts]).with_columns(pl.lit(False).alias("@refused"))
    frame = plain_enough(frame, fields)
    if "birth_date" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.Date).alias("birth_date"))
    frame = frame.with_columns(mass.indexed(frame["@id"]).alias("@index"))
    nobody = pl.col("@index").is_null() & (
        pl.col("@name").is_null() | (pl.col("birth_date").is_null() & pl.col("@household").is_null())
    )
    return short_enough(refused_where(frame, nobody, no_key), fields)


def with_days(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """The frame with these columns of days, blank where the file has none."""
    return frame.with_columns(pl.lit(None, pl.Date).alias(name) for name in columns if name not in frame.columns)


def read_by(frame: pl.DataFrame, column: str, into: str, read: Callable[[str], Read], name: str) -> pl.DataFrame:
    """The frame with texts read as whole numbers; rows of which it cannot be read are refused, with what to write instead."""
    parsed = by_distinct(frame[column], read, pl.Int64())
    read_too = frame.with_columns(parsed.values.alias(into), parsed.advice.alias("@advice"))
    told = pl.format(f"{name}{{}}", pl.col("@advice"))
    return refused_where(read_too, pl.col("@advice").is_not_null(), told).drop("@advice")
