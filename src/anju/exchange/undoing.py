"""Undoing a merge, as long as nothing that it wrote was touched since.

What was inserted is deleted, the last first; what was changed becomes what it was, as one more change, so that what was known
meanwhile stays known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from anju.exchange import storage
from anju.exchange.beside import steps, wishes
from anju.exchange.finding import framed, sliced
from anju.exchange.models import Batch, Chunk, Part
from anju.exchange.resettled import resettled
from anju.exchange.resting import rests_on
from anju.exchange.writing.insured import compare_lists
from anju.exchange.writing.ops import affiliated, keep_former, keys, rows_of, tables
from anju.government.models import never
from anju.register import mass
from anju.register.changes import changed_together
from anju.register.models import Household, Membership
from anju.register.party_lives import settle

_subjects = ("site", "household", "person")
_text = pl.String()


class Touched(Exception):
    """Subjects that somebody changed since, by kind and id; nothing was undone."""

    def __init__(self, subjects: Mapping[str, Sequence[str]]) -> None:
        self.subjects = subjects
        number = sum(map(len, subjects.values()))
        super().__init__(f"并入以后，有 {number} 个对象又有了变动，不能撤回；下面标出来了。")


def undo(batch: Batch, at: datetime) -> None:
    """Undo what a batch wrote; within a transaction that may write anywhere. Raises `Touched`."""
    names = Chunk.objects.unscoped().filter(batch=batch, part=Part.UNDO).values_list("kind", flat=True).distinct()
    written = {name: storage.whole(batch, Part.UNDO, name) for name in names}
    if (
        "new wish" in written and "again" not in written["new wish"].columns
    ):  # merged before a day's wishes were numbered
        written["new wish"] = written["new wish"].with_columns(pl.lit(0, pl.Int64).alias("again"))
    subjects = _subjects_of(written)
    _hold(subjects)
    found = _touched(written)
    for subject, more in rests_on(subjects, {s: _new(written, s) for s in _subjects}, since=batch.merged_at).items():
        found[subject] = sorted({*found.get(subject, ()), *more})
    if any(found.values()):
        raise Touched(found)
    sites = _resettled(written)
    _delete(written, ("list_row", "formerly", "wish", "relation", "membership"))
    settle(affiliated(written["new relation"]) if "new relation" in written else ())
    if "old membership" in written:
        back = written["old membership"].select("id", pl.col("was").alias("relation"), pl.lit(never).alias("until"))
        mass.update(Membership, back.with_columns(pl.lit(None, pl.Datetime).alias("ended_at")))
    for subject in _subjects:
        if f"old {subject}" in written:
            before = written[f"old {subject}"]
            now = rows_of(subject, before["id"].to_list())
            keep_former(subject, now, at)
            mass.update(tables[subject], _filled(before, now).with_columns(pl.col("revision") + 2))
    _delete(written, ("person", "household", "site"))
    changed_together({**subjects, "site": sorted({*subjects["site"], *sites})})
    if "new list_row" in written:
        compare_lists(written["new list_row"])
    storage.forget(batch, Part.UNDO)


def _resettled(written: Mapping[str, pl.DataFrame]) -> list[str]:
    """The sites at which others lived since the merge."""
    came, before = written.get("new membership"), written.get("old household")
    after = None if before is None else rows_of("household", before["id"].to_list())
    was = None if before is None or after is None else _filled(before, after)
    return resettled([] if came is None else [came], written.get("old membership"), was, after)


def _filled(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The rows as they were, with the columns that were blank in all of them."""
    absent = [pl.lit(None, dtype=now.schema[c]).alias(c) for c in now.columns if c not in before.columns]
    return before.with_columns(absent)


def _delete(written: Mapping[str, pl.DataFrame], names: Sequence[str]) -> None:
    for table in names:
        rows = written.get(f"new {table}")
        if rows is None:
            continue
        # a chain is taken back from its end
        depth = (
            rows.select(pl.col("since").rank("ordinal", descending=True).over("person_id", "kind"))["since"]
            if table == "relation"
            else pl.repeat(1, rows.height, eager=True)
        )
        for step in sorted(depth.unique()):
            mass.delete(tables[table], rows.filter(depth == step).select(keys[table]))


def _subjects_of(written: Mapping[str, pl.DataFrame]) -> dict[str, list[str]]:
    """All about whom something was written, by kind."""
    touched: dict[str, set[str]] = {subject: set() for subject in _subjects}
    for name, rows in written.items():
        table = name.partition(" ")[2]
        if table in touched:
            touched[table].update(rows["id"])
        if "person_id" in rows.columns:
            touched["person"].update(rows["person_id"])
        if "household_id" in rows.columns:
            touched["household"].update(rows["household_id"])
    return {subject: sorted(ids) for subject, ids in touched.items()}


def _hold(subjects: Mapping[str, Sequence[str]]) -> None:
    """Lock the subjects, so that nobody opens a case for one while it goes."""
    for subject, ids in subjects.items():
        for some in sliced(ids):
            rows = tables[subject].objects.unscoped().select_for_update(of=("self",)).filter(pk__in=some).order_by("pk")
            list(rows.values_list("pk"))


def _new(written: Mapping[str, pl.DataFrame], subject: str) -> list[str]:
    return written[f"new {subject}"]["id"].to_list() if f"new {subject}" in written else []


