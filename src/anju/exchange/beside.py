"""What the register holds of the subjects that were found: a column ``<name`` beside each column ``name`` of the file.

Whatever a staged row would change was compared with these columns. When the batch is merged they are read again, and a row for which
they differ is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from anju.exchange.finding import framed, sliced
from anju.government.models import never
from anju.register.facts import facts_frame
from anju.register.models import Household, Membership, Person, Relation, Site, Wish
from anju.register.models.people import head
from anju.sealing.ciphertext import Opener

_text = pl.String()


def people(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@person``."""
    ids = frame["@person"].drop_nulls().unique().to_list()
    return _beside(frame, "@person", _people(ids), _memberships(ids), _facts("person", ids, on))


def households(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@home``."""
    ids = frame["@home"].drop_nulls().unique().to_list()
    return _beside(frame, "@home", _households(ids), _facts("household", ids, on))


def sites(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@found``."""
    ids = frame["@found"].drop_nulls().unique().to_list()
    rows = [row for some in sliced(ids) for row in Site.objects.unscoped().filter(pk__in=some).values_list(*_site)]
    named = {"@found": _text, "<@site": _text, "<@region": _text}
    return _beside(frame, "@found", framed(rows, named), _facts("site", ids, on))


_site = ("pk", "name", "region")


def heads(homes: Sequence[str]) -> pl.DataFrame:
    """Who is the head of households now: ``@home``, ``@chief``."""
    rows: list[tuple[Any, ...]] = []
    for some in sliced(homes):
        found = Membership.objects.unscoped().filter(household_id__in=some, relation=head, until=never)
        rows += found.values_list("household_id", "person_id")
    return framed(rows, {"@home": _text, "@chief": _text})


def steps(people: Sequence[str]) -> pl.DataFrame:
    """Every step of the relations of people, oldest first: ``@person``, ``kind``, ``since``, ``holder``."""
    rows: list[tuple[Any, ...]] = []
    for some in sliced(people):
        taken = Relation.objects.unscoped().filter(person_id__in=some)
        rows += taken.values_list("person_id", "kind", "since", "holder")
    schema: Mapping[str, pl.DataType] = {"@person": _text, "kind": _text, "since": pl.Date(), "holder": _text}
    return framed(rows, schema).sort("@person", "kind", "since")


def last_steps(people: Sequence[str]) -> pl.DataFrame:
    """The last step of every relation of people, as `steps` gives them."""
    return steps(people).group_by("@person", "kind", maintain_order=True).last()


def wishes(people: Sequence[str]) -> pl.DataFrame:
    """Every wish of people in the order in which they were said: ``@person``, ``kind``, ``choice``, ``on``."""
    rows: list[tuple[Any, ...]] = []
    for some in sliced(people):
        said = Wish.objects.unscoped().filter(person_id__in=some).order_by("on", "pk")
        rows += said.values_list("person_id", "kind", "choice", "on")
    return framed(rows, {"@person": _text, "kind": _text, "choice": _text, "on": pl.Date()})


def _beside(frame: pl.DataFrame, key: str, *known: pl.DataFrame) -> pl.DataFrame:
    for one in known:
        frame = frame.join(one, on=key, how="left", maintain_order="left")
    return frame


def _people(ids: Sequence[str]) -> pl.DataFrame:
    """What stands in people's own rows. The phone is opened to be compared; of the ID number only whether there is one."""
    columns = (
        "pk",
        "name",
        "number_index",
        "phone",
        "sex",
        "people",
        "birth_date",
        "origin",
        "destination",
        "ended_on",
    )
    rows: list[tuple[Any, ...]] = []
    opener = Opener(Person._meta.db_table, "phone")
    for some in sliced(ids):
        for pk, name, index, phone, *rest in Person.objects.unscoped().filter(pk__in=some).values_list(*columns):
            rows.append((pk, name, index, opener(pk, bytes(phone)) if phone else None, *rest))
    schema: Mapping[str, pl.DataType] = {
        "@person": _text,
        "<@name": _text,
        "<@index": _text,
        "<@phone": _text,
        "<@sex": _text,
        "<@people": _text,
        "<birth_date": pl.Date(),
        "<@origin": _text,
        "<@destination": _text,
        "<@ended": pl.Date(),
    }
    return _blanks(framed(rows, schema))


def _memberships(ids: Sequence[str]) -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for some in sliced(ids):
        open_ones = Membership.objects.unscoped().filter(person_id__in=some, until=never)
        rows += open_ones.values_list("person_id", "household_id", "household__code", "relation", "since")
    schema = dict.fromkeys(("@person", "<@home", "<@household", "<@relation"), _text)
    return _blanks(framed(rows, {**schema, "<@joined": pl.Date()}))


def _households(ids: Sequence[str]) -> pl.DataFrame:
    opener = Opener(Household._meta.db_table, "address")
    rows: list[tuple[Any, ...]] = []
    for some in sliced(ids):
        found = Household.objects.unscoped().filter(pk__in=some)
        for pk, code, origin, destination, site, address in found.values_list(
            "pk", "code", "origin", "destination", "site__name", "address"
        ):
            rows.append((pk, code, origin, destination, site, opener(pk, bytes(address)) if address else None))
    names = ("@home", "<@household", "<@origin", "<@destination", "<@site", "<@address")
    return _blanks(framed(rows, dict.fromkeys(names, _text)))


def _facts(kind: str, ids: Sequence[str], on: date) -> pl.DataFrame:
    """Everything that is known of subjects on a day, whichever rows it follows from."""
    parts = [facts_frame(kind, some, on=on) for some in sliced(ids)]
    key = {"person": "@person", "household": "@home", "site": "@found"}[kind]
    if not parts:
        return pl.DataFrame(schema={key: _text})
    frame = pl.concat(parts, how="diagonal_relaxed")
    own = {"@id", "birth_date", "origin_code", "destination_code", "move_scope"}
    return frame.select(pl.col("@id").alias(key), *(pl.col(c).alias(f"<{c}") for c in frame.columns if c not in own))


def _blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nulls where the register holds an empty text."""
    return frame.with_columns(pl.col(pl.String).replace("", None))
