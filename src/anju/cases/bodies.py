"""Which bodies can vote on a case: those by which, if all agreed, the pages would let it go on."""

from __future__ import annotations

from collections.abc import Mapping

from anju.cases import votes
from anju.cases.fields import Value
from anju.cases.guards import known_of, why_never
from anju.cases.models import Body, Case
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded

_all_agree: Mapping[str, Value] = {"eligible": 1, "present": 1, "agreed": 1, "against": 0, "abstained": 0}


def closed_bodies(case: Case, running: Running) -> dict[str, str]:
    """Each body that cannot vote on a case, with the reason as the pages' decision gives it. Asked for nobody."""
    counting = next((one for one in running.procedure.steps if votes.is_counted_at(running, one)), None)
    if counting is None:
        return {}
    recorded, names = Recorded.of(case, running), {name for step in running.procedure.steps for name in step.fields}
    found, known = {}, known_of(case)
    for body in Body.values:
        told = {**_all_agree, "body": body}
        values = {name: told[what] for name, what in votes.fields.items() if name in names and what in told}
        if why := why_never(case, running, counting, values, recorded, known=known):
            found[body] = why
    return found
