"""A month of the officer's own offices: how many of each sort there are, what is not in order, and whose months they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import Count, Exists, OuterRef, Q, Value, When

from anju.government.asking import Asking
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.reach import scope_of
from anju.payments.chain import is_office
from anju.payments.models import Amount, Closing, Kind, Month, State, clause, gives, missed, open_month, returned
from anju.payments.months import month_of, read, shifted, text_of
from anju.payments.queries import standing
from anju.payments.queries.payees import Payee, ended_before, payees
from anju.register.privacy import works_on
from anju.register.queries.paging import Listing

purpose = "经办"
shows: Sequence[str] = ("", "expected", "paid", "held", "alone", "stray", "double")


def _shown(filters: Filters) -> Q:
    """The months that a sort narrows to."""
    came_back = returned(filters.month)
    return {
        "": Q(),
        "expected": open_month | came_back,
        "paid": Q(state=State.PAID) & ~came_back,
        "held": Q(state=State.HELD, confirmed_at__isnull=False),
        "alone": Q(state=State.HELD, confirmed_at=None),
    }[filters.show]


_most_offices = 60
_most_strays = 2_000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the month is narrowed to: an office or a region of offices, a kind, a sort; "" for all."""

    month: int
    office: str = ""
    kind: str = ""
    show: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str], now: int) -> Filters:
        """What an address gives; without a month this one."""
        office, kind, show = given.get("office", ""), given.get("kind", ""), given.get("show", "")
        return cls(
            read(given.get("month", "")) or now,
            office if office.isascii() and office.isdigit() and len(office) == 12 and office.strip("0") else "",
            kind if kind in Kind.values else "",
            show if show in shows else "",
        )

    def given(self) -> dict[str, str]:
        """As an address says it."""
        said = {"month": text_of(self.month), "office": self.office, "kind": self.kind, "show": self.show}
        return {name: text for name, text in said.items() if text}


@dataclass(slots=True)
class Office:
    """An office, or a county of offices (``closes`` False): how many months of each state, and what is not in order.

    ``double``: paid, and by somebody else or of the other kind too. ``stray``: paid by another before it did, or paid by it for a month
    that another one or nobody had to pay, or to somebody who was no more.
    """

    code: str
    name: str
    closes: bool
    counts: dict[str, int] = field(default_factory=dict)
    double: int = 0
    stray: int = 0
    closing: Closing | None = None
    own: bool = False

    @property
    def total(self) -> int:
        """All months that somebody has to pay."""
        return sum(self.counts.values())

    @property
    def paid(self) -> int:
        """Those that are paid."""
        return self.counts.get(State.PAID, 0)

    @property
    def held(self) -> int:
        """Those that are held back by two."""
        return self.counts.get(State.HELD, 0)

    @property
    def alone(self) -> int:
        """Those that one officer alone holds back, so that they are open."""
        return self.counts.get("alone", 0)

    @property
    def open(self) -> int:
        """Those that nobody has paid, and that are not held back in order: until none is left the month stays open."""
        return self.counts.get(State.EXPECTED, 0) + self.alone

    @property
    def unpaid(self) -> int:
        """The same with those whose money came back since the month was closed."""
        return self.open + self.counts.get("returned", 0)


