"""What one may do with cases: each one transaction and one entry in the journal."""

from anju.cases.actions.leaving import resume, suspend, terminate, withdraw
from anju.cases.actions.notices import decide_objection, post_notice, record_objection
from anju.cases.actions.opening import open_case
from anju.cases.actions.papers import keep_paper, take_paper
from anju.cases.actions.stepping import take_step, take_steps
from anju.cases.actions.votes import Figures, call_vote, count_vote, note_votes

__all__ = [
    "Figures",
    "call_vote",
    "count_vote",
    "decide_objection",
    "keep_paper",
    "note_votes",
    "open_case",
    "post_notice",
    "record_objection",
    "resume",
    "suspend",
    "take_paper",
    "take_step",
    "take_steps",
    "terminate",
    "withdraw",
]
