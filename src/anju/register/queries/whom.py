"""Subjects by name, with the addresses of their own pages: what lists of duties and cases say of whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.reach import code_length
from anju.government.regions.table import county as county_length
from anju.government.regions.table import name_of, significant
from anju.register.models import Household, Person, Site
from anju.register.queries import one
from anju.register.queries.joinings import standing

_purpose = "经办"


@dataclass(frozen=True, slots=True)
class Whom:
    """A subject by name, with the address of its page; ``places``: where a person or household came from and is."""

    name: str
    address: str
    places: tuple[str, str] | None = None


def whom(officer: Officer, subjects: Iterable[tuple[str, str]], on: date) -> Mapping[tuple[str, str], Whom]:
    """The subjects (kind, key) that the officer may see; one question a kind, however many they are."""
    ids: dict[str, set[str]] = {}
    for kind, key in subjects:
        ids.setdefault(kind, set()).add(key)
    people = (
        Person.objects.visible_to(officer, purpose=_purpose).filter(pk__in=ids["person"]) if "person" in ids else ()
    )
    homes = (
        Household.objects.visible_to(officer, purpose=_purpose).filter(pk__in=ids["household"])
        if "household" in ids
        else ()
    )
    sites = Site.objects.visible_to(officer, purpose=_purpose).filter(pk__in=ids["site"]) if "site" in ids else ()
    counties = ids.get("county", set())
    names = Names(counties, on)
    named = {("person", str(p.pk)): whom_of(p) for p in people}
    rest = ids.get("person", set()) - {key for _, key in named}
    named |= {("person", key): whom_of(p) for key, p in (standing(officer, rest).items() if rest else ())}
    found = named | {("household", str(h.pk)): whom_of(h) for h in homes}
    found |= {("site", str(s.pk)): Whom(s.name, reverse("register:site", args=[s.pk])) for s in sites}
    return found | {("county", code): Whom(names(code), reverse("register:county", args=[code])) for code in counties}


def whom_of(subject: Person | Household) -> Whom:
    """A person or a household by name."""
    kind, name = ("person", subject.name) if isinstance(subject, Person) else ("household", subject.code)
    return Whom(name, reverse(f"register:{kind}", args=[subject.pk]), (subject.origin, subject.destination))


def places_of(officer: Officer, scopes: Iterable[Scope], kind: str, key: str, on: date) -> tuple[str, ...] | None:
    """Where a subject is; None for one that the officer may not see, or that is not there."""
    if kind == "county":
        code = county_in_reach(scopes, key, on)
        return (code,) if code else None
    if kind == "site":
        site = one.site(officer, key)
        return None if site is None else (site.region,)
    found = one.household(officer, key) if kind == "household" else one.person(officer, key)
    return None if found is None else (found.origin, found.destination)


def county_in_reach(scopes: Iterable[Scope], code: str, on: date) -> str:
    """The 12-digit code of a county that one of the posts reaches as a whole, or ""."""
    full = code.ljust(code_length, "0") if code.isascii() and code.isdigit() else ""
    known = len(significant(full)) == county_length and name_of(full, on) is not None
    return full if known and any(scope.lo <= full < scope.hi for scope in scopes) else ""
