"""What an officer sees of a month's comparison: the counties with what was found in each, and the people, ledger beside list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Value, When
from django.urls import reverse

from anju.cases.models import Case as Running
from anju.cases.queries.lists import open_of
from anju.duties.models import Duty
from anju.duties.owed import reason
from anju.duties.queries import Desk, Shown
from anju.government.asking import Asking
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.table import county as county_digits
from anju.government.regions.table import significant
from anju.payments.actions.comparing import compares, purpose
from anju.payments.comparing import differing, says_of_now
from anju.payments.models import Comparison, Finding, Found, Insurance, Premium, Scheme
from anju.payments.models.lists import Findings
from anju.payments.months import month_of, read, shifted, text_of
from anju.payments.queries.payees import Payee, named
from anju.payments.queries.premiums import standing
from anju.register.guideline import guideline
from anju.register.models import CountyFacts
from anju.register.privacy import works_on

sorts: Mapping[str, Sequence[Found]] = {
    Insurance.MEDICAL: (Found.UNINSURED, Found.LAPSED, Found.TWICE, Found.UNAIDED, Found.ABSENT, Found.STRANGER, Found.DIFFERS),
    Insurance.PENSION: (Found.UNINSURED, Found.UNDRAWN, Found.TWICE, Found.UNAIDED, Found.ABSENT, Found.STRANGER, Found.DIFFERS),
}  # fmt: skip
"""The lists of each insurance, in their order."""
_elsewhere = "住在别处，由那里按名单登记、开办"
_own_words = {(Insurance.PENSION, Found.UNINSURED): "应参未参", (Insurance.PENSION, Found.UNAIDED): "代缴未到账"}


def label_of(insurance: str, sort: str) -> str:
    """What a list is called: a premium that is paid for somebody is aid in medical insurance alone."""
    return _own_words.get((Insurance(insurance), Found(sort))) or str(Found(sort).label)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown: an insurance and a month, narrowed to a county, a sort, and what was not found the month before; "" for all."""

    insurance: str
    month: int
    county: str = ""
    sort: str = ""
    news: bool = False

    @classmethod
    def of(cls, given: Mapping[str, str], now: int, allowed: Sequence[str]) -> Filters:
        """What an address gives, as far as the officer works with it; ``allowed`` is not empty."""
        insurance, county, sort = given.get("insurance", ""), given.get("county", ""), given.get("sort", "")
        return cls(
            insurance if insurance in allowed else allowed[0],
            min(read(given.get("month", "")) or now, now),
            county if county.isascii() and county.isdigit() and len(county) == 12 else "",
            sort if sort in Found.values else "",
            given.get("news", "") == "1",
        )

    def given(self) -> dict[str, str]:
        """As an address says it."""
        said = {"insurance": self.insurance, "month": text_of(self.month), "county": self.county, "sort": self.sort}
        return {name: text for name, text in {**said, "news": "1" if self.news else ""}.items() if text}


@dataclass(slots=True)
class OfCounty:
    """A county's month: its comparison (None: not compared), how many of each sort, how many of them are new, how many of the month before
    are solved (None: it was not compared), and the duty to compare.

    ``own``: one of the officer's posts compares it; ``whole``: one reaches all of it.
    """

    code: str
    name: str
    comparison: Comparison | None
    own: bool
    whole: bool
    duty: Shown | None
    counts: dict[str, int] = field(default_factory=dict)
    new: int | None = None
    solved: int | None = None

    @property
    def total(self) -> int:
        """Everything that was found."""
        return sum(self.counts.values())

    def numbers(self, of: Sequence[Found]) -> list[tuple[str, int]]:
        """Sort and number, in the order of the lists."""
        return [(sort.value, self.counts.get(sort, 0)) for sort in of]


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who was found: what lists and ledger say, why that is something, and what is to be done next.

    ``address``: "" of whom the officer sees no more than name, number and insurance: who is not registered, or is so elsewhere.
    ``next``: label and address of the next action, None for none; ``follows``: the list proves what the ledger does not say.
    """

    finding: Finding
    label: str
    name: str
    address: str
    number: str
    lists: Sequence[str]
    ledger: str
    why: str
    new: bool | None
    state: str
    next: tuple[str, str] | None
    follows: bool
    opens: bool


def insurances(who: Asking) -> list[str]:
    """Those with which one of the officer's posts works."""
    return [one.value for one in Insurance if works_on(who.scopes, one.clause)]


