"""What 其余 means, written out: the combinations that no other row takes, as rows that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anju.policy.axes import Axis, Cut, axes
from anju.policy.edition import Condition, Rule, Table

_irrelevant = Condition("-", True, frozenset(), None, True, None, True, None)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as an engine without 其余 can read it. A rule 其余 gives one line or several."""

    rule: Rule
    conditions: tuple[Condition, ...]


def lines(table: Table) -> tuple[Line, ...]:
    """The rows of a table with 其余 replaced by its exact complement."""
    written = [rule for rule in table.rules if not rule.row.rest]
    found = [Line(rule, rule.conditions) for rule in written]
    for rule in table.rules:
        if rule.row.rest:
            found += [Line(rule, conditions) for conditions in _uncovered(axes(table), written, 0)]
    return tuple(found)


def _uncovered(grid: Sequence[Axis], rules: Sequence[Rule], at: int) -> Iterator[tuple[Condition, ...]]:
    """Boxes of the grid from axis ``at`` on that none of the rules covers."""
    if not rules:
        yield (_irrelevant,) * (len(grid) - at)
        return
    if at == len(grid):
        return
    axis = grid[at]
    masks = [axis.mask(rule.conditions[at]) for rule in rules]
    alike: dict[tuple[bool, ...], list[int]] = {}
    for piece in range(axis.size):
        if axis.samples[piece] is not None:
            alike.setdefault(tuple(mask[piece] for mask in masks), []).append(piece)
    for signature, pieces in alike.items():
        remaining = [rule for rule, holds in zip(rules, signature, strict=True) if holds]
        for rest in _uncovered(grid, remaining, at + 1):
            for condition in _conditions(axis, pieces) if len(alike) > 1 else [_irrelevant]:
                yield (condition, *rest)


def _conditions(axis: Axis, pieces: list[int]) -> Iterator[Condition]:
    """Conditions that together hold on just these pieces."""
    figures = len(axis.cuts) + 1
    named = [sample for piece in pieces if isinstance(sample := axis.samples[piece], (bool, str))]
    if named:
        yield Condition("", False, frozenset(named), None, True, None, True, None)
    if axis.term.kind in ("bool", "enum"):
        return
    runs: list[list[int]] = []
    for piece in (p for p in pieces if p < figures):
        if runs and runs[-1][-1] == piece - 1:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    for run in runs:
        yield _between(axis.cuts[run[0] - 1] if run[0] else None, axis.cuts[run[-1]] if run[-1] + 1 < figures else None)


def _between(left: Cut | None, right: Cut | None) -> Condition:
    """The figures between two cuts; a cut is passed by x ≥ point, or by x > point where it lies beyond."""
    low, high = (left.point if left else None), (right.point if right else None)
    return Condition("", False, frozenset(), low, not (left and left.beyond), high, bool(right and right.beyond), None)
