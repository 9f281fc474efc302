"""One person, household or site that an officer may see, with what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from anju.government.models import Officer
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.register.asking import Asked, how_many
from anju.register.models import CountyFacts, Formerly, Household, Membership, Person, Relation, Site, Wish
from anju.register.models.people import Memberships
from anju.register.models.relations import Relations
from anju.register.models.wishes import Wishes
from anju.register.provided import homes, settled
from anju.register.queries.joinings import standing
from anju.register.queries.lists import is_id
from anju.sealing.blind_index import blind_index

_purpose = "经办"


def person_by_number(officer: Officer, number: str) -> Person | None:
    """The person with that ID number, if the officer may see the person; foreign and missing look the same."""
    return _numbered(officer).filter(number_index=blind_index(number)).first()


def person_once_numbered(officer: Officer, number: str) -> Person | None:
    """The same of who alone had it before: it may have been another one's, typed by mistake, so that it leads to a page and to nothing
    else.
    """
    before = Formerly.objects.visible_to(officer, purpose=_purpose).filter(number_index=blind_index(number))
    found = list(_numbered(officer).filter(pk__in=before.values("person_id"))[:2])
    return found[0] if len(found) == 1 else None


def _numbered(officer: Officer) -> QuerySet[Person]:
    return Person.objects.visible_to(officer, purpose=_purpose).filter(joined_into=None)


def formerly(officer: Officer, of: Person) -> list[Formerly]:
    """What a person was called and numbered before, the latest first; not what holds now."""
    if not how_many(Formerly.objects.unscoped().filter(person=of)):
        return []  # as of nearly everybody
    kept = Formerly.objects.visible_to(officer, purpose=_purpose).filter(person=of).order_by("-until", "pk")
    return [one for one in kept if one.name != of.name and (one.name or one.number_index != of.number_index)]


def person(officer: Somebody, key: str) -> Person | None:
    """One person, if the officer may see the person; of a record that was joined into another one, the one that stays."""
    if not is_id(key):
        return None
    found = Person.objects.visible_to(officer, purpose=_purpose).filter(pk=key).first()
    return found if found is not None or isinstance(officer, Resident) else standing(officer, [key]).get(key)


def household(officer: Officer, key: str) -> Household | None:
    """One household, if the officer may see it."""
    visible = Household.objects.visible_to(officer, purpose=_purpose).select_related("site")
    return visible.filter(pk=key).first() if is_id(key) else None


def site(officer: Officer, key: str) -> Site | None:
    """One site, if the officer may see it."""
    return Site.objects.visible_to(officer, purpose=_purpose).filter(pk=key).first() if is_id(key) else None


def members(officer: Officer, of: Household, on: date) -> Memberships:
    """Who belongs to a household on a day, the head first, then by age; only people whom the officer may see."""
    visible = Membership.objects.of_people_seen_by(officer, purpose=_purpose)
    present = visible.filter(household=of, since__lte=on, until__gt=on)
    return present.select_related("person").order_by("person__birth_date", "pk")


def membership(officer: Officer, of: Person, on: date) -> Membership | None:
    """The household that a person belongs to on a day."""
    visible = Membership.objects.visible_to(officer, purpose=_purpose).filter(person=of, since__lte=on, until__gt=on)
    return visible.select_related("household", "household__site").first()


def relations(officer: Somebody, of: Person) -> Relations:
    """The steps of all relations of a person, oldest first."""
    return Relation.objects.visible_to(officer, purpose=_purpose).filter(person=of).order_by("kind", "since")


def wishes(officer: Somebody, of: Person) -> Wishes:
    """Everything a person wished, the latest first."""
    return Wish.objects.visible_to(officer, purpose=_purpose).filter(person=of).order_by("-on", "-pk")


def last_step(officer: Officer, of: Person, kind: str) -> Relation | None:
    """The last step of one relation of a person."""
    steps = Relation.objects.visible_to(officer, purpose=_purpose).filter(person=of, kind=kind)
    return steps.order_by("-since").first()


def household_by_code(officer: Officer, code: str) -> Household | None:
    """The household with that 户编号, if the officer may see it."""
    return Household.objects.visible_to(officer, purpose=_purpose).filter(code=code.strip()).first()


def county(officer: Officer, code: str) -> CountyFacts | None:
    """What is recorded of a county, if the officer sees the whole of it; None also before anything is recorded."""
    return CountyFacts.objects.visible_to(officer, purpose=_purpose).filter(pk=code).first()


@dataclass(frozen=True, slots=True)
class Settled:
    """安置人数 of a site: how many people of it are ``registered``, how many were ``recorded`` (None: none said)."""

    registered: int
    recorded: int | None

    @property
    def by_record(self) -> bool:
        """Whether the recorded number counts: fewer people are registered so far."""
        return self.recorded is not None and self.registered < self.recorded


def homes_at(key: str, on: date) -> frozenset[str]:
    """The codes of the households at a site in which somebody lives on a day. Every one counts, as in `settled_at`."""
    with everything():
        return homes(Asked("site", [key], on))


def settled_at(key: UUID, on: date, at: datetime | None) -> Settled:
    """That of a site on a day, as it was known. Everybody at the site counts: ask for the site within the officer's scope first."""
    line = settled(Asked("site", [str(key)], on, at)).row(0, named=True)
    return Settled(line["registered"], line["recorded"])
