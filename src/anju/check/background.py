"""The process that checks one visit's ledger: ``python -m anju.check.background FOLDER``.

It reads FOLDER/request.json, checks the upload, and leaves beside it what the pages show (``summary.json``, ``duties.arrow``,
``answers-N.arrow``, ``missing.arrow``, ``problems.json``) and what one may download. ``state.json`` says how far it is:

- ``stage``: waiting · checking · listing · writing · done · failed
- ``error``: a Chinese sentence where it failed
- ``ready``: the downloads that are complete (xlsx, json, parquet)

A visit that is cleared takes its folder away; the next write fails and the process ends.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from anju.check.lines import lines
from anju.check.parquet import write_parquet
from anju.check.record import write_record
from anju.check.run import Checked, check_file
from anju.check.settings import UsageError, parse_settings
from anju.check.visits import Visit, write_state
from anju.check.workbook import write_workbook
from anju.policy.errors import PolicyError
from anju.policy.load import load
from anju.tables.ledger import FileRefused

downloads: Mapping[str, str] = {"xlsx": "answers.xlsx", "json": "answers.jsonl", "parquet": "answers.parquet"}
"""The file of each download in a visit's folder."""

no_answer = "这份文件一条也答不了：表头要是指导意见的术语，或者常用台账的表头。可以先下载空白模板，把数据贴进去再交。"
not_finished = "这份文件没有算完就停下了。可能太大，请按乡镇拆成几份再交；拆小了还不行，请告诉维护的人。"


def main(folder: Path) -> int:
    """Check the visit in ``folder``; 0 done, 1 failed with a sentence."""
    visit = Visit("", folder)
    try:
        checked = _check(visit)
    except FileRefused as refused:
        return _fail(folder, refused.problem.sentence())
    except (PolicyError, UsageError) as error:
        return _fail(folder, str(error))
    if not any(answers.question.decisions for answers in checked.answers):
        return _fail(folder, no_answer)
    _say(folder, "listing")
    write_record(checked, folder)
    _write_downloads(checked, folder)
    return 0


def _check(visit: Visit) -> Checked:
    request = visit.request
    _say(visit.folder, "checking")
    policy = load()
    settings = parse_settings(request["settings"], policy)
    on = date.fromisoformat(request["on"])
    return check_file(visit.upload, policy, on, settings, subject=request["subject"] or None, name=request["name"])


def _write_downloads(checked: Checked, folder: Path) -> None:
    ready: list[str] = []
    writers: Mapping[str, Callable[[Sequence[Checked], Path], object]] = {
        "xlsx": write_workbook,
        "json": _write_lines,
        "parquet": write_parquet,
    }
    for kind, write in writers.items():
        _say(folder, "writing", ready)
        write([checked], folder / downloads[kind])
        ready.append(kind)
    _say(folder, "done", ready)


def _write_lines(checked: Sequence[Checked], out: Path) -> None:
    with out.open("w", encoding="utf-8") as stream:
        for one in checked:
            stream.writelines(f"{line}\n" for line in lines(one))


def _say(folder: Path, stage: str, ready: Sequence[str] = ()) -> None:
    write_state(folder, {"stage": stage, "error": "", "ready": list(ready)})


def _fail(folder: Path, sentence: str) -> int:
    state: dict[str, Any] = {"stage": "failed", "error": sentence, "ready": []}
    write_state(folder, state)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
