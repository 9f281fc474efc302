"""Markdown pages cut into sections with their first table, every cell with its line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from anju.policy.errors import Place, Problem

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_blocks = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["inline", "text_join"])
"""Cuts alone: what stands within a cell or a heading is read by us."""
_line_ends = re.compile(r"\r\n|\r|\n")
"""Where Markdown ends a line; ``str.splitlines`` knows more ends, and places would shift."""


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a cell or heading and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: column name → cell, in page order."""

    cells: Mapping[str, Text]
    place: Place

    def __getitem__(self, column: str) -> Text:
        return self.cells[column]

    def get(self, column: str) -> str:
        """The text in that column, "" where the table lacks the column."""
        cell = self.cells.get(column)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class Table:
    """The header cells and the rows of a table."""

    header: tuple[Text, ...]
    lines: tuple[Line, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Header texts from left to right."""
        return tuple(cell.text for cell in self.header)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 1 or 2 and the first table below it, if there is one.

    ``stray`` are the places of what looks like a table but is not read: a second table, or a line of cells outside one.
    """

    level: int
    heading: Text
    table: Table | None
    stray: tuple[Place, ...] = ()


@lru_cache(maxsize=128)
def sections(source: str, file: str) -> tuple[tuple[Section, ...], tuple[Problem, ...]]:
    """Cut a page into its sections. Problems: rows with more or fewer cells than the header, doubled headers."""
    lines = _line_ends.split(source)
    problems: list[Problem] = []
    found: list[Section] = []
    tokens = _blocks.parse(source)
    for at, token in enumerate(tokens):
        place = Place(file, token.map[0] + 1 if token.map else 1)
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            found.append(Section(int(token.tag[1]), Text(tokens[at + 1].content.strip(), place), None))
        elif token.type == "table_open" and found and found[-1].table is None:
            found[-1] = replace(found[-1], table=_table(tokens, at, lines, file, problems))
        elif found and token.type == "table_open":
            found[-1] = replace(found[-1], stray=(*found[-1].stray, place))
        elif found and token.type == "paragraph_open":
            bars = [n for n, line in enumerate(tokens[at + 1].content.split("\n")) if line.lstrip().startswith("|")]
            if bars:
                found[-1] = replace(found[-1], stray=(*found[-1].stray, Place(file, place.line + bars[0])))
    return tuple(found), tuple(problems)


def render(source: str) -> str:
    """The page as HTML, tables included. Raw HTML in a page is shown as text, never passed through."""
    return str(_parser.render(source))


def _table(tokens: list[Token], at: int, lines: list[str], file: str, problems: list[Problem]) -> Table:
    rows: list[tuple[Text, ...]] = []
    for token in tokens[at:]:
        if token.type == "table_close":
            break
        if token.type == "tr_open" and token.map:
            rows.append(tuple(_cells(lines[token.map[0]], token.map[0] + 1, file)))
    header = rows[0]
    names = [cell.text for cell in header]
    for name in {n for n in names if names.count(n) > 1}:
        problems.append(Problem(header[names.index(name)].place, "语法", f"表头“{name}”写了两次", "一列一个名字"))
    body: list[Line] = []
    for row in rows[1:]:
        if len(row) != len(header):
            problems.append(
                Problem(row[0].place, "语法", f"这一行有 {len(row)} 格", f"表头有 {len(header)} 格，行和表头要一样多")
            )
            continue
        body.append(Line(dict(zip(names, row, strict=True)), row[0].place))
    return Table(header, tuple(body))


def _cells(line: str, number: int, file: str) -> Iterator[Text]:
    """Cells of a table line, split at ``|`` that is not escaped, each with its column."""
    bars = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
    starts = [bar + 1 for bar in bars]
    ends = bars[1:]
    if not line.lstrip().startswith("|"):
        starts, ends = [0, *starts], [bars[0], *ends] if bars else []
    if not line.rstrip().endswith("|"):
        ends = [*ends, len(line)]
    for start, end in zip(starts, ends, strict=False):
        raw = line[start:end]
        text = raw.strip().replace("\\|", "|")
        yield Text(text, Place(file, number, start + 1 + len(raw) - len(raw.lstrip())))
