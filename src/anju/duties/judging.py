"""What subjects owe by their facts: one by one with closures, or all together with Polars. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl

from anju.duties.editions import Counties, Judge
from anju.duties.owed import fill_in, owed, owed_by
from anju.policy.columns import dtype_of
from anju.register.facts import facts_in
from anju.register.guideline import recorded_terms

few = 60
"""Up to so many subjects are answered one by one: compiling for frames would take longer."""


class Found(NamedTuple):
    """One duty that a subject owes."""

    subject: str
    kind: str
    decision: str
    row: int
    counts_from: date | None
    terms: str


_columns = {
    "subject": pl.String(),
    "kind": pl.String(),
    "decision": pl.String(),
    "row": pl.UInt8(),
    "counts_from": pl.Date(),
    "terms": pl.String(),
}


def judge(kind: str, facts: pl.DataFrame, counties: Counties) -> pl.DataFrame:
    """What the subjects of a frame of facts (`anju.register.facts.facts_frame`) owe: the columns of `Found`."""
    found = [_judged(counties.judge(county), kind, part) for county, part in _by_county(kind, facts, counties)]
    return pl.concat(found) if found else pl.DataFrame(schema=_columns)


def unanswered(
    kind: str, facts: pl.DataFrame, counties: Counties, asked: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those pairs of subject and decision that the facts no longer answer."""
    decisions: dict[str, set[str]] = {}
    for subject, decision in asked:
        decisions.setdefault(subject, set()).add(decision)
    found: set[tuple[str, str]] = set()
    for county, part in _by_county(kind, facts.filter(pl.col("@id").is_in(list(decisions))), counties):
        case = counties.judge(county).case(kind)
        for line in part.iter_rows(named=True):
            answers = case.answer(facts_in(line))
            open_ones = (d for d in decisions[line["@id"]] if d not in answers or answers[d].row is None)
            found.update((line["@id"], decision) for decision in open_ones)
    return found


def _by_county(kind: str, facts: pl.DataFrame, counties: Counties) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frame in parts: each county in which decisions may come out otherwise, and the rest."""
    if facts.is_empty():
        return
    if not counties.decisive:
        yield "", facts
        return
    for (county,), part in facts.group_by(
        pl.col("@county").replace_strict({c: c for c in counties.decisive}, default="")
    ):
        yield str(county), part


def _judged(judge: Judge, kind: str, facts: pl.DataFrame) -> pl.DataFrame:
    return _one_by_one(judge, kind, facts) if facts.height <= few else _together(judge, kind, facts)


def _one_by_one(judge: Judge, kind: str, facts: pl.DataFrame) -> pl.DataFrame:
    case, asking, found = judge.case(kind), judge.asking(kind), list[Found]()
    for line in facts.iter_rows(named=True):
        subject, known = line["@id"], facts_in(line)
        answers = case.answer(known)
        duties = owed_by(judge.edition, answers, known)
        found += [Found(subject, d.kind, d.decision, d.row, d.counts_from, "") for d in duties]
        blanks = asking.of_case(answers, known, duties)
        if blanks:
            found.append(Found(subject, fill_in, "", 0, None, blanks))
    return pl.DataFrame(found, schema=_columns, orient="row")


def _together(judge: Judge, kind: str, facts: pl.DataFrame) -> pl.DataFrame:
    known = _complete(kind, facts)
    batch = judge.batch(kind, frozenset(known.columns))
    answered = pl.concat([known, batch.select(known.lazy()).collect()], how="horizontal").with_row_index("#")
    duties = owed(answered, judge.edition, judge.decisions(kind))
    blanks = judge.asking(kind).of_frame(answered, duties)
    filled = blanks.select(
        "#",
        kind=pl.lit(fill_in),
        decision=pl.lit(""),
        row=pl.lit(0, pl.UInt8),
        counts_from=pl.lit(None, pl.Date),
        terms="terms",
    )
    both = pl.concat([duties.with_columns(pl.lit("").alias("terms")), filled])
    subjects = facts.select(pl.col("@id").alias("subject")).with_row_index("#")
    return both.join(subjects, on="#", how="left", maintain_order="left").select(list(_columns))


def _complete(kind: str, facts: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column for every recorded fact, so that one compilation serves all."""
    terms = recorded_terms(kind)
    dtypes = {term.code: dtype_of(term) for term in terms}
    dtypes |= {f"{term.code}.{special.code}": pl.Boolean() for term in terms for special in term.specials}
    return facts.select(
        pl.col(name) if name in facts.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in dtypes.items()
    )
