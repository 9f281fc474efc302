"""A process that works: takes one job after the other, and says all the while that it is alive."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from anju.jobs import upkeep

logger = logging.getLogger("anju.jobs")
_pause = 0.5


class Stop:
    """Set by SIGTERM or SIGINT: the job under way is finished; the second time the process ends at once."""

    def __init__(self, parent: int | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent

    def listen(self) -> None:
        """Take both signals."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def _hear(self, number: int, _: FrameType | None) -> None:
        if self._event.is_set():
            os._exit(128 + number)
        self._event.set()

    def __bool__(self) -> bool:
        """Whether to stop: asked to, or the process that started this one has ended."""
        return self._event.is_set() or (self._parent is not None and os.getppid() != self._parent)

    def wait(self, seconds: float) -> None:
        """Sleep, or less when asked to stop meanwhile."""
        self._event.wait(seconds)


class _OneJob(QueueWorker):
    """The queue's own worker, which takes a job under a lock; it ends after one, or where another was faster."""

    took = False

    def __init__(self, name: str) -> None:
        super().__init__(
            worker_id=name,
            backend_name="default",
            queue_names=["*"],
            excluded_queue_names=[],
            max_tasks=1,
            batch=True,
            interval=0,
            startup_delay=False,
        )

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Do it."""
        self.took = True
        super().run_task(db_task_result)


def work(*, lease: timedelta, stop: Stop, until_idle: bool = False) -> int:
    """Work until asked to stop, or until nothing is ready; the number of jobs that were tried."""
    name = f"{os.uname().nodename[:24]}-{os.getpid()}-{get_random_string(12)}"
    upkeep.seen(name)
    ended = threading.Event()
    alive = threading.Thread(target=_stay_alive, args=(name, lease, ended), name="anju-alive", daemon=True)
    alive.start()
    tried = 0
    try:
        while not stop:
            close_old_connections()
            _patiently(lambda: _look_around(lease))
            busy = _patiently(lambda: _work_once(name))
            tried += bool(busy)
            if not busy and until_idle:
                break
            if not busy:
                stop.wait(_pause)
    finally:
        ended.set()
        alive.join()
        upkeep.gone(name)
        connection.close()
    return tried


def _look_around(lease: timedelta) -> bool:
    return any((upkeep.take_over(lease=lease), upkeep.try_again(), upkeep.begin_due()))


def _work_once(name: str) -> bool:
    """Take and do one job, if one is ready. The first look only reads: an idle worker never locks a SQLite file."""
    if not DBTaskResult.objects.ready().exists():
        return False
    one = _OneJob(name)
    one.run()
    return one.took


def _stay_alive(name: str, lease: timedelta, ended: threading.Event) -> None:
    while not ended.wait(lease.total_seconds() / 4):
        _patiently(lambda: upkeep.seen(name))
    connection.close()


def _patiently(look: Callable[[], bool | None]) -> bool | None:
    """A database that is locked, or away for a moment, does not end a worker."""
    try:
        return look()
    except (OperationalError, InterfaceError) as error:
        logger.warning("the database did not answer: %s", type(error).__name__)
        connection.close()
        time.sleep(_pause)
        return None
