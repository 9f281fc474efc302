"""People, households and sites that an officer may see: listed by side, in the order of their places; found by name or initials.

A list of a million answers in milliseconds because each question is led by one index: that of the place and the order, or, where a
site or the beginning of a name says more, that one. Which it is is said here, since SQLite cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from anju.government.models import Officer, never
from anju.government.regions.reach import scope_of
from anju.register.models import Formerly, Household, Membership, Person, Site
from anju.register.models.people import Memberships, Sites, head
from anju.register.queries.matching import Begins
from anju.register.queries.paging import Listing

Side = Literal["in", "out"]
_columns: Mapping[Side, str] = {"in": "destination", "out": "origin"}
_purpose = "经办"
_everywhere = ("", "~")
_few = 5_000
_few_before = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to.

    ``side``: who came here, or who left from here. ``region``: a code, everything below it. ``text``: the beginning of a name, of
    its initials, of a 户编号. ``site``: a site's id. ``ended``: those who have died or were cancelled, instead of the others.
    """

    side: Side = "in"
    region: str = ""
    text: str = ""
    site: str = ""
    ended: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Filters:
        """What a form or an address gives."""
        return cls(
            "out" if given.get("side") == "out" else "in",
            str(given.get("region", ""))[:12],
            str(given.get("text", ""))[:60],
            str(given.get("site", ""))[:36],
            bool(given.get("ended")),
        )

    @property
    def within(self) -> tuple[str, str]:
        """The codes of the region. A code that is none narrows nothing: it was not given by a page."""
        try:
            return scope_of(self.region) if self.region else _everywhere
        except ValueError:
            return _everywhere

    @property
    def words(self) -> str:
        """The text as it is looked for; "" for one that no name can have."""
        words = self.text.strip()
        return words if words.isprintable() else ""


def persons(officer: Officer, filters: Filters) -> Listing[Person]:
    """People in the order of (place, pinyin, id). A site that cannot be seen has no people."""
    led = not filters.site and _rare(filters.words)
    parts = Person.objects.visible_by(
        _columns[filters.side], officer, purpose=_purpose, within=filters.within, indexed=not led and not filters.site
    )
    found = (part.filter(ended_on__isnull=not filters.ended) for part in parts)
    if filters.site:
        residents = _residents(officer, filters.site).values("person_id")
        found = (part.filter(pk__in=residents) for part in found)
    if filters.words:
        named = _named(filters.words, led=led) | _once_named(officer, filters.words)
        found = (part.filter(named) for part in found)
    return Listing(tuple(found), ("place", "pinyin", "pk"), sparse=bool(filters.words) and not led and not filters.site)


def households(officer: Officer, filters: Filters) -> Listing[Household]:
    """Households in the order of (place, 户编号). A text that is no number is the beginning of a member's name."""
    words = filters.words
    numbered = bool(re.match(r"[0-9]", words))
    led = not filters.site and (numbered or _rare(words))
    parts = Household.objects.visible_by(
        _columns[filters.side], officer, purpose=_purpose, within=filters.within, indexed=not led and not filters.site
    )
    found = (part.select_related("site") for part in parts)
    if filters.site:
        found = (part.filter(site_id=filters.site) if is_id(filters.site) else part.none() for part in found)
    if numbered:
        found = (part.filter(Begins("code", words)) for part in found)
    elif words:
        members = _seen_members(officer).filter(_named(words, led=led, of="person__"))
        homes = Q(pk__in=members.values("household_id")) if led else Q(_one_of(members))
        found = (part.filter(homes) for part in found)
    return Listing(tuple(found), ("place", "code"))


def _one_of(members: Memberships) -> IsNull:
    """Households with one of some members, each asked by itself: EXISTS may be turned round by PostgreSQL, which then finds all members
    before it lists the first household.
    """
    return IsNull(Subquery(members.filter(household=OuterRef("pk")).values("pk")[:1]), rhs=False)


