"""What an officer sees of 重新核定: a household's forms, the newest first, with who stands in which part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.payments.actions.reassessing import left_by, purpose
from anju.payments.chain import is_office, office_of
from anju.payments.following import entitled
from anju.payments.models import Part, Reassessment, Side
from anju.payments.months import text_of
from anju.register.models import Household, Membership, Person
from anju.register.queries import one as register

_unseen = "（不在您的范围里）"
has_left = "（已经另立户）"


@dataclass(frozen=True, slots=True)
class Half:
    """One part: who pays, of which kind, how much a month, and its people with whether each counts."""

    label: str
    office: str
    kind: str
    amount: Decimal
    counted: int
    people: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown; ``mine``: the officer drew it up, and another one agrees. ``without``: who counts, and whose assistance lies
    nowhere by the register: nobody pays them a month before it does.
    """

    row: Reassessment
    since: str
    halves: Sequence[Half]
    mine: bool
    without: Sequence[str]


def forms_of(who: Asking, household: Household) -> list[Form]:
    """The forms of a household that the officer's offices are part of."""
    seen = Reassessment.objects.visible_to(who.officer, purpose=purpose).filter(household=household)
    rows = list(seen.select_related("asked_by", "agreed_by").order_by("-asked_at"))
    parts = list(Part.objects.visible_to(who.officer, purpose=purpose).filter(reassessment__in=rows).order_by("pk"))
    people = Person.objects.visible_to(who.officer, purpose=purpose).filter(pk__in=[part.person_id for part in parts])
    named: dict[UUID, str] = dict(people.values_list("pk", "name"))
    with everything():
        lies = {person for person, one in entitled([str(part.person_id) for part in parts]).items() if one.payer}
    places = Names([code for row in rows for code in (row.stays_payer, row.goes_payer)], who.today)
    return [
        Form(
            row,
            text_of(row.since),
            [_half(row, side, parts, named, places) for side in Side],
            row.asked_by_id == who.officer.pk,
            [
                named.get(part.person_id, _unseen)
                for part in parts
                if part.reassessment_id == row.pk and part.counted and str(part.person_id) not in lies
            ],
        )
        for row in rows
    ]


def _half(row: Reassessment, side: Side, parts: Sequence[Part], named: dict[UUID, str], places: Names) -> Half:
    own = [part for part in parts if part.reassessment_id == row.pk and part.side == side]
    kind: str = getattr(row, f"get_{side.value}_kind_display")()
    return Half(
        side.label,
        places(getattr(row, f"{side.value}_payer")),
        kind,
        getattr(row, f"{side.value}_amount"),
        getattr(row, f"{side.value}_people"),
        [(named.get(part.person_id, _unseen), part.counted) for part in own],
    )


def people_for(who: Asking, household: Household) -> dict[str, str]:
    """Who may stand in a form, as far as the officer sees them: the household's members, and who left it for another one."""
    members = (one.person for one in register.members(who.officer, household, who.today))
    found = {str(person.pk): person.name for person in members if person.ended_on is None}
    with everything():
        left = list(left_by(str(household.pk)))
    seen = Person.objects.visible_to(who.officer, purpose=purpose).filter(pk__in=left).order_by("birth_date", "pk")
    return found | {str(pk): f"{name}{has_left}" for pk, name in seen.values_list("pk", "name")}


def home_of(who: Asking, person: Person) -> UUID | None:
    """The household whose form is about somebody: the one that they left and were not worked out with, else their own."""
    past = Membership.objects.visible_to(who.officer, purpose=purpose).filter(person=person, until__lte=who.today)
    before = past.order_by("-until").values_list("household_id", flat=True).first()
    with everything():
        if before is not None and str(person.pk) in left_by(str(before)):
            return before
    home = register.membership(who.officer, person, who.today)
    return home.household_id if home is not None else None


def offices_for(who: Asking, household: Household) -> list[tuple[str, str]]:
    """The townships that may pay a part: where the household came from, and where it is."""
    codes = dict.fromkeys(office_of(code) for code in (household.origin, household.destination) if code)
    names = Names(codes, who.today)
    return [(code, names(code)) for code in codes if is_office(code)]
