"""First pass: the words of a page.

Clauses, terms, parameters, letters, sides, levels, lines, names of duties and procedures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from anju.policy.cells import narrow, split, value_code
from anju.policy.errors import CellError, Place
from anju.policy.markdown import Line, Section, Text
from anju.policy.model import Letter, Term, Value
from anju.policy.names import Source, subject_names, type_names
from anju.policy.page import Clause, Word
from anju.policy.reading.context import Reading
from anju.policy.reading.parameters import read_parameter

letter_forms = ("通知", "函", "公示", "决议", "名单", "表", "回执", "介绍信", "告知", "记录", "协议", "证明", "结算单")
sources: Mapping[str, Source] = {"台账": "ledger", "判定": "decision", "计算": "calculation"}
duty_columns = ("应办", "代码", "强度", "由谁", "期限", "期限性质", "了结", "句")

code_pattern = re.compile(r"^[a-z][a-z0-9_]*$")
_named = re.compile(
    r"^(?:判定|流程|立件|生效|办结|终止|把关|算例)[:：](?P<name>[^()（）]+?)\s*(?:[(（](?P<code>[a-z0-9_]+)[)）])?$"
)


def named(heading: str) -> tuple[str, str]:
    """The name and code of ``判定：名 (code)``; ("", "") where the heading has none."""
    match = _named.match(heading)
    return (match["name"].strip(), match["code"] or "") if match else ("", "")


def read_words(page: tuple[Section, ...], clause: str, reading: Reading) -> None:
    """Add the words of one page to ``reading``."""
    for section in page:
        heading = section.heading.text
        if heading in _readers:
            needed, optional, read = _readers[heading]
            if section.table is not None and reading.columns(section, needed, optional):
                for line in section.table.lines:
                    read(line, clause, reading)
        elif heading.startswith("流程"):
            _procedure(section, reading)
        elif heading in ("侧", "层级", "条线") and section.table and reading.columns(section, ("名", "代码", "说明")):
            known = {"侧": reading.sides, "层级": reading.levels, "条线": reading.lines}[heading]
            for line in section.table.lines:
                _word(line, known, reading)


def read_clauses(page: tuple[Section, ...], reading: Reading) -> None:
    """Add the clauses of ``## 条文`` (before anything cites them)."""
    for section in page:
        if section.heading.text == "条文" and reading.columns(section, ("条", "题", "句数")) and section.table:
            for line in section.table.lines:
                number, count = line["条"].text, line["句数"]
                if not count.text.isdecimal():
                    reading.report(count.place, f"句数写着“{count.text}”", "写一个整数")
                    continue
                reading.clauses[number] = Clause(number, line["题"].text, int(count.text))


def _duty(line: Line, clause: str, reading: Reading) -> None:
    name, code = line["应办"].text, line["代码"].text
    _check_code(line["代码"], reading)
    if name in reading.duty_codes:
        reading.report(line.place, f"应办“{name}”写了两次", "一件事一个名字", "词")
    elif code in reading.duty_codes.values():
        reading.report(line.place, f"应办的代码“{code}”用了两次", "换一个代码", "词")
    else:
        reading.duty_codes[name] = code


def _procedure(section: Section, reading: Reading) -> None:
    name, code = named(section.heading.text)
    place = section.heading.place
    if not name or not code:
        reading.report(place, f"标题写着“{section.heading.text}”", "写成 ## 流程：名 (code)")
    elif name in reading.procedure_codes:
        reading.report(place, f"流程“{name}”写了两次", "一个流程一个名字", "词")
    elif code in reading.procedure_codes.values():
        reading.report(place, f"流程的代码“{code}”用了两次", "换一个代码", "词")
    else:
        reading.procedure_codes[name] = code


def _word(line: Line, known: dict[str, Word], reading: Reading) -> None:
    name = line["名"].text
    _check_code(line["代码"], reading)
    if name in known:
        reading.report(line.place, f"“{name}”写了两次", "一个词只写一次", "词")
    known[name] = Word(name, line["代码"].text, line["说明"].text)


def _check_code(cell: Text, reading: Reading) -> None:
    if not code_pattern.match(cell.text):
        reading.report(cell.place, f"代码“{cell.text}”", "小写英文字母、数字和下划线，字母开头")


