"""What has to be looked at again when facts change: the floors above list themselves here, at start-up.

A call gets the kind of the subjects and their ids, in the transaction of the change, and acts for nobody.
"""

from collections.abc import Callable, Mapping, Sequence

from anju.government.second_wall import everything

Call = Callable[[str, Sequence[str]], None]
Hold = Callable[[Mapping[str, Sequence[str]]], None]
_calls: list[Call] = []
_holds: list[Hold] = []


def after_change(call: Call) -> Call:
    """List a call; usable as a decorator."""
    if call not in _calls:
        _calls.append(call)
    return call


def before_changes(hold: Hold) -> Hold:
    """List what has to be held of subjects of several kinds, by kind, before any of them is looked at again; usable as a decorator."""
    if hold not in _holds:
        _holds.append(hold)
    return hold


def changed_together(subjects: Mapping[str, Sequence[str]]) -> None:
    """The same of subjects of several kinds in one transaction: all are held in one order first, so that nobody waits in a ring."""
    if len([ids for ids in subjects.values() if ids]) > 1:
        for hold in _holds:
            hold(subjects)
    for kind, ids in subjects.items():
        changed(kind, ids)


def changed(kind: str, ids: Sequence[str]) -> None:
    """Say that facts of subjects have changed."""
    if ids:
        with everything():
            for call in _calls:
                call(kind, ids)
