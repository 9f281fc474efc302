"""What a letter says, as it lies sealed: its words, the facts of a form, the rows of a list; and what of it is hidden from whom."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from anju.journal.chain import sm3
from anju.journal.plain_numbers import has_id_number, without_numbers
from anju.sealing.masking import mask

Cell = str | Mapping[str, str]
"""A text, or ``{"id": number}``, which is shown in full only where that is allowed."""


@dataclass(frozen=True, slots=True)
class Content:
    """``to``: whom it is for, as it stands on the paper. ``text``: paragraphs, a line each. ``facts``: what stands in a form, name and
    value. ``columns`` and ``rows``: a list. ``signers``: whose hand stands below. ``copies_to``: who else gets it (抄送).

    ``given``: what the words were made of, by name; it stands on no paper.
    """

    title: str
    to: str = ""
    text: str = ""
    facts: Sequence[tuple[str, Cell]] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    signers: Sequence[str] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    copies_to: str = ""

    @classmethod
    def of(cls, text: str) -> Content:
        """What was sealed."""
        found = json.loads(text)
        return cls(**{**found, "facts": [(name, cell) for name, cell in found["facts"]]})

    def sealed(self) -> str:
        """The one text of it that is kept; without copies it is what it was before there were any, whose digest letters have."""
        return canonical({name: told for name, told in asdict(self).items() if told or name != "copies_to"})

    def shown(self, *, full: bool) -> Content:
        """With every ID number as it may be read: all texts then."""
        cell = _plain if full else _masked
        return Content(
            self.title,
            self.to,
            self.text if full else without_numbers(self.text),
            [(name, cell(value)) for name, value in self.facts],
            self.columns,
            [[cell(value) for value in row] for row in self.rows],
            self.signers,
            self.given,
            self.copies_to,
        )

    @property
    def numbered(self) -> bool:
        """Whether an ID number stands in it."""
        cells = (cell for row in (*self.rows, [value for _, value in self.facts]) for cell in row)
        return any(not isinstance(cell, str) for cell in cells)

    @property
    def plain_numbers(self) -> bool:
        """Whether an ID number stands where it would be read by everybody."""
        cells = (cell for row in (*self.rows, [value for _, value in self.facts]) for cell in row)
        return any(
            has_id_number(text)
            for text in (self.title, self.to, self.copies_to, self.text, *cells)
            if isinstance(text, str)
        )


def canonical(told: Mapping[str, Any]) -> str:
    """The same text for the same words, whatever the order in which they were named."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(told: Mapping[str, Any]) -> str:
    """The SM3 of everything that is on a paper."""
    return sm3(canonical(told).encode())


def _plain(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell["id"]


def _masked(cell: Cell) -> str:
    return without_numbers(cell) if isinstance(cell, str) else mask("id_number", cell["id"])
