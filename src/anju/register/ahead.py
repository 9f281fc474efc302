"""Two things at a time where the database and the processor would wait for each other."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NoReturn, TypeVar

from django.db import connections

Part = TypeVar("Part")
Made = TypeVar("Made")


class NoDatabase(RuntimeError):
    """What is made beside the database asked it: it would not see what its transaction has written."""


def ahead(make: Callable[[Part], Made], parts: Iterable[Part]) -> Iterator[Made]:
    """What becomes of each part, made while the one before is in use, and while the next is asked for.

    ``make`` runs in a thread of its own, which has no database: connections and transactions belong to whoever iterates. Where it asks
    all the same, it raises `NoDatabase`.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="anju-ahead", initializer=_without_database) as beside:
        coming: Future[Made] | None = None
        for part in parts:
            before, coming = coming, beside.submit(make, part)
            if before is not None:
                yield before.result()
        if coming is not None:
            yield coming.result()


def _without_database() -> None:
    for connection in connections.all():
        vars(connection)["connect"] = _refused  # it is this thread's alone


def _refused() -> NoReturn:
    raise NoDatabase("the database belongs to the thread of the transaction")
