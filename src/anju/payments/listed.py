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
    """The rows of a month that count: ``county``, ``@person``, ``index``, ``key`` (whom they name), and ``told`` as text.

    Args:
        county: of this county's list alone, else of every county's.
        among: narrows them.
    """
    rows = ListRow.objects.unscoped().filter(insurance=insurance, month=month)
    rows = rows.filter(county=county) if county else rows
    found = columns_of(rows if among is None else rows.filter(among), _names, sealed="told")
    key = pl.coalesce(pl.col("@person"), pl.col("index").replace("", None), pl.col("@id")).alias("key")
    last = found.with_columns(key).filter(pl.col("at") == pl.col("at").max().over("county", "key"))
    opener = Opener(ListRow._meta.db_table, "told")
    told = [opener(one, text) for one, text in last.select("@id", "told").iter_rows()]
    return last.with_columns(pl.Series("told", told, dtype=pl.String)).sort("county", "@id")


def about(people: Sequence[str], indexes: Sequence[str]) -> Q:
    """The rows that name these people, registered by then or not."""
    return Q(person__among=Many(people)) | Q(number_index__among=Many(indexes)) & ~Q(number_index="")


def named_later(insurance: Insurance, month: int, people: Sequence[str]) -> dict[str, int]:
    """Of these people those whom a list of a later month names, any county's, and the last such month."""
    numbered = Person.objects.unscoped().filter(pk__among=Many(people), number_index__isnull=False)
    by_index = {str(index): pk for pk, index in numbered.values_list("pk", "number_index")}
    later = ListRow.objects.unscoped().filter(insurance=insurance, month__gt=month)
    rows = later.filter(about(people, list(by_index))).order_by("month")
    named = rows.values_list("person_id", "number_index", "month")
    return {str(person or by_index[index]): at for person, index, at in named}


def text_of_row(told: Mapping[str, Any]) -> str:
    """What a row says, as it is kept: the same for the same."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
