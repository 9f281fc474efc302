"""The language's meaning once more, as plainly as its definition says it, and random guidelines to compare with.

Nothing here uses the product's evaluation: tables are made here, written as a page for the product to read, and
answered here by trying every row and every completion of the blanks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from hypothesis import strategies as st

Value = bool | int | str | date
Case = Mapping[str, Value | None]


@dataclass(frozen=True)
class Fact:
    """A recorded fact: its code (also its name), how a page declares it, and a value of every kind that a rule can tell apart."""

    code: str
    declared: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Cell:
    """A condition as a page writes it, and the values among the fact's that fulfil it."""

    text: str
    holds: frozenset[Value]


@dataclass(frozen=True)
class Rule:
    """A row: a cell for each tested fact (None = irrelevant), the conclusion and its duties. ``rest`` takes what is left."""

    cells: tuple[Cell | None, ...]
    conclusion: Value
    duties: frozenset[str]
    rest: bool = False


@dataclass(frozen=True)
class Table:
    """A decision: what it tests, in column order, its rules, and what it may conclude.

    Each tested fact has a finite list of values.
    """

    code: str
    tested: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    conclusions: tuple[Value, ...]

    @property
    def decided(self) -> Fact:
        """Its result as a fact that another table may test."""
        return Fact(self.code, "", self.conclusions)


Guideline = tuple[Table, ...]
"""Tables of which each may test the results of those before it."""

shades: tuple[Value, ...] = ("good", "bad", "open")
duties = ("do_one", "do_two")
_labels: Mapping[Value, str] = {
    "good": "好", "bad": "坏", "open": "未定", True: "是", False: "否", "do_one": "办一", "do_two": "办二"
}  # fmt: skip
_origin = date(2024, 2, 28)


@dataclass(frozen=True)
class Outcome:
    """What the definition gives: the conclusion and the row, or what is missing and the conclusions still possible."""

    conclusion: Value | None
    row: int | None
    missing: frozenset[str]
    possible: frozenset[Value]


def outcomes(guideline: Guideline, case: Case) -> dict[str, Outcome]:
    """The answers of all tables about the recorded facts of a case, by the tables' codes."""
    found: dict[str, Outcome] = {}
    for table in guideline:
        found[table.code] = _outcome(table, case, found)
    return found


def _outcome(table: Table, case: Case, before: Mapping[str, Outcome]) -> Outcome:
    """The answer of a table after those of the tables ``before`` it."""
    may_be = [_may_be(fact, case, before) for fact in table.tested]
    written = [rule for rule in table.rules if not rule.rest]
    possible = [rule for rule in written if not _contradicted(rule, may_be)]
    if any(rule.rest for rule in table.rules) and _left_over(written, may_be):
        possible.append(table.rules[-1])
    conclusions = frozenset(rule.conclusion for rule in possible)
    if len({(rule.conclusion, rule.duties) for rule in possible}) == 1:
        return Outcome(possible[0].conclusion, table.rules.index(possible[0]) + 1, frozenset(), conclusions)
    missing = [
        _missing(fact, case, before)
        for rule in possible
        for fact, cell in zip(table.tested, rule.cells, strict=True)
        if cell is not None
    ]
    return Outcome(None, None, frozenset().union(*missing), conclusions)


def _may_be(fact: Fact, case: Case, before: Mapping[str, Outcome]) -> frozenset[Value]:
    """What a fact may be: what it is, or any of its values; a result may be what its possible rows conclude."""
    if fact.code in before:
        return before[fact.code].possible
    value = case[fact.code]
    return frozenset(fact.values if value is None else (value,))


def _missing(fact: Fact, case: Case, before: Mapping[str, Outcome]) -> frozenset[str]:
    """The recorded facts for want of which a fact is not known."""
    if fact.code in before:
        return before[fact.code].missing
    return frozenset({fact.code} if case[fact.code] is None else ())


def completed(guideline: Guideline, case: Case) -> dict[str, set[Value]]:
    """Of each table the conclusions of all completions of the blanks, each by the one rule that takes it."""
    recorded = {fact.code: fact.values for table in guideline for fact in table.tested if fact.declared}
    found: dict[str, set[Value]] = {table.code: set() for table in guideline}
    choices = [recorded[code] if case[code] is None else (case[code],) for code in recorded]
    for values in product(*choices):
        known = dict(zip(recorded, values, strict=True))
        for table in guideline:
            case_of_table = [frozenset({known[fact.code]}) for fact in table.tested]
            takers = [rule for rule in table.rules if not rule.rest and not _contradicted(rule, case_of_table)]
            assert len(takers) == 1 or (not takers and table.rules[-1].rest), "tables made here have no gap or overlap"
            known[table.code] = (takers or table.rules[-1:])[0].conclusion
            found[table.code].add((takers or table.rules[-1:])[0].conclusion)
    return found


