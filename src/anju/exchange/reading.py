"""A handed-in file as one frame of rows: what was read, what was refused and why, and what is to be told about the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from anju.exchange import heads, unkept
from anju.exchange.unkept import never_stored
from anju.government.queries import Scope
from anju.journal.plain_numbers import without_numbers
from anju.policy.model import Term
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline, recorded_terms
from anju.register.models.relations import Kind
from anju.register.privacy import works_on
from anju.register.provided import moved_terms
from anju.tables.derivation import sources_of
from anju.tables.headers import Header
from anju.tables.identity import masked_advice
from anju.tables.ledger import Ledger, Problem, Sheet
from anju.tables.reading import Least, read_ledger

Notes = list[str]
_clause_of_moved = {term: clauses[Kind(kind)] for kind, term in moved_terms.items()}
_of_whom = "birth_date"
"""With the name, it tells whom a row is about, whatever the row says."""
_unlisted = never_stored | {_of_whom, "age"}
"""Facts that a template asks for otherwise: by the birth date, by places."""


@dataclass(frozen=True, slots=True)
class Read:
    """``rows``: ``@at`` (the order of the file), ``@sheet``, ``@row``, ``@notes``, and what the file gives. ``refused``: the
    first four alone, ``@notes`` saying why.
    """

    rows: pl.DataFrame
    refused: pl.DataFrame
    notes: Notes


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: its name to people, headers that only its kind has, of which subjects its facts are, which of them
    alone (all without any), which columns besides facts are kept, what is enough, and what a row is about.
    """

    file: str
    on: date
    headers: Sequence[Header]
    subjects: Sequence[str]
    scopes: Sequence[Scope]
    only: Sequence[str]
    kept: Collection[str]
    least: Least
    about: str


def read(path: Path, asked: Asked, folder: Path) -> Read:
    """Read it; ``folder`` may hold what was read meanwhile. Raises `anju.tables.ledger.FileRefused`."""
    ledger = read_ledger(
        path, guideline(), asked.on, file=asked.file, also=asked.headers, folder=folder, least=asked.least
    )
    ledger = replace(ledger, sheets=tuple(_about(ledger, asked)))
    frames = [
        sheet.frame.with_columns(pl.lit(at, pl.UInt32).alias("@part"), pl.lit(sheet.name, pl.String).alias("@sheet"))
        for at, sheet in enumerate(ledger.sheets)
    ]
    rows = pl.concat(frames, how="diagonal_relaxed")
    rows, notes = _allowed(unkept.without(rows, asked.kept), asked, ledger.sheets)
    notes = [without_numbers(text) for text in (*notes, *unkept.told(ledger.sheets, asked.kept, rows.columns))]
    problems = _by_row(ledger)
    refused = problems.filter("refused").select("@part", "@row", "@sheet", "@notes")
    noted = problems.filter(~pl.col("refused")).select("@part", "@row", "@notes")
    kept = rows.join(refused, on=["@part", "@row"], how="anti").join(noted, on=["@part", "@row"], how="left")
    lost = noted.join(rows, on=["@part", "@row"], how="anti")["@notes"].to_list()
    every = pl.concat([kept.select("@part", "@row"), refused.select("@part", "@row")]).sort("@part", "@row")
    order = every.with_row_index("@at")
    return Read(
        _ordered(kept, order), _ordered(refused, order), [*_told(ledger), *notes, *(text for text in lost if text)]
    )


def _about(ledger: Ledger, asked: Asked) -> Sequence[Sheet]:
    if asked.about == "site":
        return ledger.sheets
    if asked.about == "household":
        return [heads.of_households(sheet) for sheet in ledger.sheets]
    elsewhere = heads.with_rows(ledger.sheets)
    return [heads.of_people(sheet, ledger.file, asked.on, elsewhere) for sheet in ledger.sheets]


