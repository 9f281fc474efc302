"""A decision over its whole domain: for every combination of pieces and blanks the row, what is missing, and the value.

Combinations are numbered mixed-radix in the order of the axes, the last axis fastest; each axis has its pieces first,
then the ways in which its term can be blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod

import polars as pl

from anju.policy.axes import Axis, Blank
from anju.policy.columns import dtype_of
from anju.policy.edition import Condition, Rule, Table
from anju.policy.errors import PolicyError, Problem
from anju.policy.formula import terms_of

most_combinations = 4_000_000
"""A decision with more combinations is refused: split it into two that feed one another."""


@dataclass(frozen=True, slots=True)
class Dense:
    """One entry a combination. ``rows``: the row's number, 0 = open. ``missing``: Enum text, only meant where open.
    ``states``: 0 = resolved, else the number of the blank state in ``blanks``. ``values``: only meant where a row
    holds, None for decided figures. Series without nulls are gathered from three times faster.
    """

    rows: pl.Series
    missing: pl.Series
    states: pl.Series
    values: pl.Series | None
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One axis with its blank states, or an operand of formulas (one piece: known).

    ``pieces``: for each blank state the pieces that it leaves possible. ``empty``: pieces in which no value lies.
    ``special``: the first piece of the special values, which have no number.
    """

    size: int
    states: tuple[Blank, ...]
    name: str
    pieces: tuple[tuple[int, ...], ...] = ()
    empty: tuple[int, ...] = ()
    special: int | None = None

    @property
    def whole(self) -> int:
        return self.size + len(self.states)

    @property
    def sources(self) -> pl.Series:
        """For each piece 0, for each blank state the number of the first one that comes from the same facts."""
        facts = [blank.facts for blank in self.states]
        first = {blank: at for at, blank in reversed([*enumerate(facts, 1)])}
        return pl.Series([*[0] * self.size, *(first[blank] for blank in facts)], dtype=pl.UInt32)


def densify(
    table: Table,
    grid: Sequence[Axis],
    states: Mapping[str, tuple[Blank, ...]],
    told_apart: Sequence[frozenset[bool | str]] = (),
) -> Dense:
    """Work out the whole domain. Raises `PolicyError` where it has more than `most_combinations`.

    ``states``: the ways in which each term can be blank. ``told_apart``: the groups of results that other tables can
    tell apart; a blank state remembers which of them are possible.
    """
    lines = [_axis_line(a, states[a.term.code], f"a{at}") for at, a in enumerate(grid)]
    lines += [_Line(1, states[t.code], f"o{at}") for at, t in enumerate(table.operands)]
    check_size(table, prod(line.whole for line in lines))
    domain = _product(lines)
    rows = domain.with_columns(_possible(table, grid, lines)).select(f"r{at}" for at in range(len(table.rules)))
    if table.rules and table.rules[-1].row.rest:
        rows = rows.with_columns(_rest(domain, lines, rows).alias(f"r{len(table.rules) - 1}"))
    return _resolve(table, grid, lines, pl.concat([domain, rows], how="horizontal"), told_apart)


def check_size(table: Table, combinations: int) -> None:
    """Raise `PolicyError` where a decision has more than `most_combinations`."""
    if combinations > most_combinations:
        found = f"“{table.decision.name}”有 {combinations} 种组合"
        expected = "拆成几个判定，让一个的结论作另一个的条件"
        raise PolicyError((Problem(table.decision.place, "语法", found, expected),))


def _axis_line(axis: Axis, states: tuple[Blank, ...], name: str) -> _Line:
    empty = tuple(piece for piece, sample in enumerate(axis.samples) if sample is None)
    pieces = tuple(axis.pieces(blank) for blank in states)
    return _Line(axis.size, states, name, pieces, empty, axis.size - len(axis.term.specials))


def _product(lines: Sequence[_Line]) -> pl.DataFrame:
    if not lines:
        return pl.DataFrame({"nothing": [0]})
    frames = [pl.DataFrame({line.name: pl.Series(range(line.whole), dtype=pl.UInt32)}) for line in lines]
    return reduce(lambda left, right: left.join(right, how="cross", maintain_order="left_right"), frames)


