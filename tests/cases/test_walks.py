"""Every procedure of the pages, walked from its opening to its end by the shortest way, by the offices that it names."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

import pytest

from anju.cases.actions import open_case
from anju.cases.models import Entry, State
from anju.cases.procedures import subject_of
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import Procedure
from anju.register.actions import create_person, create_site, move_relation
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.cases.cast import Offices, ready, step_on, waiting
from tests.cases.fitting import ORIGINS, fit
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, household, number

PAGES = guideline()


def ways(procedure: Procedure) -> Sequence[str]:
    """The actions of the shortest way to 办结."""
    queue: deque[tuple[int, tuple[str, ...]]] = deque([(1, ())])
    seen = {1}
    while queue:
        number, actions = queue.popleft()
        for move in procedure.steps[number - 1].moves:
            if move.target == 0:
                return (*actions, move.action)
            if move.target > 0 and move.target not in seen:
                seen.add(move.target)
                queue.append((move.target, (*actions, move.action)))
    raise AssertionError(f"{procedure.name} has no end")


@pytest.mark.django_db
@pytest.mark.parametrize("code", PAGES.procedures, ids=lambda code: PAGES.procedures[code].name)
def test_it_comes_to_its_end(code: str, village: Officer, home: Household, person: Person, offices: Offices) -> None:
    procedure = PAGES.procedures[code]
    kind = subject_of(PAGES, code)
    if kind == "site":
        subject = str(create_site(by=village, name="双江安置点", region=DESTINATION).pk)
    else:
        subject = {"person": fitting(code, village, person), "household": str(home.pk), "county": YUNYANG}[kind]
    if any(actor.side == "insured" for step in procedure.steps for actor in step.actors):
        insurer = offices.at("medical_security", "county", YUNYANG)
        move_relation(by=insurer, person=subject, kind="medical", holder=YUNYANG, since=today(), because="enrolled")
    opener, day = opener_of(procedure, offices), today() - timedelta(days=40)  # a notice hangs for some days
    case = open_case(
        by=opener,
        procedure=code,
        subject=subject,
        applied_on=day,
        how="本人到场申请",
        origin=ORIGIN if kind == "site" else "",
    )
    wish = {"党员意见": "stay"} if code == "register_dual_life" else {}
    for action in ways(procedure):
        before = case.step
        while case.step == before:
            day = ready(case, day)
            fields = wish if case.step == 1 else {}
            case = step_on(case, offices, action, on=day, **fields)
    assert (case.state, case.step) == (State.DONE, 0)
    assert waiting(case) == []
    with everything():
        entries = list(Entry.objects.unscoped().filter(case=case).order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, case.entries + 1))
    assert entries[-1].target == 0


def fitting(code: str, village: Officer, person: Person) -> str:
    """Somebody whom the procedure is for, who comes from where it asks."""
    if code in ORIGINS:
        home = household(village, "5000000000000002", origin=ORIGINS[code])
        person = create_person(by=village, name="李碧水", number=number(2), household=home, relation="户主")
    fit(str(person.pk), code)
    return str(person.pk)


def opener_of(procedure: Procedure, offices: Offices) -> Officer:
    """An officer who does the clause's work: of the first step that an office takes."""
    of_county = subject_of(PAGES, procedure.code) == "county"
    actors = (a for step in procedure.steps for a in step.actors if not a.person)
    actor = next(a for a in actors if a.level == "county" or not of_county)
    origin = ORIGINS.get(procedure.code, ORIGIN)
    place = origin if actor.side in ("origin", "both") else DESTINATION
    return offices.at(actor.line, actor.level, place_at(place, actor.level))
