"""The monthly comparison (guideline 1.5-6, 1.6-4): the ledger beside the insurers' lists. Acts for nobody.

What a list says is laid over what the ledger knows, and the pages are asked what follows. A list proves what it says and nothing else:
who is not on it is found as that, and as uninsured only where the ledger says so too. Only the registered poor are compared (1.5, 1.6).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from anju.duties.editions import Counties
from anju.duties.judging import few, judge, judge_many, lines
from anju.duties.subjects import placed
from anju.government.regions.reach import scope_of
from anju.government.second_wall import everything
from anju.payments.listed import about, rows_of
from anju.payments.models import Comparison, Finding, Found, Insurance, ListRow
from anju.payments.months import first_day
from anju.policy.columns import dtype_of
from anju.policy.model import Fact
from anju.register import mass
from anju.register.asking import columns_of
from anju.register.changes import changed
from anju.register.documents import period_of
from anju.register.facts import facts_frame, facts_in, today
from anju.register.guideline import guideline
from anju.register.models import CountyFacts, Person, Relation

_sorts: Mapping[str, Found] = {
    "mobilise_coverage": Found.UNINSURED,
    "enrol_pension": Found.UNINSURED,
    "check_pension_payment": Found.UNDRAWN,
    "resolve_duplicate": Found.TWICE,
    "pay_medical_aid": Found.UNAIDED,
    "pay_premium": Found.UNAIDED,
}
"""The pages' duty → what was found."""
_lapsed = "employee_lapsed"
_twice = "medical_insured_twice"
_columns = (
    "sort",
    "key",
    "person_id",
    "origin",
    "destination",
    "kind",
    "decision",
    "row",
    "told",
)


@dataclass(slots=True)
class _One:
    """A person of the county: the rows that name the person, and the facts of the ledger and of the lists."""

    subject: str
    origin: str
    destination: str
    ledger: Mapping[str, Fact]
    rows: list[dict[str, Any]] = field(default_factory=list)
    listed: dict[str, Fact] = field(default_factory=dict)


def compare(insurance: Insurance, county: str, month: int, only: Sequence[str] | None = None) -> None:
    """Compare a county's month anew; within a transaction. Where its list no longer has a row, it was not compared.

    Whoever is insured here too is found twice there: counties whose people are on this list are compared again with it.

    Args:
        only: these people alone; everything else stays as it was found.
    """
    with everything():
        _alone(insurance, month)
        _compare(insurance, county, month, only)
        if only is None:
            for other in _others(insurance, county, month):
                _compare(insurance, other, month, None)


def _alone(insurance: Insurance, month: int) -> None:
    """One after the other: a list that comes in meanwhile is seen by whoever is next. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [f"comparison {insurance.value}", month])


def _others(insurance: Insurance, county: str, month: int) -> list[str]:
    """The other counties that have compared the month and that this list concerns, or concerned."""
    others = set(
        Comparison.objects.filter(insurance=insurance, month=month)
        .exclude(county=county)
        .values_list("county", flat=True)
    )
    if not others:
        return []
    there = rows_of(insurance, month, county)
    ids = set(there["@known"].drop_nulls())
    places = placed("person", sorted(ids), today()) if ids else None
    named = set(_responsible(insurance, places)["at"]) if places is not None else set()
    twice = Finding.objects.unscoped().filter(insurance=insurance, month=month, sort=Found.TWICE)
    return sorted(others & (named | set(twice.values_list("county", flat=True))))


def _compare(insurance: Insurance, county: str, month: int, only: Sequence[str] | None) -> None:
    own = Comparison.objects.filter(insurance=insurance, county=county, month=month)
    if not ListRow.objects.unscoped().filter(insurance=insurance, county=county, month=month).exists():
        for gone in own:
            Finding.objects.unscoped().filter(comparison=gone).delete()
            gone.delete()
        changed("county", [county])
        return
    people = people_of(insurance, county)
    if only is not None:
        people = people.filter(pl.col("subject").is_in(list(only)))
    rows = _rows(insurance, month, county, people, strangers=only is None)
    about_people, compared = _found(insurance, month, people, rows)
    found = pl.concat([about_people, _strangers(rows)])
    CountyFacts.objects.unscoped().get_or_create(code=county, defaults={"revision": 0})
    comparison, begun = Comparison.objects.get_or_create(insurance=insurance, county=county, month=month)
    before = Finding.objects.unscoped().filter(comparison=comparison)
    (before if only is None else before.filter(key__in=list(only))).delete()
    mass.insert(
        Finding,
        found.select(
            mass.new_ids(found.height),
            pl.lit(str(comparison.pk)).alias("comparison_id"),
            pl.lit(insurance.value).alias("insurance"),
            pl.lit(county).alias("county"),
            pl.lit(month).alias("month"),
            *_columns,
        ),
    )
    if only is None:
        here = rows.filter(pl.col("county") == county)
        numbers = {"people": compared, "rows": here.height, "compared_at": timezone.now()}
        Comparison.objects.filter(pk=comparison.pk).update(**numbers)
    if begun:
        changed("county", [county])


def people_of(insurance: Insurance, county: str) -> pl.DataFrame:
    """The registered people for whose insurance the county answers: where it lies, wherever they live; else where they live."""
    lo, hi = scope_of(county)
    living = Person.objects.unscoped().filter(ended_on=None)
    held = Relation.objects.unscoped().filter(kind=insurance.value, holder__gte=lo, holder__lt=hi)
    here = (living.filter(destination__gte=lo, destination__lt=hi), living.filter(pk__in=held.values("person_id")))
    names = {"@subject": "pk", "index": "number_index"}
    known = pl.concat(columns_of(some, names) for some in here).unique("@subject")
    ids = known["@subject"].to_list()
    places = _responsible(insurance, placed("person", ids, today())) if ids else None
    if places is None:
        return pl.DataFrame(
            schema={"subject": pl.String, "origin": pl.String, "destination": pl.String, "index": pl.String}
        )
    joined = places.filter(pl.col("at") == county).join(known, left_on="subject", right_on="@subject")
    return joined.select("subject", "origin", "destination", "index")


def _responsible(insurance: Insurance, places: pl.DataFrame) -> pl.DataFrame:
    """``at``: the county that answers for each person's insurance."""
    holder = pl.coalesce(pl.col(insurance.value).replace("", None), "destination")
    return places.filter(~pl.col("ended")).with_columns((holder.str.slice(0, 6) + "000000").alias("at"))


