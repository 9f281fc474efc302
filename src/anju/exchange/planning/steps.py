"""What a list of people says of relations, as steps of their chains: `anju.register.steps.steps_of` for many at once, and for people whose
relations have steps already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from anju.exchange.planning.comparing import any_of, beside, differs, no, of_field
from anju.exchange.subjects import person_fields
from anju.register.models.relations import Because, Kind
from anju.register.provided import moved_terms
from anju.register.steps import held_by, of_counties, unknown_since

schema = {
    "person_id": pl.String(),
    "kind": pl.String(),
    "holder": pl.String(),
    "since": pl.Date(),
    "because": pl.String(),
    "after": pl.Date(),
}
moved_on = "hukou_moved_on"


def chains(frame: pl.DataFrame, last: pl.DataFrame, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Work them out.

    Args:
        frame: people with ``@person``, ``@found`` (registered before), ``@file`` (the file is to be taken where both differ), places that
            will hold as ``@from`` and ``@to``, the facts and what stands beside them.
        last: the last steps of their relations, as `anju.exchange.beside.last_steps` gives them.
        on: the day of the batch: a step whose day nobody knows, against what the register says, is taken on it.

    Returns:
        the frame with ``kept:term`` (it stays a recorded fact), ``#otherwise`` (the chains say otherwise) ``#late`` (the day is known
        otherwise) and ``#drawn`` (a pension that is drawn, and stays); and the steps to take (`schema`).
    """
    frame = frame.with_columns(no.alias("#otherwise"), no.alias("#late"), no.alias("#drawn"))
    parts: list[pl.DataFrame] = []
    for kind, term in moved_terms.items():
        if term not in frame.columns and kind not in of_counties:
            continue
        known = last.filter(pl.col("kind") == str(kind)).select(
            "@person", pl.col("since").alias("|since"), pl.col("holder").alias("|holder")
        )
        beside_known = frame.join(known, on="@person", how="left", maintain_order="left")
        if kind in of_counties:
            parts.append(_within_county(beside_known, kind, term))
        if term in frame.columns:
            one = _Chain(beside_known, kind, term, on)
            parts += one.steps()
            frame = one.marked(term)
    if moved_on in frame.columns:
        kept = pl.col("kept:hukou_moved") if "kept:hukou_moved" in frame.columns else pl.lit(value=True)
        frame = frame.with_columns(kept.alias(f"kept:{moved_on}"))
    steps = pl.concat([part.select(list(schema)) for part in parts]) if parts else pl.DataFrame(schema=schema)
    return frame, steps.sort("person_id", "kind", "since")


