"""Where the program asks within somebody's scope, and what is answered where one of these calls is asked for somebody else."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.db.models import manager

from anju.government.models import Officer
from anju.government.residents import Resident, Somebody
from anju.government.scoped import ScopedQuerySet
from anju.walls.prepared import put
from tests.house.tracked import ROOT, name, text, tracked_files

_call = re.compile(r"\.visible_(to|by)\(")


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """A ``visible_to`` or ``visible_by`` of the program: in which function of which file, and of which table."""

    file: str
    line: int
    function: str
    table: str

    @property
    def name(self) -> str:
        """How a table of calls names it, whatever stands above it in its file."""
        return f"{self.file} {self.function} {self.table}"


@dataclass(frozen=True, slots=True)
class Strangers:
    """Who sees none of the families: an officer with posts elsewhere, and another resident."""

    officer: Officer
    resident: Resident


@contextmanager
def watched(strangers: Strangers, astray: Call | None = None) -> Iterator[set[Call]]:
    """Which calls are made meanwhile; one of them, ``astray``, is asked for a stranger."""
    put.cache_clear()  # a question that is put into SQL once would not make its call again
    made: set[Call] = set()
    within, by_column = ScopedQuerySet.visible_to, ScopedQuerySet.visible_by

    def of(rows: Any, who: Somebody) -> Any:
        caller = sys._getframe(2)
        while caller.f_code.co_filename == manager.__file__ and caller.f_back is not None:
            caller = caller.f_back  # a manager hands its questions on
        code = caller.f_code
        file = code.co_filename.removeprefix(f"{ROOT}/")
        call = Call(file, caller.f_lineno, code.co_qualname, rows.model.__name__)
        made.add(call)
        if call != astray:
            return who
        return strangers.resident if isinstance(who, Resident) else strangers.officer

    def visible_to(rows: Any, who: Somebody, *, purpose: str) -> Any:
        return within(rows, of(rows, who), purpose=purpose)

    def visible_by(rows: Any, column: str, who: Officer, **options: Any) -> Any:
        return by_column(rows, column, of(rows, who), **options)

    with (
        mock.patch.object(ScopedQuerySet, "visible_to", visible_to),
        mock.patch.object(ScopedQuerySet, "visible_by", visible_by),
    ):
        yield made
    put.cache_clear()


def written() -> dict[str, frozenset[int]]:
    """The lines of each file of the program on which such a call stands."""
    found: dict[str, set[int]] = {}
    for path in tracked_files():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src") and path.name != "scoped.py":
            for number, line in enumerate(text(path).splitlines(), start=1):
                if _call.search(line):
                    found.setdefault(name(path), set()).add(number)
    return {file: frozenset(lines) for file, lines in found.items()}
