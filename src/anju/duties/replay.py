"""Why a duty opened, years later: the facts as they were known then, by the pages that held then."""

from __future__ import annotations

from dataclasses import dataclass

from anju.duties.editions import Counties
from anju.duties.judging import judge
from anju.duties.models import Duty
from anju.duties.owed import fill_in
from anju.duties.versions import policy_of
from anju.government.second_wall import everything
from anju.policy.closures import Answer
from anju.register.facts import facts_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """``answer``: what the decision said, with its reason, the facts it used and why the other rows did not hold; None for a 补录.

    ``same``: whether it opens the same duty from the same row (for a 补录: whether anything was missing) as it did then.
    """

    answer: Answer | None
    same: bool


def replay(duty: Duty) -> Replayed:
    """Decide once more what opened a duty. Acts for nobody: show it within what the officer's lines see.

    What was withdrawn since, a step of a relation that was registered by mistake, is not known any more; then it is not the same.
    """
    with everything():
        counties = Counties.of(policy_of(duty.version_id), duty.opened_on, duty.opened_at)
        facts = facts_of(duty.subject_kind, duty.subject_id, on=duty.opened_on, at=duty.opened_at)
    county = str(facts.get("destination_code", duty.destination))[:6]
    if duty.kind == fill_in:
        owed = judge(duty.subject_kind, [(duty.subject_id, county, facts)], counties)
        return Replayed(None, fill_in in owed["kind"])
    answer = counties.judge(county).case(duty.subject_kind).answer(facts)[duty.decision]
    return Replayed(answer, answer.row == duty.row and duty.kind in answer.duties)
