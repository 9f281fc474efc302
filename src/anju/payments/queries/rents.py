"""What an officer sees of the land-rent subsidy: a county's rate, budget and grants of a year, and who is owed one and has none yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum

from anju.duties.models import Duties, Duty
from anju.government.asking import Asking
from anju.government.lines import Level
from anju.government.queries import Scope, reaching
from anju.government.queries.names import Names
from anju.government.regions.reach import scope_of
from anju.government.second_wall import everything
from anju.payments.actions.rents import purpose, rate_of
from anju.payments.models import (
    RentBudget,
    RentGrant,
    RentState,
    approves_rents,
    budgets_rents,
    knows_rents,
    proposes_rents,
)
from anju.payments.models.rents import RentGrants, duty, standing
from anju.payments.one_stop import Figure
from anju.payments.rents import amount_of, mu_of
from anju.register.among import Many
from anju.register.facts import facts_by_subject
from anju.register.models import Person
from anju.register.queries.whom import Whom, whom
from anju.sealing.masking import mask

_a_page = 50
_nothing = Decimal("0.00")
_no_rate = "set_subsidy_rate"


@dataclass(frozen=True, slots=True)
class OfCounty:
    """A county's year. ``whole``: the officer's post is for all of it; else what was ``granted`` and ``proposed`` is that of the post's own
    region, and nobody there can tell the ``rest`` of the budget. ``waiting``: so many are owed something as soon as there is a rate.
    """

    county: str
    name: str
    year: int
    whole: bool
    rate: Figure | None
    budgets: Sequence[RentBudget]
    granted: Decimal
    proposed: Decimal
    grants: int
    waits: int
    waiting: int
    may_budget: bool

    @property
    def budget(self) -> RentBudget | None:
        """The one that holds."""
        return self.budgets[0] if self.budgets else None

    @property
    def rest(self) -> Decimal:
        """What is left of the budget."""
        return (self.budget.amount if self.budget else _nothing) - self.granted

    @property
    def short(self) -> Decimal:
        """How much more is proposed than is left; 0 where it fits."""
        return max(_nothing, self.proposed - self.rest)


@dataclass(frozen=True, slots=True)
class Due:
    """A household that is owed the subsidy: who rents, how many mu (None: not recorded), how many of them no grant is for, what they come
    to, and how much waits already.
    """

    person: str
    whom: Whom
    whole: Decimal | None
    left: Decimal | None
    amount: Decimal | None
    waits: Decimal
    may_propose: bool


def counties(who: Asking) -> list[str]:
    """The counties whose grants concern the officer's posts; of a post of the city those that have a budget."""
    found: dict[str, None] = {}
    for scope in (scope for scope in who.scopes if knows_rents(scope)):
        if scope.level == Level.CITY:
            rows = RentBudget.objects.filter(county__gte=scope.lo, county__lt=scope.hi).order_by("county")
            found.update(dict.fromkeys(rows.values_list("county", flat=True)))
        else:
            found[f"{scope.lo[:6]}000000"] = None
    return list(found)


def years(who: Asking, county: str) -> list[int]:
    """The years of which there is a budget or a grant, and this one, the latest first."""
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose).filter(county=county)
    budgeted = RentBudget.objects.filter(county=county)
    found = {*seen.values_list("year", flat=True).distinct(), *budgeted.values_list("year", flat=True).distinct()}
    return sorted(found | {who.today.year}, reverse=True)


def of_county(who: Asking, county: str, year: int) -> OfCounty:
    """A county's year as the officer's posts see it."""
    near = [scope for scope in who.scopes if knows_rents(scope) and _is_whole(scope, county)]
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose).filter(county=county, year=year)
    granted, proposed = Q(state=RentState.GRANTED), Q(state=RentState.PROPOSED)
    sums = seen.aggregate(
        granted=Sum("amount", filter=granted),
        proposed=Sum("amount", filter=proposed),
        grants=Count("pk", filter=granted),
        waits=Count("pk", filter=proposed),
    )
    budgets = RentBudget.objects.filter(county=county, year=year).select_related("by").order_by("-seq")
    return OfCounty(
        county=county,
        name=Names([county], who.today)(county),
        year=year,
        whole=bool(near),
        rate=rate_of(county, who.today if year == who.today.year else date(year, 12, 31)),
        budgets=list(budgets),
        granted=sums["granted"] or _nothing,
        proposed=sums["proposed"] or _nothing,
        grants=sums["grants"],
        waits=sums["waits"],
        waiting=_owed(who, county, _no_rate).count(),
        may_budget=any(budgets_rents(scope) and scope.lo == county for scope in who.scopes),
    )


def _is_whole(scope: Scope, county: str) -> bool:
    lo, hi = scope_of(county)
    return scope.lo <= lo and hi <= scope.hi


def _owed(who: Asking, county: str, kind: str) -> Duties:
    lo, hi = scope_of(county)
    seen = Duty.objects.visible_to(who.officer, purpose=purpose).owed()
    return seen.filter(kind=kind, subject_kind="person", destination__gte=lo, destination__lt=hi)


