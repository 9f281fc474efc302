"""Spark gives what Polars gives: a real session, real Python workers, Arrow batches."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

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


def test_a_cluster_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "台账.csv"
    file.write_text("搬迁类别,养老状态,年龄\n建档立卡,缴费中,40\n", encoding="utf-8")
    call = [sys.executable, "-m", "anju", "check", str(file), "--json", "--engine", "spark"]
    # a process of its own: a session that runs already would be taken instead
    unusable = {**os.environ, "ANJU_SPARK_MASTER": "没有这样的集群", "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(call, env=unusable, capture_output=True, text=True, check=False, timeout=120)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "ANJU_SPARK_MASTER" in ended.stderr
    assert "Traceback" not in ended.stderr
