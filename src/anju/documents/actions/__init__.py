"""What one may do with letters: each one transaction and one entry in the journal."""

from anju.documents.actions.drafting import Kind, draft, revise, void
from anju.documents.actions.looking import look
from anju.documents.actions.naming import name_office
from anju.documents.actions.receiving import receive
from anju.documents.actions.signing import countersign, hand_over, issue, send_back
from anju.documents.actions.taking import take

__all__ = [
    "Kind",
    "countersign",
    "draft",
    "hand_over",
    "issue",
    "look",
    "name_office",
    "receive",
    "revise",
    "send_back",
    "take",
    "void",
]
