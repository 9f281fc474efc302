"""How long a case was under way is counted by the days of the office, not by those of Greenwich."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from anju.cases.models import Case
from anju.cases.queries.rows import days_of

CHINA = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("closed", "days"),
    [(None, 9), (datetime(2026, 6, 8, 0, 30, tzinfo=CHINA), 7), (datetime(2026, 6, 8, 23, 30, tzinfo=CHINA), 7)],
    ids=["还在办", "半夜办结", "当天夜里办结"],
)
def test_days_are_the_office_s(closed: datetime | None, days: int) -> None:
    assert days_of(Case(applied_on=date(2026, 6, 1), closed_at=closed), date(2026, 6, 10)) == days
