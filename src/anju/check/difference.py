"""`anju policy diff --register`: a ledger answered by two editions of the pages, and for whom the answers differ."""

from __future__ import annotations

from pathlib import Path

from anju.check.answers import Answers
from anju.check.run import Checked, check_file
from anju.check.settings import Settings
from anju.policy.diff.shifts import Answered, Register, RegisterRefused, shifts
from anju.policy.edition import Edition
from anju.tables.ledger import FileRefused

_Key = tuple[str | None, str]


def for_whom(path: Path, before: Edition, after: Edition) -> Register:
    """Answer a ledger twice and compare. Each side reads the file with its own terms.

    Raises:
        RegisterRefused: the file as a whole cannot be read.
        anju.policy.errors.PolicyError: a parameter has no value on one of the days.
    """
    try:
        sides = [check_file(path, e.policy, e.on, Settings(parameters=e.settings)) for e in (before, after)]
    except FileRefused as refused:
        raise RegisterRefused(refused.problem.sentence()) from None
    old, new = ({_key(answers): _answered(answers) for answers in side.answers} for side in sides)
    found = tuple(shifts(*key, old[key], new[key]) for key in old if key in new)
    return Register(path.name, found, max(_refused(side) for side in sides))


def _key(answers: Answers) -> _Key:
    return answers.sheet, answers.subject


def _answered(answers: Answers) -> Answered:
    return Answered(answers.edition, answers.question.decisions, answers.frame)


def _refused(checked: Checked) -> int:
    return checked.ledger.refused
