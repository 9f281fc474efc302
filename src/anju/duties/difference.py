"""What is owed beside what was owed: what to open, what to close and why, and what changed on duties that stay.

A duty of the same kind for the same subject stays, and keeps the day and the grounds of its opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from anju.duties.models import Because
from anju.duties.owed import fill_in
from anju.policy.model import Policy

kept_columns = {
    "id": pl.Int64(),
    "subject": pl.String(),
    "kind": pl.String(),
    "opened_on": pl.Date(),
    "counts_from": pl.Date(),
    "terms": pl.String(),
    "household": pl.String(),
    "origin": pl.String(),
    "destination": pl.String(),
    "insured": pl.String(),
}
follows = ("counts_from", "terms", "household", "origin", "destination", "insured")
"""What follows the facts while a duty stays open."""
_same = ["subject", "kind"]


@dataclass(frozen=True, slots=True)
class Difference:
    """``opened``: what `anju.duties.judging` found, with the places. ``changed``: `follows` and the ``id``.

    ``left``: duties that are no longer owed; why is still to be said.
    """

    opened: pl.DataFrame
    changed: pl.DataFrame
    left: pl.DataFrame

    def subjects(self) -> list[str]:
        """For whom something differs."""
        parts = [part.select("subject") for part in (self.opened, self.changed, self.left)]
        return pl.concat(parts)["subject"].unique().sort().to_list()


def difference(policy: Policy, owed: pl.DataFrame, kept: pl.DataFrame, places: pl.DataFrame) -> Difference:
    """Compare what is owed with what is open."""
    if owed.is_empty() and kept.is_empty():
        return Difference(owed, kept, kept)
    now = (
        owed.join(places, on="subject", how="left")
        .with_columns(_insured(policy))
        .drop("pension", "medical", "hukou", "assistance", "paying", "ended")
    )
    stays = now.join(kept.select("id", "opened_on", *_same, *(pl.col(c).alias(f"{c}-") for c in follows)), on=_same)
    told = stays.with_columns(_counted_from(policy))
    differs = pl.any_horizontal([pl.col(column).ne_missing(pl.col(f"{column}-")) for column in follows])
    return Difference(
        now.join(kept, on=_same, how="anti"),
        told.filter(differs).select("subject", *follows, "id"),
        kept.join(owed, on=_same, how="anti"),
    )


def why_left(*, by_now: bool, ended: bool, still_by_old_pages: bool, unanswered: bool) -> Because:
    """Why a duty is no longer owed; ``by_now``: the pages that opened it are those that run."""
    if ended:
        return Because.SUBJECT_ENDED
    if not by_now and still_by_old_pages:
        return Because.SUPERSEDED
    return Because.GONE if unanswered else Because.DONE


def _counted_from(policy: Policy) -> pl.Expr:
    """The day from which a duty that stays counts: the day it opened, or the date of its subject as it is known now."""
    opened = [kind.code for kind in policy.duties.values() if kind.deadline.anchor == "opened"]
    counted = pl.when(pl.col("kind").is_in(opened)).then(pl.col("opened_on")).otherwise(pl.col("counts_from"))
    return counted.alias("counts_from")


def _insured(policy: Policy) -> pl.Expr:
    """Where the insurance is that a duty is about, if it is the insurer's; or the township that pays, if it is its duty.

    Whoever is not insured, or of whom nobody knows where, is looked after by the county of the hukou (domain 1.5, E8): that is where one
    gets insured. Where the hukou is not known either it has not moved. Where nobody knows who has to pay it is whoever holds the
    assistance, and of whom nobody has recorded that either the place of origin: it goes on paying (domain 1.7).
    """
    column: pl.Expr = pl.lit("")
    at_home = pl.coalesce(*map(_said, ("hukou", "origin", "destination")))
    by_hukou = (at_home.str.slice(0, 6) + "000000").fill_null("")
    for line, holder in _insurers.items():
        kinds = [
            k.code for k in policy.duties.values() if any(a.side == "insured" and a.line == line for a in k.actors)
        ]
        column = pl.when(pl.col("kind").is_in(kinds)).then(pl.coalesce(_said(holder), by_hukou)).otherwise(column)
    payer = pl.coalesce(*map(_said, ("paying", "assistance", "origin", "destination")))
    kinds = [k.code for k in policy.duties.values() if any(actor.side == "paying" for actor in k.actors)]
    township = (payer.str.slice(0, 9) + "000").fill_null("")
    return pl.when(pl.col("kind").is_in(kinds)).then(township).otherwise(column).alias("insured")


def _said(column: str) -> pl.Expr:
    """A column of places, null where it says none."""
    return pl.when(pl.col(column) != "").then(pl.col(column))


_insurers: Mapping[str, str] = {"human_resources": "pension", "medical_security": "medical"}


def words(policy: Policy) -> pl.DataFrame:
    """Clause and strength of each kind of duty."""
    rows = [(kind.code, kind.clause, kind.strength) for kind in policy.duties.values()]
    return pl.DataFrame([*rows, (fill_in, "", "must")], schema=["kind", "clause", "strength"], orient="row")
