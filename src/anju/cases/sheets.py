"""Workbooks that go out and come back: the folder in which one lies meanwhile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for this process alone, gone at the end. By its number, whoever tidies up there knows that it is in use."""
    home = Path(settings.ANJU_IMPORTS)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=home, ignore_cleanup_errors=True) as name:
        yield Path(name)
