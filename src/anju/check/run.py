"""Files in, answers out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from anju.check.answers import Answers, Engine, Source, answer_sheet, on_polars
from anju.check.settings import Settings
from anju.government.regions.scope import place_codes, with_scope
from anju.policy.edition import Edition
from anju.policy.errors import PolicyError
from anju.policy.model import Policy
from anju.tables.ledger import Ledger, Problem, Sheet
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
    read = _without_impossible_days(read_ledger(path, policy, on, file=name), edition)
    places = {code: str(settings.facts[code]) for code in place_codes if code in settings.facts}
    ledger = with_scope(read, on, places)
    answers = tuple(
        answered
        for sheet in ledger.sheets
        for answered in answer_sheet(Source(ledger.file, sheet, edition, settings, engine), subject)
    )
    problems = (
        *ledger.all_problems(),
        *(p for answered in answers for p in answered.problems),
        *_unasked(ledger, answers),
        *_unused(read, ledger, answers, settings),
    )
    return Checked(ledger, answers, problems)


def _without_impossible_days(ledger: Ledger, edition: Edition) -> Ledger:
    """The ledger with the rows refused whose own 判定日 is a day for which the pages have no values."""
    return replace(ledger, sheets=tuple(_possible(ledger.file, sheet, edition) for sheet in ledger.sheets))


def _possible(file: str, sheet: Sheet, edition: Edition) -> Sheet:
    if "as_of" not in sheet.frame.columns:
        return sheet
    wrong = [day for day in sheet.frame["as_of"].drop_nulls().unique() if not _holds(edition, day)]
    advice = "这一天指导意见的参数还没有值，答不了；请核对判定日，或者空着，按这次判定的日子答。"
    refused = sheet.frame.filter(pl.col("as_of").is_in(wrong)).select("@row", "as_of")
    problems = [
        Problem(file, sheet.name, row, "判定日", None, day.isoformat(), advice, "refused")
        for row, day in refused.iter_rows()
    ]
    kept = sheet.frame.filter(pl.col("as_of").is_in(wrong).not_() | pl.col("as_of").is_null())
    ordered = sorted((*sheet.problems, *problems), key=lambda problem: problem.row or 0)
    return replace(sheet, frame=kept, problems=tuple(ordered), refused=sheet.refused + refused.height)


def _holds(edition: Edition, day: date) -> bool:
    try:
        Edition(edition.policy, day, settings=edition.settings)
    except PolicyError:
        return False
    return True


def _unused(read: Ledger, ledger: Ledger, answers: Sequence[Answers], settings: Settings) -> Iterator[Problem]:
    """Facts of the call that changed nothing: the file says it itself, or nothing that was asked rests on it."""
    for code in settings.facts:
        asked = [a for a in answers if code in a.question.facts or code in place_codes]
        said = read if code in place_codes else ledger
        if asked and not any(code in sheet.terms for sheet in said.sheets):
            continue
        name = answers[0].policy.terms[code].name if answers else code
        why = "文件里有这一列，或者由别的列得出，按文件里的" if asked else "答得出的条都用不到它"
        yield Problem(ledger.file, None, None, None, None, "", f"“{name}”是 --set 给的，没有用：{why}。", "warning")


def _unasked(ledger: Ledger, answers: Sequence[Answers]) -> tuple[Problem, ...]:
    """Sheets whose columns let no decision be answered."""
    asked = {answered.sheet for answered in answers if answered.question.decisions}
    advice = "这张表的列答不了任何一条；对照 docs/headers.md 的表头，或者用 --set 术语=值 补上"
    return tuple(
        Problem(ledger.file, sheet.name, None, None, None, "", advice, "warning")
        for sheet in ledger.sheets
        if sheet.name not in asked
    )
