"""户籍网办 (1.1-4): counted where and when a case was first handed in, by way; how long it took and which were late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import polars as pl
import pytest
from django.utils import timezone

from anju.calendar.workdays import add_working_days, worked_until
from anju.cases.actions import open_case
from anju.cases.clocks import Clocks
from anju.cases.models import Case, Did, Entry, State, Turn
from anju.cases.online import Figures, columns, figures, figures_by
from anju.cases.queries.online import Filters, counted, listing, procedures_of, submitted, ways
from anju.duties.models import CountyValue
from anju.duties.versions import keep
from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import everything
from anju.journal.queries import entries
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.subjects import new_id
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.desk.cast import browser
from tests.government.cast import SINCE, hold, officer
from tests.government.cast import post as post_of
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG

pytestmark = pytest.mark.django_db
THIS = today().replace(day=1)
LAST = (THIS - timedelta(1)).replace(day=1)
LONG_AGO = LAST.replace(day=2)
while LONG_AGO.weekday() != 0:
    LONG_AGO += timedelta(1)
"""A Monday of last month."""


@pytest.fixture
def police(db: None) -> Officer:
    return hold_police("police", YUNYANG, "county")


def hold_police(account: str, region: str, level: str) -> Officer:
    who = officer(account)
    hold(who, post_of(region, level, "public_security"), SINCE)
    return who


def asked_by(who: Officer) -> Asking:
    return Asking(who, visible_regions(who, today()), today())


def handed_in(
    way: str,
    on: date,
    *,
    done: date | None = None,
    step: tuple[str, date, date | None] | None = None,
    resident: tuple[str, date, date] | None = None,
    again: date | None = None,
    state: str = "",
    to: str = DESTINATION,
    procedure: str = "move_hukou",
) -> Case:
    """A case as it is stored: handed in on a day, perhaps ``again``, ``step`` (limit, since, until) by the office, ``done`` on a day."""
    by, _ = Officer.objects.get_or_create(account="filler", defaults={"name": "周某"})
    keep(guideline(), today())
    with everything():
        case = Case(procedure=procedure, clause="1.1", subject_kind="person", subject_id=str(new_id()), origin=ORIGIN)
        case.version_id, case.destination, case.applied_on = guideline().version, to, on
        case.save(force_insert=True)
        rows = [(Did.OPENED, 1, "", 1, on), (Did.MOVED, 1, ways[way], 2, on)]
        if again:
            rows += [(Did.MOVED, 2, "补正", 1, again), (Did.MOVED, 1, ways["window"], 2, again)]
        spans: list[tuple[str, date, int | None, bool]] = []
        for told, by_resident in ((step, False), (resident, True)):
            if told:
                if told[2]:
                    rows.append((Did.MOVED, 2, "核对", 3, told[2]))
                spans.append((told[0], told[1], len(rows) if told[2] else None, by_resident))
        if done:
            rows.append((Did.MOVED, 8, "告知", 0, done))
        for seq, (did, at, action, target, day) in enumerate(rows, 1):
            changes: dict[str, object] = {"entries": seq}
            if seq == len(rows) and (done or state):
                closed = timezone.make_aware(datetime.combine(done or on, time(23, 30)))
                changes |= {"state": state or State.DONE, "step": 0, "closed_at": closed}
            if seq > 1:
                Case.objects.unscoped().filter(pk=case.pk).update(**changes)
            entry = Entry(case=case, seq=seq, did=did, step=at, action=action, target=target, on=day, by=by)
            entry.told = "{}"
            entry.save(force_insert=True)
        for limit, since, until, by_resident in spans:
            seat = {"line": "public_security", "level": "township", "region": f"{to[:9]}000", "resident": by_resident}
            turn = Turn(case=case, since_entry=2, until_entry=until, step=2, since=since, limit=limit, **seat)
            turn.ended_late = Clocks(rows[until - 1][4]).of(turn).state == "overdue" if until else None
            turn.save()
    return case


def told(who: Officer, **given: str) -> Figures:
    asking = asked_by(who)
    return figures(counted(asking, Filters.of(given, asking)))


def test_both_procedures_begin_in_these_ways() -> None:
    assert procedures_of(guideline().version) == ("move_hukou", "move_to_collective_household")


def test_each_way_is_counted_once_and_in_the_month_of_the_first_day(police: Officer) -> None:
    handed_in("online", LONG_AGO, again=THIS)
    handed_in("online", THIS, procedure="move_to_collective_household")
    handed_in("window", THIS)
    handed_in("agent", THIS, state=State.WITHDRAWN)
    found = told(police)
    assert (found.total, found.online, found.window, found.agent) == (4, 2, 1, 1)
    assert (found.share, found.open, found.left) == (50, 3, 1)
    assert told(police, month=f"{LAST:%Y-%m}").online == 1, "what is handed in again counts when it first was"
    assert told(police, month=f"{THIS:%Y-%m}").total == 3


DURATIONS: Mapping[str, tuple[int, int]] = {
    "当天办结": (0, 0),
    "一个工作日": (1, 1),
    "三个工作日": (3, 3),
    "十个工作日": (10, 10),
}


@pytest.mark.parametrize(("days", "expected"), DURATIONS.values(), ids=DURATIONS)
def test_working_days_until_it_was_done(police: Officer, days: int, expected: int) -> None:
    done = add_working_days(LONG_AGO, days)
    handed_in("online", LONG_AGO, done=done)
    assert (told(police).median, told(police).most, told(police).done) == (expected, expected, 1)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    worked = worked_until(date(2026, 9, 28), date(2026, 10, 12))
    for later in range(15):
        day = date(2026, 9, 28) + timedelta(later)
        assert add_working_days(date(2026, 9, 28), worked[day]) <= day
    assert worked[date(2026, 10, 4)] == worked[date(2026, 10, 1)], "National Day is no work"


LATENESS: Mapping[str, tuple[int, str, bool]] = {
    "三个工作日整": (3, "户口受理", False),
    "第四个工作日": (4, "户口受理", True),
    "审批十个工作日整": (10, "准予迁入审批", False),
    "审批第十一个": (11, "准予迁入审批", True),
}


@pytest.mark.parametrize(("days", "limit", "late"), LATENESS.values(), ids=LATENESS)
def test_late_is_who_took_longer_than_the_limit(police: Officer, days: int, limit: str, late: bool) -> None:
    ended = add_working_days(LONG_AGO, days)
    handed_in("online", LONG_AGO, step=(limit, LONG_AGO, ended), done=ended)
    found = told(police)
    assert (found.late, found.kept) == (int(late), int(not late))
    assert len(listing(asked_by(police), Filters("", THIS, what="late")).parts[0]) == int(late)


def test_a_resident_s_own_time_is_not_the_office_s(police: Officer) -> None:
    handed_in(
        "online", LONG_AGO, resident=("城市迁入申报", LONG_AGO, LONG_AGO + timedelta(15)), done=LONG_AGO + timedelta(16)
    )
    assert told(police).late == 0


def test_what_is_open_is_late_once_its_limit_is_over(police: Officer) -> None:
    handed_in("window", LONG_AGO, step=("户口受理", LONG_AGO, None))
    handed_in("window", today(), step=("户口受理", today(), None))
    found = told(police)
    assert (found.late, found.open, found.kept) == (1, 2, 0)


def test_a_county_s_own_limit_counts_there(police: Officer) -> None:
    ended = add_working_days(LONG_AGO, 4)
    CountyValue.objects.create(
        county=YUNYANG, parameter="户口受理", value=5, since=LONG_AGO, basis="云阳公安〔2026〕1号"
    )
    for place in (DESTINATION, ORIGIN):
        handed_in("online", LONG_AGO, step=("户口受理", LONG_AGO, ended), done=ended, to=place)
    there = hold_police("there", KAIZHOU, "county")
    assert (told(police).late, told(there).late) == (0, 1)


def test_a_limit_that_changes_later_changes_nothing_that_has_ended(police: Officer) -> None:
    ended = add_working_days(LONG_AGO, 4)
    handed_in("online", LONG_AGO, step=("户口受理", LONG_AGO, ended), done=ended)
    CountyValue.objects.create(
        county=YUNYANG, parameter="户口受理", value=5, since=ended + timedelta(1), basis="云阳公安〔2026〕1号"
    )
    assert (told(police).late, told(police).kept) == (1, 0)


ENDED: Mapping[str, tuple[int, bool]] = {"第三个工作日办": (3, False), "第四个工作日办": (4, True)}


@pytest.mark.parametrize(("days", "late"), ENDED.values(), ids=ENDED)
def test_a_step_that_is_taken_says_whether_it_was_late(
    police: Officer, person: Person, offices: Offices, days: int, late: bool
) -> None:
    fit(str(person.pk), "move_hukou")
    case = open_case(by=police, procedure="move_hukou", subject=str(person.pk), applied_on=LONG_AGO, how="本人到场")
    case = step_on(case, offices, "窗口提交", on=LONG_AGO)
    step_on(case, offices, "跨区域迁移", on=add_working_days(LONG_AGO, days))
    with everything():
        turns = Turn.objects.unscoped().filter(case=case, resident=False).order_by("since_entry")
        assert [turn.ended_late for turn in turns] == [late, None]


def test_each_sees_where_it_moves_to_and_no_further(police: Officer) -> None:
    handed_in("online", THIS)
    handed_in("window", THIS, to=ORIGIN)
    city = hold_police("city", "500000000000", "city")
    township = hold_police("township", f"{DESTINATION[:9]}000", "township")
    pension = officer("pension")
    hold(pension, post_of(YUNYANG, "county", "human_resources"), SINCE)
    seen = {who.account: told(who).total for who in (police, city, township, pension)}
    assert seen == {"police": 1, "city": 2, "township": 1, "pension": 0}
    assert told(police, region=KAIZHOU).total == 1, "a place out of reach narrows nothing"
    by = figures_by(counted(asked_by(city), Filters("", THIS)), "region")
    assert {code: of.total for code, of in by.items()} == {YUNYANG: 1, KAIZHOU: 1}
    below = figures_by(counted(asked_by(city), Filters(YUNYANG, THIS)), "region")
    assert list(below) == [f"{DESTINATION[:9]}000"]


RANKS: Mapping[str, tuple[Sequence[int], int | None, int | None]] = {
    "没有": ([], None, None),
    "一件": ([7], 7, 7),
    "两件": ([1, 9], 1, 9),
    "十件": ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5, 9),
    "十一件": ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 6, 10),
}


@pytest.mark.parametrize(("days", "median", "most"), RANKS.values(), ids=RANKS)
def test_half_and_nine_tenths(days: Sequence[int], median: int | None, most: int | None) -> None:
    rows: list[tuple[object, ...]] = [("", "2026-11", "online", "done", False, n, 1) for n in days]
    rows.append(("", "2026-11", "online", "running", False, None, 3))
    found = figures(pl.DataFrame(rows, columns, orient="row"))
    assert (found.median, found.most, found.done, found.open) == (median, most, len(days), 3)


def test_what_is_alike_is_one_row_of_the_answer(police: Officer) -> None:
    for _ in range(5):
        handed_in("online", LONG_AGO, done=LONG_AGO)
    asking = asked_by(police)
    frame = counted(asking, Filters("", THIS))
    assert (len(frame), frame["n"].sum()) == (1, 5)


def test_the_pages(police: Officer, offices: Offices) -> None:
    late = add_working_days(LONG_AGO, 9)
    case = handed_in("online", LONG_AGO, step=("户口受理", LONG_AGO, late), done=late)
    handed_in("window", LONG_AGO)
    inside = browser(police)
    page = inside.get("/cases/online/").content.decode()
    assert "50.0%" in page
    assert "网上提交" in page
    listed = inside.get("/cases/online/list/?way=online&what=late").content.decode()
    assert f"/cases/{case.pk}/" in listed
    assert f"/cases/{case.pk}/" not in inside.get("/cases/online/list/?way=window").content.decode()
    for odd in ("region=x", "month=2026-13", "month=9999-01", "last=2999-01", "way=x&what=y", "after=x"):
        assert inside.get(f"/cases/online/list/?{odd}").status_code == 200
        assert inside.get(f"/cases/online/?{odd}").status_code == 200
    other = browser(offices.at("culture", "county", YUNYANG))
    assert "您的岗位不办户口迁移" in other.get("/cases/online/").content.decode()
    assert f"/cases/{case.pk}/" not in other.get("/cases/online/list/").content.decode()


def test_the_workbook_has_the_same_figures_and_stands_in_the_journal(police: Officer) -> None:
    handed_in("online", LONG_AGO, done=add_working_days(LONG_AGO, 2))
    handed_in("window", THIS)
    answer = browser(police).get("/cases/online/sheet/")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    months, by_way = (list(sheet.values) for sheet in book)
    assert months[0][:3] == ("地区", "提交月份", "提交")
    assert [row[1:3] for row in months[1:]] == [(f"{LAST:%Y-%m}", 1), (f"{THIS:%Y-%m}", 1)]
    assert months[1][6:8] == (100, 1)
    assert months[1][-2:] == (2, 2)
    assert [row[1] for row in by_way[1:]] == ["网上提交", "窗口提交"]
    with everything():
        assert entries(action="cases.take_online").count() == 1


def test_only_who_does_this_work_has_it_in_the_frame(police: Officer, offices: Offices) -> None:
    link = 'href="/cases/online/"'
    inside = browser(police)
    assert link in inside.get("/cases/").content.decode()
    there = inside.get("/cases/online/").content.decode()
    assert f'{link} aria-current="page"' in there
    assert 'href="/cases/" aria-current="page"' not in there, "one place at a time"
    assert link not in browser(offices.at("culture", "county", YUNYANG)).get("/cases/").content.decode()


def test_all_that_is_listed_is_what_was_counted(police: Officer) -> None:
    handed_in("online", LONG_AGO, done=LONG_AGO + timedelta(1))
    handed_in("window", THIS)
    asking = asked_by(police)
    for what, number in {"": 2, "done": 1, "open": 1, "late": 0, "left": 0}.items():
        assert submitted(asking, Filters("", THIS, what=what)).count() == number
