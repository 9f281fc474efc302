"""What letters are about, as far as whoever asked for them says where it is to be found: kind → the names and addresses of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from anju.government.models import Officer

Finder = Callable[[Officer, Sequence[str]], Iterable[tuple[str, str]]]
F = TypeVar("F", bound=Finder)
_finders: dict[str, Finder] = {}


def finds(kind: str) -> Callable[[F], F]:
    """List who knows the matters of a kind: a name and an address for each that the officer may see."""

    def listed(finder: F) -> F:
        _finders[kind] = finder
        return finder

    return listed


def found(officer: Officer, keys: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Name and address of what the officer may see of some matters."""
    return [one for kind, named in keys.items() if kind in _finders for one in _finders[kind](officer, named)]
