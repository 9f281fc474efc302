"""The rows of insurers' lists that count: of each county's list of a month the last batch that names somebody. Acts for nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db.models import Q

from anju.payments.models import Insurance, ListRow
from anju.register.among import Many
from anju.register.asking import columns_of
from anju.register.models import Person
from anju.sealing.ciphertext import Opener

_names = {
    "@id": "pk",
    "county": "county",
    "@person": "person_id",
    "index": "number_index",
    "at": "recorded_at",
    "told": "told",
}


def rows_of(insurance: Insurance, month: int, county: str = "", among: Q | None = None) -> pl.DataFrame:
    """The rows of a month that count: ``county``, ``@person``, ``index``, ``@known`` as `named` tells it, ``key`` (whom they name), and
    ``told`` as text.

    Args:
        county: of this county's list alone, else of every county's.
        among: narrows them.
    """
    rows = ListRow.objects.unscoped().filter(insurance=insurance, month=month)
    rows = rows.filter(county=county) if county else rows
    found = columns_of(rows if among is None else rows.filter(among), _names, sealed="told")
    key = pl.coalesce("@known", pl.col("index").replace("", None), "@id").alias("key")
    last = named(found, "index").with_columns(key).filter(pl.col("at") == pl.col("at").max().over("county", "key"))
    opener = Opener(ListRow._meta.db_table, "told")
    told = [opener(one, text) for one, text in last.select("@id", "told").iter_rows()]
    return last.with_columns(pl.Series("told", told, dtype=pl.String)).sort("county", "@id")


def named(rows: pl.DataFrame, index: str) -> pl.DataFrame:
    """The rows with ``@known``: whom each names as the register is now, None for nobody who is in it.

    Somebody who was no more than a number when the list came in may be registered since, and a record that ``@person`` names may have
    been joined into another one.

    Args:
        index: the column of the blind index; "" and null are none.
    """
    numbers = rows.filter(pl.col("@person").is_null() & (pl.col(index) != ""))[index].unique().to_list()
    people = Person.objects.unscoped().filter(number_index__among=Many(numbers))
    numbered = columns_of(people, {index: "number_index", "@numbered": "pk"})
    stays = pl.col("@person").replace(_joined())
    joined = rows.join(numbered, on=index, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(stays, "@numbered").alias("@known")).drop("@numbered")


def about(people: Sequence[str], indexes: Sequence[str]) -> Q:
    """The rows that name these people: registered by then or not, or under a record that was joined into theirs since."""
    asked = set(people)
    gone = [one for one, stays in _joined().items() if stays in asked]
    return Q(person__among=Many([*people, *gone])) | Q(number_index__among=Many(indexes)) & ~Q(number_index="")


def _joined() -> dict[str, str]:
    """Records that were joined, each with the one that stays."""
    gone = Person.objects.unscoped_with_joined().exclude(joined_into=None)
    return {str(one): str(stays) for one, stays in gone.values_list("pk", "joined_into")}


def named_later(insurance: Insurance, month: int, people: Sequence[str]) -> dict[str, int]:
    """Of these people those whom a list of a later month names, any county's, and the last such month."""
    later = ListRow.objects.unscoped().filter(insurance=insurance, month__gt=month).filter(_about(people))
    found = named(columns_of(later, {"@person": "person_id", "index": "number_index", "month": "month"}), "index")
    last = found.group_by("@known").agg(pl.col("month").cast(pl.Int64).max())
    return dict(last.filter(pl.col("@known").is_in(list(people))).iter_rows())


def aid_told(insurance: Insurance, year: int, people: Sequence[str], some: Q) -> dict[str, bool]:
    """Of these people those of whom a list of the year, any county's, tells whether the year's aid has arrived: what the last month says
    that tells it. ``some``: of the rows those that are believed.
    """
    rows = ListRow.objects.unscoped().filter(insurance=insurance, month__gt=year * 100, month__lt=(year + 1) * 100)
    among, found, asked = _about(people) & some, dict[str, bool](), set(people)
    for month in sorted(set(rows.filter(among).values_list("month", flat=True))):
        told: dict[str, list[bool]] = {}
        for person, text in rows_of(insurance, month, among=among).select("@known", "told").iter_rows():
            facts = json.loads(text)["facts"]
            if person in asked and insurance.aid in facts:
                told.setdefault(person, []).append(facts[insurance.aid])
        found |= {person: any(said) for person, said in told.items()}
    return found


def _about(people: Sequence[str]) -> Q:
    """The rows that name these people, by the register or by their numbers."""
    numbered = Person.objects.unscoped().filter(pk__among=Many(people), number_index__isnull=False)
    return about(people, [str(index) for index in numbered.values_list("number_index", flat=True)])


def text_of_row(told: Mapping[str, Any]) -> str:
    """What a row says, as it is kept: the same for the same."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def without_names(told: str) -> str:
    """The same of somebody who is registered: name and number are the register's."""
    return text_of_row({name: value for name, value in json.loads(told).items() if name not in ("name", "number")})
