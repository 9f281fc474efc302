"""A list of people against the register: who is new, who changes, what contradicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from anju.exchange import beside, finding
from anju.exchange.planning.answers import answers
from anju.exchange.planning.comparing import any_of, changes, differs, listed, of_field
from anju.exchange.planning.steps import chains
from anju.exchange.shaping import Within, no_name, noted, of_household, refused_where
from anju.exchange.subjects import person_fields
from anju.register import mass
from anju.register.actions.relations import drawn_stays
from anju.register.guideline import recorded_terms
from anju.register.models.people import head

_ended = "这个人已经注销，没有收。"
_late = "户籍迁入日和登记的不一样，没有改；登记错了，请在人档里撤回再登记。"
_today = "这个人今天刚入另一户，明天才能移过来。"
_older = "登记的意愿比这一行晚，没有再记。"


@dataclass(frozen=True, slots=True)
class People:
    """``frame``: a row a row of the file, with ``@person`` (found or new), ``@verdict``, ``@conflicts``, ``@home`` and all columns beside;
    ``steps`` and ``answers``: what its rows say of relations and wishes (`anju.exchange.planning.steps`, `.answers`).
    """

    frame: pl.DataFrame
    steps: pl.DataFrame
    answers: pl.DataFrame


def find(frame: pl.DataFrame, within: Within) -> pl.DataFrame:
    """The people who are registered, and what is registered of them.

    ``frame``: as `anju.exchange.shaping.people` gives it, with ``@decision`` ("" where nobody decided) and ``@new`` (the id that was
    given to a new person before; blank for one to be given).
    """
    return beside.people(finding.people(frame, within), within.on)


def repeated(found: pl.DataFrame) -> pl.DataFrame:
    """Of what households are told by rows of people: ``@household``, and ``column!`` where all rows that say it repeat what is known."""
    shared = [c for c in ("@origin", "@destination", *of_household) if c in found.columns]
    fields = {f.column: f for f in person_fields}
    news = (
        (of_field(found, fields[c]) if c in fields else differs(found, c)).fill_null(value=False)
        | pl.col("@person").is_null()
        for c in shared
    )
    marked = found.filter(pl.col("@household").is_not_null()).with_columns(
        (where & pl.col(c).is_not_null()).alias(f"{c}!") for where, c in zip(news, shared, strict=True)
    )
    return marked.group_by("@household").agg(~pl.col(f"{c}!").any() for c in shared)


def compare(found: pl.DataFrame, homes: pl.DataFrame, within: Within) -> People:
    """Compare people with the register.

    Args:
        found: as `find` gives it.
        homes: the households that rows may belong to: ``@household``, ``@home``, ``@elsewhere``.
    """
    found = _with_homes(found, homes)
    found = refused_where(
        found, pl.col("@person").is_null() & ~pl.col("@elsewhere") & pl.col("@name").is_null(), no_name
    )
    found = found.with_columns(
        (pl.col("@person").is_not_null()).alias("@found"),
        (pl.col("@decision") == "file").alias("@file"),
        _place("@origin").alias("@from"),
        _place("@destination").alias("@to"),
    )
    found = _with_new_ids(found)
    known = found.filter(pl.col("@found"))["@person"].unique().to_list()
    found, steps = chains(found, beside.last_steps(known), within.on)
    found, said = answers(found, beside.wishes(known), within.on)
    found = noted(found, pl.col("#late"), _late)
    found = noted(found, pl.col("#drawn"), drawn_stays)
    found = noted(found, pl.col("#older"), _older)
    return People(_judged(found, steps, said, within.on), steps, said)


def fact_columns(frame: pl.DataFrame) -> list[str]:
    """The facts of people that the frame has, special values included."""
    known = {term.code for term in recorded_terms("person")}
    return [
        c
        for c in frame.columns
        if c.partition(".")[0] in known and c not in ("birth_date", "origin_code", "destination_code")
    ]


def document_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Fact → where it changes in the person's document."""
    given = {c.partition(".")[0] for c in fact_columns(frame)}
    kept = {t.code: pl.col(f"kept:{t.code}") for t in recorded_terms("person") if f"kept:{t.code}" in frame.columns}
    every = pl.lit(value=True)
    return {t.code: changes(frame, t) & kept.get(t.code, every) for t in recorded_terms("person") if t.code in given}


def field_changes(frame: pl.DataFrame) -> Mapping[str, pl.Expr]:
    """Column of the person's own row → where it changes. Name and birth date of somebody with that ID number only as decided."""
    renamed = {"@name": ~pl.col("@renamed")}
    every = pl.lit(value=True)
    return {
        f.column: of_field(frame, f) & _unless_kept(f.column) & renamed.get(f.column, every)
        for f in person_fields
        if f.stored
    }


def moves_home() -> pl.Expr:
    """Who comes to a household, or to another one."""
    other = pl.col("@home").is_not_null() & pl.col("@home").ne_missing(pl.col("<@home"))
    settled = pl.col("<@home").is_null() | ~pl.col("@found") | (pl.col("@decision") == "file")
    return other & settled


