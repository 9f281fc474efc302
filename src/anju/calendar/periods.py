"""Days, months and years after a day, and the ends of months, quarters and years."""

from calendar import monthrange
from datetime import date, timedelta


def add_days(day: date, count: int) -> date:
    """The day `count` days later, or earlier if negative."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months later; the last day of the month where it has no such day.

    2021-01-31 and one month is 2021-02-28 (一（七）: 次月同日，无同日取月末).
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, count: int) -> date:
    """The same day `count` years later; 29 February becomes 28 February where the year has none."""
    return add_months(day, 12 * count)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


def quarter_end(day: date) -> date:
    """The last day of the day's quarter."""
    return month_end(date(day.year, (day.month + 2) // 3 * 3, 1))


def year_end(day: date) -> date:
    """31 December of the day's year."""
    return date(day.year, 12, 31)
