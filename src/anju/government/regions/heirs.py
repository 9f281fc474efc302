"""What became of codes that were given up, and which codes a region has taken over with what carries them (docs/adr/0023).

Rows keep the code that was right when they were written. Whoever asks for a region asks for every code that has become one of its own,
and for none of its own that has become another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from anju.government.regions.reach import padded, scope_of
from anju.government.regions.table import by_code, county, regions, significant, township, village

Range = tuple[str, str]
"""The codes ``lo ≤ code < hi``."""
Given = tuple[tuple[str, str], ...]
"""Codes that were given up, and what each became: significant digits."""


@dataclass(frozen=True, slots=True, eq=False)
class Heirs:
    """``given``: every code that is no region's any more on a day, and what it became (significant digits)."""

    given: Mapping[str, str]
    _reached: dict[str, tuple[Range, ...]] = field(default_factory=dict, repr=False)

    def current(self, code: str) -> str:
        """The 12-digit code that stands for a place by now; the code itself where nothing became of it."""
        found = significant(code)
        for _ in range(len(self.given)):
            heads = (found[:n] for n in (village, township, county) if len(found) >= n)
            head = next((head for head in heads if head in self.given), None)
            if head is None:
                break
            heir, below = self.given[head], found[len(head) :]
            found = heir + below if len(heir) == len(head) else heir
        return padded(found)

    def reach_of(self, region: str) -> tuple[Range, ...]:
        """Which codes belong to a region by now: its own first, then those that it has taken over. None for one that was given up itself.

        Raises `ValueError` for what is no code.
        """
        if region not in self._reached:
            self._reached[region] = self._reach_of(region)
        return self._reached[region]

    def _reach_of(self, region: str) -> tuple[Range, ...]:
        own, head = scope_of(region), significant(padded(region))
        ends = sorted({end for mark in self._marks(head) for end in scope_of(mark)})
        pieces: list[Range] = []
        for lo, hi in pairwise(ends):
            if not significant(self.current(lo)).startswith(head):
                continue
            if pieces and pieces[-1][1] == lo and lo != own[0] and not (pieces[-1][0] < own[1] <= lo):
                pieces[-1] = (pieces[-1][0], hi)
            else:
                pieces.append((lo, hi))
        return tuple(sorted(pieces, key=lambda piece: (not own[0] <= piece[0] < own[1], piece)))

    def _marks(self, head: str) -> set[str]:
        """Codes at whose ends it may change whether a code belongs to a region: between two of them all share one fate."""
        marks, fresh = {head}, {head}
        while fresh:
            fresh = set(self._beside(fresh)) - marks
            marks |= fresh
        return marks

    def _beside(self, marks: Iterable[str]) -> Iterator[str]:
        for mark in marks:
            for code, heir in self.given.items():
                if code.startswith(mark) or heir.startswith(mark) or mark.startswith(code):
                    yield code
                elif mark.startswith(heir) and len(heir) == len(code):
                    yield code + mark[len(heir) :]


@lru_cache(maxsize=64)
def heirs_on(on: date, villages: Given = ()) -> Heirs:
    """What became of the codes of the table that were given up by a day, and of ``villages``, which it does not have."""
    ended = [r for r in regions() if r.until is not None and r.until <= on and r.successor not in ("", r.code)]
    gone = {r.code: r.successor for r in ended if not any(same.holds(on) for same in by_code()[r.code])}
    return Heirs(gone | dict(villages))