def _term(line: Line, clause: str, reading: Reading) -> None:
    name, code, place = line["术语"].text, line["代码"].text, line["术语"].place
    _check_code(line["代码"], reading)
    if code in reading.terms or name in reading.names:
        reading.report(place, f"术语“{name} {code}”已经有了", "一个词只写一次", "词")
        return
    asked = split(line["对象"].text)
    subjects = tuple(subject_names[s] for s in asked if s in subject_names)
    if not subjects or len(subjects) != len(asked):
        reading.report(line["对象"].place, f"对象写着“{line['对象'].text}”", "可以写 " + "、".join(subject_names))
    kind = type_names.get(line["类型"].text)
    source = sources.get(line["来源"].text)
    if kind is None:
        reading.report(line["类型"].place, f"类型写着“{line['类型'].text}”", "可以写 " + "、".join(type_names))
    if source is None:
        reading.report(line["来源"].place, f"来源写着“{line['来源'].text}”", "可以写 " + "、".join(sources))
    if kind is None or source is None:
        return
    values, blank = _taken(line["取值"], reading)
    if kind == "enum" and not values:
        reading.report(line["取值"].place, f"枚举“{name}”没有取值", "写成 code 标签、code 标签")
    if kind in ("bool", "date", "text") and values:
        reading.report(line["取值"].place, f"{line['类型'].text}“{name}”写了取值", "这种类型的取值空着")
    specials = values if kind in ("int", "number") else ()
    term = Term(name, code, subjects, kind, values if kind == "enum" else (), specials, None, source, clause, place)
    reading.terms[code] = _with_blank(term, blank, line["取值"].place, reading)
    reading.names[name] = code


def _taken(cell: Text, reading: Reading) -> tuple[tuple[Value, ...], str]:
    """The values of a 取值 cell, and what stands after the semicolon."""
    shown, _, blank = cell.text.replace("；", ";").partition(";")
    if shown.strip().startswith("空白作"):
        shown, blank = "", shown
    return reading.attempt(cell.place, _values, shown) or (), narrow(blank)


def _values(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    for item in split(text):
        code, _, label = item.partition(" ")
        if not label.strip() or not code_pattern.match(code):
            raise CellError(f"取值写着“{item}”", "写成 code 标签、code 标签")
        found.append(Value(code, label.strip()))
    if len({v.code for v in found}) < len(found) or len({v.label for v in found}) < len(found):
        raise CellError(f"取值“{text}”有重复", "代码和标签都不能重复")
    return tuple(found)


def _with_blank(term: Term, blank: str, place: Place, reading: Reading) -> Term:
    """The term with what its blank counts as. Raises nothing; problems are added."""
    if not blank:
        return term
    text = blank.removeprefix("空白作").strip()
    if text == blank:
        reading.report(place, f"取值里写着“{blank}”", "分号后面写 空白作X")
    elif term.source != "ledger":
        reading.report(place, f"“{term.name}”写了 空白作", "只有台账里的事实可以写；结果由规则得出")
    elif term.kind == "bool" and text in ("是", "否"):
        return replace(term, blank_as=text == "是")
    elif term.kind == "bool":
        reading.report(place, f"取值里写着“{blank}”", "是否 写 空白作是 或 空白作否")
    else:
        return replace(term, blank_as=reading.attempt(place, value_code, text, term))
    return term


def _letter(line: Line, clause: str, reading: Reading) -> None:
    name, code = line["文书"].text, line["代码"].text
    _check_code(line["代码"], reading)
    if name in reading.letters:
        reading.report(line.place, f"文书“{name}”写了两次", "一种文书一个名字", "词")
    elif code in {letter.code for letter in reading.letters.values()}:
        reading.report(line.place, f"文书的代码“{code}”用了两次", "换一个代码", "词")
    form = line["文种"].text
    if form not in letter_forms:
        reading.report(line["文种"].place, f"文种写着“{form}”", "可以写 " + "、".join(letter_forms), "词")
    reading.letters[name] = Letter(name, code, form, reading.sentences(line["句"]), clause, line.place)


_Reader = Callable[[Line, str, Reading], None]
_readers: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], _Reader]] = {
    "术语": (("术语", "代码", "对象", "类型", "取值", "来源"), (), _term),
    "参数": (("参数", "值", "单位", "生效", "失效", "依据"), ("区县",), read_parameter),
    "文书": (("文书", "代码", "文种", "句"), (), _letter),
    "应办": (duty_columns, (), _duty),
}
"""Heading → the columns its table needs, those it may have, and what reads a line of it."""
