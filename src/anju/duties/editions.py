"""The pages as they hold on a day in a county, with the county's own figures; compiled once and kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property, lru_cache

from django.db.models import QuerySet

from anju.duties.blanks import Asking
from anju.duties.models import CountyValue
from anju.duties.versions import policy_of
from anju.government.models import never
from anju.government.queries import once
from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.formula import Setting, walk
from anju.policy.frames import Batch
from anju.policy.model import Policy
from anju.walls.prepared import prepared

Figures = tuple[tuple[str, Fraction], ...]
"""Parameter and value, by name: a county's own figures on a day."""


@dataclass
class Judge:
    """An edition with what answers for it; each part is compiled when it is first asked for."""

    edition: Edition
    _cases: dict[str, Case] = field(default_factory=dict)
    _alone: dict[str, Case] = field(default_factory=dict)
    _grounds: dict[str, frozenset[str]] = field(default_factory=dict)
    _batches: dict[tuple[str, frozenset[str]], Batch] = field(default_factory=dict)
    _asking: dict[str, Asking] = field(default_factory=dict)

    def decisions(self, kind: str) -> tuple[str, ...]:
        """Codes of the decisions about a kind of subject."""
        return self.edition.decisions(kind)

    def case(self, kind: str) -> Case:
        """Answers one subject."""
        if kind not in self._cases:
            self._cases[kind] = Case(self.edition, self.decisions(kind))
        return self._cases[kind]

    def alone(self, decision: str) -> Case:
        """Answers one subject, and nothing but one decision."""
        if decision not in self._alone:
            self._alone[decision] = Case(self.edition, [decision])
        return self._alone[decision]

    def grounds(self, decision: str) -> frozenset[str]:
        """What has to be known of a subject to answer one decision."""
        if decision not in self._grounds:
            self._grounds[decision] = self.edition.grounds(decision)
        return self._grounds[decision]

    def batch(self, kind: str, columns: frozenset[str]) -> Batch:
        """Answers frames with these columns."""
        if (kind, columns) not in self._batches:
            self._batches[kind, columns] = Batch(self.edition, self.decisions(kind), columns)
        return self._batches[kind, columns]

    def asking(self, kind: str) -> Asking:
        """Tells what is to be filled in."""
        if kind not in self._asking:
            self._asking[kind] = Asking.about(self.edition, kind)
        return self._asking[kind]


@dataclass(frozen=True)
class Counties:
    """Which figures hold in which county on a day, by version of the pages.

    ``own``: 6-digit code → its own figures, as far as the register knew them ``at`` a moment.
    """

    policy: Policy
    on: date
    own: Mapping[str, Figures]

    @staticmethod
    def of(policy: Policy, on: date, at: datetime | None = None) -> Counties:
        """The counties' own figures, asked for once within `asking_once`."""
        return once(("counties", policy.version, on, at), lambda: Counties.now(policy, on, at))

    @staticmethod
    def now(policy: Policy, on: date, at: datetime | None = None) -> Counties:
        """The counties' own figures, asked for anew: for whoever evaluates, because what was asked before the lock may be of yesterday."""
        found: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
        for row in _figures_begun(on):
            unknown = at is not None and row.recorded_at > at
            until = never if at is not None and row.ended_at and row.ended_at > at else row.until
            if not unknown and on < until and row.parameter in policy.parameters:
                found[row.county[:6]].append((row.parameter, Fraction(row.value)))
        return Counties(policy, on, {county: tuple(figures) for county, figures in found.items()})

    @cached_property
    def special(self) -> frozenset[str]:
        """Counties in which another edition holds than everywhere."""
        pages = {p.county for dated in self.policy.parameters.values() for p in dated if p.county}
        return frozenset(pages | set(self.own))

    @cached_property
    def decisive(self) -> frozenset[str]:
        """Counties in which a decision may come out otherwise than everywhere."""
        names = _decisive(self.policy.version)
        pages = {p.county for name in names for p in self.policy.parameters[name] if p.county}
        return frozenset(pages | {c for c, figures in self.own.items() if names.intersection(n for n, _ in figures)})

    def judge(self, county: str) -> Judge:
        """Who answers for subjects of a county: figures that only deadlines count with make no other judge."""
        if county not in self.decisive:
            return _judge(self.policy.version, self.on, "", ())
        names = _decisive(self.policy.version)
        return _judge(self.policy.version, self.on, county, tuple(f for f in self.own.get(county, ()) if f[0] in names))

    def edition(self, county: str) -> Edition:
        """The edition with all figures of a county, for deadlines."""
        if county not in self.special:
            return _judge(self.policy.version, self.on, "", ()).edition
        return _judge(self.policy.version, self.on, county, self.own.get(county, ())).edition


@prepared
def _figures_begun(on: date) -> QuerySet[CountyValue]:
    return CountyValue.objects.filter(since__lte=on).order_by("county", "parameter", "since")


@lru_cache(maxsize=64)
def _judge(version: str, on: date, county: str, figures: Figures) -> Judge:
    return Judge(Edition(policy_of(version), on, county, dict(figures)))


@lru_cache(maxsize=8)
def _decisive(version: str) -> frozenset[str]:
    """The parameters that conditions and formulas read, as opposed to deadlines alone."""
    policy = policy_of(version)
    rows = [row for decision in policy.decisions.values() for row in decision.rows]
    cells = [cell for row in rows for cell in row.cells]
    bounds = [bound for cell in cells for bound in (cell.low, cell.high, cell.not_equal) if bound is not None]
    formulas = [row.result.formula for row in rows if row.result.formula is not None]
    formulas += [calculation.formula for calculation in policy.calculations.values()]
    settings = {node.name for formula in formulas for node in walk(formula) if isinstance(node, Setting)}
    return frozenset(settings | {bound.parameter for bound in bounds if bound.parameter})
