"""How residents hand in that they want to move their 户口, and how long it takes then (1.1-4): the share that comes in online.

A case counts in the month in which it was first handed in, at the place where it moves to. What is handed in again after 补正 is the same
case, and keeps its first day. The database counts; Polars finds median and 90th percentile among what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr

from anju.calendar.periods import add_months
from anju.calendar.workdays import worked_until
from anju.cases.clocks import Clocks
from anju.cases.models import Did, Entries, Entry, State, Turn, open_states
from anju.cases.queries.lists import purpose
from anju.duties.versions import policy_of
from anju.government.asking import Asking
from anju.government.queries import Scope
from anju.government.regions.reach import scope_of
from anju.government.regions.table import county, province, significant, township, village
from anju.register.guideline import guideline
from anju.register.privacy import works_on
from anju.register.queries.paging import Listing

clause = "1.1"
ways: Mapping[str, str] = {"window": "窗口提交", "online": "网上提交", "agent": "村社区代办"}
"""The ways in which the first step is taken → the action as the page words it."""
months_shown = 12
whats = ("done", "late", "open", "left")
_levels = (province, county, township, village)


def works(scope: Scope) -> bool:
    """Whether a post does the work of the clause."""
    return works_on([scope], clause)


@lru_cache(maxsize=8)
def procedures_of(version: str) -> tuple[str, ...]:
    """The procedures of the clause that begin in one of these ways."""
    found = (p for p in policy_of(version).procedures.values() if p.clause == clause)
    return tuple(p.code for p in found if set(ways.values()) <= {move.action for move in p.steps[0].moves})


@dataclass(frozen=True, slots=True)
class Filters:
    """``region``: 12 digits, "" for all that the posts reach; ``last``: the last of `months_shown` months, by its first day; ``month``: one
    of them, None for all. ``way`` and ``what`` (`whats`) narrow the list of cases alone.
    """

    region: str
    last: date
    month: date | None = None
    way: str = ""
    what: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], who: Asking) -> Filters:
        """What an address gives; what nobody may see or never was is left out."""
        code = given.get("region", "")[:12]
        inside = code.isascii() and code.isdigit() and len(code) == village
        region = code if inside and any(s.lo <= code < s.hi for s in who.scopes if works(s)) else ""
        this = who.today.replace(day=1)
        month = _month(given.get("month", ""), this)
        last = _month(given.get("last", ""), this) or this
        if month is not None and not add_months(last, 1 - months_shown) <= month <= last:
            last = min(this, add_months(month, months_shown - 1))
        way, what = given.get("way", ""), given.get("what", "")
        return cls(region, last, month, way if way in ways else "", what if what in whats else "")

    @property
    def first(self) -> date:
        """The first day that is counted."""
        return self.month or add_months(self.last, 1 - months_shown)

    @property
    def end(self) -> date:
        """The day after the last one."""
        return add_months(self.month or self.last, 1)

    def given(self) -> dict[str, str]:
        """As an address says it."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        texts = {
            "region": self.region,
            "last": f"{self.last:%Y-%m}",
            "month": month,
            "way": self.way,
            "what": self.what,
        }
        return {name: text for name, text in texts.items() if text}


def _month(text: str, this: date) -> date | None:
    """A month that has begun, by its first day."""
    try:
        found = date.fromisoformat(f"{text}-01") if len(text) == len("2026-11") else None
    except ValueError:
        return None
    return found if found is not None and date(2016, 1, 1) <= found <= this else None


def submitted(who: Asking, filters: Filters) -> Entries:
    """What was handed in first of each case, at the places of the posts that do the work; ``late``: an office was, or is, over its time."""
    handed = Q(did=Did.MOVED, step=1, action__in=list(ways.values()))
    before = Entry.objects.unscoped().filter(handed, case=OuterRef("case"), seq__lt=OuterRef("seq"))
    second = 2  # what comes right after the opening has nothing before it
    found = (
        Entry.objects.visible_to(who.officer, purpose=purpose)
        .filter(
            handed,
            _within(who, filters),
            Q(seq=second) | ~Exists(before),
            case__procedure__in=procedures_of(guideline().version),
            on__gte=filters.first,
            on__lt=filters.end,
        )
        .annotate(late=Exists(_late(who.today)))
    )
    if filters.way:
        found = found.filter(action=ways[filters.way])
    conditions = {
        "": Q(),
        "done": Q(case__state=State.DONE),
        "late": Q(late=True),
        "open": Q(case__state__in=open_states),
        "left": Q(case__state__in=[State.WITHDRAWN, State.TERMINATED]),
    }
    return found.filter(conditions[filters.what])


def listing(who: Asking, filters: Filters) -> Listing[Entry]:
    """The cases behind a figure, the latest first."""
    return Listing((submitted(who, filters).select_related("case"),), ("on", "pk"), falling=True)


def _within(who: Asking, filters: Filters) -> Q:
    ranges = {(s.lo, s.hi) for s in who.scopes if works(s)}
    if filters.region:
        ranges = {scope_of(filters.region)}
    found = Q(pk__in=[])
    for lo, hi in ranges:
        found |= Q(case__destination__gte=lo, case__destination__lt=hi)
    return found


def _late(on: date) -> QuerySet[Turn]:
    """The turns of an office that ended late, or are open and overdue; a resident's own time is not the office's."""
    turns = Turn.objects.unscoped().filter(case=OuterRef("case"), resident=False)
    overdue = Q(until_entry=None, case__state__in=open_states) & Clocks(on).within("overdue")
    return turns.filter(Q(ended_late=True) | overdue)


def depth_of(who: Asking, filters: Filters) -> int:
    """How many digits name the regions that stand beside each other: one level below the one that is shown."""
    codes = [filters.region] if filters.region else [s.lo for s in who.scopes if works(s)]
    shown = min((len(significant(code)) for code in codes), default=province)
    return next((level for level in _levels if level > shown), village)


def counted(who: Asking, filters: Filters) -> pl.DataFrame:
    """A row for each region, way, day handed in, day done, state and lateness: ``n`` cases, ``days`` working days until done, ``month``."""
    found = submitted(who, filters)
    done = Entry.objects.unscoped().filter(case=OuterRef("case"), seq=OuterRef("case__entries"))
    grouped = found.annotate(
        region=Substr("case__destination", 1, depth_of(who, filters)),
        day=Cast("on", CharField()),
        done=Case(
            When(case__state=State.DONE, then=Cast(Subquery(done.values("on")[:1]), CharField())), default=Value("")
        ),
    )
    columns = ("region", "action", "day", "done", "case__state", "late")
    rows = list(grouped.order_by().values_list(*columns).annotate(n=Count("pk")))
    schema = {"region": pl.String, "action": pl.String, "day": pl.String, "done": pl.String, "state": pl.String}
    frame = pl.DataFrame(rows, {**schema, "late": pl.Boolean, "n": pl.Int64}, orient="row")
    worked = {str(day): n for day, n in worked_until(filters.first, max(who.today, filters.first)).items()}
    after = [pl.col(name).replace_strict(worked, default=None, return_dtype=pl.Int64) for name in ("done", "day")]
    names = {action: way for way, action in ways.items()}
    return frame.with_columns(
        days=after[0] - after[1],
        month=pl.col("day").str.slice(0, 7),
        way=pl.col("action").replace_strict(names, return_dtype=pl.String),
        region=pl.col("region").str.pad_end(village, "0"),
    )
