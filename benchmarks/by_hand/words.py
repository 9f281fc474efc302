"""What the decisions written by hand share."""

from __future__ import annotations

import polars as pl

Rows = list[tuple[pl.Expr, str]]
"""Conditions with their value; row numbers count from 1."""

Needs = list[tuple[str, pl.Expr]]
"""Facts with the condition under which a blank of theirs is in the way."""

always = pl.lit(True)
scope = pl.col("move_scope")


def may(condition: pl.Expr) -> pl.Expr:
    """True or unknown."""
    return condition.fill_null(True)
