"""Two who were registered once more without their ID number, as happens when a list comes in by name alone.

One pair is still to be found; for the other the township has asked, and a second officer has to decide.
"""

from __future__ import annotations

from datetime import date

from anju.cases.models import Case
from anju.demo.story import destination
from anju.demo.under_way import sitting
from anju.government.lines import Level, Line
from anju.government.second_wall import everything
from anju.register.actions import create_person
from anju.register.actions.joining import ask_join
from anju.register.models import Person

_street = f"{destination[:9]}000"
_grown_up = (25, 55)


def register_twice(on: date) -> int:
    """Register them once more; how many were. In a city too small for it, nobody."""
    asks = sitting(Line.CIVIL_AFFAIRS, Level.TOWNSHIP, _street)
    people = _whom(on)
    same = ("name", "birth_date", "sex", "origin", "destination")
    again = [create_person(by=asks, **{field: getattr(person, field) for field in same}) for person in people]
    for person, other in list(zip(people, again, strict=True))[1:]:
        ask_join(by=asks, goes=str(other.pk), stays=str(person.pk), right={}, because="入户核对过，是同一个人。")
    return len(people)


def _whom(on: date) -> list[Person]:
    """Two grown-ups of the guides' site for whom nothing is under way."""
    first, last = (date(on.year - age, 1, 1) for age in reversed(_grown_up))
    with everything():
        busy = set(Case.objects.unscoped().values_list("subject_id", flat=True))
        living = Person.objects.unscoped().filter(destination=destination, ended_on=None, number_index__isnull=False)
        found = living.filter(birth_date__range=(first, last)).order_by("pk")
        return [person for person in found if str(person.pk) not in busy][-2:]
