"""Until when: a deadline as a page writes it, for one day or for a column of days.

A deadline counts from an anchor: the day the duty opens, the day of the application, or a date term of the person.
Without an anchor there is no due date; that is unknown, not never.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from anju.calendar.periods import add_days, add_months, add_years, month_end, quarter_end
from anju.calendar.workdays import add_working_days, estimated
from anju.policy.model import Deadline

_units: Mapping[str, Callable[[date, int], date]] = {
    "日": add_days,
    "天": add_days,
    "工作日": add_working_days,
    "个月": add_months,
    "月": add_months,
    "年": add_years,
}


@dataclass(frozen=True, slots=True)
class Length:
    """A parameter as a length of time: how many of a unit (日, 工作日, 个月, 年)."""

    count: int
    unit: str

    @staticmethod
    def of(value: Fraction | int, unit: str) -> "Length":
        """The length of a parameter's value. Raises ValueError if it is not whole or the unit is no unit of time."""
        if unit not in _units:
            raise ValueError(f"“{unit}”不是时间单位，应是日、工作日、个月或年。")
        if value != int(value):
            raise ValueError(f"期限应是整数，这里是 {value}。")
        return Length(int(value), unit)

    def after(self, day: date) -> date:
        """The day that lies this length after `day`."""
        return _units[self.unit](day, self.count)

    def before(self, day: date) -> date:
        """The day that lies this length before `day`."""
        return _units[self.unit](day, -self.count)


def due_on(deadline: Deadline, anchor: date | None, length: Length | None = None) -> date | None:
    """The last day on which the duty is in time.

    `anchor` is the day that the deadline counts from (for 本年, 本季末 and 本月末 the day the duty opens); `length` is
    the value of its parameter. None if the deadline is blank or the anchor unknown.
    """
    if anchor is None or deadline.kind == "none":
        return None
    if deadline.kind == "quarter_end":
        return quarter_end(anchor)
    if deadline.kind == "month_end":
        return month_end(anchor)
    if deadline.kind == "day":
        # 29 February of a common year is its last day of February.
        return add_months(date(2000, deadline.month, deadline.day), 12 * (anchor.year - 2000))
    if length is None:
        raise ValueError(f"期限“{deadline.text}”没有给出“{deadline.parameter}”的值。")
    return length.after(anchor) if deadline.kind == "after" else length.before(anchor)


def due_column(deadline: Deadline, anchors: pl.Series, length: Length | None = None) -> pl.Series:
    """`due_on` for a Date column of anchors, computed once for each distinct day; same name and order, Date."""
    days = anchors.drop_nulls().unique().to_list()
    due = {day: due_on(deadline, day, length) for day in days}
    if not due:
        return pl.Series(anchors.name, [None], pl.Date).new_from_index(0, len(anchors))
    return anchors.replace_strict(due, default=None, return_dtype=pl.Date)


def due_estimated(length: Length | None, anchor: date, due: date) -> bool:
    """Whether the due date rests on a year whose public holidays are not published yet."""
    if length is None or length.unit != "工作日":
        return False
    first, last = sorted((anchor.year, due.year))
    return any(estimated(date(year, 1, 1)) for year in range(first, last + 1))
