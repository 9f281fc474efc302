"""The list that goes to an office which is not here, and comes back filled in: a row a waiting case, a column an answer.

Cases that run by different versions of the pages have different columns: each version has its own sheet. Between the upload and what is
accepted, few rows go to the officer's browser and back, sealed; many lie sealed in a bundle.
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
from anju.sealing.keys import KeysRefused
from anju.tables.ledger import FileRefused
from anju.tables.opening import open_table
from anju.tables.values import read_date, read_number, read_whole, read_yes_no

at_once = 150
"""So many rows are looked at while the officer waits, more in the background."""
most_rows = 5000
MB = 1024 * 1024
largest_list = 2 * MB
_longest_count = 9
_known = ("办件", "谁", "流程", "环节", "轮到", "自")
_asked = ("答复", "办理日", "凭据", "为什么")
_width = 18
_notes = "说明"


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that came back, as it was written. ``seen``: the case's entries when the list was made. ``texts``: by column, without
    blanks. ``sheet`` counts from 1; ``wrong``: why nobody has to look at the case to refuse it.
    """

    row: int
    case: str
    seen: int
    whom: str
    texts: Mapping[str, str]
    sheet: int = 1
    wrong: str = ""

    @property
    def place(self) -> str:
        """Which row of the file it is: no other has the same."""
        return str(self.row) if self.sheet == 1 else f"{self.sheet}-{self.row}"

    @property
    def action(self) -> str:
        """What the office did, as the page words it."""
        return self.texts.get("答复", "")

    @property
    def key(self) -> UUID:
        """The same answer to the same state of the same case is one."""
        told = json.dumps([self.seen, sorted(self.texts.items())], ensure_ascii=False)
        return uuid5(UUID(self.case), told)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cases of one version of the pages that wait at a step; ``fields``: what is asked for."""

    rows: Sequence[Row]
    running: Running
    step: Step
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Returned:
    """The rows that came back with something in them; ``blank``: how many have nothing filled in."""

    rows: Sequence[Answer]
    blank: int


def write_list(path: Path, sheets: Sequence[Sheet], notes: Sequence[str]) -> None:
    """Write the list of some cases at a step, with room for the answers; nothing in it can become a formula."""
    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True})
    for number, one in enumerate(sheets, start=1):
        _write(book.add_worksheet("等候答复" if number == 1 else f"等候答复{number}"), one, text, head)
    told = book.add_worksheet(_notes)
    told.set_column(0, 0, 80, text)
    for at, note in enumerate(notes):
        told.write_string(at, 0, note, text)
    book.close()


def _write(sheet: Any, listed: Sheet, text: Any, head: Any) -> None:
    rows, running, step, fields = listed.rows, listed.running, listed.step, listed.fields
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


def read_list(path: Path, within: Path) -> Returned:
    """The rows of a returned list, of all its sheets. Raises `Refused` for what is no such list, or longer than one may be.

    Args:
        within: a folder for this process alone, in which what was read lies meanwhile.
    """
    if path.stat().st_size > largest_list:
        raise Refused(f"一份表最多 {largest_list // MB} MB；只交从“等别处答复”下载、填好的那一份。")
    try:
        sheets = open_table(path, within).sheets
    except FileRefused as refused:
        raise Refused(str(refused)) from refused
    found: list[Answer] = []
    blank = lists = 0
    for number, sheet in enumerate(sheets, start=1):
        lines = [["" if cell is None else str(cell).strip() for cell in line] for line in sheet.frame.iter_rows()]
        head = lines[0] if lines else []
        if "办件" in head and "答复" in head:
            rows = [_answer(head, at, line, number) for at, line in enumerate(lines[1:], start=2) if any(line)]
            lists, found = lists + 1, [*found, *(row for row in rows if row.texts or row.wrong)]
            blank += sum(not (row.texts or row.wrong) for row in rows)
        elif sheet.name != _notes and any(map(any, lines)):
            told = f"这一张表（{sheet.name}）的第一行没有“办件”和“答复”，整张没有收。"
            found.append(Answer(1, str(UUID(int=0)), 0, "", {}, number, told))
    if not lists:
        raise Refused("这不是从“等别处答复”下载的表：第一行要有“办件”和“答复”。")
    if len(found) > most_rows:
        raise Refused(f"一份表最多 {most_rows:,} 行答复，这一份有 {len(found):,} 行；请拆开再交，一行都没有收。")
    if not found:
        raise Refused("表里还没有一行填了“答复”。")
    return Returned(found, blank)


def _answer(head: Sequence[str], number: int, line: Sequence[str], sheet: int) -> Answer:
    texts = {name: cell for name, cell in zip(head, line, strict=True) if name and cell}
    key, _, seen = texts.get("办件", "").partition(".")
    told = {name: text for name, text in texts.items() if name not in _known}
    wrong = "填了别的，“答复”空着，没有收。" if told and "答复" not in told else ""
    if told and not wrong and _uuid(key) == str(UUID(int=0)):
        wrong = "“办件”那一格认不出来，对不上是哪一件；请从原来的表里照抄。"
    return Answer(number, _uuid(key), _count(seen), texts.get("谁", ""), told, sheet, wrong)


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
    except (SealBroken, KeysRefused, binascii.Error, ValueError, IndexError) as error:
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


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _longest_count else 0


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return str(UUID(int=0))
