"""How many rows of a batch there are of each sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from anju.exchange.conflicts import Conflict, conflicts
from anju.exchange.models import Batch, Decision, Verdict
from anju.exchange.queries.rows import Filter, rows
from anju.exchange.subjects import titles
from anju.government.models import Officer

_marks = ("noted", "left", "touched")


@dataclass(frozen=True, slots=True)
class Disputed:
    """Rows with a conflict: how many, and how many of them nobody has decided."""

    code: str
    conflict: Conflict
    rows: int
    open: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """``verdicts`` by kind of subject, as the file was read; ``chosen``: rows to be merged, by kind of subject."""

    verdicts: Mapping[str, Mapping[str, int]]
    disputed: Sequence[Disputed]
    chosen: Mapping[str, int]
    noted: int
    left: int
    touched: int

    @property
    def open(self) -> int:
        """Conflicts that nobody has decided."""
        return sum(one.open for one in self.disputed)

    @property
    def idle(self) -> bool:
        """Whether the file says nothing that the register does not hold."""
        changing = (Verdict.NEW, Verdict.CHANGE, Verdict.CONFLICT)
        return not any(kind.get(verdict) for kind in self.verdicts.values() for verdict in changing)


def numbers(officer: Officer, batch: Batch) -> Numbers:
    """Count them."""
    every = rows(officer, batch, Filter())
    found = every.aggregate(**{f"n_{name}": Count("pk", filter=Q(**{name: True})) for name in _marks})
    chosen = every.filter(chosen=True).order_by().values("kind").annotate(n=Count("pk"))
    return Numbers(
        {subject: batch.counts[subject] for subject in titles if subject in batch.counts},
        list(_disputed(officer, batch)),
        {line["kind"]: line["n"] for line in chosen},
        *(found[f"n_{name}"] for name in _marks),
    )


def _disputed(officer: Officer, batch: Batch) -> Sequence[Disputed]:
    listed = rows(officer, batch, Filter(verdict=Verdict.CONFLICT)).order_by()
    counted: dict[str, list[int]] = {}
    for line in listed.values("conflict", "decision").annotate(n=Count("pk")):
        both = counted.setdefault(line["conflict"], [0, 0])
        both[0] += line["n"]
        both[1] += line["n"] if line["decision"] == Decision.OPEN else 0
    return [Disputed(code, conflicts[code], *counted[code]) for code in conflicts if code in counted]
