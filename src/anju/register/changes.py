"""What has to be looked at again when facts change: the floors above list themselves here, at start-up.

A call gets the kind of the subjects and their ids, in the transaction of the change.
"""

from collections.abc import Callable, Sequence

Call = Callable[[str, Sequence[str]], None]
_calls: list[Call] = []


def after_change(call: Call) -> Call:
    """List a call; usable as a decorator."""
    if call not in _calls:
        _calls.append(call)
    return call


def changed(kind: str, ids: Sequence[str]) -> None:
    """Say that facts of subjects have changed."""
    for call in _calls if ids else ():
        call(kind, ids)
