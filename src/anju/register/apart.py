"""Why two records are not to be joined: the floors above list what they know of it here, at start-up.

A call gets the ids of the record that would stay and of the one that would go, and gives a sentence for each reason.
"""

from collections.abc import Callable, Sequence

Reason = Callable[[str, str], Sequence[str]]
_reasons: list[Reason] = []


def keeps_apart(reason: Reason) -> Reason:
    """List a call; usable as a decorator."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def reasons(stays: str, goes: str) -> list[str]:
    """The sentences of all of them. They act for nobody: whoever asks has found both records within the officer's scope."""
    return [sentence for reason in _reasons for sentence in reason(stays, goes)]
