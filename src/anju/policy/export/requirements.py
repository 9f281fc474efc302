"""What a clause's DMN file holds: its decisions, whatever feeds them, and the recorded facts, drawn in layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from anju.policy.edition import Edition
from anju.policy.export.feel import flag_of, name_of, recorded_name, type_of
from anju.policy.export.markup import Box, Path
from anju.policy.model import Term

_decision = (180, 80)
_input = (150, 50)
_gap = (30, 90)
_margin = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A recorded fact, a calculation or a decision of the diagram, and the nodes that it reads."""

    id: str
    name: str
    type_ref: str
    sort: Literal["input", "calculation", "table"]
    term: Term
    reads: tuple[str, ...]


def nodes(edition: Edition, clause: str) -> dict[str, Node]:
    """The nodes of a clause by id: recorded facts first, then each node after what it reads.

    Decisions and calculations of other clauses that feed this one stand here again, so that the file runs alone.
    """
    own = [code for code, table in edition.tables.items() if table.decision.clause == clause]
    plan = edition.plan(own)
    inputs: dict[str, Node] = {}
    derived: dict[str, Node] = {}
    for code in plan:
        term = edition.policy.terms[code]
        reads = [id_ for read in edition.reads(code) for id_ in _ids(edition.policy.terms[read], inputs, plan)]
        if term.source == "ledger":
            given = Node(f"{code}_recorded", recorded_name(term), type_of(term), "input", term, ())
            inputs[given.id] = given
            reads.append(given.id)
        sort: Literal["calculation", "table"] = "table" if code in edition.tables else "calculation"
        type_ref = f"{name_of(term)}的结果" if sort == "table" else type_of(term)
        derived[code] = Node(code, name_of(term), type_ref, sort, term, tuple(dict.fromkeys(reads)))
    return {**inputs, **derived}


def _ids(term: Term, inputs: dict[str, Node], plan: tuple[str, ...]) -> list[str]:
    """The nodes that stand for a term; a recorded fact is added where it is read first."""
    found = [] if term.code in plan else [Node(term.code, name_of(term), type_of(term), "input", term, ())]
    found += [
        Node(f"{term.code}_{special.code}", flag_of(term, special), "boolean", "input", term, ())
        for special in term.specials
        if term.kind != "enum"
    ]
    inputs.update((node.id, node) for node in found)
    return [*([term.code] if term.code in plan else []), *(node.id for node in found)]


def boxes(found: dict[str, Node]) -> dict[str, Box]:
    """Where each node is drawn: recorded facts at the bottom, each decision above all that it reads."""
    level: dict[str, int] = {}
    for node in found.values():
        level[node.id] = 1 + max((level[read] for read in node.reads), default=-1)
    rows: list[list[Node]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for node in found.values():
        rows[level[node.id]].append(node)
    widths = [sum(_size(node)[0] + _gap[0] for node in row) for row in rows]
    placed: dict[str, Box] = {}
    for depth, row in enumerate(rows):
        x = _margin + (max(widths) - widths[depth]) // 2
        y = _margin + (len(rows) - 1 - depth) * (_decision[1] + _gap[1])
        for node in sorted(row, key=lambda n: _pull(n, placed)):
            width, height = _size(node)
            placed[node.id] = Box(x, y + _decision[1] - height, width, height)
            x += width + _gap[0]
    return placed


def paths(node: Node, placed: dict[str, Box]) -> dict[str, Path]:
    """The lines from what a node reads, at the top of each box, to the node's lower side, side by side."""
    own = placed[node.id]
    ordered = sorted(node.reads, key=lambda read: placed[read].middle)
    return {
        read: ((placed[read].middle, placed[read].y), (own.x + own.width * at // (len(ordered) + 1), own.bottom))
        for at, read in enumerate(ordered, 1)
    }


def _size(node: Node) -> tuple[int, int]:
    return _input if node.sort == "input" else _decision


def _pull(node: Node, placed: dict[str, Box]) -> float:
    """Where the nodes below would have it, so that lines cross little."""
    below = [placed[read].middle for read in node.reads if read in placed]
    return sum(below) / len(below) if below else 0
