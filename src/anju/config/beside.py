"""Processes that belong together: one that is started again when it ends before its time, and none that outlives its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from types import TracebackType

_patience = 10.0
_pause = 1.0


class Beside:
    """`anju` with ``arguments`` in a process of its own, for as long as the context lasts."""

    def __init__(self, *arguments: str) -> None:
        self._call = [sys.executable, "-m", "anju", *arguments]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="anju-beside", daemon=True)

    def __enter__(self) -> None:
        """Start it."""
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ask it to finish what it is doing, and end it where that takes too long: its work is taken up at the next start."""
        self._over.set()
        self._thread.join()

    def _keep_running(self) -> None:
        while not self._over.is_set():
            # Ctrl-C is for this process alone: it asks the other one once, and a second signal would mean "at once".
            process = subprocess.Popen(self._call, stdin=subprocess.DEVNULL, start_new_session=True)
            while process.poll() is None and not self._over.wait(_pause / 4):
                pass
            if process.returncode is None:
                _end(process)
            self._over.wait(_pause)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_patience)
        return
    process.kill()
    process.wait()


def end_with(parent: int) -> None:
    """End this process, as SIGTERM would, as soon as ``parent`` is gone: a killed server leaves no port occupied."""
    threading.Thread(target=_watch, args=(parent,), name="anju-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_pause)
    os.kill(os.getpid(), signal.SIGTERM)
