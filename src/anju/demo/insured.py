"""Insurers' lists of the cast's county, compared with the ledger: medical insurance of two months, old-age insurance of the one before.

A few of a hundred are uninsured, insured twice, or not on the list at all, so that every list of the comparison has somebody on it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.utils import timezone

from anju.demo.lives import chance_of, pick
from anju.demo.story import destination
from anju.government.second_wall import everything
from anju.payments.comparing import compare, people_of
from anju.payments.models import Insurance, ListRow
from anju.payments.months import first_day, month_of, shifted
from anju.policy.model import Fact
from anju.register import mass
from anju.register.facts import facts_frame, facts_in
from anju.sealing.masking import mask

county = f"{destination[:6]}000000"
_handed_in = timedelta(days=19, hours=10)
_lists = ((Insurance.MEDICAL, -1), (Insurance.MEDICAL, 0), (Insurance.PENSION, -1))
_strangers = ("龙水生", "冉小妹")


def compare_lists(seed: int, on: date) -> int:
    """Let the lists come in and compare them; how many months were compared."""
    with everything():
        for insurance, ago in _lists:
            month = shifted(month_of(on), ago)
            rows = list(_rows(insurance, month, seed, on))
            ids = mass.new_ids(len(rows))
            at = min(timezone.make_aware(datetime.combine(first_day(month), time.min)) + _handed_in, timezone.now())
            mass.insert(
                ListRow,
                pl.DataFrame(rows, schema={"person_id": pl.String, "told": pl.String}, orient="row").select(
                    ids,
                    pl.lit(insurance.value).alias("insurance"),
                    pl.lit(county).alias("county"),
                    pl.lit(month).alias("month"),
                    "person_id",
                    "told",
                    pl.lit(at).alias("recorded_at"),
                ),
            )
            compare(insurance, county, month)
    return len(_lists)


def _rows(insurance: Insurance, month: int, seed: int, on: date) -> Iterator[tuple[str | None, str]]:
    """Whom each row names, and what it says."""
    people = people_of(insurance, county)["subject"].to_list()
    known = facts_frame("person", people, on=on)
    for line in known.sort("@id").iter_rows(named=True):
        facts, chance = facts_in(line), chance_of(seed, line["@id"], insurance.value)
        if facts.get("relocatee_kind") == "registered_poor":
            for said in _said(insurance, facts, chance_of(seed, line["@id"], month), chance):
                yield line["@id"], json.dumps({"facts": said}, ensure_ascii=False)
    for name in _strangers:
        number = mask("id_number", "500999198001010022")
        told = {"facts": {insurance.status: insurance.active[0]}, "name": name, "number": number}
        yield None, json.dumps(told, ensure_ascii=False)


def _said(
    insurance: Insurance, facts: Mapping[str, Fact], this_month: random.Random, always: random.Random
) -> Iterator[dict[str, Any]]:
    """What the list says of somebody: mostly what the ledger says, some of it in both months and some in one."""
    status = facts.get(insurance.status)
    told = pick(always, ("same", 90), ("gone", 3), ("lost", 4), ("twice", 3)) if this_month.random() < 0.8 else "same"
    insured = status in insurance.active
    if told == "gone" or (not insured and insurance == Insurance.PENSION):
        return
    if told == "lost" or status is None:
        yield {insurance.status: "uninsured"}
        return
    said = {insurance.status: status}
    if "lapsed_months" in facts and status == "employee_lapsed":
        said["lapsed_months"] = facts["lapsed_months"]
    if insurance.aid in facts:
        said[insurance.aid] = facts[insurance.aid]
    yield said
    if told == "twice" and insured:
        yield {insurance.status: insurance.active[status == insurance.active[0]]}
