"""What letters are about, as far as whoever asked for them says where it is to be found: kind → the names and addresses of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Q

from anju.government.models import Officer
from anju.government.residents import Resident

Finder = Callable[[Officer, Sequence[str]], Iterable[tuple[str, str]]]
F = TypeVar("F", bound=Finder)
_finders: dict[str, Finder] = {}
Owner = Callable[[Resident], Iterable[object]]
_owners: dict[str, Owner] = {}


def finds(kind: str) -> Callable[[F], F]:
    """List who knows the matters of a kind: a name and an address for each that the officer may see."""

    def listed(finder: F) -> F:
        _finders[kind] = finder
        return finder

    return listed


def found(officer: Officer, keys: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Name and address of what the officer may see of some matters."""
    return [one for kind, named in keys.items() if kind in _finders for one in _finders[kind](officer, named)]


def owned(kind: str, owner: Owner) -> None:
    """List who knows which matters of a kind are a resident's own, by their keys."""
    _owners[kind] = owner


def own_matters(resident: Resident) -> Q:
    """The condition for matters that are a resident's own: the person, and what floors above know."""
    found = Q(kind="person", key=str(resident.person))
    for kind, owner in _owners.items():
        found |= Q(kind=kind, key__in=[str(key) for key in owner(resident)])
    return found
