"""本月救助发放方数: how many offices paid somebody, by what is recorded here; who has no months here stays unknown.

It is that of the earliest month that is not in order: two payers, or one that paid both kinds; or nobody although the month is over or the
office's list has come in without the person, nor have two officers held it back; or nobody because the bank returned the money, or because
the month was closed after a death that was none. Of whom every month is in order it is 1. Who is not paid by the month (不按月发) no row
says: it is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate

from anju.government.queries.names import Names
from anju.government.second_wall import looking_everywhere
from anju.payments.models import (
    Amount,
    Comparison,
    Insurance,
    Month,
    Part,
    Premium,
    RentGrant,
    Scheme,
    Sort,
    State,
    gives,
    missed,
)
from anju.payments.months import month_of
from anju.payments.rents import mu_of
from anju.policy.model import Fact, Term
from anju.register.among import Many
from anju.register.asking import Asked, columns_of
from anju.register.facts import former_of, provides, today
from anju.register.models import CountyFacts, Person, Wish

_keys = ("@id", "kind", "month")


@provides("person", "assistance_payers", specials_recorded=True)
def _payers(asked: Asked) -> pl.DataFrame:
    known = _known(asked)
    found = _first(known)
    asked.tell_payers(found.select("@id", "paying"))
    told = known.select("@id").unique().join(found, on="@id", how="left")
    return told.select("@id", pl.col("told").fill_null(1).alias("assistance_payers"))


def amiss(asked: Asked) -> pl.DataFrame:
    """Whose months are not in order: ``@id``, the earliest such ``month``, how many paid it (``told``), and the office ``paying`` that has
    to see to it: the one that has to pay, or of a month that was paid twice one that had not to; "" where nobody knows.
    """
    return _first(_known(asked))


def _first(known: pl.DataFrame) -> pl.DataFrame:
    first = known.filter(pl.col("told").is_not_null()).sort("month").group_by("@id").first()
    twice = pl.when(pl.col("told") > 1).then("stray")
    return first.select("@id", "month", "told", pl.coalesce(twice, "payer").alias("paying"))


def _known(asked: Asked) -> pl.DataFrame:
    """The months by now: ``told`` how many paid one that is not in order, else null; ``stray`` one of them that had not to."""
    now = month_of(asked.on)
    names = {"@id": "person_id", **{name: name for name in ("kind", "month", "payer", "state", "confirmed_at")}}
    months = asked.columns(_months, names).with_columns(pl.col("month").cast(pl.Int64))
    if not months.height:
        return months.with_columns(pl.lit(None, pl.Int64).alias("told"), pl.lit(None, pl.String).alias("stray"))
    paid = _paid(asked)
    left = paid.filter(pl.col("net") > 0)
    n = left.group_by(_keys).agg(pl.len().cast(pl.Int64).alias("n"))
    of_both = left.group_by("@id", "month").agg(pl.len().cast(pl.Int64).alias("of_both"))
    strays = left.join(months, on=[*_keys, "payer"], how="anti").group_by("@id", "month")
    known = months.join(n, on=_keys, how="left").join(of_both, on=["@id", "month"], how="left")
    known = known.join(strays.agg(pl.col("payer").min().alias("stray")), on=["@id", "month"], how="left")
    known = known.with_columns(pl.col("n", "of_both").fill_null(0))
    known = known.join(paid, on=[*_keys, "payer"], how="left")
    known = known.join(_listed(asked, now), on=["payer", "kind", "month"], how="left")
    held_alone = (pl.col("state") == State.HELD.value) & pl.col("confirmed_at").is_null()
    waits = (pl.col("state") == State.EXPECTED.value) | held_alone
    stopped = pl.col("state") == State.STOPPED.value
    returned = (pl.col("net") == 0) & (pl.col("last") == Sort.RETURNED.value)
    nobody = (pl.col("n") == 0) & (
        stopped | returned.fill_null(value=False) | waits & ((pl.col("month") < now) | pl.col("listed"))
    )
    told = pl.when(pl.col("of_both") > 1).then("of_both").when(nobody.fill_null(value=False)).then(0)
    return known.with_columns(told.cast(pl.Int64).alias("told"))


def _months(asked: Asked) -> QuerySet[Month]:
    months = asked.known(asked.of(Month, "person_id")).filter(month__lte=month_of(asked.on))
    return months.filter(~Q(state=State.STOPPED) | missed())


def _paid(asked: Asked) -> pl.DataFrame:
    """By person, kind, month and office: what remains when what was taken back is taken away (``net``), and the ``last`` sort."""
    names = {name: name for name in ("kind", "payer", "sort", "month", "amount", "recorded_at")}
    given = asked.columns(_amounts, {"@id": "person_id", **names}).sort("recorded_at")
    cents = pl.col("amount").cast(pl.Int64)
    signed = pl.when(pl.col("sort").is_in([sort.value for sort in gives])).then(cents).otherwise(-cents)
    by_office = given.with_columns(pl.col("month").cast(pl.Int64)).group_by(*_keys, "payer")
    return by_office.agg(signed.sum().alias("net"), pl.col("sort").last().alias("last"))


def _amounts(asked: Asked) -> QuerySet[Amount]:
    return asked.known(asked.of(Amount, "person_id")).filter(month__lte=month_of(asked.on))


def _listed(asked: Asked, now: int) -> pl.DataFrame:
    """The offices whose list of this month, of a kind, has come in."""
    rows = asked.known(Amount.objects.unscoped().filter(month=now, batch__isnull=False)).distinct()
    names = {name: name for name in ("payer", "kind", "month")}
    found = columns_of(rows, names).with_columns(pl.col("month").cast(pl.Int64), pl.lit(value=True).alias("listed"))
    return found.unique()


def _standing(person: str, term: Term, fact: Fact | None) -> str:
    """That a premium which was approved says otherwise, and where it is returned."""
    scheme = next(scheme for scheme in Scheme if scheme.fact == term.code)
    with looking_everywhere():
        paid = Premium.objects.unscoped().standing().filter(person_id=person, scheme=scheme, year=today().year)
        found = None if fact is True else paid.filter(batch__approved_at__isnull=False).select_related("batch").first()
        if found is None:
            return ""
        county = Names([found.batch.county], today())(found.batch.county)
    return (
        f"{found.year} 年的{scheme.label}已经复核代缴，“{term.name}”不能另记。没有到账、缴错了的，"
        f"由{county}打开“代缴”里 {found.year} 年的那一批，退回这一笔；另一位干部复核以后，就还是应当代缴。"
    )


@provides("person", *(scheme.fact for scheme in Scheme), recorded_too=True, only_yes=True, against=_standing)
def _premiums(asked: Asked) -> pl.DataFrame:
    """本年已代缴 and 本年已资助: of whom a premium of any year was paid here, whether this year's was and has not been returned; unless it
    was recorded that this year's has been paid elsewhere. Of others what was recorded stands.
    """
    rows = asked.columns(_paid_premiums, {"@id": "person_id", "scheme": "scheme", "year": "paid"})
    this_year = pl.col("year") == str(asked.on.year)
    facts = [this_year.filter(pl.col("scheme") == scheme.value).any().alias(scheme.fact) for scheme in Scheme]
    there = [(pl.col("scheme") == scheme.value).any().alias(f"{scheme.fact}?") for scheme in Scheme]
    found = rows.group_by("@id").agg(*facts, *there)
    return found.select("@id", *(pl.when(f"{scheme.fact}?").then(scheme.fact).alias(scheme.fact) for scheme in Scheme))


def _paid_premiums(asked: Asked) -> QuerySet[Premium]:
    """``paid``: the year that was paid, 0 where that was returned."""
    paid = asked.of(Premium, "person_id").filter(batch__approved_at__isnull=False, year__lte=asked.on.year)
    paid = paid if asked.at is None else paid.filter(batch__approved_at__lte=asked.at)
    gone = Q(returned_at__isnull=False) if asked.at is None else Q(returned_at__lte=asked.at)
    return paid.annotate(paid=Case(When(gone, then=0), default="year", output_field=IntegerField()))


@provides("person", "dibao_split_settled", recorded_too=True)
def _reassessed(asked: Asked) -> pl.DataFrame:
    """低保拆户已核定: the last form that names the person was agreed to on or after the day of the last application to move."""
    forms = asked.columns(_agreed, {"@id": "person_id", "day": "agreed_on"}).group_by("@id").agg(pl.col("day").max())
    if not forms.height:
        return pl.DataFrame(schema={"@id": pl.String, "dibao_split_settled": pl.Boolean})
    applied = asked.columns(_applications, {"@id": "person_id", "on": "on"}).group_by("@id").agg(pl.col("on").max())
    after = (pl.col("day") >= pl.col("on")).fill_null(value=True).alias("dibao_split_settled")
    return forms.join(applied, on="@id", how="left").select("@id", after)


def _agreed(asked: Asked) -> QuerySet[Part]:
    agreed = asked.of(Part, "person_id").filter(reassessment__agreed_at__isnull=False)
    known = agreed if asked.at is None else agreed.filter(reassessment__agreed_at__lte=asked.at)
    return known.annotate(agreed_on=TruncDate("reassessment__agreed_at"))


def _applications(asked: Asked) -> QuerySet[Wish]:
    return asked.known(asked.of(Wish, "person_id")).filter(kind="assistance", choice="yes", on__lte=asked.on)


@provides("person", "rent_subsidy_paid", recorded_too=True)
def _rents(asked: Asked) -> pl.DataFrame:
    """本年流转费已补: of whom anything was ever granted here, whether all that the ledger says is rented was this year, and not taken back;
    where it says nothing, all that it said when it was granted. Else what was recorded stands.
    """
    names = {"@id": "person_id", "year": "year", "mu": "mu", "whole": "whole"}
    rows = asked.columns(_granted, {**names, "@grant": "pk"}).with_columns(pl.col("mu", "whole").cast(pl.Int64))
    if rows.is_empty():
        return pl.DataFrame(schema={"@id": pl.String, "rent_subsidy_paid": pl.Boolean})
    gone = asked.columns(_ended, {"@grant": "pk"})
    counts = (pl.col("year") == str(asked.on.year)) & ~pl.col("@grant").is_in(gone["@grant"].implode())
    found = rows.group_by("@id").agg(pl.col("mu").filter(counts).sum(), pl.col("whole").filter(counts).max())
    known = found.join(_rented(asked, found.filter(pl.col("mu") > 0)["@id"].to_list()), on="@id", how="left")
    paid = (pl.col("mu") > 0) & (pl.col("mu") >= pl.coalesce("rented", "whole"))
    return known.select("@id", paid.fill_null(value=False).alias("rent_subsidy_paid"))


def _granted(asked: Asked) -> QuerySet[RentGrant]:
    granted = asked.of(RentGrant, "person_id").filter(approved_at__isnull=False, year__lte=asked.on.year)
    return granted if asked.at is None else granted.filter(approved_at__lte=asked.at)


def _ended(asked: Asked) -> QuerySet[RentGrant]:
    ended = _granted(asked).filter(ended_at__isnull=False)
    return ended if asked.at is None else ended.filter(ended_at__lte=asked.at)


def _rented(asked: Asked, ids: Sequence[str]) -> pl.DataFrame:
    """流转亩数 of some people in hundredths, as the ledger has it, or had it at the moment that is asked for."""
    people = (
        Person.objects.unscoped().filter(pk__among=Many(ids)).annotate(rented=KeyTextTransform("rented_mu", "facts"))
    )
    now = columns_of(people, {"@id": "pk", "rented": "rented"}).rows() if ids else ()
    written: dict[str, object] = dict(now)
    written |= {person: former.facts.get("rented_mu") for person, former in former_of(asked, ids).items()}
    mu = {person: None if known is None else int(mu_of(known) * 100) for person, known in written.items()}
    return pl.DataFrame({"@id": list(mu), "rented": list(mu.values())}, schema={"@id": pl.String, "rented": pl.Int64})


@provides("county", *(insurance.compared for insurance in Insurance))
def _compared(asked: Asked) -> pl.DataFrame:
    """本月已比对…: whether the county's list of the month in which the day lies has been compared; 否 until then."""
    counties = columns_of(asked.of(CountyFacts), {"code": "pk"})["code"].to_list()
    rows = Comparison.objects.filter(month=month_of(asked.on))
    known = rows if asked.at is None else rows.filter(first_at__lte=asked.at)
    done = set(known.values_list("insurance", "county"))
    facts = {one.compared: [(one.value, code) in done for code in counties] for one in Insurance}
    return pl.DataFrame({"@id": counties, **facts}, schema={"@id": pl.String, **dict.fromkeys(facts, pl.Boolean)})
