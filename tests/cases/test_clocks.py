"""Until when a step is due: tables of examples, a county's own length, and the same answer from the database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from anju.cases.actions import open_case, suspend
from anju.cases.clocks import Clocks, limits_of, states
from anju.cases.models import Case, Turn
from anju.cases.procedures import hanging_limits, posting_steps
from anju.duties.models import CountyValue
from anju.government.models import Officer, never
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person
from tests.cases.cast import Offices, moved, step_on, waiting
from tests.register.cast import YUNYANG

pytestmark = pytest.mark.django_db
NOTICE, LIST = "成员公示期", "选民名单申诉"  # 7 日, 5 日, while something hangs
MONTH, DAYS, WORKING = "党员回执期限", "户口意愿摸底期限", "养老受理"  # 1 个月, 30 日, 5 工作日


def turn(limit: str, since: date, region: str = YUNYANG) -> Turn:
    return Turn(limit=limit, since=since, region=region, line="committee", level="county")


@pytest.mark.parametrize(
    ("limit", "since", "due"),
    [
        pytest.param(MONTH, date(2026, 1, 31), date(2026, 2, 28), id="一月三十一日加一个月"),
        pytest.param(MONTH, date(2028, 1, 31), date(2028, 2, 29), id="闰年的一月三十一日加一个月"),
        pytest.param(MONTH, date(2028, 2, 29), date(2028, 3, 29), id="二月二十九日加一个月"),
        pytest.param(DAYS, date(2026, 1, 30), date(2026, 3, 1), id="三十日跨过二月"),
        pytest.param(WORKING, date(2026, 11, 27), date(2026, 12, 4), id="五个工作日跨过周末"),
        pytest.param(WORKING, date(2025, 9, 26), date(2025, 10, 10), id="国庆前后有调休上班"),
        pytest.param(NOTICE, date(2026, 11, 2), date(2026, 11, 10), id="公示七天，满了以后那天还不晚"),
        pytest.param(LIST, date(2026, 11, 2), date(2026, 11, 8), id="名单公布五天，满了以后那天还不晚"),
        pytest.param("", date(2026, 1, 1), None, id="页面没有时限"),
        pytest.param("从来没有的时限", date(2026, 1, 1), None, id="页面不再认得的时限"),
    ],
)
def test_due(limit: str, since: date, due: date | None) -> None:
    assert Clocks(date(2026, 11, 27)).of(turn(limit, since)).due == due


@pytest.mark.parametrize(
    ("on", "state", "left"),
    [
        pytest.param(date(2026, 11, 19), "later", 8, id="还有八天"),
        pytest.param(date(2026, 11, 20), "soon", 7, id="还有七天"),
        pytest.param(date(2026, 11, 27), "soon", 0, id="当天"),
        pytest.param(date(2026, 11, 28), "overdue", -1, id="过了一天"),
    ],
)
def test_state(on: date, state: str, left: int) -> None:
    clock = Clocks(on).of(turn(DAYS, date(2026, 10, 28)))
    assert (clock.due, clock.state, clock.left) == (date(2026, 11, 27), state, left)


def test_a_county_has_its_own_length(village: Officer) -> None:
    CountyValue.objects.create(
        county=YUNYANG,
        parameter=WORKING,
        value=Decimal(2),
        since=date(2020, 1, 1),
        until=never,
        basis="试行",
    )
    clocks = Clocks(date(2026, 11, 27))
    assert clocks.of(turn(WORKING, date(2026, 11, 20))).due == date(2026, 11, 24)
    assert clocks.of(turn(WORKING, date(2026, 11, 20), "500154000000")).due == date(2026, 11, 27)


def test_the_database_finds_what_the_clock_says(village: Officer, person: Person, offices: Offices) -> None:
    """Every limit, in a county with figures of its own and in another one, on both sides of each day that a state begins."""
    case = open_case(
        by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场"
    )
    for parameter, value in ((WORKING, 2), (DAYS, 10)):
        CountyValue.objects.create(
            county=YUNYANG,
            parameter=parameter,
            value=value,
            since=date(2020, 1, 1),
            until=never,
            basis="试行",
        )
    clocks = Clocks(today())
    limits = ("", "从来没有的时限", *limits_of(guideline().version))
    days = [
        today() - timedelta(n)
        for n in (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 24, 29, 30, 31, 32, 90, 130)
    ]
    with everything():
        rows = [
            Turn(
                case=case, since_entry=n + 2, until_entry=None, step=1, line="committee", level="county", limit=limit,
                since=since, region=region,
            )
            for n, (limit, since, region) in enumerate(
                (limit, since, region) for limit in limits for since in days for region in (YUNYANG, "500154000000")
            )
        ]  # fmt: skip
        Turn.objects.unscoped().bulk_create(rows)
        for state in states:
            found = set(Turn.objects.unscoped().filter(clocks.within(state)).values_list("since_entry", flat=True))
            assert found & {row.since_entry for row in rows} - {1} == {
                row.since_entry for row in rows if clocks.of(row).state == state
            }, state


def test_a_suspended_case_s_clock_runs_on(village: Officer, person: Person, offices: Offices) -> None:
    began = today() - timedelta(30)
    case = open_case(by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=began, how="本人到场")
    case = step_on(case, offices, "提交")
    with everything():
        turn = Turn.objects.unscoped().get(case=case, until_entry=None)
        Turn.objects.unscoped().filter(pk=turn.pk).update(until_entry=case.entries + 1, ended_late=False)
        Turn.objects.unscoped().bulk_create([moved(turn, since_entry=case.entries + 1, since=began)])
    township = offices.of(waiting(case)[0])
    before = Clocks(today()).of(waiting(case)[0])
    suspend(by=township, case=case.pk, seen=case.entries, because="等派出所回函", review_on=today() + timedelta(5))
    (kept,) = waiting(case)
    assert Clocks(today()).of(kept) == before
    assert before.state == "overdue"
    with everything():
        assert Case.objects.unscoped().get(pk=case.pk).state == "suspended"


def test_a_notice_s_length_is_no_other_step_s_limit() -> None:
    """Where it were, that step would have a day more."""
    pages = guideline()
    waiting_ones = {
        (procedure.code, step.number)
        for procedure in pages.procedures.values()
        for number in posting_steps(pages.version, procedure.code)
        for step in procedure.steps[number - 1 : number + 1]
    }
    limited = {
        (procedure.code, step.number)
        for procedure in pages.procedures.values()
        for step in procedure.steps
        if step.limit in hanging_limits(pages.version)
    }
    assert limited
    assert limited <= waiting_ones
