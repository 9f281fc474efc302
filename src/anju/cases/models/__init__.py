"""What is stored of cases: what was done and whose turn it is, papers, public notices, votes, what followed,
and what is done for many of them at once.
"""

from anju.cases.models.bundles import Bundle, Portion, Sort
from anju.cases.models.cases import (
    Case,
    Cases,
    Did,
    Entries,
    Entry,
    OfCases,
    State,
    Turn,
    Turns,
    by_guardian,
    for_guardians,
    open_states,
    taken,
)
from anju.cases.models.consequences import Consequence, Consequences
from anju.cases.models.notices import How, Notice, Notices, Objection, Objections, Outcome
from anju.cases.models.papers import Media, Paper, PaperKind, Papers, Scan
from anju.cases.models.votes import Body, Choice, Vote, Voter, Voters, Votes

__all__ = [
    "Body",
    "Bundle",
    "Case",
    "Cases",
    "Choice",
    "Consequence",
    "Consequences",
    "Did",
    "Entries",
    "Entry",
    "How",
    "Media",
    "Notice",
    "Notices",
    "Objection",
    "Objections",
    "OfCases",
    "Outcome",
    "Paper",
    "PaperKind",
    "Papers",
    "Portion",
    "Scan",
    "Sort",
    "State",
    "Turn",
    "Turns",
    "Vote",
    "Voter",
    "Voters",
    "Votes",
    "by_guardian",
    "for_guardians",
    "open_states",
    "taken",
]
