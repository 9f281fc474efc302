"""Where the header of a sheet stands, and which of its columns are known.

Real sheets begin with a title, a unit line, blank lines; headers take one line or two, with merged cells above. The
line (or pair of lines) in which most headers are recognised is the header.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from anju.tables.cells import letter
from anju.tables.headers import Known, recognise

searched_rows = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its place in the frame, its header as it stands, its letter, and what is known of it."""

    index: int
    text: str
    letter: str
    known: Known | None

    @property
    def gives(self) -> str:
        """The term's code, identity column or source that it gives; "-" if nothing."""
        if self.known is None or (self.known.term is None and self.known.header.reads == "术语"):
            return "-"
        return self.known.header.gives


@dataclass(frozen=True, slots=True)
class Layout:
    """The first line of data (counted from 0) and the columns that have a header."""

    first_row: int
    columns: tuple[Column, ...]


def find_layout(frame: pl.DataFrame, first_column: int, words: Mapping[str, Known]) -> Layout | None:
    """The layout of a sheet of texts, or None if no line names a known header that gives anything."""
    lines = [_texts(line) for line in frame.head(searched_rows).rows()]
    candidates = [(number, line, 0) for number, line in enumerate(lines)]
    candidates += [(number + 1, *_joined(top, low, words)) for number, (top, low) in enumerate(pairwise(lines))]
    best: tuple[tuple[int, int], int, list[str]] = ((0, 0), 0, [])
    for number, line, composed in candidates:
        # Of two readings that know as much, the one that needs both lines says more (迁出地 over 县).
        score = (sum(_weight(recognise(text, words)) for text in line if text), composed)
        if score > best[0]:
            best = (score, number, line)
    _, number, line = best
    return Layout(number + 1, _columns(line, first_column, words)) if line else None


def named_layout(frame: pl.DataFrame, words: Mapping[str, Known]) -> Layout:
    """The layout of a frame whose column names are the headers (Parquet)."""
    return Layout(0, _columns(frame.columns, 0, words))


def _columns(line: Sequence[str], first_column: int, words: Mapping[str, Known]) -> tuple[Column, ...]:
    return tuple(
        Column(index, text, letter(index + first_column), recognise(text, words))
        for index, text in enumerate(line)
        if text
    )


def _texts(line: Sequence[object]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in line]


def _joined(top: Sequence[str], low: Sequence[str], words: Mapping[str, Known]) -> tuple[list[str], int]:
    """Two header lines as one, and how many headers are known only by both words together.

    Under a heading that spans columns stand both words, or the lower one alone.
    """
    line = []
    composed = 0
    heading = ""
    for above, below in zip(top, low, strict=True):
        heading = above or (heading if below else "")
        both = heading + below
        if not below or below == heading:
            line.append(above or below)
        elif recognise(both, words) is not None:
            line.append(both)
            composed += bool(heading)
        else:
            line.append(below if recognise(below, words) is not None else both)
    return line, composed


def _weight(known: Known | None) -> int:
    """A header that gives something counts double: a line of facts beats a line of words that happen to be known."""
    if known is None:
        return 0
    return 1 if known.header.gives == "-" else 2
