"""The process that opens a foreign file: started alone, limited, and thrown away after one file.

`python -m anju.tables.child FOLDER` reads FOLDER/request.json (path, kind, memory and seconds allowed), writes one
Arrow file of texts a sheet beside it and, last, FOLDER/answer.json. No answer means that it died at its limit.
Whatever the file does, the caller keeps running.
"""

import json
import re
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import python_calamine

from anju.tables.cells import (
    Merge,
    OddCell,
    Search,
    most_columns,
    number_cells,
    number_cells_by_type,
    search,
    searchable,
    sheet_parts,
)

most_sheets = 100
_page = resource.getpagesize()


def limit(memory: int, seconds: int) -> None:
    """Cap what this process may still allocate beyond what the libraries took, and its processor time."""
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * _page
    resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(folder: Path) -> dict[str, Any]:
    """Read the requested file into `folder`; the answer names the sheets, what was left out, or why it failed."""
    request = json.loads((folder / "request.json").read_text())
    path, kind = Path(request["path"]), request["kind"]
    limit(request["memory"], request["seconds"])
    if kind in ("xlsx", "xls"):
        return _read_workbook(path, kind, folder)
    frame = _read_text(path) if kind == "csv" else _read_parquet(path)
    return {"sheets": [_keep(frame, None, folder, 0, Search((), (), 0))], "left_out": []}


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook opened by both readers; `parts` names each sheet's zip part (.xlsx only)."""

    path: Path
    typed: python_calamine.CalamineWorkbook
    texts: fastexcel.ExcelReader
    parts: dict[str, str]


def _read_workbook(path: Path, kind: str, folder: Path) -> dict[str, Any]:
    typed = python_calamine.CalamineWorkbook.from_path(str(path))
    book = _Book(path, typed, fastexcel.read_excel(path), sheet_parts(path) if kind == "xlsx" else {})
    sheets: list[dict[str, Any]] = []
    left_out = []
    for description in typed.sheets_metadata:
        if description.typ is not python_calamine.SheetTypeEnum.WorkSheet:
            continue
        if description.visible is not python_calamine.SheetVisibleEnum.Visible:
            left_out.append({"name": description.name, "why": "hidden"})
        elif len(sheets) >= most_sheets:
            left_out.append({"name": description.name, "why": "too_many"})
        else:
            sheets.append(_read_sheet(book, description.name, folder, len(sheets)))
    return {"sheets": sheets, "left_out": left_out}


def _read_sheet(book: _Book, name: str, folder: Path, index: int) -> dict[str, Any]:
    part = book.parts.get(name)
    with ThreadPoolExecutor(1) as beside:
        # Inflating and searching runs on the second core while the reader parses.
        searching = beside.submit(search, book.path, part) if part and searchable(book.path, part) else None
        frame = book.texts.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        found = searching.result() if searching else None
    suspects = [column for column in range(frame.width) if _may_be_number(frame.to_series(column))]
    if found is None or part is None:
        found, numbers = _by_type(book.typed.get_sheet_by_name(name), suspects)
    else:
        columns = [column + found.first_column for column in suspects]
        numbers = number_cells(book.path, part, columns) if columns else []
    return _keep(frame, name, folder, index, replace(found, odd=(*found.odd, *numbers)))


