"""Workers and the database killed while steps are taken: what was told to be done is there, and nothing is half done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.tracked import ROOT
from tests.postgres import Server, cluster
from tests.race import kill

pytestmark = pytest.mark.faults
WORKERS, KILLS = 3, 6


def environment(database: str, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ANJU_DATABASE_URL": database,
        "ANJU_KEYS": str(settings.ANJU_KEYS),
        "ANJU_RUNTIME": str(folder / "runtime"),
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }


def run(where: Mapping[str, str], *arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", *arguments], env=where, stdout=subprocess.PIPE, check=True, text=True
    )
    return answer.stdout


def working(where: Mapping[str, str], told: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.cases.under_load", "step", str(told)], env=where)


def steps_on(told: list[Path], more: int) -> None:
    """Wait until so many more steps have been told to be done, or none is left."""

    def lines() -> int:
        return sum(path.read_bytes().count(b"\n") for path in told if path.exists())

    begun, end = lines(), time.monotonic() + 60
    while lines() < begun + more and time.monotonic() < end:
        time.sleep(0.05)


def beaten(where: Mapping[str, str], folder: Path, server: Server | None) -> str:
    """What is not as it should be after steps under killed workers, or under a killed server."""
    run(where, "anju", "migrate")
    run(where, "tests.cases.under_load", "prepare")
    told = [folder / f"told-{number}" for number in range(WORKERS)]
    workers = [working(where, path) for path in told]
    try:
        for number in range(KILLS):
            steps_on(told, 15)
            if server is None:
                kill(workers[number % WORKERS])
                workers[number % WORKERS] = working(where, told[number % WORKERS])
            else:
                server.kill()
                server.start()
        steps_on(told, 15)
    finally:
        for worker in workers:
            kill(worker)
    assert sum(path.read_bytes().count(b"\n") for path in told) > 15 * KILLS // 2
    return run(where, "tests.cases.under_load", "check", *map(str, told))


def test_killed_workers_on_sqlite(tmp_path: Path) -> None:
    assert beaten(environment(f"sqlite:///{tmp_path / 'anju.sqlite3'}", tmp_path), tmp_path, None) == ""


@pytest.mark.parametrize("victim", ["办件进程", "数据库"])
def test_killed_on_postgresql(tmp_path: Path, victim: str) -> None:
    with cluster() as server:
        where = environment(server.url, tmp_path)
        assert beaten(where, tmp_path, server if victim == "数据库" else None) == ""
