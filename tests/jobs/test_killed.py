"""Workers that are killed in the middle, as real processes: the job is taken again, and its effects happen exactly once."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial

import pytest

from anju.jobs.actions import begin
from anju.jobs.models import Effect, Job, Schedule, Worker
from tests.browser.conftest import free_port
from tests.jobs import kinds
from tests.race import anju, kill

STEPS = 30
KILLS = 2


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def more_effects_than(number: int) -> bool:
    return Effect.objects.count() > number


def answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def test_killed_workers_lose_and_double_nothing(own_database: str) -> None:
    job = begin(kinds.count, key="30步", owner="7", title="试一试", arguments={"steps": STEPS, "pause": 0.03})
    for _ in range(KILLS):
        already = Effect.objects.count()
        with anju(own_database, "work", "--lease", "1") as worker:
            wait_for(partial(more_effects_than, already + STEPS // (KILLS + 2)))
            kill(worker)
    assert Effect.objects.count() < STEPS
    with anju(own_database, "work", "--lease", "1"):
        wait_for(lambda: Job.objects.get().state == Job.State.DONE)
    marks = Schedule.objects.filter(pk__startswith=str(job.pk)).values_list("pk", flat=True)
    assert sorted(marks) == sorted(f"{job.pk}/{step}" for step in range(STEPS))
    job.refresh_from_db()
    assert job.task is not None
    assert len(set(job.task.worker_ids)) == KILLS + 1


@pytest.mark.parametrize("killed", [pytest.param(False, id="网站正常结束"), pytest.param(True, id="网站被杀")])
def test_the_site_brings_a_worker_that_ends_with_it(own_database: str, *, killed: bool) -> None:
    port = free_port()
    with anju(own_database, "serve", "--port", str(port)) as site:
        begin(kinds.count, key="一步", owner="7", title="试一试", arguments={"steps": 1})
        wait_for(lambda: Job.objects.get().state == Job.State.DONE)
        assert Worker.objects.count() == 1
        if killed:
            kill(site)
        else:
            site.terminate()
            assert site.wait(timeout=20) == 0
    wait_for(lambda: not Worker.objects.exists())
    wait_for(lambda: not answers(port))