class Compared:
    """One month of an insurance as an officer sees it."""

    def __init__(self, who: Asking, filters: Filters) -> None:
        self.who, self.filters, self.insurance = who, filters, Insurance(filters.insurance)
        self.scopes: Sequence[Scope] = [s for s in who.scopes if works_on([s], self.insurance.clause)]
        self.before = shifted(filters.month, -1)

    def _seen(self, month: int) -> Findings:
        rows = Finding.objects.visible_to(self.who.officer, purpose=purpose)
        return rows.filter(insurance=self.insurance, month=month)

    def _same(self, month: int) -> Exists:
        """Whether the same was found about the same one in another month."""
        same = {name: OuterRef(name) for name in ("county", "sort", "key")}
        return Exists(self._seen(month).filter(**same))

    @cached_property
    def comparisons(self) -> Mapping[tuple[str, int], Comparison]:
        """Those of this month and of the one before, by county and month."""
        rows = Comparison.objects.filter(insurance=self.insurance, month__in=[self.filters.month, self.before])
        return {(row.county, row.month): row for row in rows}

    def counties(self) -> list[OfCounty]:
        """The counties that the officer's posts reach or lie in, and those in which something was found about the officer's people."""
        codes = {f"{s.lo[:6]}000000" for s in self.scopes if len(significant(s.lo)) >= county_digits}
        known = CountyFacts.objects.visible_to(self.who.officer, purpose=purpose).values_list("code", flat=True)
        codes |= {code for code in known if any(scope.lo <= code < scope.hi for scope in self.scopes)}
        counted = list(self._seen(self.filters.month).order_by().values_list("county", "sort").annotate(n=Count("pk")))
        names, duties = Names(codes | {c for c, _, _ in counted}, self.who.today), self._duties()
        found = {code: self._of_county(code, names, duties) for code in sorted(codes | {c for c, _, _ in counted})}
        for code, sort, n in counted:
            found[code].counts[sort] = n
        for code, of in found.items():
            if of.comparison and (code, self.before) in self.comparisons:
                of.new, of.solved = 0, 0
        for attribute, month, other in (
            ("new", self.filters.month, self.before),
            ("solved", self.before, self.filters.month),
        ):
            rows = self._seen(month).filter(~self._same(other)).order_by().values_list("county").annotate(n=Count("pk"))
            for code, n in rows:
                if code in found and getattr(found[code], attribute) is not None:
                    setattr(found[code], attribute, n)
        return list(found.values())

    def _of_county(self, code: str, names: Names, duties: Mapping[str, Shown]) -> OfCounty:
        own = compares(self.scopes, self.insurance, code)
        whole = _reaches(self.scopes, self.insurance, code)
        found = self.comparisons.get((code, self.filters.month))
        return OfCounty(code, names(code), found, own, whole, duties.get(code))

    def _duties(self) -> Mapping[str, Shown]:
        """This month's duty to compare, by county."""
        if self.filters.month != month_of(self.who.today):
            return {}
        seen = Duty.objects.visible_to(self.who.officer, purpose=purpose).owed()
        rows = list(seen.filter(subject_kind="county", kind=self.insurance.duty))
        return {one.duty.subject_id: one for one in Desk(self.who.officer).shown(rows)}

    def found(self) -> Findings:
        """What was found, as it is narrowed."""
        rows = self._seen(self.filters.month)
        rows = rows.filter(county=self.filters.county) if self.filters.county else rows
        rows = rows.filter(sort=self.filters.sort) if self.filters.sort else rows
        rows = rows.filter(~self._same(self.before)) if self.filters.news else rows
        order = [When(sort=sort, then=Value(at)) for at, sort in enumerate(sorts[self.insurance])]
        place = Case(*order, default=Value(len(order)), output_field=IntegerField())
        return rows.annotate(place=place).order_by("county", "place", "pk")

    def rows(self, some: Sequence[Finding], *, numbers: bool = False) -> list[Row]:
        """Findings as a list shows them; with ``numbers`` the masked number of everybody."""
        told = {one.pk: json.loads(one.told.reveal()) for one in some}
        people = {one.key for one in some if one.person_id}
        found = named(self.who.officer, {one.person_id for one in some if one.person_id}, numbers=numbers)
        known = {str(key): whom for key, whom in found.items()}
        owed_rows = Duty.objects.visible_to(self.who.officer, purpose=purpose).owed()
        owed = set(owed_rows.filter(subject_kind="person", subject_id__in=people).values_list("subject_id", "kind"))
        cases = open_of(self.who.officer, [("person", key) for key in people])
        before = self._seen(self.before).filter(key__in=[one.key for one in some])
        were = set(before.values_list("county", "sort", "key"))
        places = {row.get("place", "") for said in told.values() for row in said["rows"]}
        names = Names(places | {row["county"] for said in told.values() for row in said["rows"]}, self.who.today)
        unaided = [one.key for one in some if one.sort == Found.UNAIDED]
        paid = standing(self.who, Scheme(self.insurance.value), self.filters.month // 100, unaided) if unaided else {}
        return [
            self._row(
                one,
                told[one.pk],
                names,
                owed,
                cases,
                were,
                whom=known.get(one.key),
                paid=paid.get(one.key) if one.sort == Found.UNAIDED else None,
            )
            for one in some
        ]

    def _row(
        self,
        one: Finding,
        told: Mapping[str, Any],
        names: Names,
        owed: set[tuple[str, str]],
        cases: Mapping[tuple[str, str, str], Running],
        were: set[tuple[str, str, str]],
        *,
        whom: Payee | None,
        paid: Premium | None,
    ) -> Row:
        insurance = self.insurance
        reached = whom is not None and whom.reached
        follows = reached and bool(differing(insurance, one.month, told["listed"], told["ledger"]))
        state, action, opens = _next(one, owed, cases, follows=follows, reached=reached)
        if paid is not None:
            held = self.comparisons.get((one.county, one.month))
            state, action = _return(paid, held.compared_at if held else None)
        if whom and not reached:
            state = f"{state}；{_elsewhere}" if state else _elsewhere
        compared = (one.county, self.before) in self.comparisons
        return Row(
            one,
            label_of(insurance, one.sort),
            (whom.name if whom else told.get("name")) or "—",
            reverse("register:person", args=[one.key]) if reached else "",
            (whom.number if whom else told.get("number")) or "",
            [_list_says(insurance, row, names) for row in told["rows"]],
            _ledger_says(insurance, told["ledger"]) if one.person_id else "没有登记",
            _why(one),
            (one.county, one.sort, one.key) not in were if compared else None,
            state,
            action,
            follows,
            opens,
        )


def _why(one: Finding) -> str:
    if one.decision:
        return reason(guideline(), one.decision, one.row)
    return {
        Found.LAPSED: "断了多少个月还不知道，补录以后才定怎么办",
        Found.UNAIDED: "说的是名单那一年，钱要追查；今年的看今年的名单",
        Found.TWICE: "同一个月不止一份在保；任何一天只有一份生效",
        Found.ABSENT: "不在名单里，可能在别处参保，也可能没有参保，要核实",
        Found.STRANGER: "不是搬迁群众的不用管；是的，先登记",
        Found.DIFFERS: "核对以后可以按名单登记",
    }.get(Found(one.sort), "")


def _next(
    one: Finding,
    owed: set[tuple[str, str]],
    cases: Mapping[tuple[str, str, str], Running],
    *,
    follows: bool,
    reached: bool,
) -> tuple[str, tuple[str, str] | None, bool]:
    """How far the duty is, the next action, and whether a case can be opened."""
    of_then = one.sort == Found.UNAIDED and not says_of_now(Insurance(one.insurance).aid, one.month)
    if not one.person_id or not one.kind or of_then:
        return "", None, False
    duty = guideline().duties[one.kind]
    procedure = duty.ends[1] if duty.ends[0] == "procedure" else ""
    if running := cases.get(("person", one.key, procedure)):
        return f"{duty.name}：在办", ("看办件", reverse("cases:case", args=[running.pk])), False
    if (one.key, one.kind) not in owed:
        return (f"{duty.name}：先按名单登记" if follows else f"{duty.name}：已了结"), None, False
    if not reached:
        return f"{duty.name}：未办", None, False
    if procedure:
        return f"{duty.name}：未办", ("开办", reverse("cases:new", args=[procedure, one.key])), True
    return f"{duty.name}：未办", ("去登记", reverse("register:person", args=[one.key])), False


def _return(paid: Premium, compared_at: datetime | None) -> tuple[str, tuple[str, str] | None]:
    """That a premium which has not arrived stands, and where it is returned; of one that was approved since nothing is proved yet."""
    address = f"{reverse('premiums:batch', args=[paid.batch_id])}?person={paid.person_id}"
    of = f"{paid.year} 年的{Scheme(paid.scheme).label}"
    approved_at = paid.batch.approved_at
    if compared_at and approved_at and compared_at < approved_at:
        return f"{of}：比对以后才复核代缴，到没到账看下一份名单", None
    if paid.return_asked_at is None:
        return f"{of}：已复核代缴，没有到账的退回重提", ("去退回", address)
    return f"{of}：退回等复核", ("看退回", address)


def _list_says(insurance: Insurance, row: Mapping[str, Any], names: Names) -> str:
    parts = [_facts_text(insurance, row["facts"])]
    if row.get("months") is not None:
        parts.append(f"已缴 {row['months']} 个月")
    return f"{names(row.get('place') or row['county'])}：{'，'.join(parts)}"


def _ledger_says(insurance: Insurance, facts: Mapping[str, Any]) -> str:
    return _facts_text(insurance, facts) or "没有写"


def _facts_text(insurance: Insurance, facts: Mapping[str, Any]) -> str:
    terms, parts = guideline().terms, []
    for code in insurance.facts:
        if code not in facts:
            continue
        term, value = terms[code], facts[code]
        if code == insurance.status:
            parts.append(term.label(value))
        elif code == insurance.aid:
            parts.append(f"{term.name}：{'是' if value else '否'}")
        elif value is True:
            parts.append(term.name)
        elif value is not False:
            parts.append(f"{term.name} {value}")
    return "，".join(parts)


def comparison(who: Asking, key: UUID) -> Comparison | None:
    """A comparison of a county that one of the officer's posts of such work reaches as a whole; foreign and missing are one."""
    found = Comparison.objects.filter(pk=key).first()
    return found if found and _reaches(who.scopes, Insurance(found.insurance), found.county) else None


def _reaches(scopes: Sequence[Scope], insurance: Insurance, county: str) -> bool:
    return any(scope.lo <= county < scope.hi and works_on([scope], insurance.clause) for scope in scopes)
