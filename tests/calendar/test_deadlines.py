"""期限：从哪天起、多长、到哪天止。"""

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from anju.calendar.deadlines import Length, due_column, due_estimated, due_on
from anju.calendar.periods import add_days, add_months, add_years, month_end, quarter_end, year_end
from anju.policy.model import Deadline

AFTER = Deadline("{救助办理}自申请", "after", "救助办理", "applied")
BEFORE = Deadline("选举日前{名单公布}", "before", "名单公布", "term", "election_day")
OCTOBER = Deadline("本年10月1日", "day", month=10, day=1)
LEAP_DAY = Deadline("本年2月29日", "day", month=2, day=29)
QUARTER = Deadline("本季末", "quarter_end")
MONTH = Deadline("本月末", "month_end")
NONE = Deadline("", "none")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param(date(2021, 1, 31), 1, date(2021, 2, 28), id="次月没有同日取月末"),
        pytest.param(date(2020, 1, 31), 1, date(2020, 2, 29), id="闰年二月"),
        pytest.param(date(2021, 1, 28), 1, date(2021, 2, 28), id="次月有同日"),
        pytest.param(date(2021, 12, 31), 2, date(2022, 2, 28), id="跨年"),
        pytest.param(date(2021, 3, 31), -1, date(2021, 2, 28), id="往前"),
        pytest.param(date(2021, 1, 15), -1, date(2020, 12, 15), id="往前跨年"),
    ],
)
def test_add_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_years_days_and_ends() -> None:
    assert add_years(date(2020, 2, 29), 1) == date(2021, 2, 28)
    assert add_years(date(2020, 2, 29), 4) == date(2024, 2, 29)
    assert add_days(date(2020, 2, 28), 2) == date(2020, 3, 1)
    assert month_end(date(2020, 2, 1)) == date(2020, 2, 29)
    assert [quarter_end(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        date(2026, 3, 31),
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 12, 31),
    ]
    assert year_end(date(2026, 3, 1)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("deadline", "anchor", "length", "expected"),
    [
        pytest.param(AFTER, date(2021, 1, 31), Length(1, "个月"), date(2021, 2, 28), id="救助一个月"),
        pytest.param(AFTER, date(2020, 6, 24), Length(1, "工作日"), date(2020, 6, 28), id="一个工作日"),
        pytest.param(AFTER, date(2020, 2, 29), Length(1, "年"), date(2021, 2, 28), id="一年"),
        pytest.param(BEFORE, date(2021, 12, 20), Length(20, "日"), date(2021, 11, 30), id="选举日前二十日"),
        pytest.param(OCTOBER, date(2026, 3, 5), None, date(2026, 10, 1), id="本年的一天"),
        pytest.param(LEAP_DAY, date(2026, 3, 5), None, date(2026, 2, 28), id="平年没有二月二十九日"),
        pytest.param(QUARTER, date(2026, 5, 5), None, date(2026, 6, 30), id="本季末"),
        pytest.param(MONTH, date(2026, 2, 5), None, date(2026, 2, 28), id="本月末"),
        pytest.param(NONE, date(2026, 2, 5), None, None, id="没有期限"),
        pytest.param(AFTER, None, Length(1, "个月"), None, id="不知道从哪天起"),
    ],
)
def test_due_on(deadline: Deadline, anchor: date | None, length: Length | None, expected: date | None) -> None:
    assert due_on(deadline, anchor, length) == expected
    column = due_column(deadline, pl.Series("applied", [anchor, None], pl.Date), length)
    assert column.to_list() == [expected, None]
    assert column.dtype == pl.Date


def test_a_length_must_be_whole_and_of_time() -> None:
    assert Length.of(Fraction(30), "日") == Length(30, "日")
    with pytest.raises(ValueError, match="时间单位"):
        Length.of(Fraction(30), "元")
    with pytest.raises(ValueError, match="整数"):
        Length.of(Fraction(1, 2), "年")
    with pytest.raises(ValueError, match="救助办理"):
        due_on(AFTER, date(2021, 1, 31))


@pytest.mark.parametrize(
    ("length", "anchor", "due", "guess"),
    [
        (Length(5, "工作日"), date(2026, 12, 30), date(2027, 1, 7), True),
        (Length(5, "工作日"), date(2026, 3, 2), date(2026, 3, 9), False),
        (Length(30, "日"), date(2034, 3, 2), date(2034, 4, 1), False),
    ],
    ids=["跨到没公布的年份", "公布了的年份", "自然日不用放假表"],
)
def test_due_estimated(length: Length, anchor: date, due: date, guess: bool) -> None:
    assert due_estimated(length, anchor, due) is guess
