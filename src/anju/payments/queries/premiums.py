"""What an officer sees of premiums: this year's of each scheme and county, what is left over of the year before while it may still be drawn
up, and the batches with whom they are for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from anju.government.asking import Asking
from anju.government.lines import Level
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.payments.actions.premiums import purpose
from anju.payments.due import Share, counted, day_of, no_longer_due, shares, years
from anju.payments.figures import book
from anju.payments.models import Batch, Premium, Scheme, pays_in
from anju.payments.queries.insured import named
from anju.register.among import Many
from anju.register.models import Person
from anju.register.queries.insured import insured_here
from anju.register.queries.whom import Whom, whom
from anju.sealing.masking import mask

_a_page = 100
_most_batches = 50
_nothing = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class OfCounty:
    """A year's premiums of a scheme in a county: what is paid for each group and for how many it is due, of how many that is not known,
    where the figures come from, and whether a batch waits. ``by_hukou``: so many are insured nowhere that is known; ``some``: the first of
    them.
    """

    scheme: Scheme
    county: str
    year: int
    name: str
    shares: Sequence[tuple[Share, int]]
    unknown: int
    sources: Sequence[str]
    waits: bool
    by_hukou: int
    some: Sequence[Whom]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.scheme.value}-{self.county}-{self.year}"

    @property
    def people(self) -> int:
        """For how many it is due."""
        return sum(n for _, n in self.shares)


def of_counties(who: Asking) -> list[OfCounty]:
    """Each scheme and county for which one of the officer's posts pays; of the year before only where somebody is left over."""
    counties = {scope.lo for scope in who.scopes if scope.level == Level.COUNTY}
    names = Names(counties, who.today)
    found = (
        _of_county(who, scheme, county, year, names(county))
        for scheme in Scheme
        for county in sorted(counties)
        if pays_in(who.scopes, scheme, county)
        for year in years(scheme, county)
    )
    return [one for one in found if one.year == who.today.year or one.people or one.unknown]


def _of_county(who: Asking, scheme: Scheme, county: str, year: int, name: str) -> OfCounty:
    figures = book(scheme.clause, county, day_of(year))
    by_group = shares(scheme, county, year, figures)
    with everything():
        found = counted(scheme, county, year, by_group)
    used = [figures[n] for n in (scheme.standard, *(f"{scheme.share}{group}" for group in by_group)) if n in figures]
    sources = [f"{figure.name} {figure.value.normalize():f} {figure.unit}：{figure.source}" for figure in used]
    seen = Batch.objects.visible_to(who.officer, purpose=purpose)
    waits = seen.filter(scheme=scheme, county=county, year=year, approved_at=None).exists()
    listed = [(share, found.of_group.get(group, 0)) for group, share in by_group.items()]
    first = [("person", one) for one in found.first]
    named = whom(who.officer, first, who.today) if first else {}
    some = [named[one] for one in first if one in named]
    return OfCounty(scheme, county, year, name, listed, found.unknown, sources, waits, found.by_hukou, some)


@dataclass(frozen=True, slots=True)
class Sums:
    """For how many people a batch stands, the shares of these, how many of them wait for being returned, and how many were."""

    people: int
    state: Decimal
    own: Decimal
    waiting: int
    returned: int


def batches(who: Asking) -> list[tuple[Batch, str, Sums]]:
    """The latest batches that the officer sees, each with its county's name and what it comes to."""
    seen = Batch.objects.visible_to(who.officer, purpose=purpose).order_by("-asked_at")[:_most_batches]
    rows = list(seen)
    names = Names([row.county for row in rows], who.today)
    return [(row, names(row.county), _sums(who, row)) for row in rows]


