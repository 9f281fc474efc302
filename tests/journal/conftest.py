"""Who writes in these tests, and a database whose entries last."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from anju.journal.actions import Actor, record

CLERK = Actor(officer="7f0c", name="李经办", post="民政 · 荣昌区", organisation="500153|civil_affairs", ip="192.0.2.7")


@pytest.fixture
def written(db: None) -> None:
    """Forty entries of four offices."""
    write_forty()


@pytest.fixture
def committed(own_database: str) -> str:
    """The same in a database of the test's own, for what cannot be undone by a transaction."""
    with transaction.atomic():
        write_forty()
    return own_database


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """Where these tests put down heads."""
    return tmp_path / "elsewhere" / "anchors.jsonl"


def write(*, office: str = CLERK.organisation, object_id: str = "1", purpose: str = "") -> None:
    """One entry in a transaction of its own."""
    with transaction.atomic():
        record(
            actor=Actor(officer=CLERK.officer, name=CLERK.name, organisation=office),
            action="register.move_person",
            object_kind="person",
            object_id=object_id,
            purpose=purpose,
        )


def write_forty() -> None:
    """Ten entries of each of four offices, in turn."""
    for number in range(40):
        write(office=f"office {number % 4}", object_id=str(number))
