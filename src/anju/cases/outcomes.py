"""A row of what is done for many cases at once, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""As JSON: of an opening ``kind``, ``subject`` and ``duty``; of a step ``case`` and ``seen``; of a list that came back the fields of
`Answer`.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``why`` a row was refused, "" where it was done; its ``case``, "" where there is none."""

    why: str
    case: str = ""
