"""Several at once on one case, the resident among them: one wins, the others are told; on both databases."""

from __future__ import annotations

from uuid import uuid4

from anju.cases.actions import open_case, take_step, withdraw
from anju.cases.models import Case, Entry
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import today
from tests.portal.cast import as_resident
from tests.race import race
from tests.register.cast import clerk, household, zhang

RUNNERS = 12


def test_of_many_clicks_one_opens_the_case(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    by = (as_resident(person), village)

    def run(number: int) -> bool:
        who = by[number % 2]
        open_case(by=who, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人网上办理")
        return True

    found = race(RUNNERS, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert (Case.objects.unscoped().count(), Entry.objects.unscoped().count()) == (1, 1)


def test_of_the_resident_on_two_phones_and_a_clerk_one_wins(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village))
    resident, key = as_resident(person), uuid4()
    case = open_case(
        by=resident, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人网上办理"
    )
    paper = {"户口迁移证明或新户口簿": True}

    def run(number: int) -> bool:
        if number % 3 == 0:
            take_step(by=village, case=case.pk, seen=1, action="提交", fields=paper, key=uuid4())
        elif number % 3 == 1:
            withdraw(by=resident, case=case.pk, seen=1, how="不办了")
        else:  # the same click, again and again: once it is done, it is told again
            before = Entry.objects.unscoped().filter(case=case).count
            take_step(by=resident, case=case.pk, seen=1, action="提交", fields=paper, key=key)
            with everything():
                return before() == 0
        return True

    found = race(RUNNERS, run)
    assert found.only_raised(Refused)
    with everything():
        entries = list(Entry.objects.unscoped().filter(case=case).order_by("seq").values_list("seq", flat=True))
    assert entries == [1, 2]
    assert found.won <= 1
