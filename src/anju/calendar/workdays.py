"""Working days: the yearly schedule of public holidays and make-up days, and what to do for years that have none yet.

The library knows the schedules that the State Council has published. `schedule.csv` adds years that it does not know,
one line a day that differs from Monday to Friday (性质 休 or 班). A year in neither is estimated: Monday to Friday
without the holidays of a fixed date; `estimated` says so, and whoever shows such a day should too.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import chinese_calendar
from chinese_calendar import constants

_known_years = {day.year for day in constants.holidays}
_labour_day_two_days_from = 2025
_saturday = 5
_published = cache(chinese_calendar.is_workday)  # the library goes through all its holidays for each day


@cache
def schedule() -> Mapping[date, bool]:
    """The days that `schedule.csv` adds: whether each is worked."""
    text = files("anju.calendar").joinpath("schedule.csv").read_text(encoding="utf-8")
    return read_schedule(text.splitlines())


def read_schedule(lines: Iterable[str]) -> dict[date, bool]:
    """The days of a schedule in the form of `schedule.csv`. Raises ValueError for a day or a 性质 that it cannot be."""
    days: dict[date, bool] = {}
    for number, line in enumerate(csv.DictReader(lines), start=2):
        if line["性质"] not in ("休", "班"):
            raise ValueError(f"第 {number} 行：性质写的是“{line['性质']}”，应写“休”或“班”。")
        try:
            days[date.fromisoformat(line["日期"])] = line["性质"] == "班"
        except ValueError:
            raise ValueError(f"第 {number} 行：日期写的是“{line['日期']}”，应写成 2027-01-01。") from None
    return days


def estimated(day: date, extra: Mapping[date, bool] | None = None) -> bool:
    """Whether no published schedule covers the day's year, so that its holidays are only estimated."""
    added = schedule() if extra is None else extra
    return day.year not in _known_years and all(known.year != day.year for known in added)


def is_working_day(day: date, extra: Mapping[date, bool] | None = None) -> bool:
    """Whether offices work on that day. `extra` replaces `schedule.csv`, whose days win over the library's."""
    added = schedule() if extra is None else extra
    if day in added:
        return added[day]
    if day.year in _known_years:
        return bool(_published(day))
    return day.weekday() < _saturday and not (estimated(day, added) and _fixed_holiday(day))


def add_working_days(day: date, count: int, extra: Mapping[date, bool] | None = None) -> date:
    """The working day that is `count` working days after (or before, if negative) `day`; `day` itself is not counted.

    With 0 it is `day` itself, worked or not.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, extra)
    return day


def worked_until(first: date, last: date) -> dict[date, int]:
    """For each day from ``first`` to ``last`` how many working days there are since ``first``, which itself is not counted: of two days the
    difference is how many working days the later one comes after the earlier one, as `add_working_days` counts.
    """
    found, count = {first: 0}, 0
    for ahead in range(1, (last - first).days + 1):
        day = first + timedelta(days=ahead)
        count += is_working_day(day)
        found[day] = count
    return found


def _fixed_holiday(day: date) -> bool:
    """New Year, Labour Day and National Day; Spring Festival, 清明, 端午 and 中秋 move and are not guessed."""
    fixed = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}
    return (day.month, day.day) in fixed or ((day.month, day.day) == (5, 2) and day.year >= _labour_day_two_days_from)