def _touched(written: Mapping[str, pl.DataFrame]) -> dict[str, list[str]]:
    """Whom somebody changed since, by kind."""
    found: dict[str, set[str]] = {subject: set() for subject in _subjects}
    for subject in _subjects:
        expected = _revisions(written, subject)
        rows = _pairs(tables[subject], "pk", "revision", expected["id"].to_list())
        both = expected.join(rows, left_on="id", right_on="key", how="left")
        found[subject].update(both.filter(pl.col("value").ne_missing(pl.col("revision")))["id"])
    ours = {table: written.get(f"new {table}", pl.DataFrame(schema=_schema(table))) for table in keys}
    new_people = ours["person"]["id"]
    found["person"].update(_relations(ours["relation"], new_people))
    found["person"].update(_wishes(ours["wish"], new_people))
    found["person"].update(_memberships(ours, written.get("old membership")))
    found["site"].update(_sites(ours))
    return {subject: sorted(ids) for subject, ids in found.items() if ids}


def _revisions(written: Mapping[str, pl.DataFrame], subject: str) -> pl.DataFrame:
    """What the revision of each written subject must be."""
    parts = [pl.DataFrame(schema={"id": _text, "revision": pl.Int64()})]
    if f"new {subject}" in written:
        parts.append(written[f"new {subject}"].select("id", pl.lit(1, pl.Int64).alias("revision")))
    if f"old {subject}" in written:
        parts.append(written[f"old {subject}"].select("id", pl.col("revision") + 1))
    return pl.concat(parts)


def _relations(ours: pl.DataFrame, new_people: pl.Series) -> list[str]:
    """People of whose relations a step of ours is gone, or has others behind or beside it."""
    people = pl.concat([ours["person_id"], new_people]).unique()
    there = steps(people.to_list()).select(pl.col("@person").alias("person_id"), "kind", "since")
    return _followed("relation", ours, there, "since", new_people)


def _wishes(ours: pl.DataFrame, new_people: pl.Series) -> list[str]:
    """People of whose wishes one of ours is gone, or who said something else since."""
    people = pl.concat([ours["person_id"], new_people]).unique()
    return _followed("wish", ours, wishes(people.to_list()).rename({"@person": "person_id"}), "row", new_people)


def _followed(table: str, ours: pl.DataFrame, there: pl.DataFrame, order: str, new_people: pl.Series) -> list[str]:
    key = list(keys[table])
    gone = ours.join(there, on=key, how="anti")
    first = there.join(ours, on=key, how="semi").group_by("person_id", "kind").agg(pl.col(order).min().alias("first"))
    theirs = there.join(ours, on=key, how="anti")
    behind = theirs.join(first, on=["person_id", "kind"], how="inner").filter(pl.col(order) > pl.col("first"))
    added = theirs.filter(pl.col("person_id").is_in(new_people.implode()))
    return pl.concat([part["person_id"] for part in (gone, behind, added)]).unique().to_list()


def _memberships(ours: Mapping[str, pl.DataFrame], old: pl.DataFrame | None) -> list[str]:
    """People whose place in a household is another one by now, and those who joined a new household."""
    mine = ours["membership"]
    columns = ("person_id", "household_id", "since", "until")
    schema = {"person_id": _text, "household_id": _text, "since": pl.Date(), "until": pl.Date()}
    people = pl.concat([mine["person_id"], ours["person"]["id"]]).unique()
    rows: list[tuple[Any, ...]] = []
    for some in sliced(people.to_list()):
        rows += Membership.objects.unscoped().filter(person_id__in=some).values_list(*columns)
    for some in sliced(ours["household"]["id"].to_list()):
        rows += Membership.objects.unscoped().filter(household_id__in=some).values_list(*columns)
    there = framed(rows, schema).unique()
    key = list(keys["membership"])
    gone = mine.join(there.filter(pl.col("until") == never), on=key, how="anti")["person_id"]
    theirs = there.join(mine, on=key, how="anti")
    ours_alone = pl.col("person_id").is_in(ours["person"]["id"].implode()) | pl.col("household_id").is_in(
        ours["household"]["id"].implode()
    )
    changed_since: list[str] = []
    if old is not None:
        found: list[tuple[Any, ...]] = []
        for some in sliced(old["id"].to_list()):
            found += (
                Membership.objects.unscoped().filter(pk__in=some).values_list("pk", "person_id", "relation", "until")
            )
        now = framed(found, {"id": pl.Int64(), "person": _text, "now": _text, "ends": pl.Date()})
        both = old.join(now, on="id", how="left")
        same = pl.col("relation").eq_missing(pl.col("now")) & pl.col("until").eq_missing(pl.col("ends"))
        changed_since = both.filter(~same)["person"].drop_nulls().to_list()
    return [*gone, *theirs.filter(ours_alone)["person_id"], *changed_since]


def _sites(ours: Mapping[str, pl.DataFrame]) -> list[str]:
    """New sites to which households were assigned since."""
    rows = _pairs(Household, "pk", "site_id", ours["site"]["id"].to_list(), by="site_id")
    own = ours["household"]["id"].implode()
    return rows.filter(~pl.col("key").is_in(own))["value"].unique().to_list()


def _pairs(table: type[Any], key: str, value: str, ids: Sequence[str], *, by: str = "pk") -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for some in sliced(ids):
        rows += table.objects.unscoped().filter(**{f"{by}__in": some}).values_list(key, value)
    return framed(rows, {"key": _text, "value": pl.Int64() if value == "revision" else _text})


def _schema(table: str) -> dict[str, pl.DataType]:
    special = {"since": pl.Date(), "on": pl.Date(), "again": pl.Int64()}
    return {name: special.get(name, _text) for name in keys[table]}
