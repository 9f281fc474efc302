"""Records that may be about one person, and what was asked for about them; always within the officer's scope, which has to reach both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from anju.government.models import Officer
from anju.government.second_wall import looking_everywhere
from anju.register.asking import how_many
from anju.register.models import Formerly, Joining, Membership, Person, Stage
from anju.register.models.joinings import Joinings
from anju.register.models.people import Persons
from anju.register.queries.lists import is_id
from anju.register.queries.paging import Listing

_purpose = "并档"
_most_alike = 20


def doubles(officer: Officer) -> Listing[Person]:
    """People without an ID number beside whom somebody of the same name was born on the same day, whom the officer sees as well.

    Of two without a number the older record is listed. A pair about which somebody decided that it is two people is not.
    """
    seen = _people(officer)
    return Listing(
        (seen.filter(Exists(_others(officer)), number_index=None, birth_date__isnull=False),), ("pinyin", "pk")
    )


def _others(officer: Officer) -> Persons:
    """Those whom a row of people may be as well."""
    pair = Q(goes=OuterRef("pk"), stays=OuterRef(OuterRef("pk"))) | Q(
        stays=OuterRef("pk"), goes=OuterRef(OuterRef("pk"))
    )
    two = Joining.objects.visible_to(officer, purpose=_purpose).filter(pair, stage=Stage.REFUSED)
    same = _people(officer).filter(name=OuterRef("name"), birth_date=OuterRef("birth_date"))
    later = Q(number_index__isnull=False) | Q(pk__gt=OuterRef("pk"))
    return same.filter(later).exclude(pk=OuterRef("pk")).exclude(Exists(two))


def pairs(officer: Officer, found: Sequence[Person]) -> list[tuple[Person, Person]]:
    """Each of some people of `doubles` with those whom the person may be as well."""
    named = {(one.name, one.birth_date) for one in found}
    same = _people(officer).filter(name__in={name for name, _ in named}, birth_date__in={born for _, born in named})
    refused = {frozenset((one.goes_id, one.stays_id)) for one in _refused(officer, [one.pk for one in found])}
    others = same.order_by("pk")
    return [
        (one, other)
        for one in found
        for other in others
        if (other.name, other.birth_date) == (one.name, one.birth_date)
        and other.pk != one.pk
        and (other.number_index is not None or other.pk > one.pk)
        and frozenset((one.pk, other.pk)) not in refused
    ]


def alike(officer: Officer, person: Person) -> list[Person]:
    """Whom a person may be as well: of the same name, or of the same household and birth date."""
    once = Formerly.objects.visible_to(officer, purpose=_purpose)
    names = {person.name, *once.filter(person=person).exclude(name="").values_list("name", flat=True)}
    same = Q(name__in=names) | Q(pk__in=once.filter(name=person.name).values("person_id"))
    if person.birth_date is not None:
        lived = Membership.objects.visible_to(officer, purpose=_purpose)
        homes = lived.filter(person=person).values("household_id")
        same |= Q(birth_date=person.birth_date, pk__in=lived.filter(household_id__in=homes).values("person_id"))
    return list(_people(officer).filter(same).exclude(pk=person.pk).order_by("pinyin", "pk")[:_most_alike])


def waiting(officer: Officer) -> Joinings:
    """What waits for a decision, of records both of which the officer sees."""
    late = {"stage": Stage.WAITING, "decide_by__gte": timezone.now()}
    return _joinings(officer).filter(**late, goes__in=_people(officer).values("pk"))


def waiting_of(officer: Officer, people: Iterable[UUID]) -> dict[frozenset[UUID], UUID]:
    """Two records, one of which is among some people → the request about them that waits; one question."""
    keys = list(people)
    found = waiting(officer).filter(Q(goes__in=keys) | Q(stays__in=keys)).order_by("asked_at")
    return {frozenset((goes, stays)): pk for goes, stays, pk in found.values_list("goes_id", "stays_id", "pk")}


def to_decide(officer: Officer) -> Joinings:
    """What waits for somebody else than who asked."""
    return waiting(officer).exclude(asked_by=officer)


def mine(officer: Officer) -> Joinings:
    """What the officer asked for."""
    return _joinings(officer).filter(asked_by=officer)


def seen_joining(officer: Officer, key: UUID) -> Joining | None:
    """One of them, as long as the officer sees what it is about: both records, or the one that stayed."""
    return _joinings(officer).filter(pk=key).first()


def names(officer: Officer, asked: Iterable[Joining]) -> dict[UUID, str]:
    """Whom some of them are about: the record that stays by name, as far as the officer sees it; one question."""
    return dict(_people(officer).filter(pk__in=[one.stays_id for one in asked]).values_list("pk", "name"))


def standing(officer: Officer, keys: Iterable[str]) -> dict[str, Person]:
    """Records that were joined → the one that stays, as far as the officer sees it."""
    with looking_everywhere():
        gone = Person.objects.unscoped_with_joined().filter(pk__in=[key for key in keys if is_id(key)])
        into = {str(pk): stays for pk, stays in gone.exclude(joined_into=None).values_list("pk", "joined_into")}
    if not into:
        return {}
    found = {one.pk: one for one in _people(officer).filter(pk__in=set(into.values()))}
    return {key: found[stays] for key, stays in into.items() if stays in found}


def joined_into(stays: Person) -> list[Joining]:
    """How records were joined (``goes``) into a person who was found within the scope before, the last one first."""
    with looking_everywhere():
        return list(_into(stays).select_related("goes", "asked_by", "decided_by").order_by("-decided_at"))


def count_joined_into(stays: Person) -> int:
    """How many there are."""
    return how_many(_into(stays))


def _into(stays: Person) -> Joinings:
    return Joining.objects.unscoped().filter(goes__joined_into=stays, stage=Stage.JOINED)


def _people(officer: Officer) -> Persons:
    return Person.objects.visible_to(officer, purpose=_purpose).filter(joined_into=None)


def _joinings(officer: Officer) -> Joinings:
    seen = Joining.objects.visible_to(officer, purpose=_purpose)
    return seen.select_related("asked_by", "decided_by").order_by("-asked_at")


def _refused(officer: Officer, people: Sequence[UUID]) -> Joinings:
    pair = Q(goes__in=people) | Q(stays__in=people)
    return Joining.objects.visible_to(officer, purpose=_purpose).filter(pair, stage=Stage.REFUSED)
