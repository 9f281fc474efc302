"""The same step of several cases at once: what one of them is refused keeps no other from going on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from anju.cases.actions import open_case, suspend, take_step, take_steps
from anju.cases.models import Case, Entry, State
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.journal.verification import verify as verify_journal
from anju.register.actions.by_case import put_step
from anju.register.facts import today
from anju.register.models import Household, Person, Relation
from anju.register.verification import verify
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.race import race
from tests.register.cast import DESTINATION, YUNYANG, clerk, household, zhang

PAPER = {"户口迁移证明或新户口簿": True}
TOWN = place_at(DESTINATION, "township")


def opened(people: list[Person], offices: Offices) -> list[Case]:
    by = offices.at("human_resources", "township", TOWN)
    return [
        open_case(by=by, procedure="transfer_pension", subject=str(p.pk), applied_on=today(), how="本人到场")
        for p in people
    ]


def family(by: Officer, home: Household, size: int) -> list[Person]:
    return [zhang(by, home, order=n, relation="户主" if n == 1 else "子女") for n in range(1, size + 1)]


def seen(*cases: Case) -> dict[UUID, tuple[int, UUID]]:
    return {case.pk: (case.entries, uuid4()) for case in cases}


def state(case: Case) -> tuple[str, int, int, int, int]:
    with everything():
        found = Case.objects.unscoped().get(pk=case.pk)
        entries = Entry.objects.unscoped().filter(case=case).count()
    return (found.state, found.step, found.entries, entries, Noted.objects.filter(object_id=str(case.pk)).count())


@pytest.mark.django_db
def test_each_is_refused_for_itself(village: Officer, home: Household, offices: Offices) -> None:
    good, other, stale, waits, done = opened(family(village, home, 5), offices)
    take_step(by=village, case=stale.pk, seen=1, action="提交", fields=PAPER)
    waits = suspend(by=village, case=waits.pk, seen=1, because="等户口簿", review_on=today() + timedelta(7))
    done = step_on(step_on(done, offices, "提交"), offices, "受理")
    far = seen(good)[good.pk]
    told = take_steps(
        by=village, cases={**seen(good, other, stale, waits, done), uuid4(): far}, action="提交", fields=PAPER
    )
    assert [why for why in told.values() if not why] == ["", ""]
    assert (told[good.pk], told[other.pk]) == ("", "")
    assert "刚刚有人办过" in told[stale.pk]
    assert "挂起了" in told[waits.pk]
    assert "没有“提交”" in told[done.pk]
    assert "没有这一条" in list(told.values())[-1]
    assert [state(case) for case in (good, other)] == [(State.RUNNING, 2, 2, 2, 2)] * 2
    assert state(waits) == (State.SUSPENDED, 1, 2, 2, 2)
    assert not verify_journal().findings


@pytest.mark.django_db
def test_nobody_else_may(village: Officer, home: Household, offices: Offices) -> None:
    cases = opened(family(village, home, 2), offices)
    stranger = clerk("stranger", "500236101201")
    assert {"没有这一条，或者不在您的范围里。"} == set(
        take_steps(by=stranger, cases=seen(*cases), action="提交", fields=PAPER).values()
    )
    others = offices.at("civil_affairs", "village", DESTINATION)
    told = take_steps(by=others, cases=seen(*cases), action="提交", fields=PAPER)
    assert all("轮不到您" in why for why in told.values())
    assert [state(case)[2] for case in cases] == [1, 1]


@pytest.mark.django_db
def test_what_is_sent_twice_is_done_once(village: Officer, home: Household, offices: Offices) -> None:
    cases = opened(family(village, home, 3), offices)
    sent = seen(*cases)
    for _ in range(2):
        assert set(take_steps(by=village, cases=sent, action="提交", fields=PAPER).values()) == {""}
    assert [state(case)[1:4] for case in cases] == [(2, 2, 2)] * 3
    swapped = dict(zip(sent, [*list(sent.values())[1:], sent[cases[0].pk]], strict=True))
    told = take_steps(by=village, cases=swapped, action="提交", fields=PAPER)
    assert all("和上一次不一样" in why for why in told.values())


@pytest.mark.django_db
def test_what_the_database_refuses_of_one_is_done_for_the_others(
    village: Officer, home: Household, offices: Offices
) -> None:
    """One has a pension that began elsewhere today: no second step of that day."""
    people = family(village, home, 3)
    for person in people:
        fit(str(person.pk), "transfer_pension")
    cases = opened(people, offices)
    for action in ("提交", "受理", "发接收函", "审批并划转"):
        cases = [step_on(case, offices, action) for case in cases]
    with everything():
        put_step(
            person=cases[1].subject_id,
            kind="pension",
            holder="500236000000",
            since=today(),
            because="moved",
            evidence="另有登记",
        )
    by = offices.at("human_resources", "county", YUNYANG)
    told = take_steps(by=by, cases=seen(*cases), action="登记并告知本人", fields={"到账日": today().isoformat()})
    assert [bool(told[case.pk]) for case in cases] == [False, True, False]
    assert [state(case)[0] for case in cases] == [State.DONE, State.RUNNING, State.DONE]
    with everything():
        moved = Relation.objects.unscoped().filter(kind="pension", holder=YUNYANG).values_list("person_id", flat=True)
        assert {str(key) for key in moved} == {cases[0].subject_id, cases[2].subject_id}
        assert not any(verify().values())


def test_sixteen_at_once_take_each_step_once(own_database: str) -> None:
    village = clerk("village")
    cases = opened(family(village, household(village), 4), Offices())

    def run(number: int) -> int:
        some = cases if number % 2 else cases[::-1]
        return sum(not why for why in take_steps(by=village, cases=seen(*some), action="提交", fields=PAPER).values())

    found = race(16, run)
    assert not found.raised
    assert sum(found.returned) == len(cases)
    assert [state(case)[1:] for case in cases] == [(2, 2, 2, 2)] * len(cases)