def _contradicted(rule: Rule, may_be: Sequence[frozenset[Value | None]]) -> bool:
    return any(cell is not None and not cell.holds & values for cell, values in zip(rule.cells, may_be, strict=True))


def _left_over(written: Sequence[Rule], may_be: Sequence[frozenset[Value]]) -> bool:
    completions = product(*([frozenset({value}) for value in values] for values in may_be))
    return any(all(_contradicted(rule, values) for rule in written) for values in completions)


# --- random guidelines ----------------------------------------------------------------------------------------------


@st.composite
def facts(draw: st.DrawFn, code: str) -> tuple[Fact, tuple[tuple[Cell, ...], ...]]:
    """A fact and some ways to cut its values into conditions that do not overlap and leave nothing out."""
    kind = draw(st.sampled_from(("bool", "enum", "int", "special", "date")))
    if kind == "bool":
        fact = Fact(code, f"| {code} | {code} | 人 | 是否 | | 台账 |", (False, True))
        return fact, ((Cell("是", frozenset({True})), Cell("否", frozenset({False}))),)
    if kind == "enum":
        return _enumeration(
            Fact(code, f"| {code} | {code} | 人 | 枚举 | x 甲、y 乙、z 丙 | 台账 |", ("x", "y", "z")), "甲乙丙"
        )
    if kind == "date":
        return _line(
            code, "日期", [_origin + timedelta(days=n) for n in range(-1, 4)], draw(st.booleans()), special=False
        )
    return _line(code, "整数", list(range(-1, 5)), draw(st.booleans()), special=kind == "special")


def _enumeration(fact: Fact, labels: Sequence[str]) -> tuple[Fact, tuple[tuple[Cell, ...], ...]]:
    a, b, c = (Cell(label, frozenset({value})) for label, value in zip(labels, fact.values, strict=True))
    ab = Cell(f"{labels[0]}、{labels[1]}", frozenset(fact.values[:2]))
    bc = Cell(f"{labels[1]}、{labels[2]}", frozenset(fact.values[1:]))
    return fact, ((a, b, c), (ab, c), (a, bc))


def _line(
    code: str, kind: str, points: Sequence[int] | Sequence[date], closed: bool, *, special: bool
) -> tuple[Fact, tuple[tuple[Cell, ...], ...]]:
    """A figure or day with the points 低 < 高 of its kind (the second and fourth of ``points``)."""
    low, high = ("{低日}", "{高日}") if kind == "日期" else ("{低}", "{高}")
    below, at_low, between, at_high, above = points[0], points[1], points[2], points[3], points[4:]

    def cell(text: str, *values: int | date) -> Cell:
        return Cell(text, frozenset(values))

    halves = (cell(f"<{low}", below), cell(f"≥{low}", at_low, between, at_high, *above))
    if closed:
        thirds = (cell(f"≤{low}", below, at_low), cell(f"({low}..{high}]", between, at_high), cell(f">{high}", *above))
    else:
        thirds = (cell(f"<{low}", below), cell(f"[{low}..{high})", at_low, between), cell(f"≥{high}", at_high, *above))
    exact = (cell(f"={high}", at_high), cell(f"≠{high}", below, at_low, between, *above))
    ways: tuple[tuple[Cell, ...], ...] = (halves, thirds, exact)
    values: tuple[Value, ...] = tuple(points)
    if special:
        values = (*values, "never")
        ways = tuple((*way, Cell("从未", frozenset({"never"}))) for way in ways)
    declared = f"| {code} | {code} | 人 | {kind} | {'never 从未' if special else ''} | 台账 |"
    return Fact(code, declared, values), ways


Ways = Mapping[str, tuple[tuple[Cell, ...], ...]]


