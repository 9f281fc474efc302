"""What the tests of reading share: the guideline, a day, and a way to write a ledger and read it back."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from anju.policy.load import load
from anju.policy.model import Policy
from anju.tables.ledger import Ledger, Sheet
from anju.tables.reading import read_ledger
from tests.tables.workbooks import write_csv

ON = date(2026, 6, 30)
Reading = Callable[..., Ledger]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The guideline as it ships."""
    return load("chongqing")


@pytest.fixture
def read_rows(tmp_path: Path, policy: Policy) -> Callable[[Sequence[Sequence[object]]], Sheet]:
    """Write rows (the first is the header) as a CSV file and read them back."""

    def read(rows: Sequence[Sequence[object]]) -> Sheet:
        return read_ledger(write_csv(tmp_path / "台账.csv", rows), policy, ON).sheets[0]

    return read


@pytest.fixture
def read_file(policy: Policy) -> Callable[[Path], Ledger]:
    """Read a file on the tests' day."""
    return lambda path: read_ledger(path, policy, ON)
