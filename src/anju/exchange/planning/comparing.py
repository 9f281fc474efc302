"""Whether a column of the file says something else than the column beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from anju.exchange.subjects import Field
from anju.government.regions.table import significant
from anju.policy.model import Term

no = pl.lit(value=False)


def beside(frame: pl.DataFrame, column: str) -> pl.Expr:
    """What the register holds; blank where it holds nothing of the kind."""
    return pl.col(f"<{column}") if f"<{column}" in frame.columns else pl.lit(None, dtype=frame.schema[column])


def differs(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Where the file says something and the register something else, or nothing. A blank cell never says anything."""
    if column not in frame.columns:
        return no
    here = pl.col(column)
    if frame.schema[column] == pl.Boolean() and "." in column:
        return (here & ~beside(frame, column).fill_null(value=False)).fill_null(value=False)
    return here.is_not_null() & here.ne_missing(beside(frame, column).cast(frame.schema[column]))


def changes(frame: pl.DataFrame, term: Term) -> pl.Expr:
    """Where the file says something else of a fact, its special values included."""
    return pl.any_horizontal(differs(frame, column) for column in columns_of(term))


def columns_of(term: Term) -> list[str]:
    """The columns of a fact: its own, and one a special value beside numbers."""
    return [term.code, *(f"{term.code}.{special.code}" for special in term.specials)]


def moves(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Where the file names another region than the register; a wider one around it says nothing new."""
    if f"<{column}" not in frame.columns or column not in frame.columns:
        return pl.col(column).is_not_null() if column in frame.columns else no
    pairs = frame.select(column, f"<{column}").unique().drop_nulls()
    wider = pairs.filter(
        pl.Series([there.startswith(significant(here)) for here, there in pairs.iter_rows()], dtype=pl.Boolean)
    )
    told = pl.struct(pl.col(column), pl.col(f"<{column}")).is_in(wider.to_struct().implode()) if wider.height else no
    return (pl.col(column).is_not_null() & ~told.fill_null(value=False)).fill_null(value=False)


def of_field(frame: pl.DataFrame, field: Field) -> pl.Expr:
    """Where the file says something else of a field. A region that the batch filled in says nothing of somebody who is registered."""
    if field.column not in frame.columns:
        return no
    if field.column == "@id":
        if "<@index" not in frame.columns:
            return no
        old = pl.col("@renumbered") if "@renumbered" in frame.columns else no  # one that was taken from the person
        return pl.col("@index").is_not_null() & pl.col("<@index").is_null() & ~old
    if field.place:
        filled = pl.col("@filled") if field.column == "@destination" and "@filled" in frame.columns else no
        return moves(frame, field.column) & ~(filled & beside(frame, field.column).is_not_null())
    return differs(frame, field.column)


def listed(conflicts: Sequence[tuple[str, pl.Expr]], before: pl.Expr | None = None) -> pl.Expr:
    """The codes of the conflicts that hold, in their order, behind those of ``before``; an empty list where none does."""
    codes = pl.concat_list([pl.when(where).then(pl.lit(code)) for code, where in conflicts]).list.drop_nulls()
    if before is not None:
        blank = pl.lit([], dtype=pl.List(pl.String))
        codes = pl.concat_list(before.fill_null(blank), codes).list.unique(maintain_order=True)
    return codes.alias("@conflicts")


def any_of(expressions: Iterable[pl.Expr]) -> pl.Expr:
    """Where one of them holds."""
    return pl.any_horizontal([no, *expressions])
