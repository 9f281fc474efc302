"""First pass: the words of a page. Clauses, terms, parameters, letters, sides, levels, lines, names of duties and procedures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from anju.policy.cells import narrow, split, value_code
from anju.policy.errors import CellError
from anju.policy.markdown import Line, Section
from anju.policy.model import Clause, Letter, Parameter, Source, Term, Value, Word, subject_names, type_names
from anju.policy.reading.context import Reading

letter_forms = ("通知", "函", "公示", "决议", "名单", "表", "回执", "介绍信", "告知", "记录", "协议", "证明", "结算单")
sources: Mapping[str, Source] = {"台账": "ledger", "判定": "decision", "计算": "calculation"}
units = ("日", "工作日", "个月", "年")
"""Units that make a parameter a length of time."""

_code = re.compile(r"^[a-z][a-z0-9_]*$")
_named = re.compile(r"^(判定|流程|办结|算例)[:：](?P<name>[^()（）]+?)\s*(?:[(（](?P<code>[a-z0-9_]+)[)）])?$")


def named(heading: str) -> tuple[str, str]:
    """The name and code of ``判定：名 (code)``; ("", "") where the heading has none."""
    match = _named.match(heading)
    return (match["name"].strip(), match["code"] or "") if match else ("", "")


def read_words(page: tuple[Section, ...], clause: str, reading: Reading) -> None:
    """Add the words of one page to ``reading``."""
    for section in page:
        heading = section.heading.text
        if section.table is None:
            if heading.startswith(("判定", "流程")):
                reading.report(section.heading.place, f"“{heading}”下没有表", "写上它的表，或者删去这个标题")
            continue
        if heading == "术语" and reading.columns(section, ("术语", "代码", "对象", "类型", "取值", "来源")):
            for line in section.table.lines:
                _term(line, clause, reading)
        elif heading == "参数" and reading.columns(section, ("参数", "值", "单位", "生效", "失效", "依据"), ("区县",)):
            for line in section.table.lines:
                _parameter(line, clause, reading)
        elif heading == "文书" and reading.columns(section, ("文书", "代码", "文种", "句")):
            for line in section.table.lines:
                _letter(line, clause, reading)
        elif heading == "应办":
            for line in section.table.lines:
                _name(line, "应办", reading.duty_codes, reading)
        elif heading.startswith("流程"):
            name, code = named(heading)
            if not name or not code:
                reading.report(section.heading.place, f"标题写着“{heading}”", "写成 ## 流程：名 (code)")
            elif name in reading.procedure_codes:
                reading.report(section.heading.place, f"流程“{name}”写了两次", "一个流程一个名字")
            else:
                reading.procedure_codes[name] = code
        elif heading in ("侧", "层级", "条线") and reading.columns(section, ("名", "代码", "说明")):
            known = {"侧": reading.sides, "层级": reading.levels, "条线": reading.lines}[heading]
            for line in section.table.lines:
                known[line["名"].text] = Word(line["名"].text, line["代码"].text, line["说明"].text)


def read_clauses(page: tuple[Section, ...], reading: Reading) -> None:
    """Add the clauses of ``## 条文`` (before anything cites them)."""
    for section in page:
        if section.heading.text == "条文" and reading.columns(section, ("条", "题", "句数")) and section.table:
            for line in section.table.lines:
                number = line["条"].text
                reading.clauses[number] = Clause(number, line["题"].text, int(line["句数"].text))


def _name(line: Line, column: str, known: dict[str, str], reading: Reading) -> None:
    name, code = line.get(column), line.get("代码")
    if name in known:
        reading.report(line.place, f"{column}“{name}”写了两次", "一件事一个名字", "词")
    elif code in known.values():
        reading.report(line.place, f"{column}的代码“{code}”用了两次", "换一个代码", "词")
    elif name:
        known[name] = code


