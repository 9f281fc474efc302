"""What the tests of reading share: the guideline, a day, and a way to write a ledger and read it back."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from anju.policy.load import load
from anju.policy.model import Policy
from anju.tables.ledger import Ledger, Sheet
from anju.tables.opening import RawFile, RawSheet
from anju.tables.reading import ledger_of, read_ledger

ON = date(2026, 6, 30)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The guideline as it ships."""
    return load("chongqing")


@pytest.fixture(scope="session")
def read_rows(policy: Policy) -> Callable[[Sequence[Sequence[object]]], Sheet]:
    """Read rows (the first is the header) as if they stood in a CSV file, without starting a process."""

    def read(rows: Sequence[Sequence[object]]) -> Sheet:
        width = max(len(row) for row in rows)
        texts = [[str(cell) if cell != "" else None for cell in row] + [None] * (width - len(row)) for row in rows]
        frame = pl.DataFrame(texts, schema={f"c{column}": pl.String for column in range(width)}, orient="row")
        raw = RawSheet(None, frame, 0, (), (), named=False)
        return ledger_of(RawFile((raw,), ()), "台账.csv", policy, ON).sheets[0]

    return read


@pytest.fixture
def read_file(policy: Policy) -> Callable[[Path], Ledger]:
    """Read a file on the tests' day."""
    return lambda path: read_ledger(path, policy, ON)
