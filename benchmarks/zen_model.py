"""GoRules' zen-engine: the same tables as one JSON decision model, a decision-table node each.

The engine has no notion of an unknown fact. Its tables therefore collect the rows that remain possible (hit policy
"collect"; a blank passes every cell), and `settle` says in Python what follows, as for plain Python.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import zen

from anju.policy.edition import Condition
from anju.policy.model import Term
from benchmarks.plain_python import Found, answers_frame, settle
from benchmarks.question import Sum, Table, bounds, counts_blank_as, steps


def _cell(term: Term, condition: Condition) -> str:
    special = counts_blank_as(term)
    if condition.values:
        if special in condition.values:
            return "$ == null"
        return f"$ == null or $ in [{', '.join(_word(value) for value in sorted(condition.values, key=repr))}]"
    (op, low), *upper = bounds(condition)
    compared = f"$ {op} {_point(low)}"
    for end, high in upper:
        compared = f"$ in {'[' if op == '>=' else '('}{_point(low)}..{_point(high)}{']' if end == '<=' else ')'}"
    return f"$ != null and {compared}" if special else f"$ == null or {compared}"


def _word(value: bool | str) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def _point(point: object) -> str:
    return str(point.toordinal()) if isinstance(point, date) else str(point)


def _table_node(table: Table) -> dict[str, Any]:
    inputs = [{"id": code, "name": code, "field": code} for code in table.tested]
    outputs = [{"id": "n", "name": "n", "field": "n"}, {"id": "o", "name": "o", "field": "o"}]
    outputs.append({"id": "v", "name": "v", "field": "v"})
    rules = [
        {
            "_id": f"{table.code}{row.number}",
            **dict.fromkeys(table.tested, ""),
            **{term.code: _cell(term, condition) for term, condition in row.conditions},
            "n": str(row.number),
            "o": str(row.outcome),
            "v": "null" if row.value is None else _word(row.value),
        }
        for row in table.rows
    ]
    content = {"hitPolicy": "collect", "inputs": inputs, "outputs": outputs, "rules": rules, "passThrough": True}
    content |= {"inputField": None, "outputPath": f"{table.code}_rows", "executionMode": "single"}
    return {"id": table.code, "name": table.code, "type": "decisionTableNode", "content": content}


def _expression_node(name: str, key: str, value: str) -> dict[str, Any]:
    content = {"expressions": [{"id": key, "key": key, "value": value}], "passThrough": True, "inputField": None}
    content |= {"outputPath": None, "executionMode": "single"}
    return {"id": name, "name": name, "type": "expressionNode", "content": content}


def model() -> dict[str, Any]:
    """The whole model as a chain of nodes."""
    nodes: list[dict[str, Any]] = [{"id": "in", "name": "in", "type": "inputNode", "content": {}}]
    read = {code for step in steps() if isinstance(step, Table) for code in step.tested}
    for step in steps():
        if isinstance(step, Sum):
            blank = " or ".join(f"{code} == null" for code in step.reads)
            nodes.append(_expression_node(step.code, step.code, f"({blank}) ? null : ({step.text})"))
            continue
        nodes.append(_table_node(step))
        if step.code in read:
            rows = f"{step.code}_rows"
            agreed = f"len(filter({rows}, #.o != $root.{rows}[0].o)) == 0 ? {rows}[0].v : null"
            nodes.append(_expression_node(f"{step.code}_value", step.code, agreed))
    nodes.append({"id": "out", "name": "out", "type": "outputNode", "content": {}})
    pairs = pairwise(nodes)
    edges = [
        {"id": f"e{n}", "type": "edge", "sourceId": a["id"], "targetId": b["id"]} for n, (a, b) in enumerate(pairs)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


class Zen:
    """One evaluation a person."""

    name = "zen"
    by_row = True

    def __init__(self) -> None:
        self.decision = zen.ZenEngine().create_decision(json.dumps(model()))
        self.tables = [step for step in steps() if isinstance(step, Table)]
        self.sums = [step for step in steps() if isinstance(step, Sum)]
        self.empty = dict.fromkeys(step.code for step in steps())

    def person(self, given: Mapping[str, Any], *, trace: bool = False) -> dict[str, Found]:
        """Every decision about one person, with the engine's own trace if asked."""
        # the engine leaves null out of its result
        facts = {**given, **self.empty, **self.decision.evaluate(given, {"trace": trace})["result"]}
        blanks: dict[str, tuple[str, ...]] = {}
        found: dict[str, Found] = {}
        for step in self.sums:
            blanks[step.code] = tuple(code for code in step.reads if facts[code] is None)
        for table in self.tables:
            possible = [table.rows[int(row["n"]) - 1] for row in facts[f"{table.code}_rows"]]
            answer = found[table.code] = settle(table, possible, facts, blanks)
            facts[table.code] = answer[0]
            if answer[2]:
                blanks[table.code] = answer[2]
        return found

    def take(self, rows: pl.DataFrame) -> list[dict[str, Any]]:
        dates = [name for name, dtype in rows.schema.items() if dtype == pl.Date]
        ordinal = [pl.col(name).cast(pl.Int32) + date(1970, 1, 1).toordinal() for name in dates]
        return rows.with_columns(ordinal).to_dicts()

    def answer(self, rows: list[dict[str, Any]]) -> list[dict[str, Found]]:
        return [self.person(row) for row in rows]

    def frame(self, answers: list[dict[str, Found]]) -> pl.DataFrame:
        return answers_frame(answers)

    def file(self, source: Path, target: Path) -> None:
        self.frame(self.answer(self.take(pl.read_parquet(source)))).write_parquet(target)
