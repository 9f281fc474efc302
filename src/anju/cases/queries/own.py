"""A resident's own case: where it stands, whose turn it is, and what was done; of what offices wrote only what is said to the resident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from anju.cases.actions.within import sender
from anju.cases.clocks import Clocks
from anju.cases.models import Case, Did, Entry
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.cases.queries.one import Shown, Told, recorded_of, standing, told, values_in
from anju.cases.queries.rows import open_turns, waiting
from anju.cases.turns import Places
from anju.government.lines import Level, Line
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.residents import Resident
from anju.register.queries.lists import is_id

_ways_out = (Did.SUSPENDED, Did.TERMINATED, Did.WITHDRAWN)


def shown_to(resident: Resident, case: Case, clocks: Clocks) -> Shown:
    """Everything about an own case that the resident sees; ``own``: the turns at which the page lets the person act."""
    running, places = Running.of(case), Places.of(case)
    visible = Entry.objects.visible_to(resident, purpose=purpose).filter(case=case)
    entries = list(visible.order_by("seq"))
    turns = open_turns(resident, [case.pk]) if case.step else []
    names = Names({*places.all(), *(turn.region for turn in turns)}, clocks.on)
    return Shown(
        case,
        running,
        [_told(entry, running, names) for entry in entries],
        standing(case, running, entries, names, clocks),
        waiting(turns, names, clocks),
        [turn for turn in turns if turn.resident],
        vacant=False,
        works=False,
        values=values_in([entry for entry in entries if entry.by_hand]),
        recorded=recorded_of(case, running),
        lacking="",
    )


def _told(entry: Entry, running: Running, names: Names) -> Told:
    """What the resident wrote, and why an office gives a case back to the resident, lets it wait or ends it."""
    found = told(entry, running, names, open_=True)
    if entry.by_hand or entry.did == Did.OPENED:
        return found
    to_person = entry.target > 0 and any(actor.person for actor in running.step(entry.target).actors)
    said = entry.did in _ways_out or (entry.did == Did.MOVED and (entry.target < 0 or to_person))
    return replace(found, fields=(), basis="", reason=found.reason if said else "", office="")


def every_line(case: Case) -> Sequence[Scope]:
    """As what somebody reads who sees the own facts whatever line works with them: every line, where the case lies."""
    return [Scope(line, Level.VILLAGE, case.destination, "~") for line in Line.values]


def sent_by_hand(resident: Resident, case: Case | None, key: str) -> Case | None:
    """The case, or any of the own ones, of which the resident has sent something with that number before, so that it is done."""
    if not is_id(key):
        return None
    _, number = sender(resident, UUID(key))
    found = (
        Entry.objects.visible_to(resident, purpose=purpose).filter(by=None, key=number).select_related("case").first()
    )
    return found.case if found is not None and (case is None or found.case_id == case.pk) else None
