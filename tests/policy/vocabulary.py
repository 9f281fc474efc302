"""The words, codes and labels that every page, file and interface agrees on; pages may add words, not change them.

``vocabulary.csv`` has a row for each: recorded facts with their name (clause 0 = shared by all pages, blank = any),
decisions with the clause that decides them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

Pairs = frozenset[tuple[str, str]]
"""(code, label) of the values of an enumeration."""


@dataclass(frozen=True, slots=True)
class Word:
    """A recorded fact or a decision: its type as pages write it, its values, and what a blank counts as."""

    clause: str
    code: str
    name: str
    kind: str
    values: Pairs
    specials: frozenset[str]
    blank: str


def _word(row: dict[str, str]) -> Word:
    values = frozenset(
        (code, label) for code, _, label in (item.partition(" ") for item in row["values"].split("、") if item)
    )
    specials = frozenset(s for s in (row["specials"],) if s)
    return Word(row["clause"], row["code"], row["name"], row["kind"], values, specials, row["blank"])


with (Path(__file__).parent / "vocabulary.csv").open(encoding="utf-8", newline="") as _file:
    _words = tuple(_word(row) for row in csv.DictReader(_file))

facts = tuple(word for word in _words if word.name)
outcomes = tuple(word for word in _words if not word.name)