class InMonth:
    """One month as an officer sees it."""

    def __init__(self, who: Asking, filters: Filters) -> None:
        self.who, self.filters = who, filters
        self.scopes: Sequence[Scope] = [scope for scope in who.scopes if works_on([scope], clause)]
        self.over = filters.month < month_of(who.today)
        lo, hi = scope_of(filters.office) if filters.office else ("", "~")
        within = Q(pk__in=[])
        for scope in self.scopes:
            within |= Q(payer__gte=max(lo, scope.lo), payer__lt=min(hi, scope.hi))
        self._lo, self._hi = lo, hi
        self._within = within & (Q(kind=filters.kind) if filters.kind else Q())

    @cached_property
    def ended(self) -> frozenset[UUID]:
        """Of whom something is written down for this month although they were no more: what they got has to come back."""
        return ended_before(self.who.officer, self.filters.month)

    @cached_property
    def strays(self) -> Sequence[tuple[str, str, str]]:
        """Person, kind and payer of what was paid for this month and not taken back: not by whose month it is, or after a death."""
        same = {"person": OuterRef("person"), "kind": OuterRef("kind"), "month": OuterRef("month")}
        own = Month.objects.visible_to(self.who.officer, purpose=purpose)
        rows = Amount.objects.visible_to(self.who.officer, purpose=purpose).filter(
            ~Exists(own.filter(**same, payer=OuterRef("payer"))) | Q(person__in=self.ended),
            ~Exists(own.filter(missed(), **same)),
            month=self.filters.month,
        )
        net: dict[tuple[str, str, str], int] = {}
        for person, kind, payer, sort, amount in rows.values_list("person_id", "kind", "payer", "sort", "amount")[
            :_most_strays
        ]:
            key = (str(person), kind, payer)
            net[key] = net.get(key, 0) + (1 if sort in gives else -1) * int(amount * 100)
        return [key for key, left in net.items() if left > 0]

    @cached_property
    def crossing(self) -> Mapping[Month, Sequence[tuple[str, str]]]:
        """The months that are in question for `strays`, each with their kinds and payers: those of the same kind; where there is none, of
        the other; and what is paid although the other kind was too.
        """
        strays: dict[str, list[tuple[str, str]]] = {}
        for person, kind, payer in self.strays:
            strays.setdefault(person, []).append((kind, payer))
        months = Month.objects.visible_to(self.who.officer, purpose=purpose)
        rows = list(months.filter(person_id__in=strays, month=self.filters.month))
        there = {(str(row.person_id), row.kind) for row in rows}
        found: dict[Month, Sequence[tuple[str, str]]] = {}
        for row in rows:
            person, paid = str(row.person_id), row.state == State.PAID
            of_it = [one for one in strays[person] if paid or one[0] == row.kind or (person, one[0]) not in there]
            if of_it:
                found[row] = of_it
        return found

    def beside(self) -> list[tuple[UUID, str, str]]:
        """Person, kind and payer of what the officer's offices paid although it was not theirs."""
        own = [one for one in self.strays if self.is_own(one[2]) and self._shows(one[2])]
        return [(UUID(one), kind, payer) for one, kind, payer in own if self.filters.kind in ("", kind)]

    @cached_property
    def _crossed(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The same as `(id, payer)` for each office that has to do with it, under "double" (paid twice) and "stray" (not by who has to)."""
        found: dict[str, dict[tuple[int, str], None]] = {"double": {}, "stray": {}}
        for row, strays in self.crossing.items():
            twice = row.state == State.PAID and row.person_id not in self.ended
            offices = (row.payer, *(payer for _, payer in strays))
            found["double" if twice else "stray"] |= {(row.pk, office): None for office in offices if office}
        return {sort: list(pairs) for sort, pairs in found.items()}

    def offices(self) -> list[Office]:
        """Each office of the officer's, or where they are many each county."""
        rows = Month.objects.visible_to(self.who.officer, purpose=purpose).filter(
            self._within, month=self.filters.month
        )
        state = Choose(
            When(state=State.HELD, confirmed_at=None, then=Value("alone")),
            When(returned(self.filters.month), then=Value("returned")),
            default="state",
        )
        counted = list(rows.order_by().annotate(how=state).values_list("payer", "how").annotate(n=Count("pk")))
        closings = Closing.objects.visible_to(self.who.officer, purpose=purpose).filter(month=self.filters.month)
        asked = [row for row in closings.select_related("asked_by", "closed_by") if self._shows(row.payer)]
        strays = {payer for pairs in self._crossed.values() for _, payer in pairs if self.is_own(payer)}
        codes = {payer for payer, _, _ in counted} | {row.payer for row in asked} | strays
        folded = len(codes) > _most_offices and not self.filters.office
        code_of = {code: f"{code[:6]}000000" if folded else code for code in codes}
        names = Names(code_of.values(), self.who.today)
        found = {code: Office(code, names(code), closes=not folded) for code in sorted(set(code_of.values()))}
        for payer, state, n in counted:
            counts = found[code_of[payer]].counts
            counts[state] = counts.get(state, 0) + n
        for sort, pairs in self._crossed.items():
            for _, code in {(key, code_of[payer]) for key, payer in pairs if payer in code_of}:
                setattr(found[code], sort, getattr(found[code], sort) + 1)
        for closing in () if folded else asked:
            found[closing.payer].closing = closing
            found[closing.payer].own = closing.asked_by_id == self.who.officer.pk
        return list(found.values())

    def _shows(self, office: str) -> bool:
        """Whether an office is one of those that the month is narrowed to."""
        return self._lo <= office < self._hi

    def is_own(self, office: str) -> bool:
        """Whether it is one of the officer's too."""
        return self._shows(office) and any(scope.lo <= office < scope.hi for scope in self.scopes)

    def listing(self) -> Listing[Month]:
        """The months, by office."""
        rows = Month.objects.visible_to(self.who.officer, purpose=purpose).filter(month=self.filters.month)
        if self.filters.show in self._crossed:
            rows = rows.filter(pk__in=[key for key, _ in self._crossed[self.filters.show]])
            rows = rows.filter(kind=self.filters.kind) if self.filters.kind else rows
        else:
            rows = rows.filter(self._within)
            rows = rows.filter(_shown(self.filters))
        return Listing((rows,), ("payer", "pk"))

    def begun(self) -> bool:
        """Whether one of the officer's offices keeps its months here."""
        return Month.objects.visible_to(self.who.officer, purpose=purpose).filter(self._within).exists()

    def townships(self) -> list[str]:
        """The officer's own townships, where the posts are of one."""
        return sorted({scope.lo for scope in self.scopes if is_office(scope.lo)})


@dataclass(frozen=True, slots=True)
class Row:
    """A month with its person, the office by name, and who else paid it; ``late``: paid after the person's death; ``told``: how it stands,
    in words; ``owed``: something of it came back from the bank, and nobody has paid that again.
    """

    month: Month
    person: Payee
    office: str
    others: Sequence[str]
    late: bool
    told: str
    owed: bool

    @property
    def double(self) -> bool:
        """Whether it is paid twice."""
        return bool(self.others) and self.month.state == State.PAID


def rows(found: Iterable[Month], seen: InMonth) -> list[Row]:
    """Months as a list shows them."""
    months = list(found)
    names = Names({m.payer for m in months} | {payer for _, _, payer in seen.strays}, seen.who.today)
    whom, found_rows, money = payees(seen.who.officer, (m.pk for m in months)), [], _money(months, seen)
    for m in months:
        strays = seen.crossing.get(m, ())
        elsewhere = [
            names(payer) if kind == m.kind else f"{names(payer)}（{Kind(kind).label}）"
            for kind, payer in strays
            if (kind, payer) != (m.kind, m.payer)
        ]
        late = bool(strays) and m.person_id in seen.ended
        own = money.get((m.person_id, m.kind, m.payer), standing.no_money)
        words = standing.told(m, own, over=seen.over)
        owed = words in (standing.returned, standing.in_part)
        found_rows.append(Row(m, whom[m.person_id], names(m.payer), elsewhere, late, words, owed))
    return found_rows


def _money(months: Sequence[Month], seen: InMonth) -> Mapping[tuple[UUID, str, str], standing.Money]:
    """What became of the money of months, by person, kind and payer; one question."""
    own = Amount.objects.visible_to(seen.who.officer, purpose=purpose).filter(
        month=seen.filters.month, person__in={m.person_id for m in months}
    )
    given: dict[tuple[UUID, str, str], list[tuple[str, Decimal]]] = {}
    told_of = own.order_by("recorded_at", "pk").values_list("person_id", "kind", "payer", "sort", "amount")
    for person, kind, payer, sort, amount in told_of if months else ():
        given.setdefault((person, kind, payer), []).append((sort, amount))
    return {key: standing.Money.of(amounts) for key, amounts in given.items()}


def around(month: int, today: Any) -> tuple[str, str]:
    """The month before and the one after, "" where nothing is expected yet."""
    last = shifted(month_of(today))
    return text_of(shifted(month, -1)), text_of(shifted(month)) if month < last else ""
