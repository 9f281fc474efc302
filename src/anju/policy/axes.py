"""The finite domain of a decision: every tested fact cut into the pieces that its rules can tell apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from anju.policy.edition import Condition, Point, Table
from anju.policy.model import Fact, Term


class Blank(NamedTuple):
    """A way in which a term can be blank: the recorded facts that it comes from, and the results that it may still be.

    ``values`` None: any. A bare tuple, because one case is looked up by its blanks.
    """

    facts: tuple[str, ...]
    values: frozenset[bool | str] | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A point of a figure's line. Passed by x ≥ point, or by x > point where ``beyond``."""

    point: Point
    beyond: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """One tested term. Piece numbers: bool 否 0, 是 1; an enumeration's values in order; a figure's pieces between cuts
    from left to right, then its special values.

    ``samples`` has one value a piece (None = the piece is empty: no whole number or day lies in it).
    """

    term: Term
    cuts: tuple[Cut, ...]
    samples: tuple[Fact | None, ...]

    @property
    def size(self) -> int:
        """How many pieces there are."""
        return len(self.samples)

    def mask(self, condition: Condition) -> tuple[bool, ...]:
        """For each piece whether the condition holds on it."""
        if condition.any:
            return (True,) * self.size
        if self.term.kind in ("bool", "enum"):
            return tuple(sample in condition.values for sample in self.samples)
        figures = len(self.cuts) + 1
        special = tuple(sample in condition.values for sample in self.samples[figures:])
        if condition.values:
            return (False,) * figures + special
        return tuple(self._inside(piece, condition) for piece in range(figures)) + special

    def pieces(self, blank: Blank) -> tuple[int, ...]:
        """The pieces in which the term may lie while it is blank in this way."""
        return tuple(p for p, sample in enumerate(self.samples) if blank.values is None or sample in blank.values)

    def _inside(self, piece: int, condition: Condition) -> bool:
        """Whether the piece between cut ``piece - 1`` and cut ``piece`` lies inside the condition."""
        passed = self.cuts[:piece]
        if condition.not_equal is not None:
            point = condition.not_equal
            return not (Cut(point, False) in passed and Cut(point, True) not in passed)
        low_ok = condition.low is None or Cut(condition.low, not condition.low_in) in passed
        high_ok = condition.high is None or Cut(condition.high, condition.high_in) not in passed
        return low_ok and high_ok


def axes(table: Table) -> tuple[Axis, ...]:
    """The axes of a decision's tested terms, in column order."""
    return tuple(_axis(term, [rule.conditions[at] for rule in table.rules]) for at, term in enumerate(table.tested))


def _axis(term: Term, conditions: list[Condition]) -> Axis:
    if term.kind == "bool":
        return Axis(term, (), (False, True))
    if term.kind == "enum":
        return Axis(term, (), tuple(value.code for value in term.values))
    cuts = tuple(sorted({cut for c in conditions for cut in _cuts(c)}, key=lambda cut: (cut.point, cut.beyond)))
    figures = [
        _sample(term, cuts[at - 1] if at else None, cuts[at] if at < len(cuts) else None) for at in range(len(cuts) + 1)
    ]
    return Axis(term, cuts, (*figures, *(special.code for special in term.specials)))


def _cuts(condition: Condition) -> set[Cut]:
    found: set[Cut] = set()
    if condition.low is not None:
        found.add(Cut(condition.low, not condition.low_in))
    if condition.high is not None:
        found.add(Cut(condition.high, condition.high_in))
    if condition.not_equal is not None:
        found |= {Cut(condition.not_equal, False), Cut(condition.not_equal, True)}
    return found


def _sample(term: Term, left: Cut | None, right: Cut | None) -> Fact | None:
    """A value of the piece between two cuts, as near to the cut as it can be; None where there is none."""
    whole = term.kind in ("int", "date")
    if left is None and right is None:
        return date(2020, 1, 1) if term.kind == "date" else 0
    if left is None:
        assert right is not None
        return _before(right, whole=whole)
    sample = _after(left) if whole or right is None else _between(left, right)
    return None if right is not None and _passes(sample, right) else sample


def _passes(sample: Fact, cut: Cut) -> bool:
    if isinstance(sample, date) and isinstance(cut.point, date):
        return sample > cut.point if cut.beyond else sample >= cut.point
    if isinstance(sample, (int, float)) and isinstance(cut.point, Fraction):
        point = plain(cut.point)
        assert isinstance(point, (int, float))
        return sample > point if cut.beyond else sample >= point
    return False


def _between(left: Cut, right: Cut) -> Fact:
    if not left.beyond:
        return plain(left.point)
    if isinstance(left.point, date) or isinstance(right.point, date):
        return plain(right.point)
    return plain((left.point + right.point) / 2)


def _after(cut: Cut) -> Fact:
    """The least whole number or the first day that passes the cut; for a fractional point the next whole number."""
    if isinstance(cut.point, date):
        return cut.point + timedelta(days=cut.beyond)
    return math.floor(cut.point) + 1 if cut.beyond else math.ceil(cut.point)


def _before(cut: Cut, *, whole: bool) -> Fact:
    """The greatest number or the last day that does not pass the cut; exactly the point where it may be."""
    if isinstance(cut.point, date):
        return cut.point - timedelta(days=not cut.beyond)
    if cut.beyond:
        return math.floor(cut.point) if whole else plain(cut.point)
    return math.ceil(cut.point) - 1


def plain(point: Point) -> int | float | date:
    """A point as a fact: whole numbers as int, which compare faster; others as the float that a ledger would hold."""
    if isinstance(point, date):
        return point
    return int(point) if point.denominator == 1 else float(point)
