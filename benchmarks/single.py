"""One case with its explanation: prints one JSON object with the microseconds a case of each contestant."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from anju.policy.closures import Case
from benchmarks.child import contestant
from benchmarks.plain_python import PlainPython
from benchmarks.question import decisions, edition

_warm = 200


def explained(case: Case, facts: dict[str, Any]) -> list[tuple[object, ...]]:
    """Every decision with its reason, what is missing, its duties, and why the other rows do not apply."""
    return [
        (answer.label, answer.row, answer.reason, answer.missing, answer.duties, answer.sentences, answer.verdict)
        for answer in case.answer(facts).values()
    ]


def each(person: Callable[[Any], object], rows: Sequence[Any], rounds: int) -> float:
    """Microseconds a case: the median of some rounds over different people, after a warm-up."""
    for row in rows[:_warm]:
        person(row)
    share = (len(rows) - _warm) // rounds
    times: list[float] = []
    for at in range(rounds):
        part = rows[_warm + at * share : _warm + (at + 1) * share]
        start = time.perf_counter()
        for row in part:
            person(row)
        times.append((time.perf_counter() - start) / len(part) * 1e6)
    return median(times)


def main(source: Path, rows: int, rounds: int, names: Sequence[str]) -> dict[str, float]:
    """Microseconds a case. ``anju, all``: every person decision of the pages, more than the others answer."""
    people = pl.read_parquet(source, n_rows=rows).drop("key")
    cases = people.to_dicts()
    found: dict[str, float] = {}
    for name, codes in (("anju", decisions), ("anju, all", edition().decisions("person"))):
        found[name] = each(partial(explained, Case(edition(), codes)), cases, rounds)
    if "python" in names:
        found["python"] = each(PlainPython().person, cases, rounds)
    if "zen" in names:
        engine: Any = contestant("zen")
        fewer = engine.take(people.head(max(_warm + rounds, rows // 10)))
        found["zen with trace"] = each(partial(engine.person, trace=True), fewer, rounds)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])))
