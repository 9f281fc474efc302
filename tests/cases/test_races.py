"""Sixteen at once: one opens a case, one takes a step, and the others are told; on both databases."""

from __future__ import annotations

from uuid import uuid4

from anju.cases.actions import open_case, take_step
from anju.cases.models import Case, Entry, Turn
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import today
from tests.cases.cast import Offices, waiting
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, zhang

RUNNERS = 16
PAPER = {"户口迁移证明或新户口簿": True}


def test_one_opens_a_case(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    by = Offices().at("human_resources", "village", DESTINATION)

    def run(_: int) -> bool:
        open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
        return True

    found = race(RUNNERS, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert (Case.objects.unscoped().count(), Entry.objects.unscoped().count()) == (1, 1)


def test_one_takes_a_step(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    by = Offices().at("human_resources", "village", DESTINATION)
    case = open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")

    def run(_: int) -> bool:
        take_step(by=village, case=case.pk, seen=1, action="提交", fields=PAPER, key=uuid4())
        return True

    found = race(RUNNERS, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    (turn,) = waiting(case)
    assert turn.step == 2
    with everything():
        assert list(Entry.objects.unscoped().order_by("seq").values_list("seq", flat=True)) == [1, 2]
        assert Turn.objects.unscoped().count() == 2


def test_what_is_sent_sixteen_times_is_done_once_and_told_to_all(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    by = Offices().at("human_resources", "village", DESTINATION)
    case = open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    key = uuid4()

    def run(_: int) -> int:
        return take_step(by=village, case=case.pk, seen=1, action="提交", fields=PAPER, key=key).entries

    found = race(RUNNERS, run)
    assert found.only_raised(Refused)
    assert set(found.returned) == {2}
    again = take_step(by=village, case=case.pk, seen=1, action="提交", fields=PAPER, key=key)
    with everything():
        assert (again.entries, Entry.objects.unscoped().count()) == (2, 2)
