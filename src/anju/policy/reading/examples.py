"""Second pass: worked examples and the sentences outside the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anju.policy.cells import narrow, split, value_code
from anju.policy.errors import CellError
from anju.policy.markdown import Line, Section, Text
from anju.policy.model import Example, Expected, Fact, Term
from anju.policy.names import subject_names
from anju.policy.page import Outside
from anju.policy.reading.context import Reading
from anju.policy.reading.decisions import number
from anju.policy.reading.words import named

example_day = date(2026, 6, 30)
"""The day an example is asked for when it names none, so that examples never change by themselves."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a table of examples are about."""

    clause: str
    subject: str
    facts: tuple[Term, ...]
    asked: tuple[Term, ...]


def read_examples(section: Section, clause: str, reading: Reading) -> list[Example]:
    """The rows of ``## 算例`` or ``## 算例：点``."""
    if section.table is None:
        return []
    facts: list[Term] = []
    asked: list[Term] = []
    for cell in section.table.header:
        plain = narrow(cell.text)
        if plain in ("例", "=应办", "= 应办"):
            continue
        term = reading.attempt(cell.place, reading.term, plain.removeprefix("=").strip())
        if term and plain.startswith("="):
            asked.append(term)
        elif term:
            facts.append(term)
            if term.source != "ledger":
                reading.report(cell.place, f"“{term.name}”是算出来的，不能当事实", "只写台账里的事实", "算例")
    if not asked:
        reading.report(section.heading.place, "算例没有说应得什么", "加上 = 术语 这样的列", "算例")
    subject = subject_names.get(named(section.heading.text)[0]) or next((t.subjects[0] for t in asked), "person")
    for term in (*facts, *asked):
        if subject not in term.subjects:
            reading.report(
                section.heading.place,
                f"“{term.name}”说的不是这些算例的对象",
                "一张算例表只说一个对象，标题写成 ## 算例：点",
                "算例",
            )
    columns = _Columns(clause, subject, tuple(facts), tuple(asked))
    return [_example(line, columns, reading) for line in section.table.lines]


def read_outside(section: Section, reading: Reading) -> list[Outside]:
    """The rows of ``## 不入程序``."""
    if section.table is None or not reading.columns(section, ("句", "为什么")):
        return []
    return [Outside(reading.sentences(line["句"]), line["为什么"].text, line.place) for line in section.table.lines]


def fact(text: str, term: Term) -> Fact | None:
    """A fact as a page writes it; blank is None. Raises `CellError`."""
    if not text:
        return None
    if term.kind == "bool":
        if text not in ("是", "否"):
            raise CellError(f"{term.name}写着“{text}”", "写 是、否，或空着")
        return text == "是"
    if term.kind == "enum" or any(text in (v.label, v.code) for v in term.specials):
        return value_code(text, term)
    if term.kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CellError(f"{term.name}写着“{text}”", "写成 2021-01-31") from None
    if term.kind == "text":
        return text
    figure = number(text)
    if term.kind == "int" and isinstance(figure, float):
        raise CellError(f"{term.name}写着“{text}”", "写一个整数")
    return figure


def _example(line: Line, columns: _Columns, reading: Reading) -> Example:
    known: dict[str, Fact | None] = {}
    for term in columns.facts:
        cell = line.cells.get(term.name) or line[term.code]
        known[term.code] = reading.attempt(cell.place, fact, narrow(cell.text), term)
    expected: dict[str, Expected] = {}
    duties: tuple[str, ...] | None = None
    for name, cell in line.cells.items():
        plain = narrow(name)
        if not plain.startswith("="):
            continue
        if plain.removeprefix("=").strip() == "应办":
            duties = _duties(cell, reading)
            continue
        decided = next((t for t in columns.asked if plain.removeprefix("=").strip() in (t.name, t.code)), None)
        if decided:
            outcome = reading.attempt(cell.place, _expected, narrow(cell.text), decided, reading)
            expected[decided.code] = outcome or Expected()
    day = known.get("as_of")
    return Example(
        line.get("例"),
        columns.subject,
        known,
        expected,
        duties,
        day if isinstance(day, date) else example_day,
        columns.clause,
        line.place,
    )


def _duties(cell: Text, reading: Reading) -> tuple[str, ...]:
    found: list[str] = []
    for name in split(cell.text):
        if name in reading.duty_codes:
            found.append(reading.duty_codes[name])
        elif name != "-":
            reading.report(cell.place, f"没有应办“{name}”", "检查名字", "词")
    return tuple(found)


def _expected(text: str, term: Term, reading: Reading) -> Expected:
    if text.startswith("缺:"):
        return Expected(missing=tuple(reading.term_code(name) for name in split(text.removeprefix("缺:"))))
    if text == "不适用" and term.kind in ("int", "number"):
        return Expected(applicable=False)
    if not text:
        raise CellError(f"“{term.name}”应得什么空着", "写结果、不适用，或 缺：术语")
    return Expected(value=fact(text, term))
