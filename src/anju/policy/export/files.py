"""Exported files on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_files(texts: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write texts by file name into a folder, which is made where it is missing. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in texts)
