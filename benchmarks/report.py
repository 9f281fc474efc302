"""Figures as text: seconds, memory, and above all how many times the time of ours each contestant takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: whose, in which round, over how many rows; seconds by the clock and of the processors; peak MB."""

    name: str
    turn: int
    rows: int
    seconds: float
    processor: float
    peak: float


@dataclass(frozen=True, slots=True)
class Part:
    """All measurements of one question: memory, file, case or ledger."""

    kind: str
    figures: list[Figure]


_names = {
    "anju": "Anju",
    "anju, all": "Anju, every person decision of the pages",
    "polars": "Polars, written by hand",
    "duckdb": "DuckDB",
    "openfisca": "OpenFisca-core",
    "python": "plain Python",
    "zen": "zen-engine",
    "zen with trace": "zen-engine with trace",
    "checked": "`anju check FILE --xlsx OUT`",
    "copied": "reading the ledger and writing the same cells",
}
_titles = {
    "memory": "In memory",
    "file": "Parquet → Parquet",
    "case": "One case with its explanation",
    "ledger": "A ledger, .xlsx → worklist workbook",
}
_targets = {
    "memory": "Aim: OpenFisca-core at least 20 times, zen-engine at least 10,000 times the time of ours; below 4 GB.",
    "file": "Aim: no more than 1.5 times the hand-written Polars query, that is 0.67 or more in its line; below 4 GB.",
    "case": "Aim: zen-engine with trace at least 10 times the time of ours.",
    "ledger": "Aim: no more than 3 times reading and writing, that is 0.33 or more in its line.",
}


def text(parts: Sequence[Part], machine: str, day: date, asked: str, blank: float) -> str:
    """All parts as a Markdown page."""
    lines = [
        "# Benchmarks",
        "",
        f"Written by `./dev bench --write docs/benchmarks.md` on {day}; {machine}.",
        "",
        f"Asked: {asked}. Every fact is blank with probability {blank:.0%}. All contestants give the same",
        "columns, value, row and what is missing, and were found equal on a sample with many more blanks before anything was",
        "timed. They take turns; a figure is the median of the rounds, a ratio the median of the ratios within a round",
        "(in brackets the lowest and highest). “Processor” counts the time of all cores and says most where the",
        "machine has other work too; plain Python, zen-engine and OpenFisca-core use one core. Each contestant runs in a",
        "process of its own, whose peak memory includes its input.",
    ]
    for part in parts:
        lines += ["", f"## {_titles[part.kind]}", "", _targets[part.kind], "", *_table(part)]
    return "\n".join(lines) + "\n"


def _table(part: Part) -> list[str]:
    head = ["contestant", "rows", "seconds", "µs a row", "µs a row, processor", "times ours", "processor", "peak MB"]
    if part.kind == "case":
        head = ["contestant", "µs a case", "times ours"]
    base = {f.turn: f for f in part.figures if f.name == part.figures[0].name}
    lines = [f"| {' | '.join(head)} |", f"|---{'|---:' * (len(head) - 1)}|"]
    for name in dict.fromkeys(f.name for f in part.figures):
        own = [f for f in part.figures if f.name == name]
        clock = [_each(f.seconds, f) / _each(base[f.turn].seconds, base[f.turn]) for f in own]
        processor = [_each(f.processor, f) / _each(base[f.turn].processor, base[f.turn]) for f in own]
        micro, micro_processor = (median(_each(s, f) for s, f in zip(v, own, strict=True)) * 1e6 for v in _both(own))
        cells = [_names[name], f"{own[0].rows:,}", f"{median(f.seconds for f in own):.2f}", _short(micro)]
        cells += [_short(micro_processor), _ratio(clock), _ratio(processor), f"{max(f.peak for f in own):,.0f}"]
        if part.kind == "case":
            cells = [_names[name], _short(micro), _ratio(clock)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _both(figures: Sequence[Figure]) -> tuple[list[float], list[float]]:
    return [f.seconds for f in figures], [f.processor for f in figures]


def _each(seconds: float, figure: Figure) -> float:
    return seconds / figure.rows


def _ratio(values: Sequence[float]) -> str:
    if len(values) == 1 or min(values) == max(values):
        return _short(median(values))
    return f"{_short(median(values))} ({_short(min(values))}–{_short(max(values))})"


def _short(number: float) -> str:
    """Three figures that mean something."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"
