"""Files on their way in or out: what a workbook is called to a browser, and the folder in which one lies meanwhile."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for this process alone, gone at the end; what killed processes left is removed before."""
    home = Path(settings.ANJU_IMPORTS)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in home.iterdir():
        if not _alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=home, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _alive(name: str) -> bool:
    with contextlib.suppress(PermissionError):
        try:
            os.kill(int(name.partition("-")[0]), 0)
        except (ValueError, ProcessLookupError):
            return False
    return True