def _ordered(rows: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    return rows.join(order, on=["@part", "@row"], how="left").drop("@part").sort("@at")


def kept_terms(subjects: Sequence[str], scopes: Sequence[Scope]) -> list[str]:
    """The facts of these subjects that lists are read for, as far as the posts' lines work with them, in page order."""
    terms = dict.fromkeys(term for subject in subjects for term in recorded_terms(subject))
    return [t.code for t in terms if t.code not in _unlisted and works_on(scopes, _clause_of(t))]


def _clause_of(term: Term) -> str:
    return _clause_of_moved.get(term.code, term.clause)


def _allowed(rows: pl.DataFrame, asked: Asked, sheets: Sequence[Sheet]) -> tuple[pl.DataFrame, Notes]:
    """The rows without facts that this kind does not keep, or that are another line's work."""
    terms = guideline().terms
    given = [name for name in dict.fromkeys(c.partition(".")[0] for c in rows.columns) if name in terms]
    unasked = [c for c in given if c != _of_whom and not _asked(terms[c], asked)]
    kept = [code for code in given if code not in unasked and code not in never_stored]
    foreign = [code for code in kept if not works_on(asked.scopes, _clause_of(terms[code]))]
    dropped = {*unasked, *foreign, *never_stored} - (never_stored & {*asked.kept})
    columns = [c for c in rows.columns if c.partition(".")[0] not in dropped]
    notes: Notes = []
    if foreign:
        notes.append(f"这些列不归您的条线办，没有导入：{unkept.named(foreign, sheets, terms)}。")
    unasked = [code for code in unasked if code not in never_stored]
    lost = (unkept.named([code], [sheet], terms) for sheet in sheets for code in _lost(sheet, unasked, kept))
    if told := "、".join(dict.fromkeys(lost)):
        notes.append(f"这些列说的不是这一种对象，没有导入：{told}。")
    return rows.select(columns), notes


def _lost(sheet: Sheet, unasked: Sequence[str], kept: Sequence[str]) -> list[str]:
    """Facts of a sheet that this kind does not keep, and from which none that it keeps followed there."""
    followed = (code for code in kept if code in sheet.terms and code not in sheet.headers)
    spent = {source for code in followed for source in sources_of(code)}
    return [code for code in unasked if code in sheet.terms and code not in spent]


def _asked(term: Term, asked: Asked) -> bool:
    return bool(set(term.subjects) & set(asked.subjects)) and (not asked.only or term.code in asked.only)


def _told(ledger: Ledger) -> Notes:
    ignored = list(dict.fromkeys(header for sheet in ledger.sheets for header in sheet.ignored))
    notes = [problem.sentence() for problem in ledger.problems]
    notes += [problem.sentence() for sheet in ledger.sheets for problem in sheet.problems if problem.row is None]
    notes += [f"这些列没有用到：{'、'.join(ignored)}。"] if ignored else []
    return [without_numbers(text) for text in notes]


def _by_row(ledger: Ledger) -> pl.DataFrame:
    """One line a row that has problems: ``@part``, ``@row``, ``@sheet``, ``@notes`` and whether it was refused."""
    found = [
        (part, problem.row, sheet.name, _sentence(problem), _refused(problem))
        for part, sheet in enumerate(ledger.sheets)
        for problem in sheet.problems
        if problem.row is not None
    ]
    schema = {
        "@part": pl.UInt32(),
        "@row": pl.UInt32(),
        "@sheet": pl.String(),
        "@notes": pl.String(),
        "refused": pl.Boolean(),
    }
    frame = pl.DataFrame(found, schema=schema, orient="row")
    return frame.group_by("@part", "@row", maintain_order=True).agg(
        pl.col("@sheet").first(), pl.col("@notes").unique(maintain_order=True).str.join("\n"), pl.col("refused").any()
    )


def _refused(problem: Problem) -> bool:
    """A row with a masked ID number is about somebody, but nobody can say whom."""
    return problem.severity == "refused" or problem.advice == masked_advice


def _sentence(problem: Problem) -> str:
    where = f"“{problem.column}”" if problem.column else ""
    found = f"写的是“{problem.found}”，" if problem.found else ""
    return without_numbers(f"{where}{found}{problem.advice}")
