"""An export's file: the rows of a list, read span by span and written as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from anju.exchange.exporting.asked import Asked
from anju.exchange.exporting.cells import cells
from anju.exchange.exporting.columns import columns
from anju.exchange.exporting.rows import rows
from anju.exchange.exporting.workbook import Workbook, most_rows
from anju.government.second_wall import looking_everywhere


class TooMany(Exception):
    """There are more rows than were allowed."""


def make(asked: Asked, path: Path, *, most: int = most_rows, told: Callable[[int], None] = lambda done: None) -> int:
    """Write the file; how many rows it has.

    Args:
        most: rows that there may be.
        told: is called with the number of rows after each span.

    Raises:
        TooMany: there are more.
    """
    wanted = columns(asked.kind, asked.scopes)
    with Workbook(path, wanted) as book:
        for frame in _each(rows(asked)):
            if book.rows + frame.height > min(most, most_rows):
                raise TooMany
            book.add(cells(frame, wanted, full=asked.full))
            told(book.rows)
        return book.rows


def _each(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Each span in a transaction of its own, so that others see how far the work is."""
    while True:
        with looking_everywhere():
            frame = next(frames, None)
        if frame is None:
            return
        yield frame
