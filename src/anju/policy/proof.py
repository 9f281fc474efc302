"""Proofs over the whole domain: no gaps, no overlaps, and both compilers say the same, blanks included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from math import prod

import polars as pl

from anju.policy.axes import Axis, axes
from anju.policy.closures import Case
from anju.policy.dense import check_size
from anju.policy.edition import Edition, Rule, Table, eras
from anju.policy.errors import PolicyError, Problem
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Fact, Policy, Term


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved about a decision on a day: how many complete combinations, and how many with blanks.

    ``county``: whose own parameter values held, "" for none. ``used``: numbers of the rows that some combination takes.
    """

    decision: str
    on: date
    complete: int
    blanks: int
    problems: tuple[Problem, ...]
    county: str = ""
    used: frozenset[int] = frozenset()


def prove(policy: Policy, on: date) -> tuple[Proof, ...]:
    """Prove every decision on every day from which some parameter or row changes, and on ``on``, for every county that
    holds values of its own.

    A decision that a day or county leaves as it was is not proved again. Days before all parameters have a value are
    before the guideline. Raises `PolicyError` where one loses its value later.
    """
    found: list[Proof] = []
    seen: dict[str, set[object]] = {code: set() for code in policy.decisions}
    for day in eras(policy, on):
        for county in ("", *sorted({p.county for dated in policy.parameters.values() for p in dated} - {""})):
            try:
                edition = Edition(policy, day, county)
            except PolicyError:
                if found or day == on:
                    raise
                continue
            for code, table in edition.tables.items():
                content = (table.rules, tuple(table.tested), tuple(table.operands))
                if content not in seen[code]:
                    seen[code].add(content)
                    found.append(_prove(edition, table))
    return _with_unused(policy, found)


def holes(edition: Edition, parameter: str) -> tuple[Problem, ...]:
    """Gaps and overlaps of the decisions that test a parameter: whether another figure leaves exactly one row for every case."""
    found: list[Problem] = []
    for table in edition.tables.values():
        cells = (cell for rule in table.rules for cell in rule.row.cells)
        bounds = (bound for cell in cells for bound in (cell.low, cell.high, cell.not_equal) if bound is not None)
        if all(bound.parameter != parameter for bound in bounds):
            continue
        grid = axes(table)
        found += _gaps(table, grid, _hits(table, grid), edition.on)
    return tuple(found)


def _with_unused(policy: Policy, found: list[Proof]) -> tuple[Proof, ...]:
    """Rows that no day uses stand as problems of the decision's last proof, unless it has others already."""
    for code, decision in policy.decisions.items():
        own = [at for at, proof in enumerate(found) if proof.decision == code]
        used = frozenset[int]().union(*(found[at].used for at in own))
        unused = tuple(
            Problem(row.place, "无用", f"“{decision.name}”第 {row.number} 行，没有一种情况会用到", "改条件，或者删去")
            for row in decision.rows
            if row.number not in used
        )
        if own and unused and not any(found[at].problems for at in own):
            found[own[-1]] = replace(found[own[-1]], problems=unused)
    return tuple(found)


def _prove(edition: Edition, table: Table) -> Proof:
    grid = axes(table)
    complete = prod(sum(s is not None for s in axis.samples) for axis in grid)
    check_size(table, complete)
    counted = _hits(table, grid)
    problems = [*_gaps(table, grid, counted, edition.on)]
    blanks = 0
    if not problems:
        blanks, differences = _compare(edition, table, grid)
        problems += differences
    return Proof(table.code, edition.on, complete, blanks, tuple(problems), edition.county, _used(table, counted))


def _hits(table: Table, grid: Sequence[Axis]) -> pl.DataFrame:
    """Every complete combination: its pieces, for each written row (``r0`` …) whether it takes it, and how many do."""
    frames = [
        pl.DataFrame({str(at): pl.Series([n for n, s in enumerate(a.samples) if s is not None], dtype=pl.UInt32)})
        for at, a in enumerate(grid)
    ]
    domain = frames[0] if frames else pl.DataFrame({"0": pl.Series([0], dtype=pl.UInt32)})
    for frame in frames[1:]:
        domain = domain.join(frame, how="cross")
    hits: list[pl.Expr] = []
    for rule in _written(table):
        tests = [
            pl.lit(pl.Series(axis.mask(c))).gather(pl.col(str(at)))
            for at, (axis, c) in enumerate(zip(grid, rule.conditions, strict=True))
            if not c.any
        ]
        hits.append(pl.all_horizontal(tests) if tests else pl.lit(True))
    taken = domain.with_columns(hit.alias(f"r{n}") for n, hit in enumerate(hits))
    number = pl.sum_horizontal([pl.col(f"r{n}") for n in range(len(hits))]) if hits else pl.lit(0)
    return taken.with_columns(number.alias("hits"))


