"""What signing in leaves behind is removed when nobody needs it, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from anju.government import lockout
from anju.government.models import Attempts, UsedCode
from anju.government.upkeep import forget
from anju.jobs.actions import begin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("age", "left"),
    [(timedelta(seconds=-60), (1, 1, 1)), (timedelta(minutes=11), (0, 1, 0)), (timedelta(minutes=16), (0, 0, 0))],
    ids=["还有用", "十一分钟", "十六分钟"],
)
def test_what_is_over_is_removed(age: timedelta, left: tuple[int, int, int]) -> None:
    then = timezone.now() - age
    Session.objects.create(session_key="s", session_data="", expire_date=then)
    lockout.reserve("account", "li")
    Attempts.objects.update(since=then)
    UsedCode.objects.create(subject="c", at=then)
    job = begin(forget, key="1", owner="", title="清理登录记录")
    forget.func(str(job.pk))
    assert (Session.objects.count(), Attempts.objects.count(), UsedCode.objects.count()) == left
