"""Plain Python: each table becomes a function of if-statements, generated from the page and compiled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from anju.policy.edition import Condition
from anju.policy.model import Term
from benchmarks.question import Row, Sum, Table, bounds, counts_blank_as, decisions, steps

Found = tuple[bool | str | None, int | None, tuple[str, ...]]
"""A decision's value, its row, and what is missing."""


def settle(
    table: Table, possible: Sequence[Row], facts: Mapping[str, Any], blanks: Mapping[str, tuple[str, ...]]
) -> Found:
    """What follows from the rows that the known facts leave possible. The row-at-a-time contestants share it."""
    first = possible[0]
    if all(row.outcome == first.outcome for row in possible):
        return first.value, first.number, ()
    named = [code for code in table.tested if facts[code] is None and any(code in row.looks for row in possible)]
    return None, None, tuple(dict.fromkeys(fact for code in named for fact in blanks.get(code, (code,))))


def _cell(term: Term, condition: Condition) -> str:
    name = term.code
    special = counts_blank_as(term)
    if condition.values:
        if special in condition.values:
            return f"{name} is None"
        values = ", ".join(repr(value) for value in sorted(condition.values, key=repr))
        return f"({name} is None or {name} in ({values},))"
    compared = " and ".join(f"{name} {op} {_point(point)}" for op, point in bounds(condition))
    return f"({name} is not None and {compared})" if special else f"({name} is None or ({compared}))"


def _point(point: Fraction | date) -> str:
    return f"date({point.year}, {point.month}, {point.day})" if isinstance(point, date) else str(point)


def _source(table: Table) -> str:
    lines = [f"def {table.code}(facts, rows):"]
    lines += [f"    {code} = facts[{code!r}]" for code in table.tested]
    lines.append("    possible = []")
    for at, row in enumerate(table.rows):
        lines.append(f"    if {' and '.join(_cell(t, c) for t, c in row.conditions) or 'True'}:")
        lines.append(f"        possible.append(rows[{at}])")
    return "\n".join([*lines, "    return possible"])


class PlainPython:
    """One dictionary a person in, one list of answers out."""

    name = "python"
    by_row = True

    def __init__(self) -> None:
        self.parts: list[tuple[Table | Sum, Callable[..., Any]]] = []
        for step in steps():
            space: dict[str, Any] = {"date": date}
            if isinstance(step, Sum):
                guard = " or ".join(f"facts[{code!r}] is None" for code in step.reads)
                text = step.text
                for code in step.reads:
                    text = text.replace(code, f"facts[{code!r}]")
                exec(f"def {step.code}(facts):\n    return None if {guard} else {text}", space)
            else:
                exec(_source(step), space)
            self.parts.append((step, space[step.code]))

    def person(self, given: Mapping[str, Any]) -> dict[str, Found]:
        """Every decision about one person."""
        facts = dict(given)
        blanks: dict[str, tuple[str, ...]] = {}
        found: dict[str, Found] = {}
        for step, function in self.parts:
            if isinstance(step, Sum):
                facts[step.code] = function(facts)
                blanks[step.code] = tuple(code for code in step.reads if facts[code] is None)
            else:
                answer = found[step.code] = settle(step, function(facts, step.rows), facts, blanks)
                facts[step.code] = answer[0]
                if answer[2]:
                    blanks[step.code] = answer[2]
        return found

    def take(self, rows: pl.DataFrame) -> list[dict[str, Any]]:
        return rows.to_dicts()

    def answer(self, rows: list[dict[str, Any]]) -> list[dict[str, Found]]:
        return [self.person(row) for row in rows]

    def frame(self, answers: list[dict[str, Found]]) -> pl.DataFrame:
        return answers_frame(answers)

    def file(self, source: Path, target: Path) -> None:
        self.frame(self.answer(self.take(pl.read_parquet(source)))).write_parquet(target)


def answers_frame(answers: Sequence[Mapping[str, Found]]) -> pl.DataFrame:
    """Answers by person as columns."""
    columns: dict[str, pl.Series] = {}
    for code in decisions:
        columns[code] = pl.Series([one[code][0] for one in answers], dtype=pl.String)
        columns[f"{code}.row"] = pl.Series([one[code][1] for one in answers], dtype=pl.UInt8)
        columns[f"{code}.missing"] = pl.Series([",".join(one[code][2]) for one in answers], dtype=pl.String)
    return pl.DataFrame(columns)
