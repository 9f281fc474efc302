"""Cases of the demo: begun by its officers, at different steps, within all that must be true of cases; and of relations
nothing but a 户口 has moved."""

from __future__ import annotations

from datetime import date

import pytest

from anju.cases.models import Case, Entry, State, Turn
from anju.cases.queries.online import procedures_of, ways
from anju.demo.actions import make_city
from anju.demo.under_way import set_to_work
from anju.government.second_wall import everything
from anju.journal.verification import verify as verify_journal
from anju.register.guideline import guideline
from anju.register.models import Relation
from anju.register.verification import verify

TODAY = date.today()


@pytest.mark.django_db
def test_cases_are_under_way_at_different_steps() -> None:
    make_city(people=400, seed=1, on=TODAY)
    with everything():
        before = Relation.objects.unscoped().exclude(kind="hukou").count()
    begun = set_to_work(1, TODAY)
    with everything():
        cases = list(Case.objects.unscoped())
        assert len(cases) == begun > 30
        moves = procedures_of(guideline().version)
        assert {case.state for case in cases if case.procedure not in moves} == {State.RUNNING}
        assert {case.state for case in cases if case.procedure in moves} == {State.RUNNING, State.DONE}
        handed_in = Entry.objects.unscoped().filter(step=1, action__in=list(ways.values()))
        assert len(set(handed_in.values_list("action", flat=True))) == 3, "in each way"
        assert len({case.step for case in cases}) > 3
        assert len({case.procedure for case in cases}) > 10
        assert all(case.applied_on < TODAY for case in cases)
        assert not Entry.objects.unscoped().filter(by=None).exists()
        assert Turn.objects.unscoped().filter(until_entry=None, since__lt=TODAY).exists(), "some wait for long"
        assert Relation.objects.unscoped().exclude(kind="hukou").count() == before
        assert not any(verify().values())
    assert not verify_journal().findings
