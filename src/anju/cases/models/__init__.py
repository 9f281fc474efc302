"""What is stored of cases: what was done and whose turn it is, papers, public notices, votes."""

from anju.cases.models.cases import Case, Cases, Did, Entries, Entry, OfCases, State, Turn, Turns, open_states
from anju.cases.models.notices import How, Notice, Notices, Objection, Objections, Outcome
from anju.cases.models.papers import Media, Paper, PaperKind, Papers
from anju.cases.models.votes import Body, Choice, Vote, Voter, Voters, Votes

__all__ = [
    "Body",
    "Case",
    "Cases",
    "Choice",
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
    "State",
    "Turn",
    "Turns",
    "Vote",
    "Voter",
    "Voters",
    "Votes",
    "open_states",
]
