"""What a list of people says of wishes: an answer is a row of its own and stays; that nobody was asked is a recorded fact."""

from __future__ import annotations

from datetime import date

import polars as pl

from anju.exchange.planning.comparing import no
from anju.register.guideline import guideline
from anju.register.provided import unsaid, wish_terms

schema = {"person_id": pl.String(), "kind": pl.String(), "choice": pl.String(), "on": pl.Date(), "again": pl.Int64()}


def answers(frame: pl.DataFrame, said: pl.DataFrame, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Work them out.

    Args:
        frame: people with ``@person``, the facts and what stands beside them.
        said: what they have wished so far, as `anju.exchange.beside.wishes` gives it.
        on: the day on which an answer without a day was given.

    Returns:
        the frame with ``kept:term`` (it stays a recorded fact) and ``#older`` (a later answer is registered); and the answers to write
        (`schema`).
    """
    frame = frame.with_columns(no.alias("#older"))
    parts: list[pl.DataFrame] = []
    for kind, (term, day) in wish_terms.items():
        if term in frame.columns:
            mine = said.filter(pl.col("kind") == kind)
            last = (
                mine.group_by("@person", maintain_order=True)
                .last()
                .select("@person", pl.col("choice").alias("|choice"), pl.col("on").alias("|on"))
            )
            of_day = ["@person", pl.col("choice").alias("#choice"), pl.col("on").alias("#on")]
            known = mine.group_by(of_day).agg(pl.col("again").max() + 1)
            joined = frame.join(last, on="@person", how="left", maintain_order="left")
            part, frame = _answers(joined, known, kind, term, day, on)
            parts.append(part)
        elif day and day in frame.columns:
            frame = frame.with_columns(pl.lit(value=True).alias(f"kept:{day}"))
    found = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return frame, found.sort("person_id", "kind", "on")


def _answers(
    frame: pl.DataFrame, known: pl.DataFrame, kind: str, term: str, day: str | None, on: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    given = pl.col(term)
    if guideline().terms[term].kind == "bool":
        choice = pl.when(given).then(pl.lit("yes")).when(~given).then(pl.lit("no")).otherwise(None)
        stated = given.is_not_null()
    else:
        choice = given.cast(pl.String)
        stated = given.is_not_null() & ~choice.is_in(unsaid)
    own_day = pl.col(day) if day and day in frame.columns else pl.lit(None, pl.Date)
    dated = pl.when(own_day <= on).then(own_day)
    frame = frame.with_columns(choice.alias("#choice"), pl.coalesce(dated, pl.lit(on)).alias("#on"))
    another = pl.col("|choice").is_null() | (pl.col("#choice") != pl.col("|choice")) | (dated > pl.col("|on"))
    wanted = (stated & another).fill_null(value=False)
    older = (wanted & (pl.col("#on") < pl.col("|on"))).fill_null(value=False)
    # said on that day already, and something else since
    taken = frame.filter(wanted & ~older).join(
        known, on=["@person", "#choice", "#on"], how="left", maintain_order="left"
    )
    rows = taken.select(
        pl.col("@person").alias("person_id"),
        pl.lit(kind).alias("kind"),
        pl.col("#choice").alias("choice"),
        pl.col("#on").alias("on"),
        pl.col("again").fill_null(0),
    )
    marked = frame.with_columns(
        (~stated & pl.col("|choice").is_null()).alias(f"kept:{term}"), (pl.col("#older") | older).alias("#older")
    )
    if day and day in frame.columns:
        # the day belongs to the answer 是; without it, it is a fact of its own
        answered = (stated & (pl.col("#choice") == "yes")).fill_null(value=False)
        marked = marked.with_columns((~answered & pl.col("|choice").is_null()).alias(f"kept:{day}"))
    return rows, marked.drop("|choice", "|on", "#choice", "#on")