@st.composite
def tables(draw: st.DrawFn, code: str, tested: tuple[Fact, ...], ways: Ways) -> Table:
    """A table without gap or overlap: a tree of cuts, its leaves in any order, some of them left to 其余."""

    def leaves(left: tuple[int, ...], cells: tuple[Cell | None, ...]) -> list[tuple[Cell | None, ...]]:
        if not left or (len(left) < len(tested) and draw(st.integers(0, 3)) == 0):
            return [cells]
        at = draw(st.sampled_from(left))
        way = draw(st.sampled_from(ways[tested[at].code]))
        others = tuple(other for other in left if other != at)
        return [leaf for cell in way for leaf in leaves(others, (*cells[:at], cell, *cells[at + 1 :]))]

    found = draw(st.permutations(leaves(tuple(range(len(tested))), (None,) * len(tested))))
    conclusions = draw(st.sampled_from((shades, shades, (True, False))))
    rules = [Rule(cells, draw(st.sampled_from(conclusions)), draw(_some_duties)) for cells in found]
    left_out = draw(st.integers(0, min(3, len(rules) - 1)))
    if left_out:
        last = Rule((None,) * len(tested), draw(st.sampled_from(conclusions)), draw(_some_duties), rest=True)
        rules = [*rules[left_out:], last]
    return Table(code, tested, tuple(rules), conclusions)


_some_duties = st.sets(st.sampled_from(duties), max_size=2).map(frozenset)


@st.composite
def guidelines(draw: st.DrawFn) -> Guideline:
    """A chain of two or three tables: each tests the result of the one before it, perhaps of the first one too, beside
    recorded facts, some of them the same.
    """
    made = [draw(facts(f"f{n}")) for n in range(draw(st.integers(2, 4)))]
    ways = {fact.code: cuts for fact, cuts in made}
    recorded = tuple(fact for fact, _ in made)
    chain = [draw(tables("earlier", recorded[: draw(st.integers(1, 3))], ways))]
    for code in ("later", "last")[: draw(st.integers(1, 2))]:
        decided, ways[chain[-1].code] = _conditions(chain[-1].decided)
        again = (chain[0].decided,) if len(chain) > 1 and draw(st.booleans()) else ()
        tested = (decided, *again, *recorded[draw(st.integers(0, len(recorded) - 1)) :][: 2 - len(again)])
        chain.append(draw(tables(code, tuple(draw(st.permutations(tested))), ways)))
    return tuple(chain)


def _conditions(decided: Fact) -> tuple[Fact, tuple[tuple[Cell, ...], ...]]:
    """The ways to cut a decided fact into conditions."""
    if decided.values == shades:
        return _enumeration(decided, [_labels[shade] for shade in shades])
    return decided, (tuple(Cell(_labels[value], frozenset({value})) for value in decided.values),)


@st.composite
def cases(draw: st.DrawFn, recorded: Sequence[Fact]) -> Case:
    """A value or a blank for every recorded fact."""
    return {fact.code: draw(st.sampled_from((*fact.values, None))) for fact in recorded}


# --- the same as a page ---------------------------------------------------------------------------------------------


def page(guideline: Guideline) -> tuple[str, str, str]:
    """Terms, parameters and body of a page that says what the tables say (see ``library.small``)."""
    recorded = {fact.code: fact.declared for table in guideline for fact in table.tested if fact.declared}
    kinds = {
        table.code: "枚举 | good 好、bad 坏、open 未定" if "good" in table.conclusions else "是否 |"
        for table in guideline
    }
    decided = [f"| {code} | {code} | 人 | {kind} | 判定 |" for code, kind in kinds.items()]
    parameters = (
        "| 低 | 0 | | 2020-06-01 | | 内控 | |\n| 高 | 2 | | 2020-06-01 | | 内控 | |\n"
        f"| 低日 | {_origin} | | 2020-06-01 | | 内控 | |\n| 高日 | {_origin + timedelta(days=2)} | | 2020-06-01 | | 内控 | |"
    )
    entry = next(iter(recorded))
    work = "## 应办\n\n| 应办 | 代码 | 强度 | 由谁 | 期限 | 期限性质 | 了结 | 句 |\n|---|---|---|---|---|---|---|---|\n"
    work += "".join(f"| {_labels[d]} | {d} | 必须 | 本人 | | 内控 | 登记：做了（{entry}） | 1.1-1 |\n" for d in duties)
    return "\n".join((*recorded.values(), *decided)), parameters, "\n".join((*map(_written, guideline), work))


def _written(table: Table) -> str:
    header = " | ".join((*(fact.code for fact in table.tested), "结论", "应办", "说明", "句"))
    lines = [f"## 判定：{table.code} ({table.code})", "", f"| {header} |", "|" + "---|" * (len(table.tested) + 4)]
    for rule in table.rules:
        cells = ["-" if cell is None else cell.text for cell in rule.cells]
        if rule.rest:
            cells[0] = "其余"
        named = "、".join(_labels[duty] for duty in sorted(rule.duties))
        lines.append(f"| {' | '.join(cells)} | {_labels[rule.conclusion]} | {named} | | 1.1-1 |")
    return "\n".join(lines) + "\n"
