"""Households and sites of a list, as rows of the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from anju.exchange.planning import households as of_households
from anju.exchange.planning import sites as of_sites
from anju.exchange.writing import documents as told
from anju.exchange.writing.ops import Ops, rows_of
from anju.exchange.writing.people import named
from anju.register import documents
from anju.register.models import Household
from anju.register.names import pinyin_of
from anju.sealing.ciphertext import Sealer


def write_households(plan: pl.DataFrame, ops: Ops) -> None:
    """Add the writes of households that are to be merged (``@verdict`` new or change)."""
    frame = _flagged(plan, of_households.field_changes(plan), of_households.document_changes(plan), ops.on)
    new = frame.filter(pl.col("@verdict") == "new")
    ids = new["@home"].alias("id")
    ops.insert(
        "household",
        pl.DataFrame([ids, new["#open"].alias("facts")]).with_columns(
            new["@household"].alias("code"),
            new["@origin"].fill_null("").alias("origin"),
            new["@destination"].fill_null("").alias("destination"),
            new["@site_id"].alias("site_id"),
            new["@address"].alias("address"),
            pl.lit(1).alias("revision"),
        ),
    )
    _change("household", frame, "@home", ops)


def write_sites(plan: pl.DataFrame, ops: Ops) -> None:
    """Add the writes of sites that are to be merged (``@verdict`` new or change)."""
    frame = _flagged(plan, of_sites.field_changes(plan), of_sites.document_changes(plan), ops.on)
    new = frame.filter(pl.col("@verdict") == "new")
    ops.insert(
        "site",
        pl.DataFrame([new["@found"].alias("id"), new["#open"].alias("facts")]).with_columns(
            *named(new["@site"], pinyin_of), new["@region"].alias("region"), pl.lit(1).alias("revision")
        ),
    )
    _change("site", frame, "@found", ops)


def _flagged(plan: pl.DataFrame, fields: Mapping[str, pl.Expr], facts: Mapping[str, pl.Expr], on: date) -> pl.DataFrame:
    """The plan with ``#column`` where it changes, and ``#open``: what is told of facts."""
    return plan.with_columns(
        *(where.fill_null(value=False).alias(f"#{column}") for column, where in fields.items()),
        told.texts(plan, facts, on)["open"].alias("#open"),
    )


def _change(subject: str, frame: pl.DataFrame, key: str, ops: Ops) -> None:
    rows = {line[key]: line for line in frame.filter(pl.col("@verdict") == "change").iter_rows(named=True)}
    before = rows_of(subject, list(rows))
    after = [_after(line, rows[line["id"]]) for line in before.iter_rows(named=True)]
    ops.change(subject, before, pl.DataFrame(after, schema=before.schema))


def _after(stored: dict[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    new = dict(stored, revision=stored["revision"] + 1)
    columns = {"@origin": "origin", "@destination": "destination", "@region": "region"}
    new |= {name: row[column] for column, name in columns.items() if row.get(f"#{column}")}
    if row.get("#@site"):
        new["site_id"] = row["@site_id"]
    if row.get("#@address"):
        new["address"] = Sealer(Household._meta.db_table, "address")(stored["id"], row["@address"])
    if row["#open"] != "{}":
        new["facts"] = documents.text(told.changed(documents.loads(stored["facts"]), row["#open"]))
    return new