def _sums(who: Asking, batch: Batch) -> Sums:
    seen = Premium.objects.visible_to(who.officer, purpose=purpose).filter(batch=batch)
    stands = Q(returned_at=None)
    found = seen.aggregate(
        n=Count("pk", filter=stands),
        state=Sum("state", filter=stands),
        own=Sum("own", filter=stands),
        waiting=Count("pk", filter=stands & Q(return_asked_at__isnull=False)),
        returned=Count("pk", filter=~stands),
    )
    return Sums(found["n"], found["state"] or _nothing, found["own"] or _nothing, found["waiting"], found["returned"])


@dataclass(frozen=True, slots=True)
class Listed:
    """A batch, what it comes to, and a page of whom it is for; of these ``gone`` are who will be left out when it is approved.

    ``pays``: one of the officer's posts pays it, and so may want some returned.
    """

    batch: Batch
    name: str
    sums: Sums
    pays: bool
    found: Page[Premium]
    rows: Sequence[tuple[Premium, Whom | None]]
    gone: Sequence[UUID]


def batch(who: Asking, key: UUID) -> Batch | None:
    """A batch that the officer may see; foreign and missing are one."""
    seen = Batch.objects.visible_to(who.officer, purpose=purpose).select_related("asked_by", "approved_by")
    return seen.filter(pk=key).first()


def listed(who: Asking, of: Batch, page: str, *, person: UUID | None = None, returns: bool = False) -> Listed:
    """A page of whom a batch is for; of one ``person`` alone, or of those alone who wait for being returned (``returns``)."""
    seen = Premium.objects.visible_to(who.officer, purpose=purpose).filter(batch=of).order_by("person_id")
    seen = seen.filter(person=person) if person else seen
    seen = seen.filter(return_asked_at__isnull=False, returned_at=None) if returns else seen
    seen = seen.select_related("return_asked_by", "returned_by")
    found = Paginator(seen, _a_page).get_page(page)
    rows = list(found.object_list)
    about = named(who, [str(row.person_id) for row in rows], day_of(of.year))
    names = Names([of.county], who.today)
    pairs = [(row, about.get(str(row.person_id))) for row in rows]
    gone: set[str] = set()
    if of.approved_at is None:
        with everything():
            gone = no_longer_due(of, [str(row.person_id) for row in rows])
    left = [row.person_id for row in rows if str(row.person_id) in gone]
    pays = pays_in(who.scopes, of.scheme, of.county)
    return Listed(of, names(of.county), _sums(who, of), pays, found, pairs, left)


def standing(who: Asking, scheme: Scheme, year: int, people: Sequence[str]) -> Mapping[str, Premium]:
    """The premiums that were approved and not returned, of those that the officer sees, by person."""
    seen = Premium.objects.visible_to(who.officer, purpose=purpose).standing().filter(scheme=scheme, year=year)
    rows = seen.filter(batch__approved_at__isnull=False, person__among=Many(people)).select_related("batch")
    return {str(row.person_id): row for row in rows}


def cells(who: Asking, of: Batch) -> list[list[str]]:
    """The whole list as texts: name, masked number, year, group, standard, shares, and since when it is returned."""
    seen = Premium.objects.visible_to(who.officer, purpose=purpose).filter(batch=of).order_by("person_id")
    rows = list(seen)
    ids = [str(one.person_id) for one in rows]
    seen_people = Person.objects.visible_to(who.officer, purpose=purpose).filter(pk__among=Many(ids))
    people = {row.pk: row for row in seen_people}
    rest = [one for one in ids if UUID(one) not in people]
    people |= {row.pk: row for row in insured_here(who.officer, rest, day_of(of.year)).values()}
    found = []
    for row in rows:
        person = people.get(row.person_id)
        number = mask("id_number", person.number.reveal()) if person and person.number else ""
        amounts = (f"{amount:.2f}" for amount in (row.standard, row.state, row.own))
        returned = f"{localdate(row.returned_at):%Y-%m-%d} 退回" if row.returned_at else ""
        found.append([person.name if person else "", number, str(row.year), row.group, *amounts, returned])
    return found
