"""The workbook, written row by row: each cell is a text, a day or a number, and none of them can become a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import xlsxwriter

from anju.exchange.exporting.cells import Cell
from anju.exchange.exporting.columns import Exported

most_rows = 1_048_575
"""Rows that a sheet has below its header."""


class Workbook:
    """A file that is whole when the context has ended; what was written lies on the disk, not in memory.

    Texts are marked as such (the mark that a spreadsheet keeps for an apostrophe typed in front), so that ``=1+1`` stays a text even
    when somebody edits its cell.
    """

    def __init__(self, path: Path, columns: Sequence[Exported]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._text = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        head = self._book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True})
        self._sheet = self._book.add_worksheet("台账")
        self._sheet.freeze_panes(1, 1)
        for at, column in enumerate(columns):
            self._sheet.set_column(at, at, 20 if column.text else 13)
        for at, column in enumerate(columns):
            self._sheet.write_string(0, at, column.name, head)
        self.rows = 0

    def add(self, columns: Sequence[Sequence[Cell]]) -> None:
        """Add rows, given by their columns."""
        for row in zip(*columns, strict=True):
            self.rows += 1
            for at, cell in enumerate(row):
                if cell is not None:
                    self._write(at, cell)

    def _write(self, at: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self.rows, at, cell, self._text)
        elif isinstance(cell, date):
            self._sheet.write_datetime(self.rows, at, cell, self._day)
        else:
            self._sheet.write_number(self.rows, at, cell)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._book.close()
