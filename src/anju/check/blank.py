"""Empty workbooks to fill in: the terms of a subject as headers, drop-down lists, and an explanation of every column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from anju.policy.model import Policy, Term

titles: Mapping[str, str] = {
    "person": "空白模板-人",
    "household": "空白模板-户",
    "site": "空白模板-安置点",
    "county": "空白模板-区县",
}
_identity: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person": (
        ("姓名", "谁"),
        ("证件号码", "18 位，按文本填写；有它可以不填出生日期"),
        ("户编号", "同一户写同一个编号"),
        ("与户主关系", "户主、配偶、之子……"),
    ),
    "household": (("户编号", "一户一个编号"), ("户主姓名", "户主是谁")),
    "site": (("集中安置点名称", "安置点的名字"),),
    "county": (("区县", "区县的名字"),),
}
_unasked = frozenset({"key", "as_of"})
_rows = 2000
_kinds = {"bool": "是 或 否", "int": "整数", "number": "数", "date": "日期，比如 2026-06-30", "text": "文字"}


def write(policy: Policy, subject: str, path: Path) -> None:
    """Write the empty workbook of a subject: a sheet to fill in and a sheet that explains each column."""
    terms = [
        t for t in policy.terms.values() if t.source == "ledger" and subject in t.subjects and t.code not in _unasked
    ]
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCEAF4", "border": 1, "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        _sheet(book.add_worksheet("台账"), subject, terms, head, text)
        _explanation(book.add_worksheet("怎么填"), policy, subject, terms, head)


def _sheet(sheet: Worksheet, subject: str, terms: list[Term], head: Format, text: Format) -> None:
    names = [name for name, _ in _identity[subject]]
    sheet.write_row(0, 0, [*names, *(term.name for term in terms)], head)
    sheet.set_row(0, 36)
    sheet.set_column(0, len(names) - 1, 20, text)
    sheet.set_column(len(names), len(names) + len(terms) - 1, 13)
    for at, term in enumerate(terms, start=len(names)):
        choices = _choices(term)
        if choices and not term.specials:
            rule = {
                "validate": "list",
                "source": choices,
                "error_title": term.name,
                "error_message": "请从列表里选；不知道就空着。",
            }
            sheet.data_validation(1, at, _rows, at, rule)
    sheet.freeze_panes(1, 1)


def _explanation(sheet: Worksheet, policy: Policy, subject: str, terms: list[Term], head: Format) -> None:
    sheet.write_row(0, 0, ["列", "填什么", "哪一条用"], head)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 34)
    rows = [(name, about, "") for name, about in _identity[subject]]
    rows += [(term.name, _expected(term), _clause(policy, term)) for term in terms]
    for at, row in enumerate([*rows, ("", "不知道的空着：空着不等于“否”。用不到的列可以整列删掉。", "")], start=1):
        sheet.write_row(at, 0, row)
    sheet.freeze_panes(1, 0)


def _choices(term: Term) -> list[str]:
    if term.kind == "bool":
        return ["是", "否"]
    return [value.label for value in term.values]


def _expected(term: Term) -> str:
    expected = "、".join(value.label for value in term.values) if term.kind == "enum" else _kinds[term.kind]
    if term.specials:
        expected += "，或 " + "、".join(special.label for special in term.specials)
    if term.blank_as is not None:
        expected += f"（空着作{term.label(term.blank_as)}）"
    return expected


def _clause(policy: Policy, term: Term) -> str:
    clause = policy.clauses.get(term.clause)
    return clause.title if clause else "各条共用"
