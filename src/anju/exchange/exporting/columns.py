"""The columns of an export: those of the kind's template, so that the file is a ledger that an import understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.exchange.blanks import columns as of_template
from anju.exchange.kinds import kind_of
from anju.government.queries import Scope
from anju.policy.model import Term
from anju.register.guideline import guideline
from anju.tables.headers import folded, vocabulary


@dataclass(frozen=True, slots=True)
class Exported:
    """One column: its header, what the import takes from it, the term if it is a fact, and whether its cells are texts."""

    name: str
    gives: str
    term: Term | None
    text: bool


def columns(kind: str, scopes: Sequence[Scope]) -> list[Exported]:
    """The columns of a kind for an officer with these posts."""
    known = kind_of(kind)
    words = vocabulary(guideline(), known.headers)
    found: list[Exported] = []
    for column in of_template(known, scopes):
        gives = words[folded(column.name)].header.gives
        term = guideline().terms.get(gives) if gives not in _places else None
        found.append(Exported(column.name, gives, term, column.text))
    return found


_places = ("origin_code", "destination_code")
"""Terms that the register holds as places."""
