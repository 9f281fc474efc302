"""The list that goes to an office which is not here, and comes back filled in: a row a waiting case, a column an answer.

Nothing of it is kept: between the upload and what is accepted, the rows go to the officer's browser and back, sealed.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import xlsxwriter

from anju.cases.fields import Field, Value
from anju.cases.procedures import Running
from anju.cases.queries.rows import Row
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.policy.model import Step
from anju.sealing.ciphertext import Place, SealBroken, seal_bytes, unseal_bytes
from anju.tables.ledger import FileRefused
from anju.tables.opening import open_table
from anju.tables.values import read_date, read_number, read_whole, read_yes_no

most_rows = 150
_known = ("办件", "谁", "流程", "环节", "轮到", "自")
_asked = ("答复", "办理日", "凭据", "为什么")
_width = 18


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that came back, as it was written. ``seen``: the case's entries when the list was made. ``texts``: by column, without
    blanks.
    """

    row: int
    case: str
    seen: int
    whom: str
    texts: Mapping[str, str]

    @property
    def action(self) -> str:
        """What the office did, as the page words it."""
        return self.texts.get("答复", "")

    @property
    def key(self) -> UUID:
        """The same answer to the same state of the same case is one."""
        told = json.dumps([self.seen, sorted(self.texts.items())], ensure_ascii=False)
        return uuid5(UUID(self.case), told)


def write_list(path: Path, rows: Sequence[Row], running: Running, step: Step, fields: Sequence[Field]) -> None:
    """Write the list of some cases at a step, with room for the answers; nothing in it can become a formula."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True})
    sheet = book.add_worksheet("等候答复")
    sheet.freeze_panes(1, 2)
    columns = [*_known, _asked[0], *(field.name for field in fields), *_asked[1:]]
    sheet.set_column(0, len(columns) - 1, _width, text)
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, head)
    for number, row in enumerate(rows, start=1):
        told = (
            f"{row.case.pk}.{row.case.entries}",
            row.whom.name if row.whom else "",
            running.procedure.name,
            step.name,
            "、".join(f"{one.place} {one.office}" for one in row.waiting),
            row.waiting[0].turn.since.isoformat() if row.waiting else "",
        )
        for at, words in enumerate(told):
            sheet.write_string(number, at, words, text)
    choices = {_asked[0]: [move.action for move in step.moves]}
    choices |= {field.name: [label for _, label in field.choices] for field in fields if field.choices}
    choices |= {field.name: ["是", "否"] for field in fields if field.kind in ("yes", "paper")}
    for at, name in enumerate(columns):
        if name in choices and len(",".join(choices[name])) < 250:
            sheet.data_validation(1, at, max(len(rows), 1), at, {"validate": "list", "source": choices[name]})
    book.close()


def read_list(path: Path) -> list[Answer]:
    """The rows of a returned list that answer something. Raises `Refused` for what is no such list."""
    try:
        sheets = open_table(path).sheets
    except FileRefused as refused:
        raise Refused(str(refused)) from refused
    frame = sheets[0].frame if sheets else None
    head = [str(text or "").strip() for text in frame.row(0)] if frame is not None and frame.height else []
    if frame is None or "办件" not in head or "答复" not in head:
        raise Refused("这不是从“等别处答复”下载的表：第一行要有“办件”和“答复”。")
    found = []
    for number, line in enumerate(frame.iter_rows(), start=1):
        texts = {name: str(cell).strip() for name, cell in zip(head, line, strict=True) if name and cell is not None}
        key, _, seen = texts.get("办件", "").partition(".")
        if number == 1 or not texts.get("答复"):
            continue
        told = {name: text for name, text in texts.items() if name not in _known and text}
        found.append(Answer(number, _uuid(key), int(seen) if seen.isdigit() else 0, texts.get("谁", ""), told))
    if len(found) > most_rows:
        raise Refused(f"一份表最多 {most_rows} 行答复，请拆开再交。")
    if not found:
        raise Refused("表里还没有一行填了“答复”。")
    return found


def given(answer: Answer, fields: Sequence[Field]) -> dict[str, Any]:
    """What a row says, as a step is taken: fields, reason, basis, day. Raises `Refused` for a cell that cannot be read."""
    values: dict[str, Value] = {}
    for field in fields:
        if field.name in answer.texts:
            values[field.name] = _read(field.name, answer.texts[field.name], _reader(field))
    day = answer.texts.get("办理日")
    return {
        "fields": values,
        "reason": answer.texts.get("为什么", ""),
        "basis": answer.texts.get("凭据", ""),
        "on": date.fromisoformat(str(_read("办理日", day, _day))) if day else None,
    }


def carried(answers: Sequence[Answer], by: Officer) -> str:
    """Rows on their way to the officer's browser and back."""
    told = json.dumps([asdict(answer) for answer in answers], ensure_ascii=False)
    return base64.b64encode(seal_bytes(told.encode(), _place(by))).decode()


def brought_back(text: str, by: Officer) -> list[Answer]:
    """The rows that came back. Raises `Refused` where they are not those that were sent."""
    try:
        told = json.loads(unseal_bytes(base64.b64decode(text, validate=True), _place(by)))
    except (SealBroken, binascii.Error, ValueError, IndexError) as error:
        raise Refused("这份表要重新上传。") from error
    return [Answer(**row) for row in told]


def _place(by: Officer) -> Place:
    return Place("cases_answers", "rows", by.pk)


def _reader(field: Field) -> Callable[[str], Value]:
    labels = {word: code for code, label in field.choices for word in (code, label)}
    readers: Mapping[str, Callable[[str], Value]] = {
        "yes": read_yes_no,
        "paper": read_yes_no,
        "whole": read_whole,
        "number": read_number,
        "day": _day,
        "choice": lambda word: labels.get(word, word),
    }
    return readers.get(field.kind, lambda word: word)


def _day(word: str) -> str:
    return read_date(word).isoformat()


def _read(name: str, word: str, read: Callable[[str], Value]) -> Value:
    try:
        return read(word)
    except ValueError as error:
        raise Refused(f"“{name}”写的是“{word}”：{error}") from error


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(UUID(int=0))
