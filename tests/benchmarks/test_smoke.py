"""The benchmark runs, its contestants answer alike, and an answer that differs would be seen."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.__main__ import main
from benchmarks.contestants import Anju, Contestant, HandWritten, comparable, differences
from benchmarks.people import people
from benchmarks.plain_python import PlainPython
from benchmarks.question import decisions
from benchmarks.report import Figure, Part, text

ROWS = 3_000


def answers(contestant: Contestant, rows: pl.DataFrame) -> pl.DataFrame:
    """The contestant's answers in comparable form."""
    return comparable(contestant.frame(contestant.answer(contestant.take(rows))))


@pytest.mark.parametrize("blank", [0.0, 0.03, 0.5], ids=["没有空白", "少量空白", "一半空白"])
@pytest.mark.parametrize("peer", [HandWritten, PlainPython], ids=["手写查询", "逐行程序"])
def test_contestants_answer_alike(peer: type[Contestant], blank: float) -> None:
    rows = people(ROWS, blank)
    ours = answers(Anju(), rows)
    assert differences(ours, answers(peer(), rows)) == []
    assert set(ours.columns) == {f"{code}{end}" for code in decisions for end in ("", ".row", ".missing")}
    assert ours["pension_route.missing"].null_count() == ROWS or blank


def test_a_difference_is_found_and_located() -> None:
    ours = answers(Anju(), people(ROWS, 0.0))
    other = ours.with_columns(pl.when(pl.int_range(pl.len()) != 7).then(pl.col("pension_route")))
    (found,) = differences(ours, other)
    assert found.startswith("pension_route: 1 rows, first 7")


def test_files_hold_the_same_answers(tmp_path: Path) -> None:
    source, one, other = (tmp_path / name for name in ("people.parquet", "one.parquet", "other.parquet"))
    people(ROWS, 0.1).write_parquet(source)
    Anju().file(source, one)
    HandWritten().file(source, other)
    assert differences(comparable(pl.read_parquet(one)), comparable(pl.read_parquet(other))) == []


def test_one_command_writes_the_tables(tmp_path: Path) -> None:
    written = tmp_path / "benchmarks.md"
    small = "--rows 1500 --cases 400 --ledger-rows 300 --rounds 1 --only anju polars python".split()
    assert main([*small, "--write", str(written)]) == 0
    page = written.read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## In memory",
        "## Parquet → Parquet",
        "## One case with its explanation",
        "## A ledger, .xlsx → worklist workbook",
    ]


def test_ratios_are_taken_within_a_round() -> None:
    ours = [Figure("anju", 0, 100, 1.0, 1.0, 10), Figure("anju", 1, 100, 4.0, 1.0, 10)]
    theirs = [Figure("zen", 0, 10, 2.0, 2.0, 20), Figure("zen", 1, 10, 8.0, 2.0, 20)]
    page = text([Part("memory", [*ours, *theirs])], "2 cores", date(2026, 6, 30), "…", 0.03)
    assert "| zen-engine | 10 | 5.00 | 500,000 | 200,000 | 20.0 | 20.0 | 20 |" in page
