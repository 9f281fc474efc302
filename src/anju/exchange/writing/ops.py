"""The writes of a merge as tables of rows, and what would undo each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl

from anju.exchange.finding import sliced
from anju.government.models import never
from anju.payments.models import ListRow
from anju.register import documents, mass
from anju.register.models import Former, Formerly, Household, Membership, Person, Relation, Site, Wish
from anju.register.models.relations import Kind
from anju.register.party_lives import settle
from anju.sealing.ciphertext import Opener

tables: Mapping[str, type[Any]] = {
    "site": Site,
    "household": Household,
    "person": Person,
    "membership": Membership,
    "relation": Relation,
    "wish": Wish,
    "formerly": Formerly,
    "list_row": ListRow,
}
"""In the order in which they are written; they are taken back the other way round."""
keys: Mapping[str, Sequence[str]] = {
    "site": ("id",),
    "household": ("id",),
    "person": ("id",),
    "membership": ("person_id", "household_id", "since"),
    "relation": ("person_id", "kind", "since"),
    "wish": ("person_id", "kind", "on", "choice", "again"),
    "formerly": ("id",),
    "list_row": ("id", "insurance", "county", "month"),
}
"""What names an inserted row again."""
stored: Mapping[str, Sequence[str]] = {
    "site": ("id", "facts", "revision", "name", "region", "initials", "pinyin"),
    "household": ("id", "facts", "revision", "origin", "destination", "site_id", "address"),
    "person": (
        "id",
        "facts",
        "revision",
        "name",
        "initials",
        "pinyin",
        "number",
        "number_index",
        "phone",
        "birth_date",
        "sex",
        "people",
        "origin",
        "destination",
        "guarded",
    ),
}
"""The columns of a subject's row that an import may change."""
_dated = ("membership", "relation", "wish", "list_row")
"""Rows that say when they were recorded: by it the rows of one batch are found."""
_dtypes: Mapping[str, pl.DataType] = {
    "revision": pl.Int64(),
    "birth_date": pl.Date(),
    "number": pl.Binary(),
    "phone": pl.Binary(),
    "guarded": pl.Binary(),
    "address": pl.Binary(),
}


@dataclass(slots=True)
class Ops:
    """``on``: the day of the batch. ``inserts``: table → new rows. ``updates``: subject → rows as they are to be, and ``before`` as they
    were. ``memberships``: those that end (``until``) and those whose relation to the head changes (``id``, ``relation``), each with what
    it was, whose (``member``) and of which household (``home``). ``amounts``: what was paid, which is never undone.
    """

    on: date
    inserts: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    updates: dict[str, pl.DataFrame] = field(default_factory=dict)
    before: dict[str, pl.DataFrame] = field(default_factory=dict)
    memberships: pl.DataFrame | None = None
    amounts: pl.DataFrame | None = None

    def insert(self, table: str, rows: pl.DataFrame) -> None:
        """Rows to insert."""
        if rows.height:
            self.inserts.setdefault(table, []).append(rows)

    def change(self, subject: str, before: pl.DataFrame, after: pl.DataFrame) -> None:
        """Rows of subjects to change."""
        if after.height:
            self.before[subject], self.updates[subject] = before, after

    def write(self, at: datetime) -> None:
        """Write all of it; within a transaction that may write anywhere."""
        for subject, before in self.before.items():
            keep_former(subject, before, at)
            mass.update(tables[subject], self.updates[subject])
        if self.memberships is not None and self.memberships.height:
            ended = pl.when(pl.col("until") != never).then(pl.lit(at)).alias("ended_at")
            mass.update(Membership, self.memberships.select("id", "relation", "until", ended))
        for table in tables:
            for rows in self.inserts.get(table, ()):
                moment = {"recorded_at": pl.lit(at)} if table in _dated else {}
                mass.insert(tables[table], rows.with_columns(**moment))
        settle(person for rows in self.inserts.get("relation", ()) for person in affiliated(rows))

    def undoing(self) -> dict[str, pl.DataFrame]:
        """What is kept to undo it: ``new table``: the keys of inserted rows; ``old subject``: rows as they were; ``old membership``."""
        kept = {f"new {table}": pl.concat(rows).select(keys[table]) for table, rows in self.inserts.items()}
        kept |= {f"old {subject}": before for subject, before in self.before.items()}
        if self.memberships is not None and self.memberships.height:
            kept["old membership"] = self.memberships
        return kept


def affiliated(steps: pl.DataFrame) -> list[str]:
    """Whose affiliation some steps of relations change: where they take part beside it follows (`anju.register.party_lives`)."""
    return steps.filter(pl.col("kind") == Kind.PARTY)["person_id"].to_list()


def rows_of(subject: str, ids: Sequence[str]) -> pl.DataFrame:
    """The stored rows of subjects, locked until the transaction ends."""
    names = stored[subject]
    rows: list[tuple[Any, ...]] = []
    for some in sliced(ids):
        found = tables[subject].objects.unscoped().select_for_update(of=("self",)).filter(pk__in=some)
        rows += found.values_list(*names)
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in names]
    return pl.DataFrame([_series(name, values) for name, values in zip(names, columns, strict=True)])


def keep_former(subject: str, rows: pl.DataFrame, at: datetime) -> None:
    """Keep what is known of subjects until now, before they change: `anju.register.actions.facts.keep_former` for many."""
    ids = mass.new_ids(rows.height)
    of_row = {"origin": "origin_code", "destination": "destination_code", "birth_date": "birth_date"}
    facts = [
        documents.text(
            documents.loads(line["facts"])
            | documents.written({term: line.get(column) or None for column, term in of_row.items()})
        )
        for line in rows.iter_rows(named=True)
    ]
    former = pl.DataFrame(
        {"id": ids, "subject_id": rows["id"], "facts": facts, "revision": rows["revision"]}
    ).with_columns(pl.lit(subject).alias("subject_kind"), pl.lit(at).alias("until"))
    if "guarded" in rows.columns:
        opener = Opener(Person._meta.db_table, "guarded")
        hidden = [opener(key, value) if value else None for key, value in zip(rows["id"], rows["guarded"], strict=True)]
        former = former.with_columns(pl.Series("guarded", hidden, dtype=pl.String))
    mass.insert(Former, former)


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    dtype = _dtypes.get(name, pl.String())
    if dtype == pl.Binary():
        return pl.Series(name, [None if value is None else bytes(value) for value in values], dtype=dtype)
    if name == "facts":
        return pl.Series(name, [documents.text(value) for value in values], dtype=dtype)
    if dtype == pl.String():
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=dtype)
    return pl.Series(name, list(values), dtype=dtype)
