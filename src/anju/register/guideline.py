"""The pages, read once a process."""

from functools import cache

from anju.policy.load import load
from anju.policy.model import Policy, Term


@cache
def guideline() -> Policy:
    """The guideline that this installation runs."""
    return load()


@cache
def recorded_terms(kind: str) -> tuple[Term, ...]:
    """The terms of a subject that are recorded facts, in page order; not the row number and the day that is asked for."""
    terms = guideline().terms.values()
    return tuple(t for t in terms if t.source == "ledger" and kind in t.subjects and t.code not in ("key", "as_of"))
