"""What the register holds of the subjects that were found: a column ``<name`` beside each column ``name`` of the file.

Whatever a staged row would change was compared with these columns. When the batch is merged they are read again, and a row for which
they differ is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from anju.exchange.finding import day
from anju.government.models import never
from anju.payments.models import Amount, Payer, Sort, gives
from anju.register.among import Many
from anju.register.asking import columns_of
from anju.register.facts import facts_frame
from anju.register.models import Household, Membership, Person, Relation, Site, Wish
from anju.register.models.people import head
from anju.sealing.ciphertext import Opener

_portion = 50_000
"""Documents that are held as text at once."""


def people(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@person``."""
    ids = _ids(frame, "@person")
    return _beside(frame, "@person", _people(ids), _memberships(ids), _facts("person", ids, on))


def households(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@home``."""
    ids = _ids(frame, "@home")
    return _beside(frame, "@home", _households(ids), _facts("household", ids, on))


def sites(frame: pl.DataFrame, on: date) -> pl.DataFrame:
    """The frame with what is registered of ``@found``."""
    ids = _ids(frame, "@found")
    rows = Site.objects.unscoped().filter(pk__among=Many(ids))
    found = columns_of(rows, {"@found": "pk", "<@site": "name", "<@region": "region"})
    return _beside(frame, "@found", found, _facts("site", ids, on))


def heads(homes: Sequence[str]) -> pl.DataFrame:
    """Who is the head of households now: ``@home``, ``@chief``."""
    return _heads(homes, {})


def numbered_heads(homes: Sequence[str]) -> pl.DataFrame:
    """The same with the index of the head's ID number: ``@chief_index``."""
    return _heads(homes, {"@chief_index": "person__number_index"})


def _heads(homes: Sequence[str], more: Mapping[str, str]) -> pl.DataFrame:
    found = Membership.objects.unscoped().filter(household_id__among=Many(homes), relation=head, until=never)
    return columns_of(found, {"@home": "household_id", "@chief": "person_id", **more})


def drawing(people: Sequence[str]) -> pl.Series:
    """Who of people draws a pension: whoever pays it goes on (1.5-4)."""
    found = Person.objects.unscoped().filter(pk__among=Many(people), facts__pension_status="drawing")
    return columns_of(found, {"@person": "pk"})["@person"]


def steps(people: Sequence[str]) -> pl.DataFrame:
    """Every step of the relations of people, oldest first: ``@person``, ``kind``, ``since``, ``holder``."""
    taken = Relation.objects.unscoped().filter(person_id__among=Many(people))
    found = columns_of(taken, {"@person": "person_id", "kind": "kind", "since": "since", "holder": "holder"})
    return found.with_columns(day("since")).sort("@person", "kind", "since")


def last_steps(people: Sequence[str]) -> pl.DataFrame:
    """The last step of every relation of people, as `steps` gives them."""
    return steps(people).group_by("@person", "kind", maintain_order=True).last()


def wishes(people: Sequence[str]) -> pl.DataFrame:
    """Every wish of people in the order in which they were said (``row``): ``@person``, ``kind``, ``choice``, ``on``, ``again``."""
    said = Wish.objects.unscoped().filter(person_id__among=Many(people))
    names = {"@person": "person_id", "kind": "kind", "choice": "choice", "on": "on", "again": "again", "row": "pk"}
    return columns_of(said, names).with_columns(day("on"), pl.col("again", "row").cast(pl.Int64)).sort("on", "row")


def amounts(people: Sequence[str]) -> pl.DataFrame:
    """What was paid to people: ``@person``, ``@kind``, ``@of`` (the month), ``@payer``, ``sort``, ``cents``, what is ``left`` of it, and
    whether the bank ``returned`` all of it.
    """
    rows = Amount.objects.unscoped().filter(person_id__among=Many(people))
    names = {"@person": "person_id", "@kind": "kind", "@of": "month", "@payer": "payer", "sort": "sort"}
    found = columns_of(rows, {**names, "cents": "amount", "at": "recorded_at"}).sort("at")
    found = found.with_columns(pl.col("@of", "cents").cast(pl.Int64))
    signed = pl.when(pl.col("sort").is_in([str(sort) for sort in gives])).then("cents").otherwise(-pl.col("cents"))
    key = ["@person", "@kind", "@of", "@payer"]
    found = found.with_columns(signed.sum().over(key).alias("left"), pl.col("sort").last().over(key).alias("last"))
    return found.with_columns(((pl.col("left") == 0) & (pl.col("last") == Sort.RETURNED.value)).alias("returned"))


def payers(people: Sequence[str]) -> pl.DataFrame:
    """Who has to pay people: ``@person``, ``@kind``, ``@since`` (a month), from then on ``@who`` ("" nobody), and ``@because``."""
    rows = Payer.objects.unscoped().filter(person_id__among=Many(people))
    names = {"@person": "person_id", "@kind": "kind", "@since": "since", "@who": "payer", "@because": "because"}
    return columns_of(rows, names).with_columns(pl.col("@since").cast(pl.Int64))


def _ids(frame: pl.DataFrame, column: str) -> list[str]:
    return frame[column].drop_nulls().unique().to_list()


def _beside(frame: pl.DataFrame, key: str, *known: pl.DataFrame) -> pl.DataFrame:
    for one in known:
        frame = frame.join(one, on=key, how="left", maintain_order="left")
    return frame


def _people(ids: Sequence[str]) -> pl.DataFrame:
    """What stands in people's own rows. The phone is opened to be compared; of the ID number only whether there is one."""
    names = {
        "@person": "pk",
        "<@name": "name",
        "<@index": "number_index",
        "<@phone": "phone",
        "<@sex": "sex",
        "<@people": "people",
        "<birth_date": "birth_date",
        "<@origin": "origin",
        "<@destination": "destination",
        "<@ended": "ended_on",
    }
    found = columns_of(Person.objects.unscoped().filter(pk__among=Many(ids)), names, sealed="<@phone")
    phones = _opened(found, "@person", "<@phone", Opener(Person._meta.db_table, "phone"))
    return _blanks(found.with_columns(phones, day("<birth_date"), day("<@ended")))


def _memberships(ids: Sequence[str]) -> pl.DataFrame:
    open_ones = Membership.objects.unscoped().filter(person_id__among=Many(ids), until=never)
    names = {
        "@person": "person_id",
        "@lives": "household_id",
        "<@household": "household__code",
        "<@relation": "relation",
        "<@joined": "since",
    }
    found = columns_of(open_ones, names).rename({"@lives": "<@home"})
    found = found.with_columns(pl.col("<@relation").str.replace("^之(.)", "$1"))  # as `anju.tables.identity` reads it
    return _blanks(found.with_columns(day("<@joined")))


def _households(ids: Sequence[str]) -> pl.DataFrame:
    names = {
        "@home": "pk",
        "<@household": "code",
        "<@origin": "origin",
        "<@destination": "destination",
        "<@site": "site__name",
        "<@address": "address",
    }
    found = columns_of(Household.objects.unscoped().filter(pk__among=Many(ids)), names, sealed="<@address")
    return _blanks(
        found.with_columns(_opened(found, "@home", "<@address", Opener(Household._meta.db_table, "address")))
    )


def _opened(found: pl.DataFrame, key: str, column: str, opener: Opener) -> pl.Series:
    """A sealed column as texts."""
    pairs = zip(found[key], found[column], strict=True)
    return pl.Series(column, [None if value is None else opener(row, value) for row, value in pairs], dtype=pl.String)


def _facts(kind: str, ids: Sequence[str], on: date) -> pl.DataFrame:
    """Everything that is known of subjects on a day, whichever rows it follows from."""
    key = {"person": "@person", "household": "@home", "site": "@found"}[kind]
    if not ids:
        return pl.DataFrame(schema={key: pl.String()})
    parts = [facts_frame(kind, ids[at : at + _portion], on=on) for at in range(0, len(ids), _portion)]
    frame = pl.concat(parts, how="diagonal_relaxed")
    own = {"@id", "birth_date", "origin_code", "destination_code", "move_scope"}
    return frame.select(pl.col("@id").alias(key), *(pl.col(c).alias(f"<{c}") for c in frame.columns if c not in own))


def _blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nulls where the register holds an empty text."""
    return frame.with_columns(pl.col(pl.String).replace("", None))
