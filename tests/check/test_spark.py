"""Spark gives what Polars gives: a real session, real Python workers, Arrow batches."""

from __future__ import annotations

from datetime import date

import polars as pl

from anju.check.answers import on_polars
from anju.check.spark import on_spark
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame
from anju.policy.load import load


def test_spark_answers_as_polars_does_row_for_row() -> None:
    policy = load()
    examples = [e for e in policy.examples if e.subject == "person" and e.clause in ("1.5", "1.7")]
    edition = Edition(policy, date(2026, 6, 30))
    facts = sorted({code for example in examples for code in example.facts} - {"as_of"})
    columns = {code: [example.facts.get(code) for example in examples] * 20 for code in facts}
    frame = facts_frame(columns, policy.terms)
    decisions = [code for code in edition.decisions("person") if policy.decisions[code].clause in ("1.5", "1.7")]
    wanted = Batch(edition, decisions, frame.columns).answer_columns()
    expected: pl.DataFrame = on_polars(frame, edition, decisions).select(wanted)
    assert on_spark(frame, edition, decisions).equals(expected)
