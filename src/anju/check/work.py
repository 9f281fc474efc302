"""Start checks in processes of their own, a few at once, and say so where one does not come back."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

from django.conf import settings

import anju
from anju.check.background import not_finished
from anju.check.visits import Visit, write_state


def start(visit: Visit) -> None:
    """Check a visit's ledger in the background; the call returns at once."""
    threading.Thread(target=_run, args=(visit,), name=f"anju-check-{visit.folder.name[:8]}", daemon=True).start()


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(settings.ANJU_RUNNING_AT_ONCE)


def _run(visit: Visit) -> None:
    with _places():
        if not visit.folder.is_dir():
            return
        home = str(Path(anju.__file__).parent.parent)
        paths = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
        process = subprocess.Popen(
            [sys.executable, "-m", "anju.check.background", str(visit.folder)],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        status = _wait(process, visit)
    # A visit that was cleared has no folder to write to, and nobody who would read it.
    with contextlib.suppress(OSError, ValueError):
        if status != 0 and visit.state["stage"] != "failed":
            write_state(visit.folder, {"stage": "failed", "error": not_finished, "ready": []})


def _wait(process: subprocess.Popen[bytes], visit: Visit) -> int | None:
    """The exit status; a check that lasts too long, or whose visit is gone, is stopped with all that it started."""
    for _ in range(settings.ANJU_LONGEST_CHECK_SECONDS * 2):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=0.5)
        if not visit.folder.is_dir():
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()