def _by_type(sheet: python_calamine.CalamineSheet, suspects: list[int]) -> tuple[Search, list[OddCell]]:
    """The same findings, as far as the slower reader knows them, for sheets that cannot be searched."""
    merges = tuple(
        Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    first = sheet.start[1] if sheet.start else 0
    return Search((), merges, first), number_cells_by_type(sheet, suspects) if suspects else []


def _may_be_number(column: pl.Series) -> bool:
    """Whether a cell of 16 and more digits could come from a number: then it is a whole binary fraction."""
    long = column.filter(column.str.contains(r"^[0-9]{16,}$"))
    if long.is_empty():
        return False
    # A double has 53 bits: one text in 64 of 18 digits, and most of 16 digits, is also a double's value.
    value = long.cast(pl.Int128, strict=False)
    exact = long.cast(pl.Float64).cast(pl.Int128, strict=False)
    return bool((value == exact).any())


_delimiters = (b",", b"\t", b";")


def _read_text(path: Path) -> pl.DataFrame:
    """A delimited text file of any encoding that offices use, each field as text."""
    content = _utf8(path.read_bytes())
    beginning = list(islice(BytesIO(content), 200))
    delimiter = max(_delimiters, key=lambda mark: sum(line.count(mark) for line in beginning))
    width = max((line.count(delimiter) for line in BytesIO(content)), default=0) + 1
    if width > most_columns:
        return pl.DataFrame([pl.Series(str(i), [], pl.String) for i in range(most_columns + 1)])
    # A header of our own tells the reader the full width: a title row is shorter than the rows under it.
    header = delimiter.join(b"c%d" % column for column in range(width))
    return pl.read_csv(header + b"\n" + content, separator=delimiter.decode(), infer_schema=False)


def _utf8(content: bytes) -> bytes:
    """The text as UTF-8 without a mark, from UTF-8, GB18030 or UTF-16. Raises UnicodeError for anything else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16").encode()
    if b"\0" in content:
        # UTF-16 without a mark: commas and line ends have their zero byte behind (little endian) or in front.
        little = content[1::2].count(0) > content[0::2].count(0)
        text = content.decode("utf-16-le" if little else "utf-16-be")
        if "\0" in text or "\n" not in text:
            raise UnicodeError("binary")
        return text.encode()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030").encode()
    return content.removeprefix(b"\xef\xbb\xbf")


def _read_parquet(path: Path) -> pl.DataFrame:
    """A Parquet file with its types; a cell that is no single value becomes a text that nothing can be read from."""
    frame = pl.read_parquet(path)
    return frame.with_columns(_plain(name, dtype) for name, dtype in frame.schema.items())


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    """A Parquet column as a ledger means it: several words in one text, days by the clock here, no NaN for a blank."""
    column = pl.col(name)
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, (pl.String, pl.Categorical, pl.Enum)):
        return column.list.eval(pl.element().cast(pl.String)).list.join("、")
    if dtype.is_nested() or dtype in (pl.Binary, pl.Duration):
        return pl.when(column.is_not_null()).then(pl.lit("（不是单个的值）")).alias(name)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        # Other programs store midnight here as 16:00 of the day before.
        return column.dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None)
    return column.fill_nan(None) if dtype.is_float() else column


def _keep(frame: pl.DataFrame, name: str | None, folder: Path, index: int, found: Search) -> dict[str, Any]:
    file = f"{index}.arrow"
    wide = frame.width > most_columns
    if not wide:
        frame.write_ipc(folder / file, compression="uncompressed")
    return {
        "name": name,
        "file": file,
        "columns": frame.width,
        "wide": wide,
        "first_column": found.first_column,
        "odd": [asdict(cell) for cell in found.odd],
        "merges": [asdict(merge) for merge in found.merges],
        "hidden": asdict(found.hidden),
    }


def failure(error: BaseException) -> str:
    """A short word for why reading failed, for the caller to turn into a sentence."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError) or re.search(r"memory|capacity overflow|alloc", text, re.I):
        return "memory"
    if re.search(r"password|encrypt", text, re.I):
        return "password"
    if isinstance(error, UnicodeError):
        return "encoding"
    return "damaged"


def main() -> int:
    """Read one file; the answer is written whole or not at all."""
    folder = Path(sys.argv[1])
    try:
        answer = read(folder)
    except BaseException as error:  # noqa: BLE001 - a Rust panic is a BaseException, and any of them is an answer
        answer = {"failure": failure(error), "detail": f"{type(error).__name__}: {error}"[:500]}
    (folder / "answer.part").write_text(json.dumps(answer, ensure_ascii=False))
    (folder / "answer.part").rename(folder / "answer.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
