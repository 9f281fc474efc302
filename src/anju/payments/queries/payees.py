"""Whom an office pays: a name and a masked number, wherever the person lives.

A payer has to know whom its money goes to, and nothing else about those who live elsewhere (docs/adr/0018). So whose months they are is
asked within the officer's scope, and only of these people the two are asked for nobody: on both engines, PostgreSQL's second wall would
not let anybody out of reach through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Amount, Month
from anju.payments.months import first_day
from anju.register.among import Many
from anju.register.models import Person
from anju.register.queries.lists import is_id
from anju.sealing.masking import mask

_purpose = "经办"


@dataclass(frozen=True, slots=True)
class Payee:
    """``number`` is masked, and unless it was asked for blank for whom the officer sees anyway (``reached``): that page shows it."""

    key: UUID
    name: str
    number: str
    reached: bool


def payees(officer: Officer, months: Iterable[int], *, numbers: bool = False) -> Mapping[UUID, Payee]:
    """Whose months some are that the officer sees, by person; with ``numbers`` the masked number of everybody."""
    seen = Month.objects.visible_to(officer, purpose=_purpose).filter(pk__in=list(months))
    return named(officer, set(seen.values_list("person_id", flat=True)), numbers=numbers)


def pays(officer: Officer, person: str, kind: str, month: int, payer: str) -> bool:
    """Whether a month of somebody is that office's, and the officer sees it."""
    of = {"kind": kind, "month": month, "payer": payer}
    return (
        is_id(person) and Month.objects.visible_to(officer, purpose=_purpose).filter(person=UUID(person), **of).exists()
    )


def paid(officer: Officer, person: str, kind: str, month: int, payer: str) -> bool:
    """Whether that office paid somebody a month, whether or not it had to, and the officer sees it."""
    of = {"kind": kind, "month": month, "payer": payer}
    return (
        is_id(person)
        and Amount.objects.visible_to(officer, purpose=_purpose).filter(person=UUID(person), **of).exists()
    )


def paid_here(officer: Officer, people: Set[UUID]) -> Set[UUID]:
    """Those of some people, out of the officer's reach, whom one of the officer's offices pays, or paid all the same."""
    months = Month.objects.visible_to(officer, purpose=_purpose).filter(person__in=people).exclude(payer="")
    amounts = Amount.objects.visible_to(officer, purpose=_purpose).filter(person__in=people)
    return {*months.values_list("person_id", flat=True), *amounts.values_list("person_id", flat=True)}


def named(officer: Officer, people: Set[UUID], *, numbers: bool = False) -> Mapping[UUID, Payee]:
    """The same of people whom rows name that the officer was found to see: those whom he pays, or for whose insurance he answers."""
    among = Many([str(pk) for pk in people])
    reached = {one.pk: one for one in Person.objects.visible_to(officer, purpose=_purpose).filter(pk__among=among)}
    found = {key: Payee(key, one.name, _masked(one) if numbers else "", reached=True) for key, one in reached.items()}
    if elsewhere := people - reached.keys():
        with everything():
            rows = Person.objects.unscoped().filter(pk__in=elsewhere).only("pk", "name", "number")
            found |= {one.pk: Payee(one.pk, one.name, _masked(one), reached=False) for one in rows}
    return found


def ended_before(officer: Officer, month: int) -> frozenset[UUID]:
    """Who was no more when a month began for which somebody whom the officer sees wrote an amount down: whoever paid has to get it back,
    wherever the person lived.
    """
    seen = Amount.objects.visible_to(officer, purpose=_purpose).filter(month=month).values("person_id")
    with everything():
        ended = Person.objects.unscoped().filter(ended_on__lt=first_day(month), pk__in=seen)
        return frozenset(ended.values_list("pk", flat=True))


def _masked(person: Person) -> str:
    return mask("id_number", person.number.reveal()) if person.number is not None else ""
