"""What one may do with cases: each one transaction and one entry in the journal."""

from anju.cases.actions.leaving import resume, suspend, terminate, withdraw
from anju.cases.actions.notices import decide_objection, post_notice, record_objection
from anju.cases.actions.opening import open_case
from anju.cases.actions.papers import keep_paper, take_paper
from anju.cases.actions.stepping import take_step

__all__ = [
    "decide_objection",
    "keep_paper",
    "open_case",
    "post_notice",
    "record_objection",
    "resume",
    "suspend",
    "take_paper",
    "take_step",
    "terminate",
    "withdraw",
]
