"""本月救助发放方数: how many offices paid somebody, by what is recorded here; who has no months here stays unknown.

It is that of the earliest month that is not in order: two payers, or nobody although the month is over or the office's list has come in
without the person. Of whom every month is in order it is 1.
"""

from __future__ import annotations

import polars as pl

from anju.payments.models import Amount, Month, Premium, Scheme, State, gives
from anju.payments.months import month_of
from anju.register.asking import Asked, columns_of
from anju.register.facts import provides

_keys = ("@id", "kind", "month")


@provides("person", "assistance_payers")
def _payers(asked: Asked) -> pl.DataFrame:
    now = month_of(asked.on)
    names = {"@id": "person_id", "kind": "kind", "month": "month", "payer": "payer", "state": "state"}
    of_them = asked.known(asked.of(Month, "person_id")).filter(month__lte=now).exclude(state=State.STOPPED)
    months = columns_of(of_them, names).with_columns(pl.col("month").cast(pl.Int64))
    if not months.height:
        return pl.DataFrame(schema={"@id": pl.String, "assistance_payers": pl.Int64})
    known = months.join(_paid(asked, now), on=_keys, how="left").with_columns(pl.col("n").fill_null(0))
    known = known.join(_listed(asked, now), on=["payer", "kind", "month"], how="left")
    nobody = (
        (pl.col("n") == 0) & (pl.col("state") == State.EXPECTED.value) & ((pl.col("month") < now) | pl.col("listed"))
    )
    told = pl.when(pl.col("n") > 1).then("n").when(nobody.fill_null(value=False)).then(0)
    first = known.with_columns(told.alias("told")).sort("month").group_by("@id")
    return first.agg(pl.col("told").drop_nulls().first().fill_null(1).cast(pl.Int64).alias("assistance_payers"))


def _paid(asked: Asked, now: int) -> pl.DataFrame:
    """By person, kind and month: of how many offices something remains when what was taken back is taken away."""
    names = {**dict.fromkeys(("kind", "payer", "sort")), "@id": "person_id", "month": "month", "amount": "amount"}
    rows = asked.known(asked.of(Amount, "person_id")).filter(month__lte=now)
    given = columns_of(rows, {name: column or name for name, column in names.items()})
    cents = pl.col("amount").cast(pl.Int64)
    signed = pl.when(pl.col("sort").is_in([sort.value for sort in gives])).then(cents).otherwise(-cents)
    net = given.with_columns(pl.col("month").cast(pl.Int64)).group_by(*_keys, "payer").agg(signed.sum().alias("net"))
    return net.filter(pl.col("net") > 0).group_by(_keys).agg(pl.len().cast(pl.Int64).alias("n"))


def _listed(asked: Asked, now: int) -> pl.DataFrame:
    """The offices whose list of this month, of a kind, has come in."""
    rows = asked.known(Amount.objects.unscoped().filter(month=now, batch__isnull=False)).distinct()
    names = {name: name for name in ("payer", "kind", "month")}
    found = columns_of(rows, names).with_columns(pl.col("month").cast(pl.Int64), pl.lit(value=True).alias("listed"))
    return found.unique()


@provides("person", *(scheme.fact for scheme in Scheme), recorded_too=True)
def _premiums(asked: Asked) -> pl.DataFrame:
    """本年已代缴 and 本年已资助: of whom a premium of any year was paid here, whether this year's was. Else what was recorded stands."""
    paid = asked.of(Premium, "person_id").filter(batch__approved_at__isnull=False, year__lte=asked.on.year)
    known = paid if asked.at is None else paid.filter(batch__approved_at__lte=asked.at)
    rows = columns_of(known, {"@id": "person_id", "scheme": "scheme", "year": "year"})
    this_year = pl.col("year") == str(asked.on.year)
    facts = [this_year.filter(pl.col("scheme") == scheme.value).any().alias(scheme.fact) for scheme in Scheme]
    there = [(pl.col("scheme") == scheme.value).any().alias(f"{scheme.fact}?") for scheme in Scheme]
    found = rows.group_by("@id").agg(*facts, *there)
    return found.select("@id", *(pl.when(f"{scheme.fact}?").then(scheme.fact).alias(scheme.fact) for scheme in Scheme))
