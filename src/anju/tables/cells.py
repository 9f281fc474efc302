"""What a frame of texts cannot say about a workbook's cells: which hold errors, unanswered formulas or bare numbers.

The fast reader turns every cell into text, and an error into a blank; a blank would be read as unknown and an 18-digit
number as an ID number whose end Excel has already lost. So the sheet's XML is searched once for the few cells of these
kinds. Searching compressed bytes costs a fifth of parsing them.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Literal

import python_calamine

CellKind = Literal["error", "formula", "number"]

most_columns = 1000
_block = 1 << 22
_link = re.compile(r"<(?:\w+:)?Relationship ([^>]*)>")
_sheet = re.compile(r"<(?:\w+:)?sheet ([^>]*)>")
_attribute = re.compile(r'([\w:]+)="([^"]*)"')
_error = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_formula = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>(?:<f[^>]*/>|<f[^>]*>([^<]*)</f>)(?:<v ?/>|<v></v>)?</c>')
_merge = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_hidden_row = re.compile(rb'<row (?=[^>]*\shidden="(?:1|true)")[^>]*?\br="(\d+)"')
_hidden_columns = re.compile(rb'<col (?=[^>]*\shidden="(?:1|true)")(?=[^>]*\bmin="(\d+)")(?=[^>]*\bmax="(\d+)")')
_first_column = re.compile(rb'<c r="A\d+"(?:[^>]*[^/>])?><(?:v|is|f)')
_any_column = re.compile(rb'<c r="([A-Z]+)\d+"(?:[^>]*[^/>])?><(?:v|is|f)')


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell that text alone misrepresents. `row` counts from 1, `column` from 0; `text` is what the file holds."""

    row: int
    column: int
    kind: CellKind
    text: str


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows from 1, columns from 0, both ends included. Its value stands in the first cell."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden on a sheet: rows counted from 1, columns from 0."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


nothing_hidden = Hidden()


@dataclass(frozen=True, slots=True)
class Search:
    """What a search of a sheet's XML found: odd cells, merged ranges, the first column that holds anything, and what is hidden."""

    odd: tuple[OddCell, ...]
    merges: tuple[Merge, ...]
    first_column: int
    hidden: Hidden = nothing_hidden


def letter(column: int) -> str:
    """The letters of a column counted from 0: A, B … Z, AA … XFD."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_of(letters: str) -> int:
    """The column counted from 0 of its letters."""
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - 64
    return number - 1


def sheet_parts(path: Path) -> dict[str, str]:
    """The zip part that holds each sheet of an .xlsx, by the sheet's name."""
    with zipfile.ZipFile(path) as archive:
        links = archive.read("xl/_rels/workbook.xml.rels").decode(errors="replace")
        book = archive.read("xl/workbook.xml").decode(errors="replace")
    targets = {}
    for link in _link.findall(links):
        attributes = dict(_attribute.findall(link))
        targets[attributes.get("Id", "")] = attributes.get("Target", "")
    parts = {}
    for sheet in _sheet.findall(book):
        attributes = {name.rpartition(":")[2]: value for name, value in _attribute.findall(sheet)}
        target = targets.get(attributes.get("id", ""), "")
        if target:
            parts[unescape(attributes.get("name", ""))] = target[1:] if target.startswith("/") else f"xl/{target}"
    return parts


def searchable(path: Path, part: str) -> bool:
    """Whether the sheet is written the usual way (`<c r="A1" …`), so that the patterns here see all its cells."""
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        head = stream.read(1 << 16)
    cell = head.find(b"<c")
    while cell >= 0 and head[cell + 2 : cell + 3].isalpha():
        cell = head.find(b"<c", cell + 2)
    return cell >= 0 and head.startswith(b'<c r="', cell)


def search(path: Path, part: str) -> Search:
    """Errors, formulas without an answer, merged ranges, where the used columns begin, and what is hidden."""
    odd: list[OddCell] = []
    merges: list[Merge] = []
    rows: list[int] = []
    columns: list[int] = []
    starts_at_a = False
    for block in _blocks(path, part):
        if b't="e"' in block:
            odd += [_odd(m[1], m[2], "error", m[3]) for m in _error.finditer(block)]
        if b"<f" in block:
            odd += [
                _odd(m[1], m[2], "formula", b"=" + (m[4] or b""))
                for m in _formula.finditer(block)
                if b't="str"' not in m[3]
            ]
        if b"<mergeCell " in block:
            merges += [
                Merge(int(m[2]), column_of(m[1].decode()), int(m[4]), column_of(m[3].decode()))
                for m in _merge.finditer(block)
            ]
        if b' hidden="' in block:
            rows += [int(m[1]) for m in _hidden_row.finditer(block)]
            spans = [(int(m[1]), int(m[2])) for m in _hidden_columns.finditer(block)]
            columns += [at for left, right in spans for at in range(left - 1, min(right, most_columns))]
        starts_at_a = starts_at_a or _first_column.search(block) is not None
    hidden = Hidden(tuple(rows), tuple(columns))
    return Search(tuple(odd), tuple(merges), 0 if starts_at_a else _leftmost(path, part), hidden)


def number_cells(path: Path, part: str, columns: list[int]) -> list[OddCell]:
    """The cells of these columns that hold a number and not text."""
    letters = "|".join(letter(column) for column in columns).encode()
    pattern = re.compile(
        rb'<c r="(' + letters + rb')(\d+)"(?: s="\d+")?(?: t="n")?>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>'
    )
    return [_odd(m[1], m[2], "number", m[3]) for block in _blocks(path, part) for m in pattern.finditer(block)]


def number_cells_by_type(sheet: python_calamine.CalamineSheet, columns: list[int]) -> list[OddCell]:
    """The same for sheets that cannot be searched (.xls, unusual XML); `columns` count from the first used one."""
    first_row, first_column = sheet.start or (0, 0)
    return [
        OddCell(first_row + number + 1, column + first_column, "number", f"{row[column]:.0f}")
        for number, row in enumerate(sheet.to_python(skip_empty_area=True))
        for column in columns
        if column < len(row) and isinstance(row[column], float)
    ]


def _odd(letters: bytes, row: bytes, kind: CellKind, text: bytes) -> OddCell:
    return OddCell(int(row), column_of(letters.decode()), kind, text.decode(errors="replace"))


def _leftmost(path: Path, part: str) -> int:
    columns = {m[1] for block in _blocks(path, part) for m in _any_column.finditer(block)}
    return min((column_of(name.decode()) for name in columns), default=0)


def _blocks(path: Path, part: str) -> Iterator[bytes]:
    """The part's bytes in large pieces, each ending where a cell begins, so that no cell is cut in two."""
    rest = b""
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while piece := stream.read(_block):
            piece = rest + piece
            cut = max(piece.rfind(b"<c "), piece.rfind(b"<mergeCell "))
            if cut <= 0:
                cut = len(piece)
            yield piece[:cut]
            rest = piece[cut:]
    yield rest
