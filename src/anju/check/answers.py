"""A sheet's rows answered: facts prepared, decisions evaluated, one `Answers` per subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from anju.check.questions import Question, ask, subject_of
from anju.check.settings import Settings
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_texts
from anju.policy.model import Policy
from anju.tables.ledger import Problem, Sheet


@dataclass(frozen=True)
class Answers:
    """One subject of one sheet.

    ``frame`` has a line a row: ``@row``, ``@key`` and the other identity columns, the facts, and for each decision the
    columns ``code``, ``code.row``, ``code.missing`` (see `anju.policy.frames`). ``missing`` is a String column of comma-
    separated facts that have a column and a blank cell in it, null where nothing is missing.
    """

    file: str
    sheet: str | None
    question: Question
    edition: Edition
    frame: pl.DataFrame
    settings: Settings
    problems: tuple[Problem, ...] = ()

    @property
    def subject(self) -> str:
        """person, household, site or county."""
        return self.question.subject

    @cached_property
    def policy(self) -> Policy:
        """The pages that answered."""
        return self.edition.policy


def answer_sheet(
    file: str, sheet: Sheet, policy: Policy, on: date, settings: Settings, subject: str | None
) -> tuple[Answers, ...]:
    """Answer a sheet about its subject, and about households where its rows share a 户编号."""
    edition = Edition(policy, on, settings=settings.parameters)
    chosen = subject or subject_of(edition, (*sheet.terms, *settings.facts))
    if chosen is None:
        return ()
    asked = [_answer(file, sheet, edition, sheet.frame, settings, chosen, ())]
    if chosen == "household" and "@household" in sheet.frame.columns:
        frame, conflicts = households(sheet, file, edition)
        asked = [_answer(file, sheet, edition, frame, settings, "household", conflicts)]
    elif chosen == "person" and "@household" in sheet.frame.columns:
        if ask(edition, "household", sheet.terms, settings.facts).decisions:
            frame, conflicts = households(sheet, file, edition)
            asked.append(_answer(file, sheet, edition, frame, settings, "household", conflicts))
    return tuple(asked)


def households(sheet: Sheet, file: str, edition: Edition) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """One line a household: a fact on which its rows agree; where they differ it is unknown, with a warning.

    Rows without a 户编号 belong to no household.
    """
    terms = edition.policy.terms
    codes = [code for code in sheet.terms if "household" in terms[code].subjects]
    flags = [
        f"{code}.{s.code}" for code in codes for s in terms[code].specials if f"{code}.{s.code}" in sheet.frame.columns
    ]
    rows = sheet.frame.filter(pl.col("@household").is_not_null())
    grouped = rows.group_by("@household", maintain_order=True).agg(
        pl.col("@row").first(),
        *(pl.col(c).drop_nulls().first() for c in ("@head", "@name") if c in rows.columns),
        *(pl.when(_distinct(code) == 1).then(pl.col(code).drop_nulls().first()).alias(code) for code in codes),
        *(pl.col(flag).any() for flag in flags),
        *((_distinct(code) > 1).alias(f"{code}!") for code in codes),
    )
    conflicts = tuple(
        Problem(
            file,
            sheet.name,
            row,
            terms[code].name,
            None,
            "",
            f"户“{key}”各行的“{terms[code].name}”不一样，这一户按不知道处理，请改成一致",
            "warning",
        )
        for code in codes
        for key, row in grouped.filter(pl.col(f"{code}!")).select("@household", "@row").iter_rows()
    )
    frame = grouped.with_columns(pl.col("@household").alias("@key")).drop(f"{code}!" for code in codes)
    return frame, conflicts


def _distinct(code: str) -> pl.Expr:
    return pl.col(code).drop_nulls().n_unique()


def _answer(
    file: str,
    sheet: Sheet,
    edition: Edition,
    frame: pl.DataFrame,
    settings: Settings,
    subject: str,
    problems: tuple[Problem, ...],
) -> Answers:
    terms = edition.policy.terms
    known = {
        code: fact
        for code, fact in settings.facts.items()
        if subject in terms[code].subjects and code not in frame.columns
    }
    columns = [code for code in sheet.terms if subject in terms[code].subjects]
    question = ask(edition, subject, columns, known)
    given = facts_frame({code: [fact] for code, fact in known.items()}, terms)
    full = frame.with_columns(pl.lit(given[c].item(), dtype=given[c].dtype).alias(c) for c in given.columns)
    answered = _by_edition(full, edition, lambda part, own: _evaluate(part, own, question.decisions))
    return Answers(file, sheet.name, question, edition, _with_missing(answered, edition, question), settings, problems)


def _evaluate(frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    """The frame with the answers; facts stay as they were read, derived ones come beside them."""
    batch = Batch(edition, decisions, frame.columns)
    answers = batch.evaluate(frame.lazy())
    extra = [name for name in answers.collect_schema().names() if name not in frame.columns and "?" not in name]
    return pl.concat([frame, answers.select(extra).collect()], how="horizontal") if extra else frame


def _by_edition(
    frame: pl.DataFrame, edition: Edition, evaluate: Callable[[pl.DataFrame, Edition], pl.DataFrame]
) -> pl.DataFrame:
    """Evaluate at once where one edition holds for all rows, else by 判定日 and by county with its own parameters."""
    keys: list[pl.Expr] = []
    own = {p.county for dated in edition.policy.parameters.values() for p in dated if p.county}
    if own and "destination_code" in frame.columns:
        county = pl.col("destination_code").str.slice(0, 6)
        keys.append(pl.when(county.is_in(sorted(own))).then(county).otherwise(pl.lit("")).alias("#county"))
    if "as_of" in frame.columns:
        keys.append(pl.col("as_of").fill_null(edition.on).alias("#on"))
    if not keys or frame.is_empty():
        return evaluate(frame, edition)
    names = [key.meta.output_name() for key in keys]
    parts: list[pl.DataFrame] = []
    for part in frame.with_row_index("#").with_columns(keys).partition_by(names, maintain_order=True):
        own_county = str(part["#county"][0]) if "#county" in names else ""
        on = part["#on"][0] if "#on" in names else edition.on
        parts.append(evaluate(part.drop(names), Edition(edition.policy, on, own_county, edition.settings)))
    return pl.concat(parts, how="vertical_relaxed").sort("#").drop("#")


def _with_missing(frame: pl.DataFrame, edition: Edition, question: Question) -> pl.DataFrame:
    """Add ``missing``: what the decisions miss, and the dates that deadlines count from, as far as they have a column."""
    if not question.decisions:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("missing"))
    texts: list[pl.Expr] = []
    for code in question.decisions:
        column = pl.col(f"{code}.missing")
        known = missing_texts(frame, code)
        kept = {text: ",".join(t for t in text.split(",") if t in question.present) for text in known}
        if any(kept.values()):
            texts.append(column.cast(pl.String).replace(kept))
    texts += _missing_dates(frame, edition, question)
    if not texts:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("missing"))
    joined = frame.select(pl.concat_str(texts, separator=",", ignore_nulls=True).alias("missing"))["missing"]
    tidy = {
        text: ",".join(dict.fromkeys(t for t in text.split(",") if t)) or None for text in joined.unique().to_list()
    }
    return frame.with_columns(joined.replace_strict(list(tidy), list(tidy.values()), return_dtype=pl.String))


def _missing_dates(frame: pl.DataFrame, edition: Edition, question: Question) -> list[pl.Expr]:
    """For each date term of a deadline: its code where a duty that counts from it is owed and the date is blank."""
    found: list[pl.Expr] = []
    for code in question.decisions:
        for rule in edition.tables[code].rules:
            for duty in rule.row.duties:
                term = edition.policy.duties[duty].deadline.term
                if term and term in frame.columns and term in question.present:
                    owed = (pl.col(f"{code}.row") == rule.row.number) & pl.col(term).is_null()
                    found.append(pl.when(owed).then(pl.lit(term)))
    return found