def _term(line: Line, clause: str, reading: Reading) -> None:
    name, code, place = line["术语"].text, line["代码"].text, line["术语"].place
    if not _code.match(code):
        reading.report(line["代码"].place, f"代码“{code}”", "小写英文字母、数字和下划线，字母开头")
    if code in reading.terms or name in reading.names:
        reading.report(place, f"术语“{name} {code}”已经有了", "一个词只写一次", "词")
        return
    subjects = tuple(subject_names[s] for s in split(line["对象"].text) if s in subject_names)
    if not subjects or len(subjects) != len(split(line["对象"].text)):
        reading.report(line["对象"].place, f"对象写着“{line['对象'].text}”", "可以写 " + "、".join(subject_names))
    kind = type_names.get(line["类型"].text)
    source = sources.get(line["来源"].text)
    if kind is None or source is None:
        reading.report(
            line["类型"].place,
            f"类型、来源写着“{line['类型'].text}”“{line['来源'].text}”",
            f"类型可以写 {'、'.join(type_names)}；来源可以写 {'、'.join(sources)}",
        )
        return
    shown, _, blank = narrow(line["取值"].text).partition(";")
    if shown.startswith("空白作"):
        shown, blank = "", shown
    values = reading.attempt(line["取值"].place, _values, shown) or ()
    if kind == "enum" and not values:
        reading.report(line["取值"].place, f"枚举“{name}”没有取值", "写成 code 标签、code 标签")
    if kind in ("bool", "date", "text") and values:
        reading.report(line["取值"].place, f"{line['类型'].text}“{name}”写了取值", "这种类型的取值空着")
    specials = values if kind in ("int", "number") else ()
    term = Term(name, code, subjects, kind, values if kind == "enum" else (), specials, None, source, clause, place)
    reading.terms[code] = _with_blank(term, blank.strip(), line, reading)
    reading.names[name] = code


def _values(text: str) -> tuple[Value, ...]:
    found: list[Value] = []
    for item in split(text):
        code, _, label = item.partition(" ")
        if not label.strip() or not _code.match(code):
            raise CellError(f"取值写着“{item}”", "写成 code 标签、code 标签")
        found.append(Value(code, label.strip()))
    if len({v.code for v in found}) < len(found) or len({v.label for v in found}) < len(found):
        raise CellError(f"取值“{text}”有重复", "代码和标签都不能重复")
    return tuple(found)


def _with_blank(term: Term, blank: str, line: Line, reading: Reading) -> Term:
    if not blank:
        return term
    if not blank.startswith("空白作"):
        reading.report(line["取值"].place, f"取值里写着“{blank}”", "分号后面写 空白作X")
        return term
    text = blank.removeprefix("空白作")
    value: bool | str | None = text == "是" if term.kind == "bool" else None
    if term.kind != "bool":
        value = reading.attempt(line["取值"].place, value_code, text, term)
    return replace(term, blank_as=value)


def _parameter(line: Line, clause: str, reading: Reading) -> None:
    name, text = line["参数"].text, line["值"].text
    value: Fraction | date | None = None
    try:
        if text:
            value = date.fromisoformat(text) if text.count("-") == 2 else Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        reading.report(
            line["值"].place, f"参数“{name}”的值写着“{text}”", "写一个数，或者 2025-05-01 这样的日期；由区县定、还没有值的空着", "参数"
        )
        return
    if not line["依据"].text:
        reading.report(line["依据"].place, f"参数“{name}”没有依据", "写出处，没核对过写 待核，自己定的写 内控", "参数")
    new = Parameter(
        name,
        value,
        line["单位"].text,
        reading.date(line, "生效"),
        reading.date(line, "失效"),
        line["依据"].text,
        line.get("区县"),
        clause,
        line["参数"].place,
    )
    earlier = reading.parameters.setdefault(name, [])
    if earlier and (earlier[0].clause, earlier[0].unit) != (clause, new.unit):
        reading.report(
            new.place, f"参数“{name}”在别处已经有了，或者单位不同", "参数的名字全册只用一次，一个名字一个单位", "参数"
        )
    for other in earlier:
        if other.county == new.county and _overlap(other, new):
            reading.report(new.place, f"参数“{name}”同一天有两个值", "前一行写上失效，和后一行的生效接上", "参数")
    earlier.append(new)


def _overlap(a: Parameter, b: Parameter) -> bool:
    starts_before = (b.until is None) or (a.since is None) or a.since < b.until
    ends_after = (a.until is None) or (b.since is None) or b.since < a.until
    return starts_before and ends_after


def _letter(line: Line, clause: str, reading: Reading) -> None:
    name = line["文书"].text
    if name in reading.letters:
        reading.report(line.place, f"文书“{name}”写了两次", "一种文书一个名字", "词")
    if line["文种"].text not in letter_forms:
        reading.report(line["文种"].place, f"文种写着“{line['文种'].text}”", "可以写 " + "、".join(letter_forms), "词")
    reading.letters[name] = Letter(
        name, line["代码"].text, line["文种"].text, reading.sentences(line["句"]), clause, line.place
    )
