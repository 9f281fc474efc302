"""At which sites a merge, or its being undone, lets others live: their 安置人数 follows, each looked at once however many moved."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from anju.government.models import never
from anju.register.provided import sites_of


def resettled(
    came: Sequence[pl.DataFrame],
    went: pl.DataFrame | None,
    before: pl.DataFrame | None,
    after: pl.DataFrame | None,
) -> list[str]:
    """The sites, as long as the households are still where they moved.

    Args:
        came: memberships that the merge began (``person_id``, ``household_id``).
        went: memberships that it ended or relabelled (``member``, ``home``, ``until``); who goes on in the same household moved nowhere.
        before: rows of households as they were before the merge (``id``, ``site_id``), ``after``: as they were since.
    """
    pairs = pl.DataFrame(schema={"member": pl.String(), "home": pl.String()})
    begun = pl.concat([pairs, *(rows.select(member="person_id", home="household_id") for rows in came)])
    ended = (
        pairs
        if went is None or "home" not in went.columns
        else went.filter(pl.col("until") != never).select("member", "home")
    )
    moved = pl.concat(
        [begun.join(ended, on=pairs.columns, how="anti"), ended.join(begun, on=pairs.columns, how="anti")]
    )
    sites = set(sites_of(moved["home"].unique().to_list()))
    if before is not None and after is not None:
        was, now = (rows.select("id", "site_id") for rows in (before, after))
        placed = was.join(now, on="id").filter(pl.col("site_id").ne_missing(pl.col("site_id_right")))
        sites.update(pl.concat([placed["site_id"], placed["site_id_right"]]).drop_nulls())
    return sorted(sites)
