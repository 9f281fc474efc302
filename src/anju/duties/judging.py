"""What subjects owe by their facts: one by one with closures, or all together with Polars. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import polars as pl

from anju.duties.editions import Counties, Judge
from anju.duties.owed import applied_in, fill_in, owed, owed_by
from anju.policy.columns import dtype_of
from anju.policy.model import Fact
from anju.register.facts import facts_in
from anju.register.guideline import recorded_terms

few = 60
"""Up to so many subjects are answered one by one: compiling for frames would take longer."""

Facts = Iterable[tuple[str, str, Mapping[str, Fact | None]]]
"""Subject, county and facts; since when applications are under way stands among them (`anju.duties.owed.applied_in`)."""


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


def judge(kind: str, facts: Facts, counties: Counties) -> pl.DataFrame:
    """What subjects owe by their facts, one by one: the columns of `Found`."""
    found: list[Found] = []
    for subject, county, known in facts:
        by = counties.judge(county)
        answers = by.case(kind).answer(known)
        duties = owed_by(by.edition, answers, known)
        found += [Found(subject, d.kind, d.decision, d.row, d.counts_from, "") for d in duties]
        blanks = by.asking(kind).of_case(answers, known, duties)
        if blanks:
            found.append(Found(subject, fill_in, "", 0, None, blanks))
    return pl.DataFrame(found, schema=_columns, orient="row")


def judge_many(kind: str, facts: pl.DataFrame, counties: Counties) -> pl.DataFrame:
    """The same for a frame of facts (`anju.register.facts.facts_frame`) with a column ``@county``: the columns of `Found`."""
    found = [_together(counties.judge(county), kind, part) for county, part in _by_county(facts, counties)]
    return pl.concat(found) if found else pl.DataFrame(schema=_columns)


def prepare(kinds: Iterable[str], counties: Counties) -> None:
    """Compile what `judge_many` needs where no county differs; threads that begin together would each do it."""
    for kind in kinds:
        counties.judge("").batch(kind, frozenset(_columns_of(kind)))


def unanswered(kind: str, facts: Facts, counties: Counties, asked: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of subject and decision that the facts no longer answer."""
    decisions: dict[str, set[str]] = {}
    for subject, decision in asked:
        decisions.setdefault(subject, set()).add(decision)
    found: set[tuple[str, str]] = set()
    for subject, county, known in facts:
        if subject in decisions:
            answers = counties.judge(county).case(kind).answer(known)
            open_ones = (d for d in decisions[subject] if d not in answers or answers[d].row is None)
            found.update((subject, decision) for decision in open_ones)
    return found


def lines(facts: pl.DataFrame) -> Iterator[tuple[str, str, dict[str, Fact]]]:
    """A frame's subjects one by one."""
    for line in facts.iter_rows(named=True):
        yield line["@id"], line["@county"], facts_in(line)


def _by_county(facts: pl.DataFrame, counties: Counties) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frame in parts: each county in which decisions may come out otherwise, and the rest."""
    if facts.is_empty():
        return
    if not counties.decisive:
        yield "", facts
        return
    own = pl.col("@county").replace_strict({county: county for county in counties.decisive}, default="")
    for (county,), part in facts.group_by(own):
        yield str(county), part


def _together(judge: Judge, kind: str, facts: pl.DataFrame) -> pl.DataFrame:
    known = _complete(kind, facts)
    batch = judge.batch(kind, frozenset(known.columns))
    applied = facts.select(name for name in facts.columns if name.startswith(applied_in("")))
    answered = pl.concat([known, applied, batch.select(known.lazy()).collect()], how="horizontal").with_row_index("#")
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
    return facts.select(
        pl.col(name) if name in facts.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in _columns_of(kind).items()
    )


def _columns_of(kind: str) -> dict[str, pl.DataType]:
    terms = recorded_terms(kind)
    dtypes = {term.code: dtype_of(term) for term in terms}
    return dtypes | {f"{term.code}.{special.code}": pl.Boolean() for term in terms for special in term.specials}
