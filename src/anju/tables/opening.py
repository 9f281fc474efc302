"""Open a foreign file in a child process and take back its sheets as frames of texts."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from typing import Any

import polars as pl

import anju
from anju.tables.cells import Hidden, Merge, OddCell, nothing_hidden
from anju.tables.inspection import MB, Inspection, inspect, refuse
from anju.tables.ledger import Problem

_most_memory = 4096 * MB
_inherited = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_failures = {
    "memory": "表格的范围大得不正常（常见的原因是很远的地方有一个多余的单元格），没有读完；"
    "请只选中有数据的区域，复制到新工作簿再交。",
    "time": "表格太大或太乱，规定时间内没有读完；请拆成几个文件再交。",
    "password": "工作簿加了密码；请取消密码，另存后再交。",
    "encoding": "文字编码认不出来；请用 Excel 或 WPS 打开，另存为 .xlsx，或另存为“CSV UTF-8”再交。",
    "damaged": "文件已经损坏或格式不对，打不开；请用 Excel 或 WPS 打开后另存为 .xlsx 再交。",
}
_too_wide = "表格有上千列，不像台账；请只保留有数据的列，复制到新工作簿再交。"
_left_out = {
    "hidden": "这张工作表是隐藏的，没有读；要读请先取消隐藏。",
    "too_many": "工作表太多，这张没有读；请拆成几个文件。",
}


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as texts. Line i of `frame` is row i + 1 of the file; column j stands in column j + `first_column`.

    A Parquet file keeps its own types; then `named` is true: its column names are the headers, no row is.
    """

    name: str | None
    frame: pl.DataFrame
    first_column: int
    odd: tuple[OddCell, ...]
    merges: tuple[Merge, ...]
    named: bool
    hidden: Hidden = nothing_hidden


@dataclass(frozen=True, slots=True)
class RawFile:
    """The sheets that were read, and remarks about the file and about sheets that were not."""

    sheets: tuple[RawSheet, ...]
    problems: tuple[Problem, ...]


def open_table(path: Path, within: Path | None = None) -> RawFile:
    """Read every visible sheet of the file as texts, or raise `FileRefused`. What was read lies `within` a folder meanwhile.

    Memory and time allowed grow with the unpacked size, from 200 MB and 10 seconds: a bomb of a few kilobytes cannot
    take more, and an honest ledger of 250,000 rows (408 MB unpacked) needs about 0.8 GB and 7 seconds.
    """
    path = Path(path)
    seen = inspect(path)
    with tempfile.TemporaryDirectory(prefix="anju-", dir=within) as name:
        folder = Path(name)
        answer = _ask_child(path, seen, folder)
        if "failure" in answer:
            refuse(path, _failures[answer["failure"]])
        wide = [entry for entry in answer["sheets"] if entry["wide"]]
        if wide and len(wide) == len(answer["sheets"]):
            refuse(path, _too_wide)
        sheets = tuple(
            _raw_sheet(entry, folder, seen.kind == "parquet") for entry in answer["sheets"] if not entry["wide"]
        )
    remarks = [Problem(path.name, None, None, None, None, "", seen.remark, "warning")] if seen.remark else []
    remarks += [
        Problem(path.name, entry["name"], None, None, None, "", _left_out[entry["why"]], "warning")
        for entry in answer["left_out"]
    ]
    remarks += [Problem(path.name, entry["name"], None, None, None, "", _too_wide, "refused") for entry in wide]
    return RawFile(sheets, tuple(remarks))


def _ask_child(path: Path, seen: Inspection, folder: Path) -> dict[str, Any]:
    # The reader goes by the name, so the content's true kind becomes the name.
    link = folder / f"input.{seen.kind}"
    link.symlink_to(path.resolve())
    seconds = 10 + seen.unpacked // (10 * MB)
    memory = min(200 * MB + 3 * seen.unpacked, _most_memory)
    request = {"path": str(link), "kind": seen.kind, "memory": memory, "seconds": seconds}
    (folder / "request.json").write_text(json.dumps(request))
    home = str(Path(anju.__file__).parent.parent)
    environment = {
        # A process that opens foreign files gets no passwords of ours.
        **{name: os.environ[name] for name in _inherited if name in os.environ},
        "PYTHONPATH": os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "POLARS_MAX_THREADS": "2",
        "MALLOC_ARENA_MAX": "2",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "anju.tables.child", str(folder)],
            env=environment,
            timeout=seconds,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failure": "time"}
    answer = folder / "answer.json"
    if not answer.exists():
        # Killed: by the limit on processor time, or because memory that it asked for was refused.
        return {"failure": "time" if done.returncode in (-SIGXCPU, -SIGKILL) else "memory"}
    read: dict[str, Any] = json.loads(answer.read_text())
    return read


def _raw_sheet(entry: dict[str, Any], folder: Path, named: bool) -> RawSheet:
    frame = pl.read_ipc(folder / entry["file"])
    odd = tuple(OddCell(**cell) for cell in entry["odd"])
    merges = tuple(Merge(**merge) for merge in entry["merges"])
    hidden = Hidden(*map(tuple, entry["hidden"].values()))
    return RawSheet(entry["name"], frame, entry["first_column"], odd, merges, named, hidden)
