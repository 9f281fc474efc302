"""Sixteen at once: one opens a case, one takes a step, and the others are told; on both databases."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from anju.cases.actions import open_case, take_step
from anju.cases.guards import check_guards
from anju.cases.models import Case, Entry, State, Turn
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.verification import verify
from tests.cases.cast import Offices, ready, step_on, waiting
from tests.cases.fitting import VOTER
from tests.cases.test_actions import put_first
from tests.race import race
from tests.register.cast import DESTINATION, ORIGIN, clerk, household, zhang

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


LISTED = {
    "register_voter_at_destination": (
        DESTINATION,
        "提交",
        "户籍已迁入或安置社区",
        "发出告知",
        "原村不再登记，回执",
        "公布",
    ),
    "register_voter_at_origin": (ORIGIN, "提交", "列入", "发出告知", "安置地不再登记，回执", "公布"),
}


def test_of_two_lists_that_end_at_the_same_moment_one_has_him(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both cases are about one voter, and each may end only while he is registered nowhere (I6)."""
    village, offices, early = clerk("village"), Offices(), today() - timedelta(20)
    person = zhang(village, household(village))
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts=VOTER)
    put_first(person, "election")
    walked = []
    for later, (procedure, (place, *actions)) in enumerate(LISTED.items()):
        early += timedelta(later)
        by = offices.at("committee", "village", place)
        case = open_case(by=by, procedure=procedure, subject=str(person.pk), applied_on=early, how="本人到场")
        for action in actions:
            case = step_on(case, offices, action, on=ready(case, early))
        walked.append((case, offices.of(waiting(case)[0]), ready(case, early)))

    both, earlier = threading.Barrier(2), threading.Event()

    def judged(*given: Any, **more: Any) -> None:
        check_guards(*given, **more)
        with suppress(threading.BrokenBarrierError):  # whoever waits for the other's end does not come
            both.wait(3)
        if given[0].pk != walked[0][0].pk:
            earlier.wait(3)

    monkeypatch.setattr("anju.cases.actions.stepping.check_guards", judged)

    def run(number: int) -> bool:
        case, by, on = walked[number]
        take_step(by=by, case=case.pk, seen=case.entries, action="期满无申诉", on=on)
        earlier.set()
        return True

    found = race(2, run)
    assert (found.won, found.only_raised(Refused)) == (1, True), found
    with everything():
        assert Case.objects.unscoped().filter(state=State.DONE).count() == 1
    assert {said: n for said, n in verify().items() if n} == {}
