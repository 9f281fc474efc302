"""Second pass: calculations and decision tables."""

from __future__ import annotations

from fractions import Fraction

from anju.policy.cells import condition, narrow, split, value_code
from anju.policy.errors import CellError
from anju.policy.formula import Formula, parse
from anju.policy.markdown import Line, Section, Text
from anju.policy.model import Calculation, Cell, Decision, Result, Row, Term
from anju.policy.reading.context import Reading
from anju.policy.reading.kinds import check_bounds, check_formula, zero_excluded
from anju.policy.reading.words import named

_tail = ("结论", "应办", "说明", "生效", "失效", "句")


def read_calculations(section: Section, clause: str, reading: Reading) -> list[Calculation]:
    """The rows of ``## 计算``."""
    found: list[Calculation] = []
    if section.table is None or not reading.columns(section, ("术语", "算式")):
        return found
    for line in section.table.lines:
        term = reading.attempt(line["术语"].place, reading.term, line["术语"].text)
        formula = reading.attempt(line["算式"].place, _formula, line["算式"].text, reading)
        if term is None or formula is None:
            continue
        if term.source == "decision":
            reading.report(line["术语"].place, f"“{term.name}”由判定得出", "判定的结果不能再有算式", "词")
        reading.attempt(line["算式"].place, check_formula, formula, term, reading)
        found.append(Calculation(term.code, formula, clause, line.place))
    return found


def read_decision(section: Section, clause: str, reading: Reading) -> Decision | None:
    """One ``## 判定：名 (code)``; None where it is too broken to go on."""
    name, code = named(section.heading.text)
    table = section.table
    term = reading.terms.get(code)
    if table is None or term is None or term.name != name or term.source != "decision":
        reading.report(
            section.heading.place,
            f"标题写着“{section.heading.text}”",
            "写成 ## 判定：术语 (代码)，术语表里来源是 判定",
            "词",
        )
        return None
    missing = [c for c in ("结论", "应办", "说明", "句") if c not in table.columns]
    if missing:
        reading.report(
            section.heading.place, f"判定表少了列 {'、'.join(missing)}", "条件列之后是 结论 应办 说明 （生效 失效） 句"
        )
        return None
    conditions = _conditions(table.header, term, reading)
    rows = [_row(number, line, conditions, term, reading) for number, line in enumerate(table.lines, 1)]
    for row in rows[:-1]:
        if row.rest:
            reading.report(row.place, "其余不在最后一行", "其余只能是最后一行")
    return Decision(
        code, name, term.subjects[0], tuple(t.code for t in conditions), tuple(rows), clause, section.heading.place
    )


def _conditions(header: tuple[Text, ...], decided: Term, reading: Reading) -> list[Term]:
    found: list[Term] = []
    for cell in header:
        if cell.text in _tail:
            continue
        term = reading.attempt(cell.place, reading.term, cell.text)
        if term is None:
            continue
        if term in found:
            reading.report(cell.place, f"条件“{term.name}”有两列", "一个术语一列")
        if not set(decided.subjects) <= set(term.subjects):
            reading.report(cell.place, f"“{term.name}”说的不是“{decided.name}”的对象", "条件和结论要说同一个对象", "词")
        found.append(term)
    if decided.kind in ("date", "text"):
        reading.report(decided.place, f"判定“{decided.name}”的类型不对", "判定得出 是否、枚举、整数 或 数", "词")
    if len(decided.subjects) != 1:
        reading.report(decided.place, f"判定“{decided.name}”有几个对象", "一个判定只有一个对象", "词")
    return found


def _row(number: int, line: Line, conditions: list[Term], term: Term, reading: Reading) -> Row:
    cells: list[Cell] = []
    for at, tested in enumerate(conditions):
        text = line[tested.name] if tested.name in line.cells else line[tested.code]
        cell = reading.attempt(text.place, condition, text, tested, reading.parameter, may_be_rest=at == 0)
        if cell:
            reading.attempt(text.place, check_bounds, cell, tested, reading)
        cells.append(cell or Cell(text.text, text.place, any=True))
    for other in (c for c in cells[1:] if cells[0].rest and c.tests):
        reading.report(other.place, f"其余这一行还写着“{other.text}”", "其余管剩下的全部，这一行别的条件写 -")
    safe = frozenset(t.code for t, cell in zip(conditions, cells, strict=True) if zero_excluded(cell, reading))
    result = reading.attempt(line["结论"].place, _result, line["结论"].text, term, reading, safe)
    duties: list[str] = []
    for name in split(line["应办"].text):
        if reading.duty_codes.get(name) in duties:
            reading.report(line["应办"].place, f"应办“{name}”写了两次", "一件事一行里只写一次")
        elif name in reading.duty_codes:
            duties.append(reading.duty_codes[name])
        else:
            reading.report(line["应办"].place, f"没有应办“{name}”", "检查名字，或者写进 应办 表", "词")
    since, until = reading.period(line)
    return Row(
        number,
        tuple(cells),
        result or Result(line["结论"].text),
        tuple(duties),
        line["说明"].text,
        since,
        until,
        reading.sentences(line["句"]),
        line.place,
    )


def _result(text: str, term: Term, reading: Reading, not_zero: frozenset[str]) -> Result:
    plain = narrow(text)
    if term.kind == "bool":
        if plain not in ("是", "否"):
            raise CellError(f"结论写着“{text}”", "这个判定的结论写 是 或 否")
        return Result(plain, value=plain == "是")
    if term.kind == "enum":
        return Result(plain, value=value_code(plain, term))
    if plain == "不适用":
        return Result(plain, applicable=False)
    if not plain:
        raise CellError("结论空着", "写一个数、算式，或者 不适用")
    formula = _formula(plain, reading)
    check_formula(formula, term, reading, not_zero=not_zero)
    return Result(plain, formula=formula)


def _formula(text: str, reading: Reading) -> Formula:
    return parse(narrow(text), reading.term_code, reading.parameter)


def number(text: str) -> int | float:
    """A figure of an example. Raises `CellError`."""
    try:
        value = Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        raise CellError(f"“{text}”不是数", "写一个数，比如 40 或 15.5") from None
    return int(value) if value.denominator == 1 else float(value)
