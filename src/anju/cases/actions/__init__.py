"""What one may do with cases: each one transaction and one entry in the journal."""

from anju.cases.actions.holding import take_hold
from anju.cases.actions.leaving import resume, suspend, terminate, withdraw
from anju.cases.actions.notices import decide_objection, post_notice, post_notices, record_objection
from anju.cases.actions.opening import ForDuty, open_case, open_for_duty, opens
from anju.cases.actions.papers import keep_consent, keep_paper, take_paper
from anju.cases.actions.proving import prove_notice, prove_notices
from anju.cases.actions.stepping import take_step, take_steps
from anju.cases.actions.taking import note_ballots_taken, note_taken
from anju.cases.actions.votes import (
    ByName,
    Figures,
    call_vote,
    call_votes,
    count_vote,
    count_votes,
    note_meeting,
    note_votes,
)

__all__ = [
    "ByName",
    "Figures",
    "ForDuty",
    "call_vote",
    "call_votes",
    "count_vote",
    "count_votes",
    "decide_objection",
    "keep_consent",
    "keep_paper",
    "note_ballots_taken",
    "note_meeting",
    "note_taken",
    "note_votes",
    "open_case",
    "open_for_duty",
    "opens",
    "post_notice",
    "post_notices",
    "prove_notice",
    "prove_notices",
    "record_objection",
    "resume",
    "suspend",
    "take_hold",
    "take_paper",
    "take_step",
    "take_steps",
    "terminate",
    "withdraw",
]
