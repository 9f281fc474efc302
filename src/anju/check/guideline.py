"""A page of the guideline cut into what is shown: prose, decisions, parameters, duties, procedures, examples, terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from anju.check.explanation import Figure, Known, RowShown, figure, row_shown
from anju.policy.edition import Edition
from anju.policy.markdown import Section, Table, render, sections
from anju.policy.model import Decision, DutyKind, Parameter, Policy, Procedure, Term
from anju.policy.page import Page

_setting = re.compile(r"\{([^{}|]+)\}")
_kinds = {"判定": "decision", "流程": "procedure", "办结": "effects", "算例": "examples"}
_plain = {
    "术语": "terms",
    "参数": "parameters",
    "计算": "formulas",
    "应办": "duties",
    "文书": "letters",
    "不入程序": "outside",
}


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell of a plain table: its text, and the figures that its ``{参数}`` stand for."""

    text: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleShown:
    """A worked example: what it is about, the facts that are known, and what must come out."""

    name: str
    facts: tuple[Known, ...]
    results: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A section of a page. ``kind``: prose · decision · parameters · formulas · duties · procedure · effects · examples ·
    terms · letters · outside · table. Only what belongs to the kind is filled; a procedure's ``lines`` say what changes when it ends.
    """

    kind: str
    title: str
    anchor: str
    html: str = ""
    decision: Decision | None = None
    conditions: tuple[str, ...] = ()
    rows: tuple[RowShown, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    duties: tuple[DutyKind, ...] = ()
    procedure: Procedure | None = None
    terms: tuple[Term, ...] = ()
    header: tuple[str, ...] = ()
    lines: tuple[tuple[CellShown, ...], ...] = field(default=())
    examples: tuple[ExampleShown, ...] = ()


def blocks(page: Page, edition: Edition) -> tuple[Block, ...]:
    """The sections of a page in page order, the title left out.

    What a procedure changes stands with the procedure; an empty 不入程序 is not shown.
    """
    lines = re.split(r"\r\n|\r|\n", page.source)
    cut, _ = sections(page.source, page.file)
    ends = [*(section.heading.place.line - 1 for section in cut[1:]), len(lines)]
    found: list[Block] = []
    for section, end in zip(cut, ends, strict=True):
        prose = _without_table(lines[section.heading.place.line : end], section.table)
        if section.level == 1:
            found.append(Block("prose", "", "about", render(prose)))
        else:
            found.append(_block(section, prose, page, edition))
    effects = {block.title: block.lines for block in found if block.kind == "effects"}
    return tuple(
        replace(block, lines=effects.get(block.title, ())) if block.kind == "procedure" else block
        for block in found
        if block.kind != "effects" and not (block.kind == "outside" and not block.lines)
    )


def _block(section: Section, prose: str, page: Page, edition: Edition) -> Block:
    heading = section.heading.text
    word, _, rest = heading.partition("：")
    kind = _kinds.get(word) or _plain.get(heading) or ("table" if section.table else "prose")
    html, policy = render(prose) if prose.strip() else "", edition.policy
    name = re.sub(r"\s*[(（].*$", "", rest) or heading
    if kind == "decision":
        return _decision(section, name, html, page, edition)
    if kind == "procedure":
        own = next(p for p in policy.procedures.values() if p.name == name and p.clause == page.clause)
        return Block(kind, name, f"procedure-{own.code}", html, procedure=own)
    if kind == "parameters":
        own_parameters = (p for dated in policy.parameters.values() for p in dated if p.clause == page.clause)
        return Block(kind, heading, kind, html, parameters=tuple(own_parameters))
    if kind == "duties":
        duties = tuple(duty for duty in policy.duties.values() if duty.clause == page.clause)
        return Block(kind, heading, kind, html, duties=duties)
    if kind == "terms":
        terms = tuple(term for term in policy.terms.values() if term.clause == page.clause)
        return Block(kind, heading, kind, html, terms=terms)
    if kind == "examples":
        examples = tuple(_examples(section.table)) if section.table else ()
        return Block(kind, heading, f"part-{section.heading.place.line}", html, examples=examples)
    header = section.table.columns if section.table else ()
    body = tuple(_cells(section.table, edition)) if section.table else ()
    title = name if kind == "effects" else heading
    return Block(kind, title, f"part-{section.heading.place.line}", html, header=header, lines=body)


def _decision(section: Section, name: str, html: str, page: Page, edition: Edition) -> Block:
    policy = edition.policy
    decision = next(d for d in policy.decisions.values() if d.name == name and d.clause == page.clause)
    table = edition.tables[decision.code]
    rows = tuple(row_shown(edition, rule, table.tested) for rule in table.rules)
    names = tuple(policy.terms[code].name for code in decision.conditions)
    return Block("decision", name, decision.code, html, decision=decision, conditions=names, rows=rows)


def _examples(table: Table) -> Iterator[ExampleShown]:
    name, *columns = table.columns
    for line in table.lines:
        known = [(column, line.get(column)) for column in columns if line.get(column)]
        facts = tuple(Known(column, text) for column, text in known if not column.startswith("="))
        results = tuple(Known(column[1:].strip(), text) for column, text in known if column.startswith("="))
        yield ExampleShown(line.get(name), facts, results)


def _cells(table: Table, edition: Edition) -> Iterator[tuple[CellShown, ...]]:
    for line in table.lines:
        yield tuple(cell_shown(line.get(column), edition) for column in table.columns)


def cell_shown(text: str, edition: Edition) -> CellShown:
    """A text with the figures that it names."""
    names = [name for name in dict.fromkeys(_setting.findall(text)) if name in edition.policy.parameters]
    return CellShown(text, tuple(figure(edition, name) for name in names))


def _without_table(lines: Sequence[str], table: Table | None) -> str:
    """The prose of a section: its lines without those of its tables."""
    if table is None:
        return "\n".join(lines)
    return "\n".join(line for line in lines if not line.lstrip().startswith("|"))


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that the "try it" form of a clause asks for."""

    term: Term
    value: str
    type: str


def asked(policy: Policy, edition: Edition, clause: str) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Subject → decisions of the clause about it, and the recorded facts that they rest on."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for subject in ("person", "household", "site", "county"):
        decisions = tuple(c for c in edition.decisions(subject) if policy.decisions[c].clause == clause)
        facts = dict.fromkeys(fact for code in decisions for fact in edition.inputs(code) if fact != "as_of")
        if decisions:
            found[subject] = (decisions, tuple(facts))
    return found
