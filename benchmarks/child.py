"""One measurement in a process of its own, so that its peak memory is its own: prints one JSON object."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

import polars as pl

from benchmarks.contestants import Contestant, comparable

engines = {
    "anju": "benchmarks.contestants:Anju",
    "polars": "benchmarks.contestants:HandWritten",
    "duckdb": "benchmarks.duckdb_query:DuckDb",
    "openfisca": "benchmarks.openfisca_rules:OpenFisca",
    "python": "benchmarks.plain_python:PlainPython",
    "zen": "benchmarks.zen_model:Zen",
}
"""Contestant → where it lives. They are imported only when they run, as not every machine has all of them."""

_warm_rows = 1000


def contestant(name: str) -> Contestant:
    """The contestant of that name."""
    module, _, kind = engines[name].partition(":")
    return cast(Contestant, getattr(import_module(module), kind)())


def measured(work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock and of all processors together, and the highest memory of the process so far in MB."""
    wall, processor = time.perf_counter(), time.process_time()
    kept = work()
    found = {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}
    del kept
    return {**found, "peak": peak()}


def peak() -> float:
    """The highest memory of this process so far in MB; not that of the one that started it, which getrusage passes on."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main(mode: str, name: str, source: Path, target: Path, rows: int) -> dict[str, float]:
    """Answer the first ``rows`` people of a Parquet file in memory, or the file into a file, or into comparable answers."""
    engine = contestant(name)
    if mode == "file":
        engine.file(source, target)
        return {}
    people = pl.read_parquet(source, n_rows=rows).rechunk()
    if mode == "equal":
        comparable(engine.frame(engine.answer(engine.take(people)))).write_parquet(target)
        return {}
    engine.answer(engine.take(people.head(_warm_rows)))
    taken = engine.take(people)
    del people
    return measured(lambda: engine.answer(taken))


if __name__ == "__main__":
    mode, name, source, target, rows = sys.argv[1:]
    call = (mode, name, Path(source), Path(target), int(rows))
    print(json.dumps(measured(lambda: main(*call)) if mode == "file" else main(*call)))
