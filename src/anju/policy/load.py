"""Load the pages of a guideline: all of them, or an error that lists everything wrong with them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from anju.policy.errors import Place, PolicyError, Problem
from anju.policy.formula import terms_of
from anju.policy.markdown import Section, sections
from anju.policy.model import Calculation, Decision, DutyKind, Example, Policy, Procedure
from anju.policy.page import Outside, Page
from anju.policy.reading.context import Reading
from anju.policy.reading.decisions import read_calculations, read_decision
from anju.policy.reading.examples import read_examples, read_outside
from anju.policy.reading.guards import read_guards
from anju.policy.reading.procedures import Rest, read_duties, read_effects, read_procedure
from anju.policy.reading.words import named, read_clauses, read_words

_file = re.compile(r"^(\d(?:\.\d)?)-[a-z-]+\.md$")
_headings = ("术语", "参数", "计算", "应办", "文书", "不入程序", "条文", "侧", "层级", "条线")
_named_headings = ("判定", "流程", "立件", "生效", "办结", "终止", "把关", "算例")
_of_procedures = ("立件", "生效", "办结", "终止", "把关")


@dataclass(slots=True)
class _Found:
    """What the second pass finds."""

    calculations: dict[str, Calculation] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    duties: dict[str, DutyKind] = field(default_factory=dict)
    procedures: dict[str, Procedure] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)


def load(source: str | Path = "chongqing") -> Policy:
    """The guideline of that name that ships with Anju, or of the pages in a directory.

    Raises `PolicyError` with every problem that keeps the pages from meaning something (syntax, unknown words).
    What they say may still have gaps or dead duties: `anju.policy.integrity` and `anju.policy.proof` look for those.
    """
    directory = Path(source) if Path(source).is_dir() else Path(str(files("anju.policy"))) / str(source)
    if not directory.is_dir():
        raise PolicyError(
            (Problem(Place(str(source), 1), "语法", f"没有“{source}”这套页面", "写一个装页面的文件夹，或 chongqing"),)
        )
    return read({path.name: _text(path) for path in sorted(directory.glob("*.md"))}, directory.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PolicyError((Problem(Place(path.name, 1), "语法", "不是 UTF-8 文字", "另存为 UTF-8"),)) from None


def read(texts: Mapping[str, str], name: str) -> Policy:
    """The guideline whose pages are ``texts`` (file name → Markdown). Raises `PolicyError`."""
    return _read(tuple(texts.items()), name)


@lru_cache(maxsize=4)  # a site has its own pages, and for a while those of a version before
def _read(texts: tuple[tuple[str, str], ...], name: str) -> Policy:
    reading = Reading()
    pages: list[tuple[Page, tuple[Section, ...]]] = []
    for file, text in texts:
        match = _file.match(file)
        cut, problems = sections(text, file)
        reading.problems.extend(problems)
        if match is None or not cut or cut[0].level != 1:
            reading.report(
                Place(file, 1), f"页名“{file}”或题目不对", "文件名像 1.5-pension.md，第一行像 # 一（五）题目"
            )
            continue
        if any(page.clause == match[1] for page, _ in pages):
            reading.report(Place(file, 1), f"{match[1]} 有两页", "一条一页，合成一个文件")
        pages.append((Page(match[1], cut[0].heading.text, file, text), cut))
        _check_headings(cut, reading)
    for _, cut in pages:
        read_clauses(cut, reading)
    for page, cut in pages:
        read_words(cut, page.clause, reading)
    found = _Found()
    for page, cut in pages:
        _read_page(page, cut, found, reading)
    order = _order(found, reading)
    if reading.problems:
        raise PolicyError(tuple(reading.problems))
    version = hashlib.sha256("\0".join(f"{f}\0{t}" for f, t in sorted(texts)).encode()).hexdigest()[:12]
    return Policy(
        name,
        tuple(page for page, _ in pages),
        reading.clauses,
        reading.terms,
        {n: tuple(p) for n, p in reading.parameters.items()},
        found.calculations,
        found.decisions,
        found.duties,
        found.procedures,
        reading.letters,
        tuple(found.examples),
        tuple(found.outside),
        reading.sides,
        reading.levels,
        reading.lines,
        version,
        order,
    )


def _check_headings(cut: tuple[Section, ...], reading: Reading) -> None:
    """Nothing that looks like a rule may stay unread: unknown headings, lost tables, a second table."""
    for section in cut:
        heading = section.heading.text
        known = section.level == 2 and (heading in _headings or heading.startswith(_named_headings))
        if known and section.table is None:
            reading.report(section.heading.place, f"“{heading}”下没有表", "写上它的表，或者删去这个标题")
        if section.level == 2 and section.table is not None and not known:
            expected = (
                "可以写 "
                + "、".join(_headings)
                + "、判定：名 (code)、流程：名 (code)、立件：名、生效：名、办结：名、终止：名、把关：名、算例"
            )
            reading.report(section.heading.place, f"标题“{heading}”下有一张表，但这个标题不会被读", expected)
        for place in section.stray if known else ():
            reading.report(place, f"“{heading}”下的这几行像表，但不在第一张表里", "一个标题一张表，表里不空行")


def _read_rest(cut: tuple[Section, ...], reading: Reading) -> Mapping[str, Rest]:
    """What stands beside the procedures of a page, by their names."""
    rest: defaultdict[str, Rest] = defaultdict(Rest)
    for section in cut:
        heading = section.heading.text
        if not heading.startswith(_of_procedures):
            continue
        name = named(heading)[0]
        known = rest[name]
        told: Mapping[str, Sequence[object]] = {
            "立件": known.begins,
            "生效": known.forces,
            "办结": known.effects,
            "终止": known.failures,
            "把关": known.guards,
        }
        if told[heading[:2]]:
            reading.report(section.heading.place, f"“{name}”的{heading[:2]}写了两次", "合成一张表")
        if heading.startswith("立件"):
            _, known.begins = read_effects(section, reading)
        elif heading.startswith("生效"):
            _, known.forces = read_effects(section, reading, ("环节", "动作"))
        elif heading.startswith("办结"):
            _, known.effects = read_effects(section, reading)
        elif heading.startswith("终止"):
            _, known.failures = read_effects(section, reading, ("环节", "动作"))
        else:
            _, known.guards = read_guards(section, reading)
    return rest


def _read_page(page: Page, cut: tuple[Section, ...], found: _Found, reading: Reading) -> None:
    rest = _read_rest(cut, reading)
    for section in cut:
        heading = section.heading.text.replace(":", "：").partition("：")[0]
        if heading == "流程":
            _procedure(section, page.clause, rest, found, reading)
        elif heading in _readers:
            _readers[heading](section, page.clause, found, reading)
    here = {procedure.name for procedure in found.procedures.values() if procedure.clause == page.clause}
    for section in cut:
        name = named(section.heading.text)[0]
        if section.heading.text.startswith(_of_procedures) and name in reading.procedure_codes and name not in here:
            reading.report(
                section.heading.place, f"这一页没有流程“{name}”", "立件、生效、办结、把关和它的流程写在同一页", "词"
            )


def _calculations(section: Section, clause: str, found: _Found, reading: Reading) -> None:
    for calculation in read_calculations(section, clause, reading):
        if calculation.term in found.calculations:
            reading.report(calculation.place, f"“{calculation.term}”有两个算式", "一个术语一个算式", "词")
        found.calculations[calculation.term] = calculation


def _decision(section: Section, clause: str, found: _Found, reading: Reading) -> None:
    decision = read_decision(section, clause, reading)
    if decision and decision.code in found.decisions:
        reading.report(decision.place, f"“{decision.name}”判定了两次", "一个术语一个判定", "词")
    if decision:
        found.decisions[decision.code] = decision


def _procedure(section: Section, clause: str, rest: Mapping[str, Rest], found: _Found, reading: Reading) -> None:
    procedure = read_procedure(section, clause, rest, reading)
    if procedure:
        found.procedures[procedure.code] = procedure


def _duties(section: Section, clause: str, found: _Found, reading: Reading) -> None:
    found.duties.update((d.code, d) for d in read_duties(section, clause, reading))


def _examples(section: Section, clause: str, found: _Found, reading: Reading) -> None:
    found.examples.extend(read_examples(section, clause, reading))


def _outside(section: Section, _clause: str, found: _Found, reading: Reading) -> None:
    found.outside.extend(read_outside(section, reading))


_readers: dict[str, Callable[[Section, str, _Found, Reading], None]] = {
    "计算": _calculations,
    "判定": _decision,
    "应办": _duties,
    "算例": _examples,
    "不入程序": _outside,
}


def _order(found: _Found, reading: Reading) -> tuple[str, ...]:
    """Calculations and decisions so that each stands after what it reads; a term without a source is a problem."""
    reads: dict[str, tuple[str, ...]] = {c.term: terms_of(c.formula) for c in found.calculations.values()}
    for decision in found.decisions.values():
        formulas = [t for r in decision.rows if r.result.formula for t in terms_of(r.result.formula)]
        reads[decision.code] = (*decision.conditions, *formulas)
    for term in reading.terms.values():
        if term.source != "ledger" and term.code not in reads:
            reading.report(
                term.place,
                f"“{term.name}”没有{'判定' if term.source == 'decision' else '算式'}",
                "写上它的判定或算式，或者改来源",
                "词",
            )
    done: dict[str, None] = {}
    active: list[str] = []

    def visit(code: str) -> None:
        if code in done or code not in reads:
            return
        if code in active:
            place = (found.decisions.get(code) or found.calculations[code]).place
            reading.report(
                place, "、".join(reading.terms[c].name for c in active) + " 绕成了一圈", "判定和算式不能互相依赖", "词"
            )
            return
        active.append(code)
        for other in reads[code]:
            visit(other)
        active.pop()
        done[code] = None

    for code in reads:
        visit(code)
    return tuple(done)
