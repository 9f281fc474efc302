"""Second pass: ``## 把关：流程名``, the decisions that a way out of a step must agree with."""

from __future__ import annotations

from anju.policy.cells import split, value_code
from anju.policy.errors import CellError
from anju.policy.markdown import Line, Section
from anju.policy.model import Fact, Guard, Term
from anju.policy.reading.context import Reading
from anju.policy.reading.examples import fact
from anju.policy.reading.words import named

applied = "申请日"
"""In 此时, beside a date: the day of the case's application."""
_own = "本件："
"""Before a term: not what a decision says, but what the case itself has on record, such as its public notice."""


def read_guards(section: Section, reading: Reading) -> tuple[str, list[Guard]]:
    """One ``## 把关：名``: the procedure's name and its guards."""
    name, _ = named(section.heading.text)
    if name not in reading.procedure_codes:
        reading.report(section.heading.place, f"没有流程“{name}”", "写成 ## 把关：流程名", "词")
    if section.table is None or not reading.columns(section, ("环节", "动作", "判定", "结论", "此时")):
        return name, []
    found = (_guard(line, reading) for line in section.table.lines)
    return name, [guard for guard in found if guard is not None]


def _guard(line: Line, reading: Reading) -> Guard | None:
    text = line["判定"].text.replace(":", "：")
    term = reading.attempt(line["判定"].place, reading.term, text.removeprefix(_own))
    if term is None:
        return None
    if text.startswith(_own):
        if (term.source, term.kind) != ("ledger", "enum"):
            reading.report(line["判定"].place, f"“{term.name}”不是台账里的枚举", "写成 本件：公示", "词")
            return None
    elif term.source != "decision":
        reading.report(line["判定"].place, f"“{term.name}”不是判定", "写一个判定的名", "词")
        return None
    values = [reading.attempt(line["结论"].place, _value, text, term) for text in split(line["结论"].text)]
    if not values:
        reading.report(line["结论"].place, "结论空着", "写上要哪个结论，几个用 、 隔开")
    given = [reading.attempt(line["此时"].place, _given, text, reading) for text in split(line["此时"].text)]
    return Guard(
        line["环节"].text,
        line["动作"].text,
        term.code,
        tuple(value for value in values if value is not None),
        tuple(one for one in given if one is not None),
        line.place,
    )


def _value(text: str, term: Term) -> bool | str:
    return text == "是" if term.kind == "bool" and text in ("是", "否") else value_code(text, term)


def _given(text: str, reading: Reading) -> tuple[str, Fact | None]:
    """``公示 无异议``; None for the day of the application. Raises `CellError`."""
    name, _, said = text.partition(" ")
    term = reading.term(name)
    if term.source != "ledger":
        raise CellError(f"“{name}”是算出来的", "此时 只写台账里的事实")
    if term.kind == "date" and said == applied:
        return term.code, None
    found = fact(said.strip(), term)
    if found is None:
        raise CellError(f"“{text}”没有写值", "写成 术语 值，几个用 、 隔开")
    return term.code, found