def _written(table: Table) -> list[Rule]:
    return [rule for rule in table.rules if not rule.row.rest]


def _used(table: Table, counted: pl.DataFrame) -> frozenset[int]:
    """Numbers of the rows that some combination takes; 其余 takes what no written row does."""
    used = {rule.row.number for n, rule in enumerate(_written(table)) if counted[f"r{n}"].any()}
    if not counted.filter(pl.col("hits") == 0).is_empty():
        used.update(rule.row.number for rule in table.rules if rule.row.rest)
    return frozenset(used)


def _gaps(table: Table, grid: Sequence[Axis], counted: pl.DataFrame, on: date) -> Iterator[Problem]:
    """Combinations that no row or more than one row takes; the first of each is the counter-example."""
    rules = _written(table)
    gap = counted.filter(pl.col("hits") == 0).head(1)
    if gap.height and len(rules) == len(table.rules):
        found = f"“{table.decision.name}”在 {on} 没有一行管到：{_words(gap, grid)}"
        yield Problem(table.decision.place, "空缺", found, "补一行，或放宽一行的条件")
    double = counted.filter(pl.col("hits") > 1).head(1)
    if double.height:
        rows = [rules[n].row for n in range(len(rules)) if double[f"r{n}"][0]]
        numbers = "、".join(str(row.number) for row in rows)
        found = f"“{table.decision.name}”第 {numbers} 行在 {on} 都管到：{_words(double, grid)}"
        yield Problem(rows[-1].place, "重叠", found, "收紧其中一行的条件")


def _words(case: pl.DataFrame, grid: Sequence[Axis]) -> str:
    parts = []
    for at, axis in enumerate(grid):
        sample = axis.samples[case[str(at)][0]]
        parts.append(f"{axis.term.name}={axis.term.label(sample)}")
    return "，".join(parts)


def _compare(edition: Edition, table: Table, grid: Sequence[Axis]) -> tuple[int, list[Problem]]:
    """Answer every combination, blanks included, by both compilers. Derived terms are given like recorded ones."""
    alone = _alone(edition, table.code)
    terms = (*table.tested, *table.operands)
    choices: list[list[Fact | None]] = [
        _choices(term, edition, samples=axis.samples) for term, axis in zip(table.tested, grid, strict=True)
    ]
    choices += [_choices(term, edition, samples=_figures(term)) for term in table.operands]
    total = prod(len(c) for c in choices)
    case = Case(alone, (table.code,))
    combinations = product(*choices)
    while chunk := list(islice(combinations, 200_000)):
        columns = {term.code: [facts[at] for facts in chunk] for at, term in enumerate(terms)}
        frame = facts_frame(columns, alone.policy.terms) if columns else pl.DataFrame({"nothing": [0]})
        batch = Batch(alone, (table.code,), frame.columns)
        for facts, (value, row, missing) in zip(chunk, batch.select(frame.lazy()).collect().iter_rows(), strict=True):
            known = {term.code: fact for term, fact in zip(terms, facts, strict=True)}
            one = case.answer(known)[table.code]
            if (one.value, one.row, one.missing) != (value, row, missing_terms(missing)):
                words = "，".join(f"{t.name}={t.label(known[t.code]) or '空'}" for t in terms)
                found = (
                    f"“{table.decision.name}”：{words}：单例得 {one.value}、第 {one.row} 行、缺 {one.missing}，"
                    f"批量得 {value}、第 {row} 行、缺 {missing_terms(missing)}"
                )
                return total, [Problem(table.decision.place, "两算不一", found, "这是程序的错，请报告")]
    return total, []


def _alone(edition: Edition, code: str) -> Edition:
    """The edition with one decision only, whose derived terms are given like recorded ones."""
    policy = edition.policy
    recorded = {c: replace(t, source="ledger") for c, t in policy.terms.items() if c != code}
    terms = {**recorded, code: policy.terms[code]}
    flat = replace(policy, terms=terms, calculations={}, decisions={code: policy.decisions[code]}, order=(code,))
    return Edition(flat, edition.on, edition.county)


def _choices(term: Term, edition: Edition, *, samples: Sequence[Fact | None]) -> list[Fact | None]:
    """The values to try: a sample of every piece and the blank; 判定日 is always known."""
    if term.code == "as_of":
        return [edition.on]
    return [*(s for s in samples if s is not None), None]


def _figures(term: Term) -> Sequence[Fact]:
    """Some values of a term that only formulas read."""
    if term.kind == "bool":
        return [True, False]
    if term.kind == "date":
        return [date(2020, 2, 29), date(2021, 1, 31)]
    return [0, 1, 799, 1000]
