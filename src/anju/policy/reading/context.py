"""What all readers share: the problems found, and the look-up of words with errors that name the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import ParamSpec, TypeVar

from anju.policy.cells import split
from anju.policy.errors import CellError, Place, Problem
from anju.policy.markdown import Line, Section, Text
from anju.policy.model import Letter, Parameter, Term
from anju.policy.page import Clause, Word

P = ParamSpec("P")
T = TypeVar("T")

_sentence = re.compile(r"^\d\.\d-\d+$")


@dataclass(slots=True)
class Reading:
    """Words known so far and problems found so far. Filled page by page, then turned into a `Policy`."""

    problems: list[Problem] = field(default_factory=list)
    clauses: dict[str, Clause] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, list[Parameter]] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    duty_codes: dict[str, str] = field(default_factory=dict)
    procedure_codes: dict[str, str] = field(default_factory=dict)
    sides: dict[str, Word] = field(default_factory=dict)
    levels: dict[str, Word] = field(default_factory=dict)
    lines: dict[str, Word] = field(default_factory=dict)

    def report(self, place: Place, found: str, expected: str, kind: str = "语法") -> None:
        """Add a problem."""
        self.problems.append(Problem(place, kind, found, expected))

    def attempt(self, place: Place, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Read something; where that fails, add the problem at that place and go on with None."""
        try:
            return read(*args, **kwargs)
        except CellError as error:
            self.report(place, error.found, error.expected, error.kind)
            return None

    def columns(self, section: Section, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        """Whether the section's table has exactly these columns; otherwise the problem is added."""
        if section.table is None:
            return False
        have = section.table.columns
        for name in needed:
            if name not in have:
                self.report(
                    section.heading.place, f"“{section.heading.text}”的表少了“{name}”一列", "要有 " + "、".join(needed)
                )
        for cell in section.table.header:
            if cell.text not in (*needed, *optional):
                self.report(cell.place, f"不认识列“{cell.text}”", "可以有 " + "、".join((*needed, *optional)))
        return all(name in have for name in needed)

    def term(self, name: str) -> Term:
        """The term of that name or code. Raises `CellError`."""
        code = self.names.get(name, name)
        if code not in self.terms:
            raise CellError(f"没有术语“{name}”", "检查名字，或者写进 术语 表", "词")
        return self.terms[code]

    def term_code(self, name: str) -> str:
        """The code of the term of that name. Raises `CellError`."""
        return self.term(name).code

    def date_term(self, name: str) -> str:
        """The code of a date term. Raises `CellError`."""
        term = self.term(name)
        if term.kind != "date":
            raise CellError(f"“{name}”不是日期", "这里要一个日期类型的术语", "词")
        return term.code

    def parameter(self, name: str) -> str:
        """The name of a known parameter. Raises `CellError`."""
        if name not in self.parameters:
            raise CellError(f"没有参数“{name}”", "检查名字，或者写进 参数 表", "词")
        return name

    def sentences(self, cell: Text, *, needed: bool = True) -> tuple[str, ...]:
        """The sentence numbers of a 句 cell, checked against 条文."""
        items = split(cell.text)
        for item in items:
            clause, _, number = item.partition("-")
            known = self.clauses.get(clause)
            if not _sentence.match(item) or known is None or not 1 <= int(number) <= known.sentences:
                self.report(cell.place, f"没有句“{item}”", "写成 条-句，比如 1.5-4，多句用 、 隔开", "引用")
        if needed and not items:
            self.report(cell.place, "句空着", "写上它依据的句，比如 1.5-4", "引用")
        return items

    def period(self, line: Line) -> tuple[date | None, date | None]:
        """生效 and 失效 of a row; 失效 is the first day on which it no longer holds."""
        since, until = self.date(line, "生效"), self.date(line, "失效")
        if since and until and until <= since:
            self.report(line["失效"].place, f"失效 {until} 不晚于生效 {since}", "失效是不再有效的第一天，要在生效之后")
        return since, until

    def date(self, line: Line, column: str) -> date | None:
        """An ISO date cell, None where blank or unreadable (then the problem is added)."""
        text = line.get(column)
        if not text or text == "-":
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.report(line[column].place, f"{column}写着“{text}”", "写成 2020-06-01")
            return None