def _possible(table: Table, grid: Sequence[Axis], lines: Sequence[_Line]) -> list[pl.Expr]:
    """For each rule whether what is known leaves it possible."""
    found: list[pl.Expr] = []
    for at, rule in enumerate(table.rules):
        tests = [
            pl.lit(pl.Series(_mask(axis, line, c))).gather(pl.col(line.name))
            for axis, line, c in zip(grid, lines, rule.conditions, strict=False)
            if not c.any
        ]
        possible = pl.all_horizontal(tests) if tests else pl.lit(True)
        found.append((pl.lit(False) if rule.row.rest else possible).alias(f"r{at}"))
    return found


def _mask(axis: Axis, line: _Line, condition: Condition) -> list[bool]:
    """For each piece and then each blank state of an axis whether the condition can hold."""
    mask = axis.mask(condition)
    known = zip(line.states, line.pieces, strict=True)
    return [*mask, *(blank.values is None or any(mask[p] for p in pieces) for blank, pieces in known)]


def _rest(domain: pl.DataFrame, lines: Sequence[_Line], rows: pl.DataFrame) -> pl.Series:
    """Where 其余 is possible: some completion of the blanks matches no written row."""
    known = pl.all_horizontal(
        [(pl.col(line.name) < line.size) & ~pl.col(line.name).is_in(line.empty) for line in lines]
    )
    none = ~pl.any_horizontal([pl.col(c) for c in rows.columns])
    free = pl.concat([domain, rows], how="horizontal").filter(known & none).select(domain.columns)
    for line in lines:
        blank = [
            (free if state.values is None else free.filter(pl.col(line.name).is_in(line.pieces[n]))).with_columns(
                pl.lit(line.size + n, dtype=pl.UInt32).alias(line.name)
            )
            for n, state in enumerate(line.states)
        ]
        free = pl.concat([free, *blank]).unique()
    marked = domain.join(
        free.with_columns(pl.lit(True).alias("free")), on=domain.columns, how="left", maintain_order="left"
    )
    return marked["free"].fill_null(False)


def _resolve(
    table: Table,
    grid: Sequence[Axis],
    lines: Sequence[_Line],
    domain: pl.DataFrame,
    told_apart: Sequence[frozenset[bool | str]],
) -> Dense:
    outcomes = {outcome: n for n, outcome in enumerate(dict.fromkeys(rule.outcome for rule in table.rules))}
    at_rows = [(at, rule) for at, rule in enumerate(table.rules)]
    least = pl.min_horizontal([pl.when(pl.col(f"r{at}")).then(outcomes[r.outcome]) for at, r in at_rows])
    most = pl.max_horizontal([pl.when(pl.col(f"r{at}")).then(outcomes[r.outcome]) for at, r in at_rows])
    row = pl.min_horizontal([pl.when(pl.col(f"r{at}")).then(r.row.number) for at, r in at_rows])
    agreed = (least == most).fill_null(False)
    out = domain.with_columns(agreed=agreed, row=row.cast(pl.UInt8)).with_columns(
        *(_open(line, at, table, grid).alias(f"m{at}") for at, line in enumerate(lines)),
        *(_may_be(group, table).alias(f"v{at}") for at, group in enumerate(told_apart)),
    )
    return _series(table, lines, out, told_apart)


def _may_be(group: frozenset[bool | str], table: Table) -> pl.Expr:
    """Whether a possible row of an open decision gives a result of the group."""
    rows = [pl.col(f"r{at}") for at, rule in enumerate(table.rules) if rule.result.value in group]
    return ~pl.col("agreed") & pl.any_horizontal(rows)


def _open(line: _Line, at: int, table: Table, grid: Sequence[Axis]) -> pl.Expr:
    """The blank state of an axis where its facts are to be named as missing, else 0."""
    blank = pl.col(line.name) >= line.size
    source = pl.lit(line.sources).gather(pl.col(line.name))
    if at >= len(grid):
        read = _reading(table, table.operands[at - len(grid)].code)
        return pl.when(read).then(source).otherwise(0)
    testing = [pl.col(f"r{n}") for n, rule in enumerate(table.rules) if not rule.conditions[at].any]
    tested = ~pl.col("agreed") & (pl.any_horizontal(testing) if testing else pl.lit(False))
    read = _reading(table, grid[at].term.code)
    special = pl.col(line.name) >= (line.size if line.special is None else line.special)
    return pl.when(blank & (tested | read)).then(source).when(~blank & special & read).then(1).otherwise(0)


