"""Months that are held back, the oldest first: for how long, by whom, whether another officer has confirmed it. Seen from both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.payments.models import Month, State, clause
from anju.payments.models.assistance import Months
from anju.payments.months import month_of, shifted, text_of
from anju.payments.queries.payees import Payee, payees
from anju.register.privacy import works_on
from anju.register.queries.paging import Listing

purpose = "经办"
ages: Mapping[str, tuple[int, int | None]] = {"0": (-1, 0), "1": (1, 2), "3": (3, 5), "6": (6, None)}
"""Age → from how many months ago to how many; None for ever."""
shows = ("", "alone", "confirmed")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the shelf is narrowed to: an age, those that one officer alone holds back (or two do); "" for all."""

    age: str = ""
    show: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """What an address gives."""
        age, show = given.get("age", ""), given.get("show", "")
        return cls(age if age in ages else "", show if show in shows else "")

    def given(self) -> dict[str, str]:
        """As an address says it."""
        return {name: text for name, text in (("age", self.age), ("show", self.show)) if text}


@dataclass(frozen=True, slots=True)
class Row:
    """A month that is held back. ``age``: how many months ago it was to be paid, 0 where it is not over; ``own``: the officer held it."""

    month: Month
    text: str
    person: Payee
    office: str
    age: int
    own: bool


class Held:
    """The months of whoever one of the officer's posts pays, or came from here or went here; what another province pays is none of them."""

    def __init__(self, who: Asking) -> None:
        self.who, self.now = who, month_of(who.today)
        self.works = any(works_on([scope], clause) for scope in who.scopes)

    @property
    def _all(self) -> Months:
        by_nobody = Q(confirmed_at__isnull=False, confirmed_by=None)
        return Month.objects.visible_to(self.who.officer, purpose=purpose).filter(~by_nobody, state=State.HELD)

    @cached_property
    def _counted(self) -> Sequence[tuple[int, int, int]]:
        """By month: how many, and how many of them one officer alone holds back."""
        if not self.works:
            return ()
        by_month = self._all.order_by().values_list("month")
        return list(by_month.annotate(n=Count("pk"), alone=Count("pk", filter=Q(confirmed_at=None))))

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(n for _, n, _ in self._counted)

    @property
    def alone(self) -> int:
        """How many wait for another officer."""
        return sum(alone for _, _, alone in self._counted)

    def by_age(self) -> Mapping[str, int]:
        """How many of each age."""
        return {age: sum(n for month, n, _ in self._counted if self._is_of(month, age)) for age in ages}

    def listing(self, filters: Filters) -> Listing[Month]:
        """The months, the oldest first."""
        rows = self._all.select_related("held_by", "confirmed_by")
        if filters.show:
            rows = rows.filter(confirmed_at__isnull=filters.show == "alone")
        if filters.age:
            least, most = ages[filters.age]
            rows = rows.filter(month__lte=shifted(self.now, -least))
            rows = rows if most is None else rows.filter(month__gte=shifted(self.now, -most))
        return Listing((rows,), ("month", "pk"))

    def rows(self, found: Iterable[Month]) -> list[Row]:
        """Months as the shelf shows them."""
        months = list(found)
        names, whom = Names({m.payer for m in months}, self.who.today), payees(self.who.officer, (m.pk for m in months))
        return [
            Row(
                month,
                text_of(month.month),
                whom[month.person_id],
                names(month.payer),
                self._age(month.month),
                month.held_by_id == self.who.officer.pk,
            )
            for month in months
        ]

    def _age(self, month: int) -> int:
        """How many months ago a month was."""
        return max(0, (self.now // 100 - month // 100) * 12 + self.now % 100 - month % 100)

    def _is_of(self, month: int, age: str) -> bool:
        least, most = ages[age]
        return max(least, 0) <= self._age(month) <= (self._age(month) if most is None else most)
