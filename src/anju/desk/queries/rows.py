"""Rows of lists, each with what stands beside a name: masked numbers, the household, the places by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.register.models import Household, Membership, Person, Site
from anju.register.queries.lists import Home, Lived, homes_of, lived_at, members_of
from anju.sealing.ciphertext import Opener, Sealed
from anju.sealing.masking import mask


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of a list."""

    person: Person
    number: str
    age: int | None
    home: Membership | None
    origin: str
    destination: str


def people(officer: Officer, found: Sequence[Person], on: date) -> list[PersonRow]:
    """The people of a page of a list; three questions, however many they are."""
    homes = homes_of(officer, found)
    names = Names((code for person in found for code in (person.origin, person.destination)), on)
    opener = Opener(Person._meta.db_table, "number")
    return [
        PersonRow(
            person,
            masked(person.number, opener),
            age_on(person.birth_date, person.ended_on or on),
            homes.get(person.pk),
            names(person.origin),
            names(person.destination),
        )
        for person in found
    ]


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household of a list."""

    household: Household
    home: Home
    origin: str
    destination: str


def households(officer: Officer, found: Sequence[Household], on: date) -> list[HouseholdRow]:
    """The households of a page of a list."""
    homes = members_of(officer, found)
    names = Names((code for home in found for code in (home.origin, home.destination)), on)
    return [HouseholdRow(h, homes.get(h.pk, Home()), names(h.origin), names(h.destination)) for h in found]


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site of a list. ``recorded``: the 安置人数 that was written down, beside those who are registered."""

    site: Site
    lived: Lived
    region: str
    recorded: int | None


def sites(officer: Officer, found: Sequence[Site], on: date) -> list[SiteRow]:
    """The sites of a page of a list."""
    lived = lived_at(officer, found)
    names = Names((site.region for site in found), on)
    return [SiteRow(site, lived[site.pk], names(site.region), site.facts.get("persons")) for site in found]


def masked(number: Sealed | None, opener: Opener | None = None) -> str:
    """An ID number as it is shown while nobody has said what for."""
    if number is None:
        return ""
    return mask("id_number", opener(number.place.row, number.ciphertext) if opener else number.reveal())


def age_on(born: date | None, on: date) -> int | None:
    """Full years of age."""
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
