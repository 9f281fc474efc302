"""工作日：公布的放假调休、自己补的年份、没有公布的年份。"""

from datetime import date

import pytest

from anju.calendar.workdays import add_working_days, estimated, is_working_day, read_schedule

HEADER = "日期,性质,名称,依据"


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        pytest.param(date(2020, 6, 24), True, id="发布日是星期三"),
        pytest.param(date(2020, 6, 25), False, id="端午放假"),
        pytest.param(date(2020, 6, 28), True, id="星期日调休上班"),
        pytest.param(date(2026, 1, 1), False, id="元旦"),
        pytest.param(date(2035, 6, 1), True, id="没公布的年份的星期五"),
        pytest.param(date(2035, 6, 2), False, id="没公布的年份的星期六"),
        pytest.param(date(2035, 10, 1), False, id="没公布的年份的国庆"),
        pytest.param(date(2035, 5, 2), False, id="劳动节第二天，2025 年起"),
    ],
)
def test_is_working_day(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


@pytest.mark.parametrize(
    ("year", "guess"), [(2003, True), (2004, False), (2026, False), (2035, True)], ids=["早于", "最早", "最晚", "晚于"]
)
def test_a_year_without_a_schedule_is_flagged(year: int, guess: bool) -> None:
    assert estimated(date(year, 3, 3)) is guess


def test_our_own_schedule_wins_and_ends_the_estimate() -> None:
    extra = read_schedule([HEADER, "2035-06-01,休,端午节,某年放假通知", "2035-06-02,班,调休,某年放假通知"])
    assert not is_working_day(date(2035, 6, 1), extra)
    assert is_working_day(date(2035, 6, 2), extra)
    assert not estimated(date(2035, 3, 3), extra)
    # A known year has its movable holidays in the table, so nothing is taken off by guess any more.
    assert is_working_day(date(2035, 10, 1), extra)


@pytest.mark.parametrize(
    ("line", "says"), [("2035-06-01,假,,", "性质"), ("2035-6-1,休,,", "日期")], ids=["性质写错", "日期写错"]
)
def test_a_wrong_line_of_the_schedule_is_named(line: str, says: str) -> None:
    with pytest.raises(ValueError, match=f"第 2 行：{says}"):
        read_schedule([HEADER, line])


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param(date(2020, 6, 24), 1, date(2020, 6, 28), id="跨端午，调休日算工作日"),
        pytest.param(date(2020, 6, 24), 0, date(2020, 6, 24), id="零天"),
        pytest.param(date(2020, 6, 28), -1, date(2020, 6, 24), id="往前"),
        pytest.param(date(2026, 9, 30), 5, date(2026, 10, 13), id="跨国庆"),
        pytest.param(date(2026, 12, 31), 1, date(2027, 1, 4), id="跨到没公布的年份"),
    ],
)
def test_add_working_days(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected
