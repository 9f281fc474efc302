"""应办清单: one duty a row. Whose, what, until when, under which clause, and why."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anju.calendar.deadlines import due_column
from anju.check.answers import Answers
from anju.duties.owed import fill_in, fill_in_label, length_of, owed, reasons
from anju.policy.edition import Edition
from anju.policy.model import DutyKind

fill_in_who = "迁入·村社区·村居"
columns = ("#", "decision", "kind", "label", "strength", "due", "due_kind", "who", "clause", "reason", "terms")


def worklist(answers: Answers) -> pl.DataFrame:
    """The duties of a subject's rows.

    Columns: ``#`` (UInt32, the row's number in ``answers.frame``), decision, kind, label, strength, due (Date or null),
    due_kind, who, clause, reason, terms (comma-separated codes, only for ``fill_in``). In the order of rows, then of
    the pages; a duty that two decisions open stands once.
    """
    frame = answers.frame.with_row_index("#")
    edition, decisions = answers.edition, answers.question.decisions
    duties = owed(frame, edition, decisions).with_row_index("@")
    filled = _fill_in(frame, answers)
    why = duties.join(reasons(edition.policy, decisions), on=["decision", "row"], how="left", maintain_order="left")
    kinds = _kinds_frame(edition.policy.duties)
    listed = _with_due(why, edition).join(kinds, on="kind", how="left", maintain_order="left").sort("#", "@")
    return pl.concat([listed.select(columns), filled.select(columns)]).sort("#", maintain_order=True)


def _with_due(duties: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Add ``due``: computed once a kind, and once a distinct date that it counts from."""
    parts = [duties.head(0).with_columns(pl.lit(None, dtype=pl.Date).alias("due"))]
    for (code,), part in duties.group_by("kind", maintain_order=True):
        deadline = edition.policy.duties[str(code)].deadline
        due = due_column(deadline, part["counts_from"], length_of(deadline, edition))
        parts.append(part.with_columns(due.alias("due")))
    return pl.concat(parts)


def _kinds_frame(kinds: Mapping[str, DutyKind]) -> pl.DataFrame:
    rows = [
        {
            "kind": k.code,
            "label": k.name,
            "strength": k.strength,
            "due_kind": k.due_kind,
            "who": k.who,
            "clause": k.clause,
        }
        for k in kinds.values()
    ]
    schema = dict.fromkeys(("kind", "label", "strength", "due_kind", "who", "clause"), pl.String)
    return pl.DataFrame(rows, schema=schema).with_columns(pl.lit(None, dtype=pl.String).alias("terms"))


def _fill_in(frame: pl.DataFrame, answers: Answers) -> pl.DataFrame:
    """One duty a row that has blank cells which leave a decision open."""
    terms = answers.policy.terms
    rows = frame.select("#", "missing").filter(pl.col("missing").is_not_null())
    names = {text: "、".join(terms[t].name for t in text.split(",")) for text in rows["missing"].unique()}
    clauses = {text: _clause(answers, text.split(",")[0]) for text in names}
    old = list(names)
    return rows.select(
        "#",
        pl.lit("").alias("decision"),
        pl.lit(fill_in).alias("kind"),
        pl.lit(fill_in_label).alias("label"),
        pl.lit("must").alias("strength"),
        pl.lit(None, dtype=pl.Date).alias("due"),
        pl.lit("internal").alias("due_kind"),
        pl.lit(fill_in_who).alias("who"),
        pl.col("missing").replace_strict(old, list(clauses.values()), return_dtype=pl.String).alias("clause"),
        ("缺：" + pl.col("missing").replace_strict(old, list(names.values()), return_dtype=pl.String)).alias("reason"),
        pl.col("missing").alias("terms"),
    )


def _clause(answers: Answers, term: str) -> str:
    """The clause of the first decision that rests on a missing fact, or on a deadline that counts from it."""
    edition = answers.edition
    decided = (c for c in answers.question.decisions if term in edition.inputs(c))
    first = next(decided, None)
    return answers.policy.decisions[first].clause if first else answers.policy.terms[term].clause
