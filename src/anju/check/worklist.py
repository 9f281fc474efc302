"""应办清单: one duty a row. Whose, what, until when, under which clause, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from anju.calendar.deadlines import Length, due_column
from anju.check.answers import Answers
from anju.policy.edition import Edition
from anju.policy.model import Deadline, DutyKind

fill_in = "fill_in"
"""The duty to fill in a blank cell; it comes from no page."""

strengths = ("must", "principle", "may", "encourage")
_strength_labels = ("必须", "原则上", "可以", "鼓励")
_due_kind_labels = {"legal": "法定", "principle": "原则上", "internal": "内控"}
fill_in_who = "迁入·村社区·村居"
columns = ("#", "decision", "kind", "label", "strength", "due", "due_kind", "who", "clause", "reason", "terms")


def worklist(answers: Answers) -> pl.DataFrame:
    """The duties of a subject's rows.

    Columns: ``#`` (UInt32, the row's number in ``answers.frame``), decision, kind, label, strength, due (Date or null),
    due_kind, who, clause, reason, terms (comma-separated codes, only for ``fill_in``). In the order of rows, then of
    the pages; a duty that two decisions open stands once.
    """
    frame = answers.frame.with_row_index("#")
    opened = (_opened(frame, answers.edition, code) for code in answers.question.decisions)
    parts = [part for part in opened if part is not None]
    duties = pl.concat(parts).with_row_index("@") if parts else None
    filled = _fill_in(frame, answers)
    if duties is None:
        return filled.select(columns)
    unique = duties.unique(["#", "kind"], keep="first", maintain_order=True)
    due = _with_due(unique, frame, answers.edition)
    kinds = _kinds_frame(answers.edition.policy.duties)
    listed = due.join(kinds, on="kind", how="left", maintain_order="left").sort("#", "@")
    return pl.concat([listed.select(columns), filled.select(columns)]).sort("#", maintain_order=True)


def _opened(frame: pl.DataFrame, edition: Edition, decision: str) -> pl.DataFrame | None:
    """The duties that a decision opens: #, decision, kind, reason."""
    table = edition.tables[decision]
    rows = [
        {"row": rule.row.number, "kind": duty, "reason": _reason(edition, decision, rule.row.reason, rule.result.text)}
        for rule in table.rules
        for duty in rule.row.duties
    ]
    if not rows:
        return None
    schema = {"row": pl.UInt8, "kind": pl.String, "reason": pl.String}
    opening = pl.DataFrame(rows, schema=schema).with_columns(pl.lit(decision).alias("decision"))
    hit = frame.select("#", pl.col(f"{decision}.row").alias("row")).filter(
        pl.col("row").is_in(opening["row"].implode())
    )
    return hit.join(opening, on="row", how="inner", maintain_order="left_right").select(
        "#", "decision", "kind", "reason"
    )


def _reason(edition: Edition, decision: str, reason: str, result: str) -> str:
    return f"{edition.policy.terms[decision].name}：{result}" + (f"（{reason}）" if reason and reason != result else "")


def _with_due(duties: pl.DataFrame, frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Add ``due``: computed once a kind, and once a distinct date that it counts from."""
    parts = [duties.head(0).with_columns(pl.lit(None, dtype=pl.Date).alias("due"))]
    for (code,), part in duties.group_by("kind", maintain_order=True):
        deadline = edition.policy.duties[str(code)].deadline
        days = part.select("#").join(_anchors(deadline, frame, edition), on="#", how="left", maintain_order="left")[
            "day"
        ]
        parts.append(part.with_columns(due_column(deadline, days, _length(deadline, edition)).alias("due")))
    return pl.concat(parts)


def _anchors(deadline: Deadline, frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """The day that a deadline counts from, by row: the day of the call, a date of the row, or unknown."""
    own_day = "as_of" in frame.columns
    day: pl.Expr = pl.col("as_of").fill_null(edition.on) if own_day else pl.lit(edition.on)
    if deadline.anchor == "applied":
        day = pl.lit(None, dtype=pl.Date)
    elif deadline.anchor == "term":
        day = pl.col(deadline.term) if deadline.term in frame.columns else pl.lit(None, dtype=pl.Date)
    return frame.select("#", day.alias("day"))


def _length(deadline: Deadline, edition: Edition) -> Length | None:
    if not deadline.parameter:
        return None
    value = edition.number(deadline.parameter, edition.policy.parameters[deadline.parameter][0].place)
    unit = edition.policy.parameters[deadline.parameter][0].unit
    return None if isinstance(value, date) else Length.of(value, unit)


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
        pl.lit("补录").alias("label"),
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


def strength_label(strength: str) -> str:
    """必须, 原则上, 可以 or 鼓励."""
    return _strength_labels[strengths.index(strength)]


def due_kind_label(due_kind: str) -> str:
    """法定, 原则上 or 内控."""
    return _due_kind_labels[due_kind]
