"""A ledger with the headers of real ones, from .xlsx to the worklist workbook, against only reading and writing it."""

from __future__ import annotations

import json
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from rustpy_xlsxwriter import write_worksheets

from anju.check.run import check_file
from anju.check.settings import parse_settings
from anju.check.workbook import write_workbook
from anju.policy.load import load
from benchmarks.child import peak
from benchmarks.people import drawn
from benchmarks.question import edition, on

_terms = (
    "relocatee_kind settlement_mode hukou_moved birth_date moved_in_on hukou_wish rural_house lives_in_house homestead "
    "contracted_land lives_at_site address_assigned pension_status pension_wish pension_moved premium_paid "
    "medical_status medical_wish medical_moved medical_aided assistance_kind assistance_moved assistance_applied"
).split()
_headers = {
    "relocatee_kind": "搬迁类型",
    "hukou_moved": "户口迁移",
    "birth_date": "出生年月日",
    "moved_in_on": "实际入住时间",
}
_first_days = {"birth_date": date(1945, 1, 1), "moved_in_on": date(2017, 1, 1)}
_days = {"birth_date": 27_000, "moved_in_on": 1_200}
_origins = ("500234001001", "500234001002", "500234002001", "500235003001", "500236004001", "510722100201")
_household = 4


def write_ledger(path: Path, rows: int, blank: float = 0.03) -> None:
    """``rows`` made-up people in 30 columns."""
    write_worksheets([("人员台账", made_up(rows, blank))], str(path), datetime_format="yyyy-mm-dd")


def made_up(rows: int, blank: float = 0.03) -> pl.DataFrame:
    """The same as a frame."""
    key = pl.Series(range(rows))
    columns = {
        "户编号": "H" + (key // _household).cast(pl.String).str.zfill(8),
        "人编号": "P" + key.cast(pl.String).str.zfill(9),
        "姓名": "张" + key.cast(pl.String),
        "与户主关系": pl.Series(["户主", "配偶", "之子", "之女"] * (rows // _household + 1))[:rows],
        "行政村": "第" + (key % 300).cast(pl.String) + "村",
        "迁出地代码": drawn(pl.Series(_origins), rows, 0, seed=1),
        "迁入地代码": drawn(pl.Series(_origins[:1]), rows, 0, seed=2),
    }
    for at, code in enumerate(_terms):
        header = _headers.get(code, edition().policy.terms[code].name)
        columns[header] = drawn(_labels(code), rows, blank, seed=3 + at)
    return pl.DataFrame(columns)


def _labels(code: str) -> pl.Series:
    """What stands in the cells of a fact."""
    if code in _days:
        return pl.date_range(_first_days[code], _first_days[code] + timedelta(days=_days[code]), eager=True)
    term = edition().policy.terms[code]
    return pl.Series(["是", "否"] if term.kind == "bool" else [value.label for value in term.values])


def checked(source: Path, target: Path) -> dict[str, float]:
    """The whole of `anju check FILE --xlsx OUT`, pages included; and how the time divides."""
    start = time.perf_counter()
    policy = load()
    answers = check_file(source, policy, on, parse_settings([], policy))
    read = time.perf_counter()
    write_workbook([answers], target)
    return {"check": read - start, "write": time.perf_counter() - read}


def copied(source: Path, target: Path, cells: Path) -> dict[str, float]:
    """Reading the ledger with calamine, and writing the cells that the workbook holds."""
    sheets: list[tuple[str, Any]] = [(path.stem[3:], pl.read_ipc(path)) for path in sorted(cells.glob("*.arrow"))]
    start = time.perf_counter()
    pl.read_excel(source, engine="calamine")
    read = time.perf_counter()
    write_worksheets(sheets, str(target), datetime_format="yyyy-mm-dd")
    return {"check": read - start, "write": time.perf_counter() - read}


def keep_cells(workbook: Path, cells: Path) -> int:
    """The workbook's sheets as files that `copied` reads; how many cells they hold."""
    cells.mkdir()
    total = 0
    for at, (name, frame) in enumerate(pl.read_excel(workbook, sheet_id=0).items()):
        frame.write_ipc(cells / f"{at:02}-{name}.arrow")
        total += frame.height * frame.width
    return total


if __name__ == "__main__":
    mode, *paths = sys.argv[1:]
    files = [Path(path) for path in paths]
    spent = checked(files[0], files[1]) if mode == "checked" else copied(files[0], files[1], files[2])
    total = {"seconds": sum(spent.values()), "processor": time.process_time()}
    print(json.dumps({**spent, **total, "peak": peak()}))