class _Chain:
    """One relation of all people."""

    def __init__(self, frame: pl.DataFrame, kind: str, term: str, on: date) -> None:
        self.frame, self.kind, self.on = frame, str(kind), on
        self.moved = pl.col(term)
        has_day = kind == Kind.HUKOU and moved_on in frame.columns
        self.day = pl.col(moved_on) if has_day else pl.lit(None, pl.Date)
        none, said = pl.col("|since").is_null(), pl.col(term).is_not_null()
        places = pl.col("@from").is_not_null() & pl.col("@to").is_not_null() & (pl.col("@from") != pl.col("@to"))
        told = beside(frame, term)
        news = said & (self.moved.ne_missing(told) | _news(frame, kind))
        self.first = (news & none & places & _held(frame, kind)).fill_null(value=False)
        otherwise = (said & ~none & self.moved.ne_missing(told)).fill_null(value=False)
        later = (self.day > pl.col("|since")) & (self.day <= on)
        self.next = (otherwise & self.moved & later & (told == False)).fill_null(value=False)  # noqa: E712 - a column
        self.forced = (otherwise & ~self.next & pl.col("@file") & (pl.col("|since") < on)).fill_null(value=False)
        self.drawn = (self.forced & _drawn(frame, kind)).fill_null(value=False)
        self.forced = self.forced & ~self.drawn
        self.contradicts = otherwise & ~self.next & ~self.forced
        self.late = (~none & ~otherwise & (self.day != pl.col("|since"))).fill_null(value=False)

    def marked(self, term: str) -> pl.DataFrame:
        """The people, with what became of the fact."""
        return self.frame.with_columns(
            (~self.first & pl.col("|since").is_null()).alias(f"kept:{term}"),
            (pl.col("#otherwise") | self.contradicts).alias("#otherwise"),
            (pl.col("#late") | self.late).alias("#late"),
            (pl.col("#drawn") | self.drawn).alias("#drawn"),
        ).drop("|since", "|holder")

    def steps(self) -> Sequence[pl.DataFrame]:
        """The steps to take."""
        unknown, day = pl.lit(unknown_since), self.day
        from_, to = pl.col("@from"), pl.col("@to")
        dated = self.moved & day.is_not_null()
        blank = pl.lit(None, pl.Date)
        return (
            self._taken(self.first & (~self.moved | dated), from_, unknown, Because.RECORDED, blank),
            self._taken(self.first & dated, to, day, Because.MOVED, unknown),
            self._taken(self.first & self.moved & day.is_null(), to, unknown, Because.RECORDED, blank),
            self._taken(self.next, to, day, Because.MOVED, pl.col("|since")),
            self._taken(
                self.forced,
                pl.when(self.moved).then(to).otherwise(from_),
                pl.lit(self.on),
                Because.RECORDED,
                pl.col("|since"),
            ),
        )

    def _taken(self, where: pl.Expr, holder: pl.Expr, since: pl.Expr, because: Because, after: pl.Expr) -> pl.DataFrame:
        return self.frame.filter(where).select(
            pl.col("@person").alias("person_id"),
            pl.lit(self.kind).alias("kind"),
            holder.alias("holder"),
            since.alias("since"),
            pl.lit(because.value).alias("because"),
            after.alias("after"),
        )


def _drawn(frame: pl.DataFrame, kind: str) -> pl.Expr:
    """Who draws a pension already, so that it stays where it is (1.5-4)."""
    registered = "<pension_status"
    if kind != Kind.PENSION or registered not in frame.columns:
        return no
    return pl.col(registered).cast(pl.String) == "drawing"


def _within_county(frame: pl.DataFrame, kind: str, term: str) -> pl.DataFrame:
    """The insurance of people who moved within one county and have none on record: their county holds it, whatever is known of a move
    (domain E1: nothing is transferred).
    """
    from_, to = pl.col("@from"), pl.col("@to")
    here = from_.str.slice(0, _county) == to.str.slice(0, _county)
    untold = pl.col(term).is_null() | (from_ == to) if term in frame.columns else pl.lit(value=True)
    news = _news(frame, kind) | ~pl.col("@found")
    theirs = here & untold & news & pl.col("|since").is_null() & _held(frame, kind)
    return frame.filter(theirs.fill_null(value=False)).select(
        pl.col("@person").alias("person_id"),
        pl.lit(str(kind)).alias("kind"),
        pl.concat_str(to.str.slice(0, _county), pl.lit("0" * _county)).alias("holder"),
        pl.lit(unknown_since).alias("since"),
        pl.lit(Because.RECORDED.value).alias("because"),
        pl.lit(None, pl.Date).alias("after"),
    )


_county = 6


def _news(frame: pl.DataFrame, kind: str) -> pl.Expr:
    """Whether the file says something that makes a relation of a fact that is recorded: a place, a day, or that there is one."""
    columns = [held_by(kind)[0], *([moved_on] if kind == Kind.HUKOU else [])]
    places = (of_field(frame, field) for field in person_fields if field.place)
    return any_of([*places, *(differs(frame, column) for column in columns if column)]).fill_null(value=False)


def _held(frame: pl.DataFrame, kind: str) -> pl.Expr:
    """Whether somebody has such a relation at all: not everybody is in the party, or draws a pension."""
    status, values = held_by(kind)
    if not status:
        return pl.lit(value=True)
    if status not in frame.columns:
        known = pl.col(f"<{status}") if f"<{status}" in frame.columns else None
    else:
        known = pl.coalesce(status, beside(frame, status).cast(frame.schema[status]))
    if known is None:
        return no
    return known.cast(pl.String).is_in([str(v).lower() if v is True else str(v) for v in values])
