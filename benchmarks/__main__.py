"""`./dev bench`: every contestant on the same rows; equal answers first, then figures and ratios."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from anju.policy.edition import Edition
from benchmarks import ledger, report
from benchmarks.by_hand.query import query
from benchmarks.child import engines
from benchmarks.contestants import differences
from benchmarks.people import write_people
from benchmarks.question import decisions, edition
from benchmarks.report import Figure, Part

_libraries = {"duckdb": "duckdb", "openfisca": "openfisca_core", "zen": "zen"}
_shares = {"duckdb": 5, "python": 200, "zen": 5_000}
"""In memory a slow contestant gets this share of the rows; figures are a row."""
_by_row = ("python", "zen")
_most_rows = 10_000_000
_bytes_a_row = 800
"""What the hungriest contestant holds for one person."""
_sample_rows = 20_000
_sample_blank = 0.2
_least_rows = 1_000


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--rows", type=int, default=None, help="people (default: by memory, at most 10 million)")
    parser.add_argument("--ledger-rows", type=int, default=250_000, help="people in the workbook")
    parser.add_argument("--cases", type=int, default=12_000, help="people answered one by one")
    parser.add_argument("--rounds", type=int, default=3, help="how often each measurement is taken")
    parser.add_argument("--blank", type=float, default=0.03, help="share of blank facts")
    parser.add_argument("--only", nargs="+", choices=sorted(engines), default=None, help="these contestants only")
    parser.add_argument("--parts", nargs="+", choices=["memory", "file", "case", "ledger"], default=None)
    parser.add_argument(
        "--write", type=Path, default=None, metavar="FILE", help="write the tables, e.g. docs/benchmarks.md"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 all contestants answer alike, 1 they differ."""
    asked = options(arguments)
    wanted = asked.only or [*engines]
    names = [name for name in wanted if name not in _libraries or find_spec(_libraries[name])]
    for name in set(wanted) - set(names):
        print(f"{name}: not installed, left out (requirements/bench.in)")
    rows = asked.rows or min(_most_rows, int(_memory() * 0.6 / _bytes_a_row))
    parts = asked.parts or ["memory", "file", "case", "ledger"]
    with tempfile.TemporaryDirectory(prefix="anju-bench-") as folder:
        home = Path(folder)
        if not _alike(home, names):
            return 1
        found: list[Part] = []
        if {"memory", "file", "case"} & set(parts):
            print(f"making {rows:,} people …", flush=True)
            write_people(home / "people.parquet", rows, asked.blank)
        if "memory" in parts:
            found.append(Part("memory", _rounds("memory", home, names, rows, asked.rounds)))
        if "file" in parts:
            columns = [name for name in names if name not in _by_row]
            found.append(Part("file", _rounds("file", home, columns, rows, asked.rounds)))
        if "case" in parts:
            found.append(Part("case", _cases(home, names, min(rows, asked.cases), asked.rounds)))
        if "ledger" in parts:
            found.append(Part("ledger", _ledger(home, asked.ledger_rows, asked.rounds)))
    print(query(_no_people().lazy(), decisions).explain())
    text = report.text(found, _machine(), date.today(), _counts(edition()), asked.blank)
    print(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    return 0


def _alike(home: Path, names: Sequence[str]) -> bool:
    """Whether all contestants answer a sample with many blanks alike; says where not."""
    sample = home / "sample.parquet"
    write_people(sample, _sample_rows, _sample_blank)
    ours: pl.DataFrame | None = None
    alike = True
    for name in ["anju", *(n for n in names if n != "anju")]:
        target = home / f"equal-{name}.parquet"
        rows = _share(name, _sample_rows)
        _child("benchmarks.child", "equal", name, sample, target, rows)
        theirs = pl.read_parquet(target)
        ours = theirs if ours is None else ours
        found = differences(ours.head(rows), theirs)
        print(f"{name}: {rows:,} rows, {'equal' if not found else 'DIFFERENT'}", *found, sep="\n  ", flush=True)
        alike = alike and not found
    return alike


def _rounds(mode: str, home: Path, names: Sequence[str], rows: int, rounds: int) -> list[Figure]:
    """Each contestant once a round, so that what else the machine does meets all of them."""
    figures: list[Figure] = []
    for turn in range(rounds):
        for name in names:
            share = _share(name, rows) if mode == "memory" else rows
            target = home / f"answers-{name}.parquet"
            found = _child("benchmarks.child", mode, name, home / "people.parquet", target, share)
            target.unlink(missing_ok=True)
            figures.append(Figure(name, turn, share, found["seconds"], found["processor"], found["peak"]))
            print(f"  {mode} {name}: {found['seconds']:.2f} s for {share:,} rows", flush=True)
    return figures


def _cases(home: Path, names: Sequence[str], cases: int, rounds: int) -> list[Figure]:
    found = _child("benchmarks.single", home / "people.parquet", cases, rounds, *names)
    return [Figure(name, 0, 1, us / 1e6, us / 1e6, 0) for name, us in found.items()]


def _ledger(home: Path, rows: int, rounds: int) -> list[Figure]:
    source, target, cells = home / "ledger.xlsx", home / "answers.xlsx", home / "cells"
    print(f"making a workbook of {rows:,} people …", flush=True)
    ledger.write_ledger(source, rows)
    figures: list[Figure] = []
    for turn in range(rounds):
        for mode, more in (("checked", []), ("copied", [cells])):
            found = _child("benchmarks.ledger", mode, source, target, *more)
            if not cells.exists():
                print(f"  {ledger.keep_cells(target, cells):,} cells in the answer", flush=True)
            figures.append(Figure(mode, turn, rows, found["seconds"], found["processor"], found["peak"]))
            print(f"  {mode}: {found['check']:.1f} s + {found['write']:.1f} s", flush=True)
    return figures


def _share(name: str, rows: int) -> int:
    return max(min(rows, _least_rows), rows // _shares.get(name, 1))


def _child(module: str, *arguments: object) -> dict[str, float]:
    call = [sys.executable, "-m", module, *map(str, arguments)]
    paths = [p for p in sys.path if p]
    done = subprocess.run(
        call,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _memory() -> int:
    """Bytes of memory of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _machine() -> str:
    return f"{os.cpu_count()} cores, {_memory() / 2**30:.0f} GB of memory"


def _counts(known: Edition) -> str:
    tables = [code for code in known.plan(decisions) if code in known.tables]
    rows = sum(len(known.tables[code].rules) for code in tables)
    return f"{len(decisions)} decisions of clauses 1.1–1.7 ({len(tables)} tables, {rows} rows)"


def _no_people() -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        write_people(Path(folder, "none.parquet"), 1, 0.0)
        return pl.read_parquet(Path(folder, "none.parquet"))


if __name__ == "__main__":
    sys.exit(main())
