"""The lines of a sheet that are data: merged cells filled, and blank, total, repeated and signature lines set aside."""

from dataclasses import dataclass

import polars as pl

from anju.tables.cells import Merge
from anju.tables.layout import Layout
from anju.tables.opening import RawSheet

row = "@row"
largest_fill = 1_000_000
_total = r"^(?:本页|累)?[合总小共累]\s*计\s*(?:[:：(（\[\d].*)?$"
_signature = r"^(填表|制表|审核|填报|复核|经办|单位负责人|负责人|联系|备注|注[:：]|说明)"
_signed = r"^(填表|制表|审核|填报|复核|经办|单位负责人|负责人|联系人)[^:：]{0,6}[:：]"


@dataclass(frozen=True, slots=True)
class Body:
    """The data lines with their row numbers (`@row`), and the row numbers of lines set aside, by why."""

    frame: pl.DataFrame
    set_aside: dict[str, list[int]]


def fill_merges(sheet: RawSheet) -> pl.DataFrame:
    """The frame with every vertically or horizontally merged value in all the cells that it covers."""
    frame = sheet.frame
    changes: dict[int, tuple[list[int], list[str]]] = {}
    filled = 0
    for merge in sheet.merges:
        left, top = merge.left - sheet.first_column, merge.top - 1
        if not (0 <= left < frame.width and top < frame.height) or filled > largest_fill:
            continue
        value = frame.item(top, left)
        if value is None:
            continue
        for column, line in _covered(merge, sheet.first_column, frame):
            lines, values = changes.setdefault(column, ([], []))
            lines.append(line)
            values.append(value)
            filled += 1
    for column, (lines, values) in changes.items():
        frame = frame.with_columns(frame.to_series(column).scatter(lines, values))
    return frame


def _covered(merge: Merge, first_column: int, frame: pl.DataFrame) -> list[tuple[int, int]]:
    """The further cells of a merged range; a range over rows and columns (a note, a title) is not spread."""
    left, right = merge.left - first_column, min(merge.right - first_column, frame.width - 1)
    top, bottom = merge.top - 1, min(merge.bottom - 1, frame.height - 1)
    if left == right:
        return [(left, line) for line in range(top + 1, bottom + 1)]
    if top == bottom:
        return [(column, top) for column in range(left + 1, right + 1)]
    return []


def find_body(frame: pl.DataFrame, layout: Layout, named: bool) -> Body:
    """The data lines under the header. `named` frames (Parquet) have no header line; their rows count from 1."""
    if named:
        # The names are the file's own headers, and one may be the name of our own column.
        frame = frame.rename({name: str(at) for at, name in enumerate(frame.columns)})
    body = frame.with_row_index(row, 1).slice(layout.first_row).with_columns(pl.col(row).cast(pl.UInt32))
    if named:
        return Body(body, {})
    given = [frame.columns[column.index] for column in layout.columns if column.gives != "-"]
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in given)
    cells = [pl.col(name) for name in frame.columns]
    first = pl.coalesce(cells)
    first_given = pl.coalesce(pl.col(name) for name in given)
    alone = pl.sum_horizontal(cell.is_not_null() for cell in cells) == 1
    repeated = pl.all_horizontal(
        pl.col(frame.columns[column.index]) == column.text for column in layout.columns
    ).fill_null(value=False)
    # Sums and signatures below the list would otherwise become people without a name.
    marked = body.with_columns(
        **{
            "@why": pl.when(~filled)
            .then(pl.lit("blank"))
            .when(repeated)
            .then(pl.lit("header"))
            .when(first.str.contains(_total) | first_given.str.contains(_total))
            .then(pl.lit("total"))
            .when((alone & first.str.contains(_signature)) | first.str.contains(_signed))
            .then(pl.lit("signature"))
        }
    )
    aside = {why: marked.filter(pl.col("@why") == why)[row].to_list() for why in ("header", "total", "signature")}
    kept = marked.filter(pl.col("@why").is_null()).drop("@why")
    return Body(kept, {why: rows for why, rows in aside.items() if rows})
