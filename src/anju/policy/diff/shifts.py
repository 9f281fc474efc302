"""For whom a change changes what: two answered frames compared, decision by decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from anju.policy.edition import Edition
from anju.policy.frames import missing_terms, missing_texts
from anju.policy.model import Term

_no_decision = "没有这项判定"


class RegisterRefused(Exception):
    """The ledger cannot be read; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Rows answered by an edition: ``@row``, ``@key`` and the columns of `anju.policy.frames` for each decision."""

    edition: Edition
    decisions: tuple[str, ...]
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Shifts:
    """What changes for the rows of one sheet about one subject.

    ``rows`` has a line a changed decision of a row: ``key``, ``row`` (the file's), ``decision``, ``clause``,
    ``before``, ``after``, ``duties_before``, ``duties_after``, all text but ``row``. ``compared`` counts the rows
    that both editions answered, ``apart`` those that only one could read.
    """

    sheet: str | None
    subject: str
    compared: int
    apart: int
    rows: pl.DataFrame

    def counts(self) -> pl.DataFrame:
        """How many rows make each transition: the columns of ``rows`` without key and row, and ``people``."""
        columns = ("decision", "clause", "before", "after", "duties_before", "duties_after")
        return self.rows.group_by(columns, maintain_order=True).len("people")


@dataclass(frozen=True, slots=True)
class Register:
    """What changes for a whole ledger, and how many of its rows were refused."""

    file: str
    shifts: tuple[Shifts, ...]
    refused: int


ForWhom = Callable[[Path, Edition, Edition], Register]
"""Reads a ledger and compares two editions on it. Raises `RegisterRefused`."""


def shifts(sheet: str | None, subject: str, before: Answered, after: Answered) -> Shifts:
    """Compare the answers of two editions about the same rows."""
    keys = ["@row", "@key"]
    joined = _states(before, "before").join(_states(after, "after"), on=keys, how="inner", maintain_order="left")
    apart = before.frame.height + after.frame.height - 2 * joined.height
    found = [pl.DataFrame(schema=_schema)]
    for code in dict.fromkeys((*before.decisions, *after.decisions)):
        sides = [f"{code}.{what}.{side}" for what in ("said", "owed") for side in ("before", "after")]
        have = [pl.col(c) if c in joined.columns else pl.lit(_no_decision if "said" in c else "") for c in sides]
        said, now, owed, owed_now = have
        decision = (after if code in after.decisions else before).edition.policy.decisions[code]
        found.append(
            joined.filter((said != now) | (owed != owed_now)).select(
                pl.col("@key").cast(pl.String).alias("key"),
                pl.col("@row").cast(pl.UInt32).alias("row"),
                pl.lit(decision.name).alias("decision"),
                pl.lit(decision.clause).alias("clause"),
                said.alias("before"),
                now.alias("after"),
                owed.alias("duties_before"),
                owed_now.alias("duties_after"),
            )
        )
    return Shifts(sheet, subject, joined.height, apart, pl.concat(found))


_schema = {
    "key": pl.String,
    "row": pl.UInt32,
    **dict.fromkeys(("decision", "clause", "before", "after", "duties_before", "duties_after"), pl.String),
}


def _states(answered: Answered, side: str) -> pl.DataFrame:
    """For each decision what is said and what is owed, as people read it."""
    columns: list[pl.Expr] = []
    for code in answered.decisions:
        columns.append(_said(answered, code).alias(f"{code}.said.{side}"))
        columns.append(_owed(answered.edition, code).alias(f"{code}.owed.{side}"))
    return answered.frame.select("@row", "@key", *columns)


def _said(answered: Answered, code: str) -> pl.Expr:
    """The value's label; 不适用 for a figure that does not apply; what is missing where it is open."""
    terms = answered.edition.policy.terms
    texts = missing_texts(answered.frame, code)
    missing = {text: "缺 " + "、".join(terms[c].name for c in missing_terms(text)) for text in texts}
    value = _label(terms[code])
    column = pl.col(f"{code}.missing").cast(pl.String)
    return pl.when(column.is_not_null()).then(column.replace(missing)).otherwise(value.fill_null("不适用"))


def _label(term: Term) -> pl.Expr:
    """A value as text: 是 or 否, an enumeration's label, a figure without decimals that say nothing."""
    column = pl.col(term.code)
    if term.kind == "bool":
        return pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否"))
    if term.kind == "number":
        return column.cast(pl.Float64).cast(pl.String).str.strip_suffix(".0")
    return column.cast(pl.String).replace({value.code: value.label for value in term.values})


def _owed(edition: Edition, code: str) -> pl.Expr:
    """The duties of the row that applies."""
    names = {
        rule.row.number: "、".join(edition.policy.duties[duty].name for duty in rule.row.duties)
        for rule in edition.tables[code].rules
    }
    return pl.col(f"{code}.row").replace_strict(names, default="", return_dtype=pl.String).fill_null("")
