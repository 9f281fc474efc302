"""A directory of sites against the register."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.planning.comparing import any_of, changes, listed, moves
from anju.exchange.shaping import Within
from anju.register import mass
from anju.register.guideline import recorded_terms


def compare(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The frame of sites with ``@found`` (a site, or the new one's id), ``@known``, ``@verdict``, ``@conflicts`` and what stands beside."""
    found = beside.sites(finding.sites(frame, within), within.on)
    found = found.with_columns(pl.col("@found").is_not_null().alias("@known"))
    found = found.with_columns(
        pl.when("@known").then("@region").otherwise(pl.col("@region").fill_null(within.region)).alias("@region")
    )
    given = found.select(pl.coalesce("@found", "@new")).to_series()
    fresh = iter(mass.new_ids(given.null_count()))
    found = found.with_columns(pl.Series("@found", [one or next(fresh) for one in given], dtype=pl.String))
    lone = pl.col("@twin").is_null() & ~pl.col("@refused")
    # two rows that mean one site, or that would become two of one name in one place
    clash = lone & ((pl.len().over("@found", lone) > 1) | (pl.len().over("@site", "@region", lone) > 1))
    unclear = pl.col("@several") > 0
    found = found.with_columns(listed((("several_sites", unclear), ("twice", clash))))
    changing = any_of([*document_changes(found).values(), *field_changes(found).values()])
    settled = (pl.col("@conflicts").list.len() == 0) | ((pl.col("@decision") == "file") & ~clash)
    verdict = (
        pl.when("@refused")
        .then(pl.lit("refused"))
        .when(pl.col("@twin").is_not_null())
        .then(pl.lit("same"))
        .when(~settled)
        .then(pl.lit("conflict"))
        .when(~pl.col("@known"))
        .then(pl.lit("new"))
        .when(changing.fill_null(value=False))
        .then(pl.lit("change"))
        .otherwise(pl.lit("same"))
    )
    return found.with_columns(verdict.alias("@verdict"))


def fact_columns(frame: pl.DataFrame) -> list[str]:
    """The facts of sites that the frame has, special values included."""
    known = {term.code for term in recorded_terms("site")}
    return [c for c in frame.columns if c.partition(".")[0] in known]


def document_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Fact → where it changes in the site's document."""
    given = {c.partition(".")[0] for c in fact_columns(frame)}
    return {t.code: changes(frame, t) for t in recorded_terms("site") if t.code in given}


def field_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Column of the site's own row → where it changes: only a closer place than the one that is registered."""
    return {"@region": pl.col("@known") & moves(frame, "@region")}
