"""What floors above know of the fields of a case's steps: they list themselves here, at start-up.

Who is called acts for nobody: it is asked for the form of whose turn it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anju.cases.fields import Value
from anju.cases.models import Case


@dataclass(frozen=True, slots=True)
class Filling:
    """``values``: what is known of a case, by the page's names. ``address``: where it is worked out, None where nothing is.

    ``computed``: the names that nobody types; ``once_known``: those that nobody types as soon as they are known. ``lacking``: what has to
    be done before the computed ones can be written down, in a sentence, "" where nothing has to. ``working``: the steps by which they
    came out, as ``template`` shows them.
    """

    values: Callable[[Case], Mapping[str, Value]]
    address: Callable[[Case], str] | None = None
    computed: frozenset[str] = frozenset()
    once_known: frozenset[str] = frozenset()
    lacking: Callable[[Case], str] = lambda _: ""
    working: Callable[[Case], Sequence[Any]] = lambda _: ()
    template: str = ""


_fillings: dict[str, Filling] = {}


def fills(procedure: str, filling: Filling) -> None:
    """List who knows the fields of a procedure."""
    _fillings[procedure] = filling


def filling(case: Case) -> Filling | None:
    """Who knows the fields of a case."""
    return _fillings.get(case.procedure)
