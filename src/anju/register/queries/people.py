"""People, households and sites that an officer may see: listed by side, found by name, initials or number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.db.models import Q

from anju.government.models import Officer
from anju.government.queries import Scope
from anju.register.models import Household, Membership, Person, Relation, Site, Wish
from anju.register.models.people import Households, Memberships, Persons, Sites
from anju.register.models.relations import Relations
from anju.register.models.wishes import Wishes
from anju.sealing.blind_index import blind_index

Q_ = TypeVar("Q_", Persons, Households)
Side = Literal["in", "out"]
_columns = {"in": "destination", "out": "origin"}
_purpose = "经办"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to. ``region``: a 12-digit code, all below it; ``side``: came here, or left from here."""

    side: Side = "in"
    region: tuple[str, str] | None = None
    text: str = ""
    site: str = ""
    ended: bool = False


def persons(officer: Officer, filters: Filters) -> Persons:
    """The people of a list, in the order of their pinyin within a place: order by (destination | origin, pinyin, id)."""
    found: Persons = _on_side(Person.objects.visible_to(officer, purpose=_purpose), filters)
    if not filters.ended:
        found = found.filter(ended_on=None)
    if filters.site:
        found = found.filter(pk__in=_people_of_site(officer, filters.site))
    if filters.text.strip():
        found = found.filter(_named(filters.text))
    return found


def households(officer: Officer, filters: Filters) -> Households:
    """The households of a list; the text is the beginning of a 户编号 or of a member's name."""
    found: Households = _on_side(Household.objects.visible_to(officer, purpose=_purpose), filters)
    if _uuid(filters.site):
        found = found.filter(site_id=filters.site)
    text = filters.text.strip()
    if text:
        members = Membership.objects.visible_to(officer, purpose=_purpose).filter(
            person__name__startswith=text, until=date.max
        )
        found = found.filter(Q(code__startswith=text) | Q(pk__in=members.values("household_id")))
    return found


def sites(officer: Officer, filters: Filters) -> Sites:
    """The sites of a list."""
    found = Site.objects.visible_to(officer, purpose=_purpose)
    if filters.region:
        found = found.filter(region__gte=filters.region[0], region__lt=filters.region[1])
    text = filters.text.strip()
    return found.filter(Q(name__contains=text) | Q(initials__startswith=text.lower())) if text else found


def person_by_number(officer: Officer, number: str) -> Person | None:
    """The person with that ID number, if the officer may see the person; foreign and missing look the same."""
    visible = Person.objects.visible_to(officer, purpose=_purpose)
    return visible.filter(number_index=blind_index(number)).first()


def person(officer: Officer, key: str) -> Person | None:
    """One person, if the officer may see the person."""
    return Person.objects.visible_to(officer, purpose=_purpose).filter(pk=key).first() if _uuid(key) else None


def household(officer: Officer, key: str) -> Household | None:
    """One household, if the officer may see it."""
    visible = Household.objects.visible_to(officer, purpose=_purpose).select_related("site")
    return visible.filter(pk=key).first() if _uuid(key) else None


def site(officer: Officer, key: str) -> Site | None:
    """One site, if the officer may see it."""
    return Site.objects.visible_to(officer, purpose=_purpose).filter(pk=key).first() if _uuid(key) else None


def members(officer: Officer, of: Household, on: date) -> Memberships:
    """Who belongs to a household on a day, the head first, then by age; only people whom the officer may see."""
    visible = Membership.objects.visible_to(officer, purpose=_purpose).filter(household=of, since__lte=on, until__gt=on)
    seen = Person.objects.visible_to(officer, purpose=_purpose).values("pk")
    return visible.filter(person__in=seen).select_related("person").order_by("person__birth_date", "pk")


def membership(officer: Officer, of: Person, on: date) -> Membership | None:
    """The household that a person belongs to on a day."""
    visible = Membership.objects.visible_to(officer, purpose=_purpose).filter(person=of, since__lte=on, until__gt=on)
    return visible.select_related("household", "household__site").first()


def relations(officer: Officer, of: Person) -> Relations:
    """The steps of all relations of a person, oldest first; each with ``until``, the day of the step after it."""
    visible = Relation.objects.visible_to(officer, purpose=_purpose).filter(person=of)
    return visible.with_until().order_by("kind", "since")


def wishes(officer: Officer, of: Person) -> Wishes:
    """Everything a person wished, the latest first."""
    return Wish.objects.visible_to(officer, purpose=_purpose).filter(person=of).order_by("-on", "-pk")


def keys_of(side: Side) -> Sequence[str]:
    """The order of a list of people."""
    return (_columns[side], "pinyin", "pk")


def narrowed(scopes: Sequence[Scope], lo: str, hi: str) -> tuple[str, str] | None:
    """The part of a region that lies in a post's reach, or None."""
    for scope in scopes:
        if max(scope.lo, lo) < min(scope.hi, hi):
            return max(scope.lo, lo), min(scope.hi, hi)
    return None


def _on_side(found: Q_, filters: Filters) -> Q_:
    column = _columns[filters.side]
    if filters.region:
        return found.filter(**{f"{column}__gte": filters.region[0], f"{column}__lt": filters.region[1]})
    return found


def _named(text: str) -> Q:
    """By the beginning of the name, or of its initials (zqs)."""
    words = text.strip()
    if re.fullmatch(r"[A-Za-z]+", words):
        return Q(initials__startswith=words.lower())
    return Q(name__startswith=words)


def _people_of_site(officer: Officer, key: str) -> Any:
    of_site = Membership.objects.visible_to(officer, purpose=_purpose).filter(until=date.max)
    return (of_site.filter(household__site_id=key) if _uuid(key) else of_site.none()).values("person_id")


def _uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True
