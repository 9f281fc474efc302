"""What posts reach, as PostgreSQL's second wall is told (`anju.walls.second_wall`)."""

from collections.abc import Sequence

from anju.government.queries import Scope
from anju.walls.second_wall import (
    OutsideTransaction,
    ask_everywhere,
    everything,
    everywhere,
    looking_everywhere,
    policy,
    tell,
)

__all__ = [
    "OutsideTransaction",
    "ask_everywhere",
    "everything",
    "everywhere",
    "looking_everywhere",
    "policy",
    "ranges_of",
    "tell",
]


def ranges_of(scopes: Sequence[Scope]) -> str:
    """The ranges of codes as PostgreSQL writes a set of ranges of numbers: ``{[500236000000,500237000000)}``."""
    return "{" + ",".join(f"[{scope.lo},{scope.hi})" for scope in scopes) + "}"
