"""The system administrator sees how the installation is, and nobody's name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from anju.config import system
from anju.config.system import Disk, installation
from anju.government.models import Officer
from anju.jobs.actions import begin, end
from anju.jobs.models import Job, Schedule, Worker
from anju.journal.models import Verification
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, signed_in
from tests.jobs.kinds import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(settings: Settings, tmp_path: Path) -> Browser:
    """钱系统's."""
    settings.ANJU_ANCHORS = tmp_path / "anchors.jsonl"
    return signed_in(with_password("system", "钱系统", Officer.Duty.SYSTEM), confirmed=False)


def text(browser: Browser) -> str:
    answer = browser.get("/system/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_installation_is_shown(browser: Browser) -> None:
    page = text(browser)
    assert {"sqlite": "SQLite 3", "postgresql": "PostgreSQL 1"}[connection.vendor] in page
    assert "一个也没有" in page
    assert "还没有核对过" in page
    assert "三十天里没有" in page
    assert "锚定操作日志" in page


def test_workers_that_are_alive_are_counted() -> None:
    now = timezone.now()
    Worker.objects.create(pk="alive", seen_at=now - timedelta(seconds=30))
    Worker.objects.create(pk="gone", seen_at=now - timedelta(minutes=5))
    assert len(installation().workers) == 1


@pytest.mark.parametrize(("minutes", "late"), [(5, False), (-5, True)], ids=["还没到", "过了"])
def test_a_schedule_that_did_not_begin_is_late(settings: Settings, minutes: int, *, late: bool) -> None:
    settings.ANJU_SCHEDULES = {"每夜": ("anju.jobs.upkeep.forget", "03:30", 24 * 60)}
    Schedule.objects.create(pk="每夜", next_at=timezone.now() + timedelta(minutes=minutes))
    (one,) = installation().recurring
    assert (one.name, one.late, one.last_state) == ("每夜", late, "")
    job = begin(count, key="每夜@1", owner="", title="每夜", arguments={"steps": 1})
    end(job=job, state=Job.State.FAILED, message="没做完")
    (one,) = installation().recurring
    assert one.last_state == "failed"


def test_failed_jobs_are_named_without_anybodys_name(browser: Browser) -> None:
    for owner, title in (("", "核对操作日志"), ("7f0c", "导入 张青山.xlsx")):
        job = begin(count, key=title, owner=owner, title=title, arguments={"steps": 1})
        end(job=job, state=Job.State.FAILED, message=f"{title}没办成")
    page = text(browser)
    assert "核对操作日志没办成" in page
    assert "tests.jobs.kinds.count" in page
    assert "张青山" not in page


def test_what_the_database_lacks_is_said(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "missing_migrations", lambda: 3)
    with connection.cursor() as cursor:
        on = " ON journal_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER journal_entry_update{on}")
    page = text(browser)
    assert "数据库还缺 3 步更新" in page
    assert "journal_entry_update 不在了" in page


def test_the_nights_finding_is_shown_without_what_was_found_where(browser: Browser) -> None:
    Verification.objects.create(at=timezone.now(), entries=40, findings=2, sentences=["第 3 链第 7 条：内容被改动过"])
    assert "2 处不对" in text(browser)


@pytest.mark.parametrize(
    ("free", "total", "tight"),
    [
        (2 << 30, 10 << 30, False),
        (1 << 30, 10 << 30, False),
        ((1 << 30) - 1, 5 << 30, True),
        (9 << 30, 100 << 30, True),
    ],
    ids=["两成", "正好一成", "不到一吉", "不到一成"],
)
def test_a_disk_is_tight(free: int, total: int, *, tight: bool) -> None:
    assert Disk("数据库", free, total).tight is tight


def test_places_on_one_disk_are_one_line(tmp_path: Path) -> None:
    (one,) = system._disks({"甲": tmp_path, "乙": tmp_path / "not" / "yet"})
    assert one.name == "甲、乙"
    assert 0 < one.free < one.total


def test_the_database_has_a_size() -> None:
    assert installation().size > 100_000


@pytest.mark.parametrize("duty", ["handler", "security_administrator", "auditor"])
def test_for_others_the_page_is_not_there(duty: str) -> None:
    assert signed_in(with_password("other", duty=duty)).get("/system/").status_code == 404


def test_a_stranger_is_led_to_the_door() -> None:
    assert Browser().get("/system/").headers["Location"].startswith("/sign-in/")
