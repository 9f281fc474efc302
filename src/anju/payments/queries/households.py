"""发放名单 by household: whom an office pays in a month, household by household, with who else pays the rest of a household that is split.

A household's money is the sum of what its members got (docs/adr/0018), so that the list says to the cent what the months of its people say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.payments.chain import is_office
from anju.payments.models import Amount, Month, State
from anju.payments.months import first_day, shifted
from anju.payments.queries.month import InMonth, purpose
from anju.payments.queries.payees import Payee, payees
from anju.payments.queries.standing import Money, no_money, told
from anju.register.among import Many
from anju.register.models import Household, Membership
from anju.register.models.people import head

most = 20_000
"""So many people are listed at once; an office that pays more begins no months (`anju.payments.actions.beginning`)."""
_nothing = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """A month of one person, what the person is to the head, what the office paid for it by now, and how it stands."""

    month: Month
    person: Payee
    relation: str
    paid: Decimal
    told: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household as far as one office pays it. ``code`` is "" for one out of the officer's reach, or for somebody in none.

    ``elsewhere``: the other offices that pay somebody of it this month, by name, and how many people.
    """

    key: UUID | None
    code: str
    lines: Sequence[Line]
    elsewhere: Sequence[tuple[str, int]]

    @property
    def total(self) -> Decimal:
        """What the office paid the household."""
        return sum((line.paid for line in self.lines), _nothing)

    @property
    def head(self) -> str:
        """The head's name, or that of the first whom the office pays."""
        first = next((line for line in self.lines if line.relation == head), self.lines[0])
        return first.person.name


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody lives in a month: the household, and what the person is to its head."""

    home: UUID | None = None
    relation: str = ""


class ByHousehold:
    """The list of one office and month, as an officer sees it."""

    def __init__(self, who: Asking, seen: InMonth) -> None:
        self.who, self.seen = who, seen
        self.month, self.office = seen.filters.month, seen.filters.office

    @cached_property
    def months(self) -> Sequence[Month]:
        """The months that the office has to pay; none where it is no township within one of the officer's posts of this work."""
        if not is_office(self.office):
            return ()
        if not any(scope.lo <= self.office < scope.hi for scope in self.seen.scopes):
            return ()
        seen = Month.objects.visible_to(self.who.officer, purpose=purpose).filter(payer=self.office, month=self.month)
        return list(seen.exclude(state=State.STOPPED).order_by("pk")[:most])

    @cached_property
    def paid(self) -> Mapping[tuple[str, str], Money]:
        """What the office paid for this month to whomever, by person and kind."""
        seen = Amount.objects.visible_to(self.who.officer, purpose=purpose).filter(payer=self.office, month=self.month)
        given: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
        told_of = seen.order_by("recorded_at", "pk").values_list("person_id", "kind", "sort", "amount")
        for person, kind, sort, amount in told_of:
            given.setdefault((str(person), kind), []).append((sort, amount))
        return {key: Money.of(amounts) for key, amounts in given.items()}

    def _of(self, month: Month) -> Money:
        return self.paid.get((str(month.person_id), month.kind), no_money)

    @cached_property
    def total(self) -> Decimal:
        """What the office paid for its own months."""
        return sum((self._of(month).net for month in self.months), _nothing)

    @cached_property
    def astray(self) -> Decimal:
        """What it paid for this month to people whose month it is not."""
        return sum((money.net for money in self.paid.values()), _nothing) - self.total

    @cached_property
    def _places(self) -> Mapping[str, _Place]:
        return places_in(sorted({str(m.person_id) for m in self.months}), self.month)

    @cached_property
    def _codes(self) -> Mapping[UUID, str]:
        """The households of the list that the officer may see, by their codes."""
        homes = sorted({str(place.home) for place in self._places.values() if place.home})
        seen = Household.objects.visible_to(self.who.officer, purpose=purpose).filter(pk__among=Many(homes))
        return dict(seen.values_list("pk", "code"))

    @cached_property
    def groups(self) -> Sequence[Sequence[Month]]:
        """The months by household, those of reach by code and the others behind them."""
        found: dict[str, list[Month]] = {}
        for month in self.months:
            person = str(month.person_id)
            found.setdefault(str(self._place(person).home or person), []).append(month)
        return sorted(found.values(), key=self._order)

    def _order(self, months: Sequence[Month]) -> tuple[bool, str, int]:
        home = self._place(str(months[0].person_id)).home
        code = self._codes.get(home, "") if home else ""
        return (not code, code, months[0].pk)

    def _place(self, person: str) -> _Place:
        return self._places.get(person, _nowhere)

    def homes(self, groups: Sequence[Sequence[Month]], *, numbers: bool = False) -> list[Home]:
        """Households as the list shows them; with ``numbers`` the masked ID number of everybody."""
        months = [month for group in groups for month in group]
        named = payees(self.who.officer, [month.pk for month in months], numbers=numbers)
        elsewhere = self._elsewhere(groups)
        return [self._home(group, named, elsewhere) for group in groups]

    def _home(
        self, group: Sequence[Month], named: Mapping[UUID, Payee], elsewhere: Mapping[UUID, Sequence[tuple[str, int]]]
    ) -> Home:
        home = self._place(str(group[0].person_id)).home
        lines = [self._line(month, named[month.person_id]) for month in group]
        lines.sort(key=lambda line: (line.relation != head, line.month.pk))
        if home is None or home not in self._codes:
            return Home(None, "", lines, ())
        return Home(home, self._codes[home], lines, elsewhere.get(home, ()))

    def _line(self, month: Month, person: Payee) -> Line:
        place, money = self._place(str(month.person_id)), self._of(month)
        relation = place.relation if person.reached and place.home in self._codes else ""
        return Line(month, person, relation, money.net, told(month, money, over=self.seen.over))

    def _elsewhere(self, groups: Sequence[Sequence[Month]]) -> Mapping[UUID, Sequence[tuple[str, int]]]:
        """Of households within reach who else pays somebody of theirs this month, as far as the officer may see it."""
        homes = {self._place(str(group[0].person_id)).home for group in groups} & set(self._codes)
        lived = members_in(sorted(str(home) for home in homes), self.month)
        seen = Month.objects.visible_to(self.who.officer, purpose=purpose).filter(
            month=self.month, person__among=Many(sorted(lived))
        )
        rows = list(seen.exclude(payer=self.office).exclude(state=State.STOPPED).values_list("person_id", "payer"))
        names = Names({payer for _, payer in rows}, self.who.today)
        counted: dict[UUID, dict[str, int]] = {}
        for person, payer in rows:
            by_office = counted.setdefault(lived[str(person)], {})
            by_office[names(payer)] = by_office.get(names(payer), 0) + 1
        return {home: list(by_office.items()) for home, by_office in counted.items()}


_nowhere = _Place()


def places_in(people: Sequence[str], month: int) -> Mapping[str, _Place]:
    """The household of each in a month, by person: the last one that had begun, else the first that is known. Acts for nobody."""
    with everything():
        rows = Membership.objects.unscoped().filter(person__among=Many(people)).order_by("since")
        known = list(rows.values_list("person_id", "household_id", "relation", "since", "until"))
    after, found, first = first_day(shifted(month)), dict[str, _Place](), dict[str, _Place]()
    for person, home, relation, since, until in known:
        first.setdefault(str(person), _Place(home, relation) if since >= after else _nowhere)
        if since < after:
            found[str(person)] = _Place(home, relation) if until > first_day(month) else _nowhere
    return {**first, **found}


def members_in(homes: Sequence[str], month: int) -> Mapping[str, UUID]:
    """Who lives in those households in a month, by person. Acts for nobody."""
    with everything():
        rows = Membership.objects.unscoped().filter(household__among=Many(homes))
        people = sorted({str(person) for person in rows.values_list("person_id", flat=True)})
    wanted = set(homes)
    placed = places_in(people, month)
    return {person: place.home for person, place in placed.items() if place.home and str(place.home) in wanted}