def _rows(insurance: Insurance, month: int, county: str, people: pl.DataFrame, *, strangers: bool) -> pl.DataFrame:
    """The rows of every list about the people, and all rows of the county's own; ``subject`` is whom of the people each names."""
    indexes = people["index"].drop_nulls().to_list()
    theirs = rows_of(insurance, month, among=about(people["subject"].to_list(), indexes))
    own = rows_of(insurance, month, county) if strangers else theirs.clear()
    rows = pl.concat([theirs, own]).unique("@id", maintain_order=True)
    known = people.select(pl.col("subject").alias("@known"), "subject")
    return rows.join(known, on="@known", how="left").sort("county", "@id")


def _found(insurance: Insurance, month: int, people: pl.DataFrame, rows: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """What was found about the people, and how many of them were compared."""
    ids = people["subject"].to_list()
    facts = facts_frame("person", ids, on=today()) if ids else pl.DataFrame(schema={"@id": pl.String})
    everybody = _side_by_side(insurance, people, rows, facts)
    owed = _owed(insurance, everybody, facts)
    found = [
        (sort, one.subject, one.subject, one.origin, one.destination, *grounds, _told(insurance, month, one))
        for one in everybody
        for sort, *grounds in _of(insurance, month, one, owed.get(one.subject, {}))
    ]
    return _frame(found), len(everybody)


def _frame(found: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {name: pl.Int64 if name == "row" else pl.String for name in _columns}
    return pl.DataFrame(found, schema=schema, orient="row")


def _side_by_side(insurance: Insurance, people: pl.DataFrame, rows: pl.DataFrame, facts: pl.DataFrame) -> list[_One]:
    ledger = {line["@id"]: facts_in(line) for line in facts.iter_rows(named=True)}
    by_person: dict[str, list[dict[str, Any]]] = {}
    for subject, place, told in (
        rows.filter(pl.col("subject").is_not_null()).select("subject", "county", "told").iter_rows()
    ):
        by_person.setdefault(subject, []).append({"county": place, **json.loads(told)})
    found = []
    for subject, origin, destination, _ in people.sort("subject").iter_rows():
        known = ledger.get(subject, {})
        if known.get("relocatee_kind") == "registered_poor":
            said = by_person.get(subject, [])
            found.append(_One(subject, origin, destination, known, said, listed_facts(insurance, said, known)))
    return found


def listed_facts(
    insurance: Insurance, rows: Sequence[Mapping[str, Any]], ledger: Mapping[str, Fact]
) -> dict[str, Fact]:
    """What rows about one person prove together.

    An insurance that is in force stands before one that is not; of several in force the ledger's, which may be the one that stays.
    """
    facts = [row["facts"] for row in rows]
    active = [one for one in facts if one.get(insurance.status) in insurance.active]
    known = [one for one in active if one[insurance.status] == ledger.get(insurance.status)]
    first: Mapping[str, Fact] = next(iter(known or active or facts), {})
    found: dict[str, Fact] = {code: first[code] for code in (insurance.status, "lapsed_months") if code in first}
    said = [one[insurance.aid] for one in facts if insurance.aid in one]
    if said:
        found[insurance.aid] = any(said)
    if insurance == Insurance.MEDICAL:
        doubles = [one[_twice] for one in facts if _twice in one]
        if len(active) > 1 or any(doubles):
            found[_twice] = True
        elif doubles:
            found[_twice] = False
    return found


def _owed(
    insurance: Insurance, everybody: Sequence[_One], facts: pl.DataFrame
) -> dict[str, dict[str, tuple[str, str, int]]]:
    """What the pages say of each by the ledger with the lists over it: person → sort → kind, decision and row."""
    if not everybody:
        return {}
    terms = guideline().terms
    codes = [*dict.fromkeys(code for one in everybody for code in one.listed)]
    columns = {code: pl.Series([one.listed.get(code) for one in everybody], dtype=_plain(code)) for code in codes}
    lived = [one.destination[:6] for one in everybody]
    over = pl.DataFrame(
        {"@id": [one.subject for one in everybody], "@county": lived}
        | {f"{code}+": column for code, column in columns.items()}
    )
    merged = [
        pl.coalesce(pl.col(f"{code}+").cast(dtype_of(terms[code])), *([code] if code in facts.columns else [])).alias(
            code
        )
        for code in codes
    ]
    frame = facts.join(over, on="@id", how="inner").with_columns(merged).drop(f"{code}+" for code in codes)
    counties = Counties.of(guideline(), today())
    duties = judge("person", lines(frame), counties) if frame.height <= few else judge_many("person", frame, counties)
    found: dict[str, dict[str, tuple[str, str, int]]] = {}
    for subject, kind, decision, row in duties.select("subject", "kind", "decision", "row").iter_rows():
        if kind in _sorts and guideline().duties[kind].clause == insurance.clause:
            found.setdefault(subject, {})[_sorts[kind]] = (kind, decision, row)
    return found


def _plain(code: str) -> pl.DataType:
    return {"enum": pl.String(), "bool": pl.Boolean()}.get(guideline().terms[code].kind, pl.Int64())


def _of(
    insurance: Insurance, month: int, one: _One, owed: Mapping[str, tuple[str, str, int]]
) -> Iterator[tuple[str, str, str, int]]:
    """Sort, duty, decision and row of each thing that was found about a person."""
    nothing = ("", "", 0)
    status = one.listed.get(insurance.status, one.ledger.get(insurance.status))
    without = owed.get(Found.UNINSURED)
    if status == _lapsed:
        yield (Found.LAPSED.value, *(without or nothing))
    elif without:
        yield (Found.UNINSURED.value, *without)
    if Found.UNDRAWN in owed and (one.rows or status is not None):
        yield (Found.UNDRAWN.value, *owed[Found.UNDRAWN])
    active = sum(row["facts"].get(insurance.status) in insurance.active for row in one.rows)
    if Found.TWICE in owed or active > 1:
        yield (Found.TWICE.value, *owed.get(Found.TWICE, nothing))
    if Found.UNAIDED in owed and one.rows and status in insurance.active:
        if says_of_now(insurance.aid, month):
            yield (Found.UNAIDED.value, *owed[Found.UNAIDED])
        elif insurance.aid in one.listed:  # of its own year the list says it; this year's duty is another one
            yield (Found.UNAIDED.value, *nothing)
    if not one.rows and _expected(insurance, status):
        yield (Found.ABSENT.value, *nothing)
    if differing(insurance, month, one.listed, one.ledger):
        yield (Found.DIFFERS.value, *nothing)


def _expected(insurance: Insurance, status: Fact | None) -> bool:
    """Whether a list should have somebody: who is insured by the ledger; in medical insurance everybody of whom nobody knows."""
    if status is None:
        return insurance == Insurance.MEDICAL
    return status in insurance.active and not (insurance == Insurance.PENSION and status == "employee")


def says_of_now(code: str, month: int) -> bool:
    """Whether what a list of a month says of a fact is about now: of 本年 a list of another year says nothing."""
    term = guideline().terms[code]
    return period_of(term, first_day(month)) == period_of(term, today())


def differing(
    insurance: Insurance, month: int, listed: Mapping[str, Fact], ledger: Mapping[str, Fact]
) -> dict[str, Fact]:
    """What the lists of a month prove and the ledger does not say. That aid has not arrived is no proof that it was not paid: it has to be
    traced.
    """
    return {
        code: fact
        for code, fact in listed.items()
        if says_of_now(code, month)
        and ledger.get(code) != fact
        and not (code == insurance.aid and fact is False and ledger.get(code) is True)
    }


def _told(insurance: Insurance, month: int, one: _One) -> str:
    codes = [code for code in insurance.facts if code in one.ledger and says_of_now(code, month)]
    ledger = {code: one.ledger[code] for code in codes}
    return json.dumps({"rows": one.rows, "listed": one.listed, "ledger": ledger}, ensure_ascii=False, default=str)


def _strangers(rows: pl.DataFrame) -> pl.DataFrame:
    """Whom the county's list names and its ledger does not have."""
    unknown = rows.filter(pl.col("subject").is_null() & pl.col("@person").is_null())
    # by the number, as when nobody had registered them
    by_number = pl.coalesce(pl.col("index").replace("", None), "key").alias("key")
    unknown, found = unknown.with_columns(by_number), []
    for key, county, told in unknown.unique("key", maintain_order=True).select("key", "county", "told").iter_rows():
        said = json.loads(told)
        name = {"name": said.get("name", ""), "number": said.get("number", "")}
        text = json.dumps(
            {"rows": [{"county": county, **said}], "listed": {}, "ledger": {}, **name}, ensure_ascii=False
        )
        found.append((Found.STRANGER.value, key, None, "", "", "", "", 0, text))
    return _frame(found)
