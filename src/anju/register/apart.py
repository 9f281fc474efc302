"""Why two records are not to be joined: the floors above list what they know of it here, at start-up.

A call gets the ids of the record that would stay and of the one that would go, and gives what keeps them apart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anju.government.queries import Scope
from anju.register.privacy import works_on

_other_way = "要并掉的那一条还有别的条线经办的事：请反过来并，留下那一条。"


@dataclass(frozen=True, slots=True)
class Apart:
    """A reason; who does not do the work of all the ``clauses`` that the sentence tells of is told ``otherwise``: that there is one,
    and what to do about it.
    """

    sentence: str
    clauses: frozenset[str] = frozenset()
    otherwise: str = _other_way

    def told(self, scopes: Sequence[Scope]) -> str:
        """The sentence for these posts."""
        return self.sentence if all(works_on(scopes, clause) for clause in self.clauses) else self.otherwise


Reason = Callable[[str, str], Sequence[Apart]]
_reasons: list[Reason] = []


def keeps_apart(reason: Reason) -> Reason:
    """List a call; usable as a decorator."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def reasons(stays: str, goes: str) -> list[Apart]:
    """Those of all of them. They act for nobody: whoever asks has found both records within the officer's scope."""
    return [apart for reason in _reasons for apart in reason(stays, goes)]
