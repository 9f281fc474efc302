"""A sheet's rows answered: facts prepared, decisions evaluated, one `Answers` per subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from anju.check.questions import Question, ask, subject_of
from anju.check.settings import Settings
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_texts
from anju.policy.model import Policy
from anju.tables.ledger import Problem, Sheet

Engine = Callable[[pl.DataFrame, Edition, Sequence[str]], pl.DataFrame]
"""A frame of facts and the decisions asked → the columns to add (at least `Batch.answer_columns`), row for row."""

_conflict = "户“{}”各行的“{}”不一样，这一户按不知道处理，请改成一致"


@dataclass(frozen=True)
class Answers:
    """One subject of one sheet.

    ``frame`` has a line a row: ``@row``, ``@key`` and the other identity columns, the facts, and for each decision the
    columns ``code``, ``code.row``, ``code.missing`` (see `anju.policy.frames`). ``missing`` is a String column of
    comma-separated facts that have a column and a blank cell in it, null where nothing is missing.
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


@dataclass(frozen=True, slots=True)
class Source:
    """What is being answered: a sheet of a file, by an edition of the pages, with the settings of the call."""

    file: str
    sheet: Sheet
    edition: Edition
    settings: Settings
    engine: Engine


def answer_sheet(source: Source, subject: str | None) -> tuple[Answers, ...]:
    """Answer a sheet about its subject, and about households where its rows share a 户编号."""
    sheet, edition, facts = source.sheet, source.edition, source.settings.facts
    chosen = subject or subject_of(edition, (*sheet.terms, *facts))
    if chosen is None:
        return ()
    grouped = "@household" in sheet.frame.columns
    if chosen == "household" and grouped:
        return (_answer(source, "household", *households(source)),)
    asked = [_answer(source, chosen, sheet.frame)]
    if chosen == "person" and grouped and ask(edition, "household", sheet.terms, facts).decisions:
        asked.append(_answer(source, "household", *households(source)))
    return tuple(asked)


def households(source: Source) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """One line a household: a fact on which its rows agree; where they differ it is unknown, with a warning.

    Rows without a 户编号 belong to no household.
    """
    sheet, terms = source.sheet, source.edition.policy.terms
    codes = [code for code in sheet.terms if "household" in terms[code].subjects]
    flags = [
        f"{code}.{s.code}" for code in codes for s in terms[code].specials if f"{code}.{s.code}" in sheet.frame.columns
    ]
    rows = _with_heads(sheet.frame.filter(pl.col("@household").is_not_null()))
    grouped = rows.group_by("@household", maintain_order=True).agg(
        pl.col("@row").first(),
        *(pl.col(c).drop_nulls().first() for c in ("@head", "@name") if c in rows.columns),
        *(pl.when(_distinct(code) == 1).then(pl.col(code).drop_nulls().first()).alias(code) for code in codes),
        *(pl.col(flag).any() for flag in flags),
        *((_distinct(code) > 1).alias(f"{code}!") for code in codes),
    )
    conflicts = tuple(
        Problem(
            source.file, sheet.name, row, terms[code].name, None, "", _conflict.format(key, terms[code].name), "warning"
        )
        for code in codes
        for key, row in grouped.filter(pl.col(f"{code}!")).select("@household", "@row").iter_rows()
    )
    frame = grouped.with_columns(pl.col("@household").alias("@key")).drop(f"{code}!" for code in codes)
    return frame, conflicts


def _with_heads(rows: pl.DataFrame) -> pl.DataFrame:
    """In a list of persons that names no heads, a household is called by the member who is its 户主."""
    if "@head" in rows.columns or not {"@name", "@relation"} <= set(rows.columns):
        return rows
    return rows.with_columns(pl.when(pl.col("@relation") == "户主").then("@name").alias("@head"))


def _distinct(code: str) -> pl.Expr:
    return pl.col(code).drop_nulls().n_unique()


def _answer(source: Source, subject: str, frame: pl.DataFrame, problems: tuple[Problem, ...] = ()) -> Answers:
    """Answer the rows of a frame about a subject; facts of the call stand in for columns that the frame lacks."""
    edition = source.edition
    terms = edition.policy.terms
    facts = source.settings.facts
    known = {code: facts[code] for code in facts if subject in terms[code].subjects and code not in frame.columns}
    columns = [code for code in source.sheet.terms if subject in terms[code].subjects]
    question = ask(edition, subject, columns, known)
    given = facts_frame({code: [fact] for code, fact in known.items()}, terms)
    full = frame.with_columns(pl.lit(given[c].item(), dtype=given[c].dtype).alias(c) for c in given.columns)
    answered = _by_edition(full, edition, lambda part, own: _evaluate(source.engine, part, own, question.decisions))
    complete = _with_missing(answered, edition, question)
    return Answers(source.file, source.sheet.name, question, edition, complete, source.settings, problems)


def on_polars(frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    """The answers and the derived facts, worked out in this process."""
    answers = Batch(edition, decisions, frame.columns).evaluate(frame.lazy())
    extra = [name for name in answers.collect_schema().names() if name not in frame.columns and "?" not in name]
    return answers.select(extra).collect()


def _evaluate(engine: Engine, frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    """The frame with the answers; facts stay as they were read."""
    return pl.concat([frame, engine(frame, edition, decisions)], how="horizontal") if decisions else frame


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
    """Add ``missing``: what decisions miss, and dates that deadlines count from, as far as they have a column."""
    if not question.decisions:
        return frame.with_columns(pl.lit(None, dtype=pl.String).alias("missing"))
    texts: list[pl.Expr] = []
    for code in question.asking:
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
