"""How the installation is: what its system administrator looks at. No case data, no names of persons."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from anju import version
from anju.config.start import missing_migrations
from anju.documents.rendering import fonts
from anju.jobs.models import Job, Schedule, Worker
from anju.journal.queries import Reach, reach

_alive = timedelta(seconds=60)
_failed_shown = 20


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that begins by itself: when next, and how it went the last time ("" before the first)."""

    name: str
    next_at: datetime | None
    late: bool
    last_at: datetime | None
    last_state: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that did not end well: the schedule's own by its title, an officer's by its kind alone."""

    at: datetime
    what: str
    message: str


@dataclass(frozen=True, slots=True)
class Disk:
    """A place that fills up, in bytes."""

    name: str
    free: int
    total: int

    @property
    def tight(self) -> bool:
        """Whether less than a tenth, or less than a gigabyte, is free."""
        return self.free < max(self.total // 10, 1 << 30)


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything on one page."""

    version: str
    database: str
    size: int
    missing_migrations: int
    problems: Sequence[str]
    workers: Sequence[datetime]
    waiting: int
    recurring: Sequence[Recurring]
    failed: Sequence[Failed]
    disks: Sequence[Disk]
    journal: Reach


def installation() -> Installation:
    """As it is now; every part is a short read."""
    now = timezone.now()
    found = run_checks(tags=[Tags.database], databases=["default"])
    return Installation(
        version=version,
        database=_database(),
        size=_size(),
        missing_migrations=missing_migrations(),
        problems=[
            *(f"{one.msg} {one.hint or ''}".rstrip() for one in found if not one.is_silenced()),
            *([] if fonts.can_print() else [fonts.missing]),
        ],
        workers=list(
            Worker.objects.filter(seen_at__gte=now - _alive).order_by("-seen_at").values_list("seen_at", flat=True)
        ),
        waiting=Job.objects.filter(state=Job.State.OPEN).count(),
        recurring=[_recurring(name, now) for name in settings.ANJU_SCHEDULES],
        failed=[_failed(job) for job in _failed_jobs()[:_failed_shown]],
        disks=_disks(_places()),
        journal=reach(),
    )


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _size() -> int:
    """Bytes of the database, with the log that belongs to it."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        files = (Path(name), Path(f"{name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _recurring(name: str, now: datetime) -> Recurring:
    schedule = Schedule.objects.filter(pk=name).first()
    last = Job.objects.filter(title=name, owner="").order_by("-begun_at").first()
    next_at = schedule.next_at if schedule else None
    late = next_at is not None and next_at < now - _alive
    return Recurring(name, next_at, late, last.begun_at if last else None, str(last.state) if last else "")


def _failed_jobs() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.FAILED).select_related("task").order_by("-ended_at")


def _failed(job: Job) -> Failed:
    assert job.ended_at is not None
    if not job.owner:
        return Failed(job.ended_at, job.title, job.message)
    # what an officer calls it may name a person
    return Failed(job.ended_at, job.task.task_path if job.task else "", "")


def _places() -> Mapping[str, Path]:
    """Where something of ours is written on this machine."""
    places = {
        "密钥": settings.ANJU_KEYS.parent,
        "锚定": settings.ANJU_ANCHORS.parent,
        "上传": settings.ANJU_VISITS.parent,
    }
    if connection.vendor == "sqlite":
        places = {"数据库": Path(str(connection.settings_dict["NAME"])).parent, **places}
    return places


def _disks(places: Mapping[str, Path]) -> Sequence[Disk]:
    """One line a disk, with everything that lies on it."""
    on: dict[int, tuple[list[str], Path]] = {}
    for name, path in places.items():
        there = next(folder for folder in (path, *path.parents) if folder.exists())
        on.setdefault(there.stat().st_dev, ([], there))[0].append(name)
    usages = [("、".join(names), shutil.disk_usage(there)) for names, there in on.values()]
    return [Disk(name, usage.free, usage.total) for name, usage in usages]