def sites(officer: Officer, filters: Filters) -> Listing[Site]:
    """Sites in the order of (place, pinyin, id)."""
    parts: Sequence[Sites] = Site.objects.visible_by("region", officer, purpose=_purpose, within=filters.within)
    if filters.words:
        wanted = Q(name__contains=filters.words) | Q(initials__startswith=filters.words.lower())
        parts = tuple(part.filter(wanted) for part in parts)
    return Listing(tuple(parts), ("place", "pinyin", "pk"))


def homes_of(officer: Officer, people: Sequence[Person]) -> dict[UUID, Membership]:
    """The household that each of some people belongs to now, as far as the officer may see it; one question."""
    open_ones = Membership.objects.visible_to(officer, purpose=_purpose).filter(person__in=people, until=never)
    return {one.person_id: one for one in open_ones.select_related("household", "household__site")}


@dataclass(frozen=True, slots=True)
class Home:
    """Who belongs to a household now, as far as the officer may see them."""

    head: str = ""
    members: int = 0


def members_of(officer: Officer, homes: Sequence[Household]) -> dict[UUID, Home]:
    """The head and the number of people of some households; two questions."""
    seen: dict[UUID, Home] = {}
    for one in _seen_members(officer).filter(household__in=homes).select_related("person"):
        before = seen.get(one.household_id, Home())
        name = one.person.name if one.relation == head else before.head
        seen[one.household_id] = Home(name, before.members + 1)
    return seen


@dataclass(frozen=True, slots=True)
class Lived:
    """How many live at a site, as far as the officer may see them."""

    households: int = 0
    people: int = 0


def lived_at(officer: Officer, of: Sequence[Site]) -> dict[UUID, Lived]:
    """How many households and people of the register some sites have."""
    now = FilteredRelation("memberships", condition=Q(memberships__until=never))
    homes = Household.objects.visible_to(officer, purpose=_purpose).filter(site__in=of).annotate(now=now).order_by()
    counts = homes.values_list("site_id").annotate(Count("pk", distinct=True), Count("now"))
    lived = {site: Lived(households, people) for site, households, people in counts}
    return {site.pk: lived.get(site.pk, Lived()) for site in of}


def is_id(key: str) -> bool:
    """Whether a text is the id of a row."""
    try:
        UUID(key)
    except ValueError:
        return False
    return True


def _named(words: str, *, led: bool, of: str = "") -> Q:
    """By the beginning of the name, or of its initials (zqs). ``led``: let the index of names lead."""
    column, words = _column(words)
    return Q(Begins(f"{of}{column}", words)) if led else Q(**{f"{of}{column}__startswith": words})


def _once_named(officer: Officer, words: str) -> Q:
    """Who had a name that begins so before, as far as they are few: asked first, so that the index of names still leads."""
    if _column(words)[0] != "name":
        return Q()
    kept = Formerly.objects.visible_to(officer, purpose=_purpose).filter(Begins("name", words))
    found = list(kept.values_list("person_id", flat=True)[:_few_before])
    return Q(pk__in=found) if found else Q()


def _column(words: str) -> tuple[str, str]:
    return ("initials", words.lower()) if re.fullmatch(r"[A-Za-z]+", words) else ("name", words)


def _rare(words: str) -> bool:
    """Whether so few people of the whole register are named so that their names lead to them.

    Where there are more, going through the list in its order soon finds a page of them. It is asked of everybody, because it only
    says which way is shorter.
    """
    if not words:
        return False
    named = Person.objects.unscoped().filter(_named(words, led=True)).order_by()
    found: int = named.values(_column(words)[0])[: _few + 1].count()
    return found <= _few


def _residents(officer: Officer, site: str) -> Memberships:
    """Who lives at a site now."""
    visible = Membership.objects.visible_to(officer, purpose=_purpose).filter(until=never)
    return visible.filter(household__site_id=site) if is_id(site) else visible.none()


def _seen_members(officer: Officer) -> Memberships:
    return Membership.objects.of_people_seen_by(officer, purpose=_purpose).filter(until=never)