def due(who: Asking, county: str, page: str) -> tuple[Page[Duty], list[Due]]:
    """A page of whom the duty says that the subsidy is owed to, within the officer's reach."""
    found = Paginator(_owed(who, county, duty).order_by("destination", "subject_id"), _a_page).get_page(page)
    rows = list(found.object_list)
    ids = [row.subject_id for row in rows]
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose).filter(
        year=who.today.year, person__among=Many(ids)
    )
    taken = {str(one["person"]): one for one in _by_person(seen)}
    about = whom(who.officer, [("person", one) for one in ids], who.today)
    with everything():
        facts = facts_by_subject("person", ids, on=who.today) if ids else {}
    rate = rate_of(county, who.today)
    listed = []
    for row in rows:
        named = about.get(("person", row.subject_id))
        if named is None:
            continue
        written, sums = facts.get(row.subject_id, {}).get("rented_mu"), taken.get(row.subject_id, {})
        whole = None if written is None else mu_of(written)
        left = None if whole is None else max(_nothing, whole - (sums.get("mu") or _nothing))
        amount = None if left is None or rate is None else amount_of(left, rate.value)
        may = any(proposes_rents(scope) for scope in reaching(who.scopes, row.destination))
        listed.append(Due(row.subject_id, named, whole, left, amount, sums.get("waits") or _nothing, may))
    return found, listed


def _by_person(seen: RentGrants) -> list[dict[str, Any]]:
    rows: Any = seen.filter(state__in=standing).values("person").order_by("person")
    return list(rows.annotate(mu=Sum("mu"), waits=Sum("amount", filter=Q(state=RentState.PROPOSED))))


def grants(
    who: Asking, county: str, year: int, page: str
) -> tuple[Page[RentGrant], list[tuple[RentGrant, Whom | None]]]:
    """A page of a county's grants of a year, those that wait first, with whom each is for."""
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose).filter(county=county, year=year)
    waits_first = seen.annotate(first=Q(state=RentState.PROPOSED)).order_by("-first", "-asked_at")
    found = Paginator(waits_first, _a_page).get_page(page)
    rows = list(found.object_list)
    about = whom(who.officer, [("person", str(row.person_id)) for row in rows], who.today)
    return found, [(row, about.get(("person", str(row.person_id)))) for row in rows]


@dataclass(frozen=True, slots=True)
class One:
    """A grant, whom it is for, where it lies; and what the officer may do with it."""

    grant: RentGrant
    whom: Whom | None
    place: str
    mine: bool
    may_propose: bool
    may_approve: bool


def one(who: Asking, key: UUID) -> One | None:
    """A grant that the officer may see; foreign and missing are one."""
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose)
    row = seen.select_related("asked_by", "approved_by", "ended_by").filter(pk=key).first()
    if row is None:
        return None
    here = reaching(who.scopes, row.destination)
    named = whom(who.officer, [("person", str(row.person_id))], who.today).get(("person", str(row.person_id)))
    place = Names([row.village], who.today)(row.village)
    mine = row.asked_by_id == who.officer.pk
    return One(row, named, place, mine, any(map(proposes_rents, here)), any(map(approves_rents, here)))


def may_propose(who: Asking, person: Person) -> bool:
    """Whether one of the officer's posts proposes for somebody."""
    return any(map(proposes_rents, reaching(who.scopes, person.destination)))


def name_of(who: Asking, code: str) -> str:
    """A place by its name."""
    return Names([code], who.today)(code)


def other_counties(who: Asking, county: str) -> list[tuple[str, str]]:
    """The other counties that concern the officer's posts, by their names."""
    codes = [code for code in counties(who) if code != county]
    names = Names(codes, who.today)
    return [(code, names(code)) for code in codes]


def listed_cells(who: Asking, county: str, year: int) -> list[list[str]]:
    """The whole list as texts: name, masked number, household, plot and where it lies, areas, rate, amount, state, days."""
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose).filter(county=county, year=year)
    rows = list(seen.select_related("asked_by", "approved_by").order_by("asked_at", "pk"))
    ids = {str(row.person_id) for row in rows}
    known = Person.objects.visible_to(who.officer, purpose=purpose).filter(pk__among=Many(sorted(ids)))
    people = {row.pk: row for row in known}
    homes = whom(who.officer, [("household", str(row.household_id)) for row in rows], who.today)
    names = Names([row.village for row in rows], who.today)
    found = []
    for row in rows:
        person, home = people.get(row.person_id), homes.get(("household", str(row.household_id)))
        number = mask("id_number", person.number.reveal()) if person and person.number else ""
        whose = [person.name if person else "", number, home.name if home else ""]
        amounts = [f"{amount:.2f}" for amount in (row.mu, row.rate, row.amount)]
        paid = row.paid_on.isoformat() if row.paid_on else ""
        told = [
            str(RentState(row.state).label),
            row.asked_by.name,
            row.approved_by.name if row.approved_by else "",
            paid,
        ]
        found.append([*whose, names(row.village), row.plot, *amounts, *told, row.because])
    return found
