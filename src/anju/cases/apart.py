"""What cases know against joining two records of one person (`anju.register.apart`)."""

from __future__ import annotations

from collections.abc import Sequence

from anju.cases.models import Case
from anju.government.second_wall import looking_everywhere
from anju.register.apart import Apart, keeps_apart
from anju.register.privacy import sealed_clauses


@keeps_apart
def running(stays: str, goes: str) -> Sequence[Apart]:
    """A case under way is about a record that stays: its steps, letters and turns name it."""
    with looking_everywhere():
        open_ones = Case.objects.unscoped().filter(subject_kind="person", subject_id=goes, closed_at=None)
        found = list(open_ones.values_list("clause", flat=True))
    if not found:
        return ()
    told = f"要并掉的那一条有 {len(found)} 件在办：先办结或者终止；要接着办，就留下那一条。"
    return [Apart(told, frozenset(found) & frozenset(sealed_clauses))]
