"""Workbooks on their way to an officer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.http import FileResponse

from anju.tables.workbooks import private_folder, xlsx


def workbook(name: str, write: Callable[[Path], object]) -> FileResponse:
    """A workbook made for this answer alone; its file is gone before it is sent."""
    with private_folder() as folder:
        path = folder / "made.xlsx"
        write(path)
        stream = path.open("rb")
    return FileResponse(stream, as_attachment=True, filename=name, content_type=xlsx)
