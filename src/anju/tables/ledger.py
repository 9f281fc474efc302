"""What a ledger file gives when it has been read: frames of terms, and every problem with its place.

A row is either read whole or refused whole. Nothing is guessed: a cell of a term that cannot be read refuses its row
and says what to write instead; a blank cell is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

Severity = Literal["refused", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a file that an officer should see.

    `row` counts as the file shows it (the first line is 1) and is None when the whole sheet or file is meant; `column`
    is the header as it stands and `letter` its place (A, B … XFD); `found` is what stands in the cell; `advice` is a
    Chinese sentence that says what is wrong and what to write instead. `refused` means that the row (or the sheet, or
    the file) was left out, `warning` that it was read.
    """

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    letter: str | None
    found: str
    advice: str
    severity: Severity

    def sentence(self) -> str:
        """The problem as one line for standard error or a list on a page."""
        place = [self.file]
        if self.sheet is not None:
            place.append(f"工作表“{self.sheet}”")
        if self.row is not None:
            place.append(f"第 {self.row} 行")
        if self.column is not None:
            place.append(f"{self.letter} 列“{self.column}”" if self.letter else f"“{self.column}”列")
        found = f"写的是“{self.found}”，" if self.found else ""
        return f"{' '.join(place)}：{found}{self.advice}"


class FileRefused(Exception):
    """The file as a whole cannot be read; `problem` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence())
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that could be read.

    `name` is None for files without sheets (.csv, .parquet). `frame` has one line a readable row:

    - one column a recorded term that the sheet gives, named by the term's code: Boolean, `pl.Enum` of the term's value
      codes in the term's order, Int64, Float64, Date or String; null is unknown;
    - for a number with special values that occur in the sheet, a Boolean column `code.special`
      (`days_since_visit.never`), true where the cell holds the special value (the number is null there);
    - identity columns beginning with `@`, of which `@row` (UInt32, the row number in the file) and `@key` (String, the
      编号 column or else the row number as text) always stand there; the others (`@name`, `@id`, `@household`,
      `@site`, `@phone`, `@relation` …: String) stand there if the sheet gives them.

    `terms` are the codes of the term columns; `ignored` the headers that nothing is done with, as they stand;
    `refused` counts the rows that were left out. `headers` are those of the columns that were read, as they stand, by what
    they give (a source such as `~dibao` too); `unspent` tells of such sources in how many rows nothing followed from them.
    """

    name: str | None
    frame: pl.DataFrame
    terms: tuple[str, ...]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]
    refused: int
    headers: Mapping[str, str] = field(default_factory=dict)
    unspent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One file: its readable sheets, and `problems` of the file itself (hidden sheets, sheets without a header)."""

    file: str
    sheets: tuple[Sheet, ...]
    problems: tuple[Problem, ...]

    def all_problems(self) -> tuple[Problem, ...]:
        """Every problem of the file and of its sheets, in the order of the file."""
        return self.problems + tuple(problem for sheet in self.sheets for problem in sheet.problems)

    @property
    def refused(self) -> int:
        """How many rows were refused in all sheets together."""
        return sum(sheet.refused for sheet in self.sheets)
