"""What a sheet can be asked: its subject, the decisions it gives facts for, and the facts it has no column for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anju.duties.blanks import dates_of, only_feeds
from anju.policy.edition import Edition

subjects = ("person", "household", "site", "county")


@dataclass(frozen=True, slots=True)
class Question:
    """One subject of a sheet: the decisions to answer, the facts given, and those without a column.

    ``asking`` are the decisions whose blanks are asked for: not those that only feed another (whoever is no party member
    need not be asked whether he is 三脱钩). ``present`` are facts whose blank cells are to be filled in; ``absent`` ones are
    named once for the file. ``facts`` are all recorded facts that the decisions and their deadlines rest on.
    """

    subject: str
    decisions: tuple[str, ...]
    asking: tuple[str, ...]
    present: frozenset[str]
    absent: tuple[str, ...]
    facts: frozenset[str]


def ask(edition: Edition, subject: str, columns: Iterable[str], settings: Iterable[str]) -> Question:
    """The question about a subject for a sheet with these term columns and these given facts.

    A decision is answered if at least one of its own facts (not those of 0-terms) is given.
    """
    columns, given = frozenset(columns), frozenset(columns) | frozenset(settings)
    terms = edition.policy.terms
    decisions = tuple(
        code
        for code in edition.decisions(subject)
        if any(fact in given and not terms[fact].common for fact in edition.inputs(code))
    )
    needed = dict.fromkeys(fact for code in decisions for fact in (*edition.inputs(code), *dates_of(edition, code)))
    absent = tuple(fact for fact in needed if not _has(edition, fact, given) and terms[fact].blank_as is None)
    present = frozenset(fact for fact in needed if _in_file(edition, fact, columns) and fact not in settings)
    asking = tuple(code for code in decisions if not only_feeds(edition, code, decisions))
    return Question(subject, decisions, asking, present, absent, frozenset(_recorded(edition, needed)))


def subject_of(edition: Edition, columns: Sequence[str]) -> str | None:
    """The subject that the term columns speak of; None where no own fact of any subject is among them.

    A row with any fact of a person is a person's; then of a household; sites and counties by the greater number.
    """
    terms = edition.policy.terms
    own = [terms[code] for code in columns if not terms[code].common]
    counts = {subject: sum(subject in term.subjects for term in own) for subject in subjects}
    for subject in ("person", "household"):
        if counts[subject]:
            return subject
    best = max(subjects, key=lambda subject: counts[subject])
    return best if counts[best] else None


def _recorded(edition: Edition, facts: Iterable[str]) -> Iterator[str]:
    """The facts and those from which they can be computed."""
    for fact in facts:
        yield fact
        if edition.calculation(fact) is not None:
            yield from _recorded(edition, edition.reads(fact))


def _in_file(edition: Edition, fact: str, columns: frozenset[str]) -> bool:
    """Whether a cell of the file could be blank for the fact: its own, or one from which it can be computed.

    What follows from parameters alone (补助标准 by county) stands in no cell, so none can be filled in.
    """
    if fact in columns:
        return True
    return edition.calculation(fact) is not None and any(_in_file(edition, r, columns) for r in edition.reads(fact))


def _has(edition: Edition, fact: str, given: frozenset[str]) -> bool:
    """Whether a fact has a column or can be computed from those that have."""
    if fact in given or fact == "as_of":
        return True
    calculation = edition.calculation(fact)
    return calculation is not None and all(_has(edition, read, given) for read in edition.reads(fact))
