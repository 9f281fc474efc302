"""Each clause as a DMN 1.3 file: its tables, what they read, the parameters of the day filled in, and a diagram.

A DMN table is about complete facts; that a blank is unknown rather than no is the meaning of our pages alone. Source:
docs/language.md; OMG DMN 1.3 (formal/21-02-01).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from anju.policy.edition import Edition, Rule, Table
from anju.policy.export.complement import Line, lines
from anju.policy.export.feel import (
    Column,
    allowed,
    columns,
    expression,
    literal,
    quoted,
    recorded_name,
    result_name,
    type_of,
)
from anju.policy.export.markup import Element, add, add_bounds, add_waypoints, document, exporter, sentences
from anju.policy.export.requirements import Node, boxes, nodes, paths
from anju.policy.model import Cell, Term
from anju.policy.page import Page

feel = "https://www.omg.org/spec/DMN/20191111/FEEL/"
duties_name, reason_name = "应办", "说明"
_namespaces = {
    "xmlns": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "xmlns:dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "xmlns:di": "http://www.omg.org/spec/DMN/20180521/DI/",
}


def dmn_files(edition: Edition) -> dict[str, str]:
    """File name → DMN text, one for each clause that decides something (``1.5-pension.dmn``)."""
    deciding = {table.decision.clause for table in edition.tables.values()}
    return {
        page.file.removesuffix(".md") + ".dmn": dmn(edition, page)
        for page in edition.policy.pages
        if page.clause in deciding
    }


def dmn(edition: Edition, page: Page) -> str:
    """One clause as a DMN file."""
    found = nodes(edition, page.clause)
    name = f"clause_{page.clause.replace('.', '_')}"
    root = ElementTree.Element(
        "definitions",
        {
            **_namespaces,
            "id": name,
            "name": page.title,
            "namespace": f"urn:anju:{edition.policy.name}:{page.clause}",
            "expressionLanguage": feel,
            "typeLanguage": feel,
            "exporter": exporter,
            "exporterVersion": edition.policy.version,
        },
    )
    add(root, "description", _preface(edition))
    _add_types(root, found.values())
    for node in found.values():
        if node.sort == "input":
            _add_input(root, node, edition)
    for node in found.values():
        if node.sort != "input":
            _add_decision(root, node, found, edition, page.clause)
    _add_diagram(root, found, page)
    return document(root)


def _preface(edition: Edition) -> str:
    return sentences(
        (
            f"由 {edition.policy.name} {edition.policy.version} 的页面导出，参数取 {edition.on} 的值。",
            "这里的表只管事实齐全的情形：每一组事实恰好一行管到。",
            "空白不等于否，这是页面自己的含义：可能的行结论、应办都一致才有结论，否则列出缺什么。DMN 里没有这层意思。",
            "“其余”已写成与别的行不重叠的补集。有特别取值的数另有一项“…为…”的是否，取特别值时数留空。",
        )
    )


def _add_types(root: Element, found: Iterable[Node]) -> None:
    """Item definitions: one for each enumeration, one for the three outputs of each table."""
    for term in {node.term.code: node.term for node in found if node.term.kind == "enum"}.values():
        item = add(root, "itemDefinition", id=f"type_{term.code}", name=type_of(term))
        add(item, "description", "、".join(f"{value.label} {value.code}" for value in term.values))
        add(item, "typeRef", "string")
        add(add(item, "allowedValues", id=f"type_{term.code}_values"), "text", allowed(term))
    for node in found:
        if node.sort == "table":
            item = add(root, "itemDefinition", id=f"result_{node.id}", name=node.type_ref)
            for at, (name, type_ref) in enumerate(_outputs(node.term), 1):
                part = add(item, "itemComponent", id=f"result_{node.id}_{at}", name=name)
                add(part, "typeRef", type_ref)


def _outputs(term: Term) -> tuple[tuple[str, str], ...]:
    return (result_name, type_of(term)), (duties_name, "string"), (reason_name, "string")


def _add_input(root: Element, node: Node, edition: Edition) -> None:
    item = add(root, "inputData", id=node.id, name=node.name)
    blank = node.term.blank_as
    add(item, "description", sentences((f"{node.term.name} {node.term.code}", _blank_words(node.term, blank))))
    add(item, "variable", id=f"{node.id}_value", name=node.name, typeRef=node.type_ref)


def _blank_words(term: Term, blank: bool | str | None) -> str:
    return "" if blank is None else f"空白作{term.label(blank)}"


def _add_decision(root: Element, node: Node, found: dict[str, Node], edition: Edition, clause: str) -> None:
    decision = add(root, "decision", id=node.id, name=node.name)
    foreign = f"来自 {node.term.clause}" if node.term.clause != clause else ""
    add(decision, "description", sentences((f"{node.term.name} {node.term.code}", foreign)))
    add(decision, "variable", id=f"{node.id}_value", name=node.name, typeRef=node.type_ref)
    for read in node.reads:
        need = add(decision, "informationRequirement", id=f"{node.id}_needs_{read}")
        add(need, "requiredInput" if found[read].sort == "input" else "requiredDecision", href=f"#{read}")
    if node.sort == "table":
        _add_table(decision, edition.tables[node.id], edition)
    else:
        _add_calculation(decision, node, edition)


def _add_calculation(decision: Element, node: Node, edition: Edition) -> None:
    text = expression(edition.policy.calculations[node.id].formula, edition, node.term.kind)
    if node.term.source == "ledger":
        given = recorded_name(node.term)
        text = f"if {given} = null then {text} else {given}"
    add(add(decision, "literalExpression", id=f"{node.id}_formula", typeRef=node.type_ref), "text", text)


def _add_table(decision: Element, table: Table, edition: Edition) -> None:
    body = add(
        decision, "decisionTable", id=f"{table.code}_table", hitPolicy="UNIQUE", preferredOrientation="Rule-as-Row"
    )
    tested = [(at, column) for at, term in enumerate(table.tested) for column in columns(edition, term)]
    for _, column in tested:
        entry = add(body, "input", id=f"{table.code}_in_{column.code}", label=column.label)
        read = add(entry, "inputExpression", id=f"{table.code}_read_{column.code}", typeRef=column.type_ref)
        add(read, "text", column.expression)
        if column.allowed:
            add(add(entry, "inputValues", id=f"{table.code}_may_{column.code}"), "text", column.allowed)
    for at, (name, type_ref) in enumerate(_outputs(table.term), 1):
        output = add(body, "output", id=f"{table.code}_out_{at}", label=name, name=name, typeRef=type_ref)
        if at == 1 and allowed(table.term):
            add(add(output, "outputValues", id=f"{table.code}_out_values"), "text", allowed(table.term))
    for number, line in enumerate(lines(table), 1):
        rule = add(body, "rule", id=f"{table.code}_rule_{number}")
        _fill_rule(rule, line, tested)
        _add_outputs(rule, line.rule, table.term, edition)


def _fill_rule(rule: Element, line: Line, tested: list[tuple[int, Column]]) -> None:
    """A rule; its annotation says which row of the page it is and which sentences that row cites."""
    row = line.rule.row
    add(rule, "description", f"第 {row.number} 行，{'、'.join(row.sentences)}" + ("，其余" if row.rest else ""))
    for at, (cell_at, column) in enumerate(tested, 1):
        entry = add(rule, "inputEntry", id=f"{rule.get('id')}_in_{at}")
        words = _parameter_words(row.cells[cell_at])
        if words:
            add(entry, "description", words)
        add(entry, "text", column.entry(line.conditions[cell_at]))


def _add_outputs(element: Element, rule: Rule, term: Term, edition: Edition) -> None:
    """结论, 应办 by name, 说明."""
    row, result = rule.row, rule.result
    value = expression(result.formula, edition, term.kind) if result.formula else literal(result.value, term)
    duties = "、".join(edition.policy.duties[code].name for code in row.duties)
    for at, text in enumerate((value, quoted(duties), quoted(row.reason)), 1):
        add(add(element, "outputEntry", id=f"{element.get('id')}_out_{at}"), "text", text)


def _parameter_words(cell: Cell) -> str:
    """The cell as the page writes it, where it names a parameter."""
    return cell.text if "{" in cell.text else ""


def _add_diagram(root: Element, found: dict[str, Node], page: Page) -> None:
    placed = boxes(found)
    diagram = add(add(root, "dmndi:DMNDI"), "dmndi:DMNDiagram", id="diagram", name=page.title)
    for node in found.values():
        add_bounds(add(diagram, "dmndi:DMNShape", id=f"shape_{node.id}", dmnElementRef=node.id), placed[node.id])
    for node in found.values():
        for read, path in paths(node, placed).items():
            need = f"{node.id}_needs_{read}"
            add_waypoints(add(diagram, "dmndi:DMNEdge", id=f"edge_{need}", dmnElementRef=need), path)
