"""What one may do with imports, and with exports (`anju.exchange.actions.exporting`): each one transaction and one entry in the journal."""

from anju.exchange.actions.accepting import accept, again, approve_undo, ask_undo, refuse_undo, reject
from anju.exchange.actions.deciding import choose, decide
from anju.exchange.actions.handing_in import hand_in
from anju.exchange.actions.taking import take_problems

__all__ = [
    "accept",
    "again",
    "approve_undo",
    "ask_undo",
    "choose",
    "decide",
    "hand_in",
    "refuse_undo",
    "reject",
    "take_problems",
]
