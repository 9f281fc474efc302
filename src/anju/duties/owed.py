"""Which duties answers open: by decision and row, and the day from which their time runs. Without a database.

A ledger's rows and the register are told what they owe by this one code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from anju.calendar.deadlines import Length
from anju.policy.closures import Answer
from anju.policy.edition import Edition
from anju.policy.model import Deadline, DutyKind, Fact, Policy

fill_in = "fill_in"
"""The duty 补录 to record what nobody has recorded; it comes from no page."""
fill_in_label = "补录"

strengths = ("must", "principle", "may", "encourage")
_strength_labels = ("必须", "原则上", "可以", "鼓励")
_due_kind_labels = {"legal": "法定", "principle": "原则上", "internal": "内控"}

schema: Mapping[str, pl.DataType] = {
    "#": pl.UInt32(),
    "kind": pl.String(),
    "decision": pl.String(),
    "row": pl.UInt8(),
    "counts_from": pl.Date(),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one subject. ``counts_from`` None: the day is unknown, or the duty has no deadline.

    ``terms``: what a 补录 asks for (see `anju.duties.blanks`), empty for every duty of a page.
    """

    kind: str
    decision: str = ""
    row: int = 0
    counts_from: date | None = None
    terms: str = ""


def owed(frame: pl.DataFrame, edition: Edition, decisions: Sequence[str]) -> pl.DataFrame:
    """The duties that a frame's answers open, in the columns of `schema`.

    ``frame`` has a row number ``#``, for each decision its column ``code.row``, and the recorded facts. In the order of
    the decisions, each with its duties as the page has them; a duty that two decisions open stands once, for the first.
    """
    opened = [part for code in decisions if (part := _opened(frame, edition, code)) is not None]
    if not opened:
        return pl.DataFrame(schema=schema)
    unique = pl.concat(opened).unique(["#", "kind"], keep="first", maintain_order=True)
    return _with_anchors(unique, frame, edition).select(list(schema))


def owed_by(edition: Edition, answers: Mapping[str, Answer], facts: Mapping[str, Fact | None]) -> tuple[Owed, ...]:
    """The duties that one case's answers open, like `owed` for a frame of one row."""
    found: dict[str, Owed] = {}
    for code, answer in answers.items():
        for kind in answer.duties:
            if kind not in found and answer.row is not None:
                counts_from = _anchor(edition.policy.duties[kind], edition.on, facts)
                found[kind] = Owed(kind, code, answer.row, counts_from)
    return tuple(found.values())


def applied_in(procedure: str) -> str:
    """Where the facts say since when an application is under way: not known without the cases (a ledger has none)."""
    return f"@applied {procedure}"


def reasons(policy: Policy, decisions: Sequence[str]) -> pl.DataFrame:
    """Why, for each row of the decisions that opens a duty: columns decision, row, reason."""
    texts = [
        (code, row.number, reason(policy, code, row.number))
        for code in decisions
        for row in policy.decisions[code].rows
        if row.duties
    ]
    return pl.DataFrame(texts, schema={"decision": pl.String, "row": pl.UInt8, "reason": pl.String}, orient="row")


def reason(policy: Policy, decision: str, number: int) -> str:
    """Why a row opens its duties: 养老关系去向：自愿选择（只能本人选）."""
    row = next(row for row in policy.decisions[decision].rows if row.number == number)
    result = row.result.text
    why = f"（{row.reason}）" if row.reason and row.reason != result else ""
    return f"{policy.terms[decision].name}：{result}{why}"


def length_of(deadline: Deadline, edition: Edition) -> Length | None:
    """How long a deadline is on the edition's day; None for one without a parameter."""
    if not deadline.parameter:
        return None
    parameter = edition.policy.parameters[deadline.parameter][0]
    value = edition.number(deadline.parameter, parameter.place)
    return None if isinstance(value, date) else Length.of(value, parameter.unit)


def strength_label(strength: str) -> str:
    """必须, 原则上, 可以 or 鼓励."""
    return _strength_labels[strengths.index(strength)]


def due_kind_label(due_kind: str) -> str:
    """法定, 原则上 or 内控."""
    return _due_kind_labels[due_kind]


def _opened(frame: pl.DataFrame, edition: Edition, decision: str) -> pl.DataFrame | None:
    """The duties that one decision opens: #, kind, decision, row."""
    rows = [(rule.row.number, kind) for rule in edition.tables[decision].rules for kind in rule.row.duties]
    if not rows:
        return None
    opening = pl.DataFrame(rows, schema={"row": pl.UInt8, "kind": pl.String}, orient="row")
    hit = frame.select("#", pl.col(f"{decision}.row").alias("row")).filter(
        pl.col("row").is_in(opening["row"].implode())
    )
    joined = hit.join(opening, on="row", how="inner", maintain_order="left_right")
    return joined.select("#", "kind", pl.lit(decision).alias("decision"), "row")


def _with_anchors(duties: pl.DataFrame, frame: pl.DataFrame, edition: Edition) -> pl.DataFrame:
    """Add ``counts_from``: each kind's day is a column of the rows, joined once."""
    kinds = duties["kind"].unique().to_list()
    names = {kind: f"from {_day_of(edition.policy.duties[kind])}" for kind in kinds}
    columns = {names[kind]: _anchor_column(edition.policy.duties[kind], frame, edition) for kind in kinds}
    days = frame.select("#", *(column.cast(pl.Date).alias(name) for name, column in columns.items()))
    anchor = pl.coalesce(
        pl.lit(None, dtype=pl.Date),
        *(pl.when(pl.col("kind").is_in([k for k in kinds if names[k] == name])).then(pl.col(name)) for name in columns),
    )
    joined = duties.join(days, on="#", how="left", maintain_order="left")
    return joined.with_columns(anchor.alias("counts_from"))


def _day_of(duty: DutyKind) -> str:
    """The fact that is the day from which a duty's deadline counts; "" for the day on which it opens."""
    return applied_in(duty.ends[1]) if duty.deadline.anchor == "applied" else duty.deadline.term


def _anchor_column(duty: DutyKind, frame: pl.DataFrame, edition: Edition) -> pl.Expr:
    """The day that a deadline counts from, by row: the day of the call, a date of the row, or unknown."""
    if name := _day_of(duty):
        return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.Date)
    own_day = "as_of" in frame.columns
    return pl.col("as_of").fill_null(edition.on) if own_day else pl.lit(edition.on)


def _anchor(duty: DutyKind, on: date, facts: Mapping[str, Fact | None]) -> date | None:
    if name := _day_of(duty):
        day = facts.get(name)
        return day if isinstance(day, date) else None
    return on
