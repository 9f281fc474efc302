"""Second pass: duties, procedures and what changes when they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from anju.policy.cells import actors, deadline, moves, narrow, split
from anju.policy.markdown import Line, Section, Text
from anju.policy.model import DutyKind, Effect, Guard, Procedure, Step
from anju.policy.names import due_kind_names, relation_names, strength_names
from anju.policy.reading.context import Reading
from anju.policy.reading.words import duty_columns, named


@dataclass(slots=True)
class Rest:
    """What ``## 立件``, ``## 生效``, ``## 办结``, ``## 终止`` and ``## 把关`` say of a procedure."""

    begins: Sequence[Effect] = ()
    forces: Sequence[Effect] = ()
    effects: Sequence[Effect] = ()
    guards: Sequence[Guard] = ()
    failures: Sequence[Effect] = ()


at_most = ",至多"
"""In 时限: the step is due by days that were written down before, but no later than the limit."""
_step_columns = ("步", "环节", "由谁", "动作 → 下一步", "须填", "文书", "时限", "句")


def read_duties(section: Section, clause: str, reading: Reading) -> list[DutyKind]:
    """The rows of ``## 应办``."""
    if section.table is None or not reading.columns(section, duty_columns):
        return []
    return [_duty(line, clause, reading) for line in section.table.lines]


def read_procedure(section: Section, clause: str, rest: Mapping[str, Rest], reading: Reading) -> Procedure | None:
    """One ``## 流程：名 (code)``; ``rest`` is what other headings of the page say, by procedure name."""
    name, code = named(section.heading.text)
    if section.table is None or not code or not reading.columns(section, _step_columns):
        return None
    steps: list[Step] = []
    for line in section.table.lines:
        if line["步"].text != str(len(steps) + 1):
            reading.report(line["步"].place, f"步写着“{line['步'].text}”", f"这一行是第 {len(steps) + 1} 步")
        steps.append(_step(len(steps) + 1, line, reading))
    if not steps:
        reading.report(section.heading.place, f"流程“{name}”没有一步", "写上它的步", "流程")
        return None
    more = rest.get(name, Rest())
    last = {step.number for step in steps if step.moves and all(move.target < 0 for move in step.moves)}
    steps = [replace(s, moves=tuple(replace(m, gives_up=m.target in last) for m in s.moves)) for s in steps]
    said = (tuple(more.begins), (*more.forces, *more.effects), tuple(more.guards), tuple(more.failures))
    return Procedure(name, code, tuple(steps), *said, clause, section.heading.place)


def read_effects(section: Section, reading: Reading, way: tuple[str, ...] = ()) -> tuple[str, list[Effect]]:
    """One ``## 立件：名``, ``## 生效：名``, ``## 办结：名`` or ``## 终止：名``: the procedure and what changes; ``way``: the columns that
    say where.
    """
    name, _ = named(section.heading.text)
    if name not in reading.procedure_codes:
        expected = f"写成 ## {section.heading.text[:2]}：流程名"
        reading.report(section.heading.place, f"没有流程“{name}”", expected, "词")
    if section.table is None or not reading.columns(section, (*way, "改什么", "成为")):
        return name, []
    found: list[Effect] = []
    for line in section.table.lines:
        kind, _, what = narrow(line["改什么"].text).partition(":")
        on = tuple(line[column].text.strip("-") for column in way)
        becomes, _, since = narrow(line["成为"].text).partition(",")
        if kind == "关系" and what in relation_names:
            found.append(
                Effect(
                    "relation", relation_names[what], becomes.strip(), since.strip().removeprefix("自"), line.place, *on
                )
            )
        elif kind == "事实":
            term = reading.attempt(line["改什么"].place, reading.term, what)
            if term:
                found.append(
                    Effect("fact", term.code, becomes.strip(), since.strip().removeprefix("自"), line.place, *on)
                )
        else:
            reading.report(
                line["改什么"].place,
                f"写着“{line['改什么'].text}”",
                "写成 关系：" + "/".join(relation_names) + "，或 事实：术语",
            )
    return name, found


def _duty(line: Line, clause: str, reading: Reading) -> DutyKind:
    words = (reading.sides, reading.levels, reading.lines)
    who = reading.attempt(line["由谁"].place, actors, line["由谁"].text, words) or ()
    until = reading.attempt(line["期限"].place, deadline, line["期限"].text, reading.parameter, reading.date_term)
    strength = strength_names.get(line["强度"].text, "")
    due_kind = due_kind_names.get(line["期限性质"].text, "")
    if not strength:
        reading.report(line["强度"].place, f"强度写着“{line['强度'].text}”", "可以写 " + "、".join(strength_names))
    if not due_kind:
        reading.report(
            line["期限性质"].place, f"期限性质写着“{line['期限性质'].text}”", "可以写 " + "、".join(due_kind_names)
        )
    ends, records = _ends(line["了结"], reading)
    none = deadline("", reading.parameter, reading.date_term)
    return DutyKind(
        line["应办"].text,
        line["代码"].text,
        strength,
        who,
        line["由谁"].text,
        until or none,
        due_kind,
        ends,
        reading.sentences(line["句"]),
        clause,
        line.place,
        records,
    )


def _ends(cell: Text, reading: Reading) -> tuple[tuple[str, str], tuple[str, ...]]:
    """What ends a duty; of an entry the facts that it records: those in brackets, else the one that it is named like. A name that is no
    term's stays as it stands: pages of earlier versions have such, and `anju.policy.endings` reports it.
    """
    kind, _, what = narrow(cell.text).partition(":")
    if kind == "流程" and what in reading.procedure_codes:
        return ("procedure", reading.procedure_codes[what]), ()
    words, _, named_terms = what.removesuffix(")").partition("(")
    if kind != "登记" or not words:
        expected = "写成 流程：名（要有这个流程）、登记：事实 或 登记：什么（事实、事实）"
        reading.report(cell.place, f"了结写着“{cell.text}”", expected, "应办")
        return ("entry", what), ()
    return ("entry", words), tuple(reading.names.get(name, name) for name in split(named_terms) or (words,))


def _step(number: int, line: Line, reading: Reading) -> Step:
    sides = {name: word for name, word in reading.sides.items() if word.code != "paying"}  # no case has such a place
    who = reading.attempt(line["由谁"].place, actors, line["由谁"].text, (sides, reading.levels, reading.lines)) or ()
    ways = reading.attempt(line["动作 → 下一步"].place, moves, line["动作 → 下一步"].text) or ()
    letters = split(line["文书"].text)
    for name in letters:
        if name not in reading.letters:
            reading.report(line["文书"].place, f"没有文书“{name}”", "检查名字，或者写进 文书 表", "词")
    days, most, limit = narrow(line["时限"].text).rpartition(at_most)
    limit = limit.strip("{}")
    if most and (not days or not limit):
        reading.report(line["时限"].place, f"时限写着“{line['时限'].text}”", "写成 前面的须填，至多{参数}", "词")
    if limit and limit not in reading.parameters:
        reading.report(line["时限"].place, f"没有参数“{limit}”", "时限写 {参数}，或空着", "词")
    return Step(
        number,
        line["环节"].text,
        who,
        line["由谁"].text,
        ways,
        split(line["须填"].text),
        letters,
        limit,
        reading.sentences(line["句"]),
        line.place,
        days,
    )
