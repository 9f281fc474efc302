"""Jobs: begun once, retried, refused, scheduled, and shown to whoever began them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from anju.jobs import upkeep
from anju.jobs.actions import begin, not_done, once, report
from anju.jobs.models import Effect, Job, Schedule, Worker
from anju.jobs.queries import jobs_of, progress
from anju.jobs.worker import Stop, work
from tests.jobs import kinds
from tests.race import race

LEASE = timedelta(seconds=30)


def work_off() -> int:
    return work(lease=LEASE, stop=Stop(), until_idle=True)


def begun(work: Any = kinds.count, *, key: str = "一件事", owner: str = "7", **arguments: object) -> Job:
    return begin(work, key=key, owner=owner, title="试一试", arguments=arguments)


def let_time_pass() -> None:
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(seconds=1))


@pytest.mark.usefixtures("own_database")
def test_a_job_tells_how_far_it_is_and_ends() -> None:
    job = begun(steps=3)
    waiting = progress(str(job.pk), owner="7")
    assert waiting is not None
    assert (waiting.stage, waiting.done, waiting.total) == ("waiting", 0, 0)
    assert work_off() == 1
    done = progress(str(job.pk), owner="7")
    assert done is not None
    assert (done.stage, done.done, done.total, done.message) == ("done", 3, 3, "第 3 步")
    assert done.ended_at is not None


@pytest.mark.django_db
def test_another_ones_job_looks_like_none() -> None:
    job = begun(steps=1)
    assert progress(str(job.pk), owner="8") is None
    assert progress(str(uuid.uuid4()), owner="7") is None
    assert [shown.job for shown in jobs_of("7")] == [str(job.pk)]
    assert jobs_of("8") == []


@pytest.mark.django_db
def test_the_same_key_is_the_same_job() -> None:
    assert begun(steps=1) == begun(steps=1)
    assert begun(steps=1) != begun(steps=1, key="另一件事")
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db
def test_a_job_is_begun_only_if_its_transaction_is() -> None:
    with transaction.atomic():
        begun(steps=1)
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("times", "stage", "message"),
    [
        pytest.param(2, "done", "", id="第二次成功"),
        pytest.param(upkeep.most_attempts, "done", "", id="最后一次成功"),
        pytest.param(upkeep.most_attempts + 1, "failed", not_done, id="次数用完"),
    ],
)
def test_a_failed_attempt_is_tried_again(times: int, stage: str, message: str) -> None:
    job = begun(kinds.stumble, times=times)
    for _ in range(upkeep.most_attempts):
        let_time_pass()
        work_off()
    assert work_off() == 0
    shown = progress(str(job.pk), owner="7")
    assert shown is not None
    assert (shown.stage, shown.message) == (stage, message)


@pytest.mark.usefixtures("own_database")
def test_a_retry_waits() -> None:
    begun(kinds.stumble, times=2)
    assert work_off() == 1
    assert work_off() == 0
    (task,) = DBTaskResult.objects.all()
    assert timedelta(seconds=8) < task.run_after - timezone.now() <= timedelta(seconds=10)


@pytest.mark.usefixtures("own_database")
def test_a_failed_attempt_leaves_its_place_and_no_data() -> None:
    begun(kinds.stumble, times=2)
    work_off()
    (task,) = DBTaskResult.objects.all()
    assert "in stumble" in task.traceback
    assert "AttemptFailed: RuntimeError" in task.traceback
    assert kinds.SECRET not in task.traceback


@pytest.mark.usefixtures("own_database")
def test_a_refused_job_is_not_tried_again() -> None:
    job = begun(kinds.refuse)
    assert work_off() == 1
    assert work_off() == 0
    shown = progress(str(job.pk), owner="7")
    assert shown is not None
    assert (shown.stage, shown.message, shown.done) == ("failed", "这份文件没有可导入的行。", 1)


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("silent", "taken"),
    [pytest.param(29, 0, id="29秒没动静-还等"), pytest.param(31, 1, id="31秒没动静-接手")],
)
def test_a_silent_workers_job_is_taken_over(silent: int, taken: int) -> None:
    job = begun(steps=1)
    Worker.objects.create(pk="w", seen_at=timezone.now() - timedelta(seconds=silent))
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["w"])
    shown = progress(str(job.pk), owner="7")
    assert shown is not None
    assert shown.stage == "running"
    assert upkeep.take_over(lease=LEASE) == taken
    assert work_off() == taken


@pytest.mark.usefixtures("own_database")
def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = begun(steps=1)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["w"] * upkeep.most_attempts)
    assert upkeep.take_over(lease=LEASE) == 0
    shown = progress(str(job.pk), owner="7")
    assert shown is not None
    assert (shown.stage, shown.message) == ("failed", not_done)


@pytest.mark.django_db
def test_an_effect_that_fails_has_not_happened() -> None:
    job = begun(steps=1)
    with pytest.raises(RuntimeError):
        once(kinds.mark_and_fail, job=job, step="1")
    assert not Effect.objects.exists()
    assert not Schedule.objects.exists()
    assert once(lambda: kinds.mark("甲"), job=job, step="1")
    assert not once(lambda: kinds.mark("甲"), job=job, step="1")


@pytest.mark.usefixtures("own_database")
def test_an_effect_happens_once_however_many_try() -> None:
    job = begun(steps=1)
    outcome = race(16, lambda number: once(lambda: kinds.mark(f"{number}"), job=job, step="1"))
    assert (outcome.won, len(outcome.raised)) == (1, 0)
    assert Schedule.objects.count() == 1


@pytest.mark.usefixtures("own_database")
def test_a_key_begins_one_job_however_many_send_it() -> None:
    outcome = race(16, lambda number: begun(steps=1, owner=str(number)).pk)
    assert (outcome.won, len(outcome.raised), len(set(outcome.returned))) == (16, 0, 1)
    assert DBTaskResult.objects.count() == 1


@pytest.mark.usefixtures("own_database")
def test_a_job_is_done_once_however_many_workers_want_it() -> None:
    begun(steps=2)
    outcome = race(6, lambda _: work_off())
    assert Effect.objects.count() == 2
    assert (sum(outcome.returned), list(outcome.raised)) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        pytest.param("UPDATE jobs_job SET done = 2, total = 1", "done_within_total", id="做完的多于总数"),
        pytest.param("UPDATE jobs_job SET state = 'done'", "ended_or_open", id="结束了没有时间"),
        pytest.param("UPDATE jobs_job SET state = 'odd'", "ended_or_open", id="没有的状态"),
    ],
)
def test_the_database_itself_refuses(statement: str, constraint: str) -> None:
    begun(steps=1)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda now: monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.mark.django_db
def test_a_schedule_begins_its_job_when_it_is_due(settings: Settings, clock: Callable[[datetime], None]) -> None:
    settings.ANJU_SCHEDULES = {"每夜": ("anju.jobs.upkeep.forget", "03:30", 24 * 60)}
    shanghai = timedelta(hours=8)
    for hour, minute, day, due in [
        (3, 29, 1, 0),
        (3, 30, 1, 1),
        (3, 31, 1, 0),
        (3, 29, 2, 0),
        (9, 0, 5, 1),
        (9, 1, 5, 0),
    ]:
        clock(datetime(2026, 11, day, hour, minute, tzinfo=UTC) - shanghai)
        assert upkeep.begin_due() == due, (day, hour, minute)
    assert Job.objects.filter(owner="", title="每夜").count() == 2
    (row,) = Schedule.objects.all()
    assert row.next_at == datetime(2026, 11, 6, 3, 30, tzinfo=UTC) - shanghai


@pytest.mark.usefixtures("own_database")
def test_what_ended_long_ago_is_forgotten(settings: Settings, clock: Callable[[datetime], None]) -> None:
    settings.ANJU_SCHEDULES = {}
    begun(steps=1)
    begun(steps=1, key="还没完")
    Job.objects.filter(key="还没完").update(task=None)
    DBTaskResult.objects.filter(job=None).delete()
    work_off()
    clock(timezone.now() + timedelta(days=31))
    begun(upkeep.forget, key="忘记", owner="")
    work_off()
    assert set(Job.objects.values_list("key", flat=True)) == {"还没完", "忘记"}
    assert not Effect.objects.exists()


@pytest.mark.usefixtures("own_database")
def test_a_report_may_not_pass_the_total() -> None:
    job = begun(steps=1)
    report(job=job, done=5, total=3)
    job.refresh_from_db()
    assert (job.done, job.total) == (3, 3)
