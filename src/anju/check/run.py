"""Files in, answers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from anju.check.answers import Answers, Engine, Source, answer_sheet, on_polars
from anju.check.settings import Settings
from anju.government.regions.scope import with_scope
from anju.policy.edition import Edition
from anju.policy.model import Policy
from anju.tables.ledger import Ledger, Problem
from anju.tables.reading import read_ledger


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with its answers, subject by subject, and every problem of reading it."""

    ledger: Ledger
    answers: tuple[Answers, ...]
    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.ledger.file

    @property
    def rows(self) -> int:
        """How many rows the file has, refused ones included."""
        return sum(sheet.frame.height for sheet in self.ledger.sheets) + self.ledger.refused

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headers that nothing is done with."""
        return tuple(dict.fromkeys(header for sheet in self.ledger.sheets for header in sheet.ignored))

    @property
    def absent(self) -> tuple[str, ...]:
        """Facts that decisions need and the file has no column for."""
        return tuple(dict.fromkeys(fact for answers in self.answers for fact in answers.question.absent))


def check_file(
    path: Path,
    policy: Policy,
    on: date,
    settings: Settings,
    *,
    subject: str | None = None,
    name: str | None = None,
    engine: Engine = on_polars,
) -> Checked:
    """Read a ledger and answer it.

    Args:
        path: the file; ``name`` is what it is called to people, by default the path's own name.
        on: 判定日.
        subject: person, household, site or county; by default what the columns speak of.
        engine: what evaluates frames: Polars here, or Spark.

    Raises:
        anju.tables.ledger.FileRefused: the file as a whole cannot be read.
        anju.policy.errors.PolicyError: a parameter has no value on that day.
    """
    edition = Edition(policy, on, settings=settings.parameters)
    ledger = with_scope(read_ledger(path, policy, on, file=name), on)
    answers = tuple(
        answered
        for sheet in ledger.sheets
        for answered in answer_sheet(Source(ledger.file, sheet, edition, settings, engine), subject)
    )
    problems = (
        *ledger.all_problems(),
        *(p for answered in answers for p in answered.problems),
        *_unasked(ledger, answers),
    )
    return Checked(ledger, answers, problems)


def _unasked(ledger: Ledger, answers: Sequence[Answers]) -> tuple[Problem, ...]:
    """Sheets whose columns let no decision be answered."""
    asked = {answered.sheet for answered in answers if answered.question.decisions}
    advice = "这张表的列答不了任何一条；对照 docs/headers.md 的表头，或者用 --set 术语=值 补上"
    return tuple(
        Problem(ledger.file, sheet.name, None, None, None, "", advice, "warning")
        for sheet in ledger.sheets
        if sheet.name not in asked
    )
