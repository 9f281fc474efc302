"""Households against the register: those that a list of people names, or those of a list of households."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.planning.comparing import any_of, changes, differs, listed, of_field
from anju.exchange.planning.heads import compared
from anju.exchange.shaping import Within, noted
from anju.exchange.subjects import household_fields
from anju.register import mass
from anju.register.guideline import recorded_terms

_no_site = "没有找到叫这个名字的安置点，没有写；请先导入安置点名录。"


def compare(frame: pl.DataFrame, within: Within, repeated: pl.DataFrame | None = None) -> pl.DataFrame:
    """The frame of households with ``@home`` (found or new), ``@found``, ``@elsewhere``, ``@site_id``, ``@verdict``, ``@conflicts`` and
    what stands beside.

    Args:
        frame: as `anju.exchange.shaping` gives it, with ``@decision`` and ``@new`` (the id that was given before).
        repeated: ``@household`` and for some columns ``column!``: whether all rows of people from which it was gathered only repeat what
            is registered of them. That says nothing of a household that is known.
    """
    known = finding.households(frame["@household"].drop_nulls().unique().to_list(), within)
    found = frame.join(known, on="@household", how="left", maintain_order="left")
    found = found.with_columns(pl.col("@elsewhere").fill_null(value=False))
    found = beside.households(found, within.on)
    found = found.with_columns(pl.col("@home").is_not_null().alias("@found"))
    if repeated is not None:
        found = _without_repeated(found, repeated)
    found = _with_sites(_with_new_ids(compared(found)), within)
    pairs = (("elsewhere", pl.col("@elsewhere")), ("twice", pl.col("@household").is_duplicated()))
    found = found.with_columns(listed(pairs))
    changing = any_of([*document_changes(found).values(), *field_changes(found).values()])
    verdict = (
        pl.when("@refused")
        .then(pl.lit("refused"))
        .when(pl.col("@conflicts").list.len() > 0)
        .then(pl.lit("conflict"))
        .when(~pl.col("@found"))
        .then(pl.lit("new"))
        .when(changing.fill_null(value=False))
        .then(pl.lit("change"))
        .otherwise(pl.lit("same"))
    )
    return found.with_columns(verdict.alias("@verdict"))


def fact_columns(frame: pl.DataFrame) -> list[str]:
    """The facts of households that the frame has, special values included."""
    known = {term.code for term in recorded_terms("household")}
    return [c for c in frame.columns if c.partition(".")[0] in known and c not in ("origin_code", "destination_code")]


def document_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Fact → where it changes in the household's document."""
    given = {c.partition(".")[0] for c in fact_columns(frame)}
    return {t.code: changes(frame, t) for t in recorded_terms("household") if t.code in given}


def field_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Column of the household's own row → where it changes."""
    found = {
        f.column: of_field(frame, f) for f in household_fields if f.stored and f.column not in ("@household", "@site")
    }
    site = (
        pl.col("@site_id").is_not_null() & differs(frame, "@site")
        if "@site_id" in frame.columns
        else pl.lit(value=False)
    )
    return {**found, "@site": site}


def _without_repeated(frame: pl.DataFrame, repeated: pl.DataFrame) -> pl.DataFrame:
    joined = frame.join(repeated, on="@household", how="left", maintain_order="left")
    marks = [c for c in repeated.columns if c != "@household"]
    told = (pl.col("@found") & pl.col(mark).fill_null(value=False) for mark in marks)
    plain = (pl.when(~where).then(mark[:-1]).alias(mark[:-1]) for where, mark in zip(told, marks, strict=True))
    return joined.with_columns(plain).drop(marks)


def _with_new_ids(frame: pl.DataFrame) -> pl.DataFrame:
    given = frame.select(pl.coalesce("@home", "@new")).to_series()
    fresh = iter(mass.new_ids(given.null_count()))
    return frame.with_columns(pl.Series("@home", [one or next(fresh) for one in given], dtype=pl.String))


def _with_sites(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The site of each household by its name, in the household's own place if there are several of that name."""
    if "@site" not in frame.columns or not frame["@site"].is_not_null().any():
        return frame.with_columns(pl.lit(None, pl.String).alias("@site_id"))
    asked = frame.select("@at", "@site", pl.when(~pl.col("@filled")).then("@destination").alias("@region"))
    found = finding.sites(asked, within).select("@at", pl.col("@found").alias("@site_id"))
    joined = frame.join(found, on="@at", how="left", maintain_order="left")
    return noted(joined, pl.col("@site").is_not_null() & pl.col("@site_id").is_null(), _no_site)
