"""Many at the same time: threads or processes that begin together, and what became of each.

For the invariants that only a constraint of the database can hold. A test asks for ``own_database``, because only there do
transactions really commit, and then counts: ``race(16, lambda number: pay(person, month)).won`` is 1.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import connection

from tests.house.tracked import ROOT

T = TypeVar("T")
_longest = 60.0


@dataclass(frozen=True, slots=True)
class Race(Generic[T]):
    """What the runners returned, and what those raised who did not; a falsy return value counts as lost."""

    returned: Sequence[T]
    raised: Sequence[Exception]

    @property
    def won(self) -> int:
        """How many returned something true."""
        return sum(map(bool, self.returned))

    def only_raised(self, *kinds: type[Exception]) -> bool:
        """Whether every exception is of one of these kinds."""
        return all(isinstance(error, kinds) for error in self.raised)


def race(runners: int, run: Callable[[int], T]) -> Race[T]:
    """Let ``run(0)`` … ``run(runners - 1)`` begin at the same moment, each in a thread with a connection of its own."""
    start = threading.Barrier(runners)
    returned: list[T] = []
    raised: list[Exception] = []

    def lane(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(_longest)
            returned.append(run(number))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test has to see it
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=lane, args=(number,), daemon=True) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_longest)
    assert len(returned) + len(raised) == runners, "somebody never came back"
    return Race(returned, raised)


@contextmanager
def anju(database: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`anju` with ``arguments`` in a process of its own that uses ``database``; killed in the end, if it still runs."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, "ANJU_DATABASE_URL": database}
    process = subprocess.Popen([sys.executable, "-m", "anju", *arguments], env=environment)
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End it at once, as a power failure would: nothing of it gets to say goodbye."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait(_longest)
