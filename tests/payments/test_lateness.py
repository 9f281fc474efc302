"""超期理由 is asked of what is late alone; the steps of 1.7-3 fit the one month that the guideline gives all of them together."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from anju.calendar.deadlines import Length
from anju.calendar.periods import add_months
from anju.cases.actions import open_case, take_step
from anju.cases.clocks import Clocks
from anju.cases.lateness import due_of, reason
from anju.cases.models import Case, State
from anju.cases.procedures import Running
from anju.cases.queries.one import shown
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person
from tests.cases.cast import Offices, waiting
from tests.payments.cast import A
from tests.payments.test_cut_over import WAY, walked
from tests.register.cast import DESTINATION, ORIGIN

_month = next(n for n in range(62) if add_months(today() - timedelta(n + 1), 1) < today())
"""So many days ago somebody applied of whose case the month is over just now: on the day before it is due today or later."""


@pytest.fixture
def offices(origin: Officer, destination: Officer) -> Offices:
    return Offices().open_all(ORIGIN, DESTINATION)


def at_the_end(offices: Offices, person: Person, days: int) -> Case:
    """The case of an application so many days ago, before 双方归档."""
    by = offices.at("civil_affairs", "township", A)
    applied_on = today() - timedelta(days)
    case = open_case(
        by=by, procedure="transfer_assistance_by_letter", subject=str(person.pk), applied_on=applied_on, how="本人到场"
    )
    return walked(case, offices, len(WAY) - 2)


def filed(case: Case, offices: Offices, **more: Any) -> Case:
    """One side files the case."""
    return take_step(
        by=offices.of(waiting(case)[0]), case=case.pk, seen=case.entries, action="双方归档", fields=more, on=today()
    )


def fields(case: Case, offices: Offices) -> list[str]:
    who = offices.of(waiting(case)[0])
    return [field.name for field in shown(who, visible_regions(who, today()), case, Clocks(today())).typed]


def test_in_time_no_reason_is_asked(offices: Offices, person: Person) -> None:
    """On the last day of the month it is still in time."""
    case = at_the_end(offices, person, _month)
    due = due_of(case, Running.of(case))
    assert due is not None
    assert due >= today()
    assert fields(case, offices) == []
    case = filed(filed(case, offices), offices)
    assert case.state == State.DONE


def test_late_the_reason_is_asked(offices: Offices, person: Person) -> None:
    case = at_the_end(offices, person, _month + 1)
    due = due_of(case, Running.of(case))
    assert due is not None
    assert due < today()
    assert fields(case, offices) == [reason]
    with pytest.raises(Refused, match="还没有填：超期理由"):
        filed(case, offices)
    case = filed(filed(case, offices, 超期理由="回执迟到"), offices, 超期理由="回执迟到")
    assert case.state == State.DONE


def test_a_reason_that_is_told_all_the_same_is_kept(offices: Offices, person: Person) -> None:
    assert filed(at_the_end(offices, person, 0), offices, 超期理由="没有超期").entries


def length(name: str) -> Length:
    """How long a parameter of the pages is."""
    (parameter,) = guideline().parameters[name]
    assert isinstance(parameter.value, Fraction)
    return Length.of(parameter.value, parameter.unit)


@pytest.mark.parametrize("name", ["transfer_assistance_by_notice", "transfer_assistance_by_letter"])
def test_the_steps_fit_the_month(name: str) -> None:
    """Whenever somebody applies: each step on its last day, one after the other, and the month is not over."""
    policy = guideline()
    lengths = [length(step.limit) for step in policy.procedures[name].steps if step.limit]
    month = length("救助迁移")
    late = []
    for n in range(366):
        applied = day = date(2027, 1, 1) + timedelta(n)
        for one in lengths:
            day = one.after(day)
        if day > month.after(applied):
            late.append(applied)
    assert late == []
