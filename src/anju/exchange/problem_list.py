"""What is to be read about the rows of a batch, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl
from rustpy_xlsxwriter import Format, write_worksheets

_sheet = "问题"
_widths: dict[str, float] = {"在哪里": 16, "谁": 26, "结果": 12, "怎么回事": 90}


def write(lines: Iterable[tuple[str, str, str, str]], path: Path) -> None:
    """Write them in the order of the file; every cell is text, so that none of them can become a formula."""
    frame = pl.DataFrame(list(lines), schema=dict.fromkeys(_widths, pl.String), orient="row")
    write_worksheets(
        [(_sheet, frame)],
        str(path),
        freeze_panes={"general": {"row": 1, "col": 0}},
        header_format={_sheet: Format().set_bold().set_text_wrap()},
        column_widths={_sheet: dict(_widths)},
        autofilter={_sheet: True},
    )
