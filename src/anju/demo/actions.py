"""Making the synthetic city."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from anju.demo.city import Family, families, first_people
from anju.demo.lives import chance_of
from anju.demo.officers import appoint, name_villages
from anju.demo.places import counties, sites
from anju.demo.recorded.communities import county_facts, site_facts
from anju.demo.rows import Ids, Rows
from anju.demo.story import told
from anju.duties.evaluate import evaluate
from anju.duties.subjects import kinds, spans
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.actions import Actor, record
from anju.journal.models import Entry
from anju.register.asking import Span
from anju.register.models import Person, Site

_part = 10_000
_first_asked = ((25, 24), (20, 130), (30, 9))
"""Shares of a hundred of the city, and how many days ago somebody first asked what is owed there."""


@dataclass(frozen=True, slots=True)
class City:
    """What was made."""

    people: int
    households: int
    officers: int


def is_there() -> bool:
    """Whether this database has a city that was made here."""
    return Entry.objects.filter(action="demo.make_city", result="done").exists()


def make_city(*, people: int, seed: int, on: date) -> City:
    """Fill an empty database with a city of made-up people, in one transaction with its entry in the journal.

    The same seed on the same day gives the same city, and a larger one begins with the people of a smaller one.

    Raises:
        Refused: somebody is registered here already; nothing made up is ever mixed with what is real.
    """
    if people < 1:
        raise Refused("至少要造一个人。")
    with everything():
        if Officer.objects.exists() or Person.objects.unscoped().exists() or Site.objects.unscoped().exists():
            raise Refused("这个数据库里已经有账号或者台账了，演示的数据只往空库里放。")
        city = _City(seed, on)
        for family in first_people(families(seed, on), people):
            city.settle(family)
        city.build_sites()
        name_villages()
        officers = appoint(city.ids, chance_of(seed, "officers"), on)
        city.owe()
        detail = {"people": people, "seed": seed, "on": on.isoformat()}
        record(actor=Actor(name="演示"), action="demo.make_city", detail=detail)
    return City(people, len(city.homes), officers)


class _City:
    """The city while it is being made."""

    def __init__(self, seed: int, on: date) -> None:
        self.seed, self.on = seed, on
        self.ids = Ids(chance_of(seed, "ids"), on)
        self.homes: list[str] = []
        self._rows, self._waiting = Rows(self.ids), 0
        self._sites = {site.name: self.ids() for site in sites()}
        self._families: Counter[str] = Counter()
        self._party: Counter[str] = Counter()

    def settle(self, family: Family) -> None:
        """Register a household; the rows are written when enough have come together."""
        site = family.move.site.name if family.move.site else ""
        self.homes.append(self._rows.household(family, self._sites.get(site)))
        self._families[site] += 1
        self._party[site] += sum(life.party_since is not None for life in family.lives)
        self._waiting += len(family.lives)
        if self._waiting >= _part:
            self._rows.write()
            self._waiting = 0

    def build_sites(self) -> None:
        """Register the sites and the counties: by now it is known who lives there."""
        for site in sites():
            chance = chance_of(self.seed, site.name)
            facts = site_facts(site, self._families[site.name], self._party[site.name], chance)
            facts |= told.get(site.name, {})
            self._rows.site(self._sites[site.name], site.name, site.village.code, facts)
        for code in counties:
            facts = county_facts(code, self.on, chance_of(self.seed, code))
            facts |= told.get(code, {})
            self._rows.county(code, facts)
        self._rows.write()

    def owe(self) -> None:
        """Evaluate part by part, each first on a day some time ago, so that some duties are new, some old and some done."""
        first = 0
        for share, days in _first_asked:
            end = first + len(self.homes) * share // 100
            for kind in ("household", "person"):
                evaluate(kind, Span(self.homes[first], self.homes[end]), self.on - timedelta(days=days))
            first = end
        for kind in kinds:
            for span in spans(kind, _part):
                evaluate(kind, span, self.on)
