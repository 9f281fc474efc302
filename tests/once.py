"""Rows that many tests of a module begin with, made once: each test is undone up to there, and all of it when the module ends.

Not for a module in which a test asks for `own_database`: that closes the connection which holds these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from anju.government.second_wall import tell

Made = TypeVar("Made")


@contextmanager
def made_once(make: Callable[[], Made], blocker: DjangoDbBlocker) -> Iterator[Made]:
    """For a fixture of a module; what it made is handed to each test as a copy (``deepcopy``), because a test may change it."""
    with blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        made = make()
        tell(connection, "")  # the test begins with nothing told
    yield made
    with blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
