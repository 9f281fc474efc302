"""What one may ask about a checked ledger: counts, the worklist, rows by their result, what is missing, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from anju.check.explanation import Explained, Known, explain
from anju.check.settings import parse_settings
from anju.check.visits import Visit
from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.load import load
from anju.policy.model import Fact, Policy

page_size = 50


@lru_cache(maxsize=1)
def guideline() -> Policy:
    """The pages, read once."""
    return load()


@lru_cache(maxsize=4)
def edition_on(on: date) -> Edition:
    """The pages as they hold on a day."""
    return Edition(guideline(), on)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: its rows, how many there are in all, and the pages around it."""

    rows: Sequence[Mapping[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // page_size))

    @property
    def first(self) -> int:
        """The number of the first row on this page, from 1."""
        return (self.page - 1) * page_size + 1

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return min(self.total, self.page * page_size)

    @property
    def previous(self) -> int | None:
        """The page before, if there is one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, if there is one."""
        return self.page + 1 if self.page < self.pages else None


def summary(visit: Visit) -> dict[str, Any]:
    """What `anju.check.record.write_record` wrote about the whole ledger."""
    read: dict[str, Any] = json.loads((visit.folder / "summary.json").read_text(encoding="utf-8"))
    return read


def duties(visit: Visit, wanted: Mapping[str, str], page: int) -> Listed:
    """The worklist: ``clause``, ``kind``, ``strength``, ``who`` must equal, ``text`` must occur (all words of it)."""
    found = pl.scan_ipc(visit.folder / "duties.arrow")
    for column in ("clause", "kind", "strength", "who"):
        if wanted.get(column):
            found = found.filter(pl.col(column) == wanted[column])
    return _page(_with_words(found, wanted.get("text", "")), page)


def rows_with(visit: Visit, part: int, decision: str, result: str, text: str, page: int) -> Listed:
    """Rows of a subject by a decision's result (keys as in the summary); ``label`` and ``missing`` say what came out."""
    answers = pl.scan_ipc(visit.folder / f"answers-{part}.arrow").with_row_index("#")
    columns = answers.collect_schema().names()
    row, value = pl.col(f"{decision}.row"), pl.col(decision)
    if result == "@open":
        answers = answers.filter(row.is_null())
    elif result == "@none":
        answers = answers.filter(row.is_not_null() & value.is_null())
    elif result == "@number":
        answers = answers.filter(value.is_not_null())
    elif result:
        answers = answers.filter(value.cast(pl.String) == result)
    names = [c for c in ("@name", "@head", "@site", "@household") if c in columns]
    said = [c for c in ("@key", *names, "@village", "@township", "@county") if c in columns]
    shown = answers.select(
        "#",
        pl.col("@row").alias("row"),
        pl.col("@key").alias("key"),
        pl.coalesce(*names, pl.lit("")).alias("name") if names else pl.lit("").alias("name"),
        pl.concat_str(*said, separator=" ", ignore_nulls=True).str.to_lowercase().alias("text"),
        value.alias("value"),
        row.alias("hit"),
        pl.col(f"{decision}.missing").cast(pl.String).alias("missing"),
    )
    listed = _page(_with_words(shown, text), page)
    return Listed([_labelled(r, decision) for r in listed.rows], listed.total, listed.page)


def missing(visit: Visit, page: int) -> Listed:
    """Rows with blank cells that leave a decision open."""
    return _page(pl.scan_ipc(visit.folder / "missing.arrow"), page)


def problems(visit: Visit, page: int) -> Listed:
    """What was refused or warned about while the file was read; refused rows first."""
    every: list[Mapping[str, Any]] = json.loads((visit.folder / "problems.json").read_text(encoding="utf-8"))
    every.sort(key=lambda problem: not problem["refused"])
    at = min(max(page, 1), max(1, -(-len(every) // page_size)))
    return Listed(every[(at - 1) * page_size : at * page_size], len(every), at)


@dataclass(frozen=True, slots=True)
class RowExplained:
    """One row of the ledger: who it is, the facts it gives, and every decision with its reasons."""

    key: str
    row: int
    name: str
    facts: tuple[Known, ...]
    decisions: tuple[Explained, ...]
    duties: Sequence[Mapping[str, Any]]


def row_explained(visit: Visit, part: int, at: int) -> RowExplained | None:
    """A row of a subject with its reasons; None where there is no such row."""
    parts = summary(visit)["parts"]
    if part >= len(parts):
        return None
    frame = pl.scan_ipc(visit.folder / f"answers-{part}.arrow").slice(at, 1).collect()
    if frame.is_empty():
        return None
    line = frame.row(0, named=True)
    policy = guideline()
    facts = _facts(policy, line)
    case = _case(*_edition_of(visit, line), tuple(d["code"] for d in parts[part]["decisions"]))
    listed = pl.scan_ipc(visit.folder / "duties.arrow").filter((pl.col("part") == part) & (pl.col("#") == at)).collect()
    name = next((line[c] for c in ("@name", "@head", "@site", "@household") if line.get(c)), "")
    known = tuple(Known(policy.terms[c].name, policy.terms[c].label(v)) for c, v in facts.items())
    return RowExplained(line["@key"], line["@row"], name, known, explain(case, facts), listed.to_dicts())


def _facts(policy: Policy, line: Mapping[str, Any]) -> dict[str, Fact | None]:
    """The recorded facts of a line; a number's special value comes from its Boolean column."""
    facts: dict[str, Fact | None] = {}
    for code, term in policy.terms.items():
        if code in line and term.source == "ledger":
            special = next((s.code for s in term.specials if line.get(f"{code}.{s.code}")), None)
            facts[code] = special or line[code]
    return facts


def _edition_of(visit: Visit, line: Mapping[str, Any]) -> tuple[date, str, tuple[str, ...]]:
    """The day, the county (with parameters of its own) and the settings that hold for a line."""
    request = visit.request
    on = line.get("as_of") or date.fromisoformat(request["on"])
    own = {p.county for dated in guideline().parameters.values() for p in dated if p.county}
    county = str(line.get("destination_code") or "")[:6]
    return on, county if county in own else "", tuple(request["settings"])


@lru_cache(maxsize=64)
def _case(on: date, county: str, settings: tuple[str, ...], decisions: tuple[str, ...]) -> Case:
    parameters = parse_settings(settings, guideline()).parameters
    return Case(Edition(guideline(), on, county, parameters), decisions)


def _labelled(row: Mapping[str, Any], decision: str) -> dict[str, Any]:
    policy = guideline()
    term = policy.terms[decision]
    missing_names = "、".join(policy.terms[code].name for code in (row["missing"] or "").split(",") if code)
    label = "缺数据" if row["hit"] is None else "不适用" if row["value"] is None else term.label(row["value"])
    return {**row, "label": label, "missing": missing_names if row["hit"] is None else ""}


def _with_words(found: pl.LazyFrame, text: str) -> pl.LazyFrame:
    for word in text.lower().split():
        found = found.filter(pl.col("text").str.contains(word, literal=True))
    return found


def _page(found: pl.LazyFrame, page: int) -> Listed:
    total = found.select(pl.len()).collect().item()
    at = min(max(page, 1), max(1, -(-total // page_size)))
    rows = found.slice((at - 1) * page_size, page_size).collect().to_dicts()
    return Listed(rows, total, at)
