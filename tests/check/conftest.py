"""Ledgers to check: written as text, read as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from anju.cli import main

Rows = Sequence[Sequence[object]]


@pytest.fixture
def ledger(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a CSV ledger: the header, then rows; returns its path."""

    def write(header: str, *rows: str, name: str = "台账.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[dict[str, Any]], str]]:
    """A function that runs `anju check … --json`: the exit status, the objects, and standard error."""

    def run(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main(["check", *map(str, arguments), "--json"])
        output = capsys.readouterr()
        return status, [json.loads(line) for line in output.out.splitlines()], output.err

    return run
