"""Many documents of facts at once: from columns of a file to what `anju.register.documents` stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from anju.exchange.planning.comparing import columns_of
from anju.policy.model import Term
from anju.register import documents
from anju.register.guideline import guideline
from anju.register.new_term import begun
from anju.register.privacy import sealed_terms


def texts(frame: pl.DataFrame, wanted: Mapping[str, pl.Expr], on: date) -> pl.DataFrame:
    """``open`` and ``hidden``: JSON objects of what the file says of facts, a row a row.

    Args:
        wanted: fact → where it is taken.
        on: the day of the file, which is not that of the merge: what it says of 本年, 本季 or 本月 is about that day's.
    """
    terms = guideline().terms
    open_codes = [code for code in sorted(wanted) if code not in sealed_terms()]
    hidden_codes = [code for code in sorted(wanted) if code in sealed_terms()]
    # with_columns, since a file without facts gives texts that are the same for all rows
    return frame.with_columns(
        _object(frame, [(terms[code], wanted[code]) for code in open_codes], on).alias("open"),
        _object(frame, [(terms[code], wanted[code]) for code in hidden_codes], on).alias("hidden"),
    ).select("open", "hidden")


def changed(stored: documents.Document, told: str) -> documents.Document:
    """A document with what a file says in place of what it said of the same facts; another term begins with its election day."""
    new = documents.loads(told)
    codes = {key.partition(".")[0] for key in new}
    return begun(stored, {key: value for key, value in stored.items() if key.partition(".")[0] not in codes} | new)


def _object(frame: pl.DataFrame, wanted: Sequence[tuple[Term, pl.Expr]], on: date) -> pl.Expr:
    parts: list[pl.Expr] = [
        pl.when(where).then(_pair(frame, term, column))
        for term, where in wanted
        for column in columns_of(term)
        if column in frame.columns
    ]
    parts += [
        _period(frame, term, where, period) for term, where in wanted if (period := documents.period_of(term, on))
    ]
    inner = pl.concat_str(parts, separator=",", ignore_nulls=True) if parts else pl.lit("")
    return pl.concat_str(pl.lit("{"), inner, pl.lit("}"))


def _period(frame: pl.DataFrame, term: Term, where: pl.Expr, period: str) -> pl.Expr:
    """The period of the file's day, beside a fact that is about one."""
    there = [_pair(frame, term, column).is_not_null() for column in columns_of(term) if column in frame.columns]
    told = pl.lit(f'"{documents.stamp_of(term)}":"{period}"')
    return pl.when(where & pl.any_horizontal(there) if there else pl.lit(value=False)).then(told)


def _pair(frame: pl.DataFrame, term: Term, column: str) -> pl.Expr:
    """``"code":value``, or nothing for a blank."""
    here, key = pl.col(column), f'"{column}":'
    if "." in column:
        return pl.when(here).then(pl.lit(f"{key}true"))
    if term.kind == "bool":
        return pl.when(here).then(pl.lit(f"{key}true")).when(~here).then(pl.lit(f"{key}false"))
    if term.kind in ("int", "number"):
        return pl.lit(key) + here.cast(pl.String)
    if term.kind == "text":
        return pl.when(here.is_not_null()).then(pl.struct(here).struct.json_encode().str.slice(1).str.strip_suffix("}"))
    text = here.dt.to_string("%Y-%m-%d") if term.kind == "date" else here.cast(pl.String)
    return pl.lit(f'{key}"') + text + pl.lit('"')