def _reading(table: Table, code: str) -> pl.Expr:
    """Whether a possible row's formula reads the term."""
    rules = [n for n, r in enumerate(table.rules) if r.result.formula and code in terms_of(r.result.formula)]
    return pl.any_horizontal([pl.col(f"r{n}") for n in rules]) if rules else pl.lit(False)


def _series(
    table: Table, lines: Sequence[_Line], out: pl.DataFrame, told_apart: Sequence[frozenset[bool | str]]
) -> Dense:
    states, blanks = _blanks(lines, out, told_apart)
    joined = out.with_columns(states)
    resolved = (pl.col("state") == 0) & pl.col("agreed")
    rows = joined.select(pl.when(resolved).then(pl.col("row")).otherwise(pl.lit(0, dtype=pl.UInt8)))["row"]
    texts = [",".join(blank.facts) for blank in blanks]
    # what is settled holds any text, so that nulls stand only in the gaps of unfinished pages
    numbered = joined.select(pl.when(resolved).then(min(1, len(texts))).otherwise(pl.col("state")).alias("state"))
    missing = pl.Series([None, *texts], dtype=pl.Enum(list(dict.fromkeys(texts)))).gather(numbered["state"])
    return Dense(rows, missing, states, _values(table, rows), blanks)


def _blanks(
    lines: Sequence[_Line], out: pl.DataFrame, told_apart: Sequence[frozenset[bool | str]]
) -> tuple[pl.Series, tuple[Blank, ...]]:
    """For each combination the number of the way in which its result is blank, from 1; 0 where nothing is missing.

    Column after column: most combinations are blank in ways that are alike already after the first few of them.
    """
    choices: list[tuple[str, Sequence[Blank]]] = [
        (f"m{at}", [_nothing, *(Blank(state.facts, None) for state in line.states)]) for at, line in enumerate(lines)
    ]
    choices += [(f"v{at}", [_nothing, Blank((), group)]) for at, group in enumerate(told_apart)]
    known: dict[Blank, int] = {Blank((), frozenset() if told_apart else None): 0}
    ways = out.select(
        pl.repeat(0, pl.len(), dtype=pl.UInt32()).alias("state"),
        *(pl.col(name).cast(pl.UInt32()) for name, _ in choices),
    )
    for name, further in choices:
        kept = list(known)
        known = {}
        pairs = ways.select("state", name).unique(maintain_order=True)
        numbers = [known.setdefault(_both(kept[way], further[at]), len(known)) for way, at in pairs.rows()]
        pairs = pairs.with_columns(pl.Series("further", numbers, dtype=pl.UInt32()))
        joined = ways.join(pairs, on=["state", name], how="left", maintain_order="left")
        ways = joined.with_columns(pl.col("further").alias("state")).drop(name, "further")
    missing = [blank for blank in known if blank.facts]
    placed = {blank: at for at, blank in enumerate(missing, 1)}
    by_way = pl.Series([placed.get(blank, 0) for blank in known], dtype=pl.UInt16())
    return by_way.gather(ways["state"]).alias("state"), tuple(missing)


_nothing = Blank((), None)


def _both(blank: Blank, further: Blank) -> Blank:
    """What is missing for the one or the other, the one's first; the results that either leaves possible."""
    values = None if blank.values is None else blank.values | (further.values or frozenset())
    return Blank(tuple(dict.fromkeys((*blank.facts, *further.facts))), values)


def _values(table: Table, rows: pl.Series) -> pl.Series | None:
    """The decided value by combination; None where results are figures."""
    if table.term.kind not in ("bool", "enum"):
        return None
    by_row: list[Rule | None] = [None] * (max((r.row.number for r in table.rules), default=0) + 1)
    for rule in table.rules:
        by_row[rule.row.number] = rule
    values = pl.Series([rule.result.value if rule else None for rule in by_row], dtype=dtype_of(table.term))
    return values.gather(rows)
