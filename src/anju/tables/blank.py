"""Empty workbooks to fill in: headers, drop-down lists, and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anju.policy.model import Policy, Term

explanation = "怎么填"
"""The sheet that explains; `anju.tables.reading` says nothing of it."""
_rows = 2000
_kinds = {"bool": "是 或 否", "int": "整数", "number": "数", "date": "日期，比如 2026-06-30", "text": "文字"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, what is filled in, which clause uses it, what may be chosen. ``text``: its cells are texts."""

    name: str
    about: str
    clause: str = ""
    choices: Sequence[str] = ()
    text: bool = False


def of_term(policy: Policy, term: Term) -> Column:
    """The column of a term."""
    clause = policy.clauses.get(term.clause)
    choices = () if term.specials else _choices(term)
    return Column(term.name, _expected(term), clause.title if clause else "各条共用", choices)


def write(columns: Sequence[Column], path: Path) -> None:
    """Write the empty workbook: a sheet to fill in and a sheet that explains each column."""
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        _sheet(book.add_worksheet("台账"), columns, head, text)
        _explanation(book.add_worksheet(explanation), columns, head)


def _sheet(sheet: Worksheet, columns: Sequence[Column], head: Format, text: Format) -> None:
    sheet.write_row(0, 0, [column.name for column in columns], head)
    sheet.set_row(0, 36)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 20 if column.text else 13, text if column.text else None)
        if column.choices:
            rule = {
                "validate": "list",
                "source": list(column.choices),
                "error_title": column.name,
                "error_message": "请从列表里选；不知道就空着。",
            }
            sheet.data_validation(1, at, _rows, at, rule)
    sheet.freeze_panes(1, 1)


def _explanation(sheet: Worksheet, columns: Sequence[Column], head: Format) -> None:
    sheet.write_row(0, 0, ["列", "填什么", "哪一条用"], head)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 34)
    rows = [(column.name, column.about, column.clause) for column in columns]
    for at, row in enumerate([*rows, ("", "不知道的空着：空着不等于“否”。用不到的列可以整列删掉。", "")], start=1):
        sheet.write_row(at, 0, row)
    sheet.freeze_panes(1, 0)


def _choices(term: Term) -> Sequence[str]:
    if term.kind == "bool":
        return ("是", "否")
    return tuple(value.label for value in term.values)


def _expected(term: Term) -> str:
    expected = "、".join(value.label for value in term.values) if term.kind == "enum" else _kinds[term.kind]
    if term.specials:
        expected += "，或 " + "、".join(special.label for special in term.specials)
    if term.blank_as is not None:
        expected += f"（空着作{term.label(term.blank_as)}）"
    return expected