def relabelled(frame: pl.DataFrame) -> pl.Expr:
    """Who is something else to the head of the same household."""
    same = pl.col("@found") & (pl.col("@home") == pl.col("<@home"))
    return (same & differs(frame, "@relation")).fill_null(value=False) & ~head_kept()


def _unless_kept(column: str) -> pl.Expr:
    if column not in ("@name", "birth_date"):
        return pl.lit(value=True)
    blank = pl.col(f"<{column}").is_null()
    return blank | (pl.col("@decision") == "file") | ~pl.col("@found")


def head_kept() -> pl.Expr:
    """Who is called the head in the file, and is not to be it."""
    taken = pl.col("@conflicts").list.contains("head_taken")
    disputed = pl.col("@conflicts").list.contains("two_heads") & (pl.col("@decision") != "file")
    return (pl.col("@relation") == head) & (taken | disputed)


def _place(column: str) -> pl.Expr:
    """The place that will hold. What the batch filled in does not stand before what is registered."""
    before = pl.col(f"<{column}")
    if column == "@destination":
        return pl.when(pl.col("@filled")).then(pl.coalesce(before, column)).otherwise(pl.coalesce(column, before))
    return pl.coalesce(column, before)


def _with_homes(frame: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    known = homes.select("@household", "@home", pl.col("@elsewhere").alias("@home_elsewhere"))
    joined = frame.join(known, on="@household", how="left", maintain_order="left")
    chiefs = beside.heads(joined["@home"].drop_nulls().unique().to_list())
    return joined.join(chiefs, on="@home", how="left", maintain_order="left")


def _with_new_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Every row that is about nobody known gets an id, or keeps the one that it was given."""
    given = pl.coalesce("@person", "@new")
    wanted = frame.select(given.is_null()).to_series()
    fresh = mass.new_ids(int(wanted.sum()))
    at = pl.when(wanted).then(wanted.cum_sum() - 1)
    ids = frame.select(at.alias("at")).to_series()
    return frame.with_columns(pl.coalesce(given, fresh.gather(ids)).alias("@person"))


def _judged(frame: pl.DataFrame, steps: pl.DataFrame, said: pl.DataFrame, on: date) -> pl.DataFrame:
    by_number = (
        pl.col("@found")
        & pl.col("@index").is_not_null()
        & (pl.col("@renumbered") | (pl.col("@index") == pl.col("<@index")).fill_null(value=False))
    )
    names = (_other(frame, "@name") & ~pl.col("@renamed")) | _other(frame, "birth_date")
    other_home = pl.col("@home").is_not_null() & pl.col("<@home").is_not_null() & (pl.col("@home") != pl.col("<@home"))
    chief = (pl.col("@relation") == head) & pl.col("@chief").is_not_null() & (pl.col("@chief") != pl.col("@person"))
    # whatever is decided, two rows never become one person
    lone = pl.col("@twin").is_null() & ~pl.col("@refused")
    clash = (pl.col("@found") & _twice("@person", lone)) | (pl.col("@index").is_not_null() & _twice("@index", lone))
    pairs: Sequence[tuple[str, pl.Expr]] = (
        ("elsewhere", pl.col("@elsewhere")),
        ("several", pl.col("@several") > 0),
        ("twice", clash),
        ("name_differs", by_number & names),
        ("other_household", other_home),
        ("household_elsewhere", pl.col("@home_elsewhere").fill_null(value=False)),
        ("head_taken", chief),
        ("relation", pl.col("#otherwise")),
    )
    frame = frame.with_columns(listed([(c, w.fill_null(value=False)) for c, w in pairs], pl.col("@conflicts")))
    changing = any_of(
        [*document_changes(frame).values(), *field_changes(frame).values(), moves_home(), relabelled(frame)]
    )
    moving = pl.col("@person").is_in(pl.concat([steps["person_id"], said["person_id"]]).unique().implode())
    leaving_today = (other_home & (pl.col("<@joined") >= on)).fill_null(value=False)
    frame = noted(frame, leaving_today, _today)
    news = changing.fill_null(value=False) | moving | (pl.col("@conflicts").list.len() > 0)
    frame = refused_where(frame, pl.col("<@ended").is_not_null() & pl.col("@found") & news, _ended)
    never_so = clash | (leaving_today & (pl.col("@decision") == "file"))
    settled = (pl.col("@conflicts").list.len() == 0) | (pl.col("@decision").is_in(["keep", "file"]) & ~never_so)
    verdict = (
        pl.when("@refused")
        .then(pl.lit("refused"))
        .when(pl.col("@twin").is_not_null())
        .then(pl.lit("same"))
        .when(~settled)
        .then(pl.lit("conflict"))
        .when(~pl.col("@found"))
        .then(pl.lit("new"))
        .when(changing.fill_null(value=False) | moving)
        .then(pl.lit("change"))
        .otherwise(pl.lit("same"))
    )
    return frame.with_columns(verdict.alias("@verdict")).drop(
        "@file", "@from", "@to", "#otherwise", "#late", "#older", "#drawn"
    )


def _twice(column: str, among: pl.Expr) -> pl.Expr:
    return (pl.len().over(column, among) > 1) & among


def _other(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Where both say something, and not the same."""
    return differs(frame, column) & pl.col(f"<{column}").is_not_null()
