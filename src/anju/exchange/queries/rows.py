"""Staged rows as pages show them: who, before and after, what is to be read, what is to be decided.

What an officer's lines do not work with is not shown, and what lies sealed in the register is masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone

from anju.exchange import storage
from anju.exchange.conflicts import Conflict, allowed, conflicts
from anju.exchange.models import Batch, Decision, Part, StagedRow, StagedRows, Verdict
from anju.exchange.subjects import Field, fields
from anju.exchange.whose import is_others, not_all_yours, not_yours, posts_at, sees_all
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.table import significant
from anju.journal.plain_numbers import without_numbers
from anju.payments.models import Kind as PaidKind
from anju.policy.model import Term
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models.relations import Because, Kind
from anju.register.models.wishes import WishKind
from anju.register.new_term import begins_anew, day_of_election, ended
from anju.register.privacy import may_see
from anju.register.provided import wish_terms
from anju.sealing.masking import mask, mask_address

_purpose = "核对导入"
_rivals = ("twice", "two_households")
_told_otherwise = frozenset({"birth_date", "origin_code", "destination_code"})
"""Facts that a row shows as its own fields: the day of birth, and the places by name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to: a verdict, conflicts that nobody decided, rows left out or touched, or with something to be read."""

    kind: str = ""
    verdict: str = ""
    conflict: str = ""
    open: bool = False
    left: bool = False
    touched: bool = False
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the row says: what stands in the register ("" for nothing) and what the file says."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """A staged row to be shown."""

    staged: StagedRow
    place: str
    who: str
    changes: Sequence[Change]
    notes: Sequence[str]
    conflicts: Sequence[Conflict]
    allowed: Sequence[Decision]


def rows(officer: Officer, batch: Batch, wanted: Filter) -> StagedRows:
    """The rows of a batch in the order of the file."""
    found = StagedRow.objects.visible_to(officer, purpose=_purpose).filter(batch=batch)
    narrowed = {name: getattr(wanted, name) for name in ("kind", "verdict", "conflict") if getattr(wanted, name)}
    narrowed |= {name: True for name in ("left", "touched", "noted") if getattr(wanted, name)}
    found = found.filter(**narrowed)
    return found.filter(verdict=Verdict.CONFLICT, decision=Decision.OPEN) if wanted.open else found


def shown(officer: Officer, batch: Batch, listed: Sequence[StagedRow]) -> list[Row]:
    """Rows with their contents, as far as the officer's lines see them."""
    scopes, mine = posts_at(officer, batch), officer.pk == batch.uploaded_by_id
    contents, whole = _contents(batch, listed), sees_all(officer, scopes, batch)
    names = Names(_places(contents.values()), timezone.localdate())
    return [
        _row(scopes, row, contents[row.number], names, whole=whole)
        if mine or not is_others(scopes, batch, row.kind, contents[row.number])
        else Row(row, _place(contents[row.number]), "", (), (not_yours,), (), ())
        for row in listed
        if row.number in contents
    ]


def conflicts_of(officer: Officer, batch: Batch, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The conflicts of rows that have some."""
    listed = list(rows(officer, batch, Filter(verdict=Verdict.CONFLICT)).filter(number__in=numbers))
    return {number: line.get("@conflicts") or [] for number, line in _contents(batch, listed).items()}


def rivals_of(officer: Officer, batch: Batch, numbers: Sequence[int]) -> list[int]:
    """The rows that say something else of the same subjects as these rows, which are all in conflict for it."""
    listed = list(rows(officer, batch, Filter(verdict=Verdict.CONFLICT)))
    contents = _contents(batch, listed)
    keyed = {number: _keys(line) for number, line in contents.items()}
    wanted = set().union(*(keyed.get(number, set()) for number in numbers))
    return [number for number, found in keyed.items() if found & wanted]


def problems(officer: Officer, batch: Batch) -> Iterator[tuple[str, str, str, str]]:
    """Everything that is to be read about rows: sheet and row, who, verdict, text."""
    listed = list(rows(officer, batch, Filter(noted=True)))
    for row in shown(officer, batch, listed):
        for text in row.notes:
            yield row.place, row.who, row.staged.get_verdict_display(), text


def _contents(batch: Batch, listed: Sequence[StagedRow]) -> dict[int, dict[str, Any]]:
    """What the sealed chunks say of rows, by number."""
    found: dict[int, dict[str, Any]] = {}
    for kind in dict.fromkeys(row.kind for row in listed):
        numbers = [row.number for row in listed if row.kind == kind]
        chunks = sorted({number // storage.rows_a_chunk for number in numbers})
        for frame in storage.frames(batch, Part.ROWS, kind, chunks):
            kept = frame.filter(pl.col("@number").is_in(numbers))
            found |= {line["@number"]: line for line in kept.iter_rows(named=True)}
    return found


def _keys(line: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    if not set(line.get("@conflicts") or ()) & set(_rivals):
        return set()
    born, name = line.get("birth_date"), line.get("@name")
    keys: set[tuple[Any, ...]] = {("id", line["@index"])} if line.get("@index") else set()
    if name and born:
        keys.add(("name", name, born))
    if line.get("@found") is True:
        keys.add(("person", line["@person"]))
    if line.get("@site"):
        keys.add(("site", line["@site"]))
    return keys


def _places(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The codes of the regions that rows name, and of those that stand in the register."""
    columns = {field.column for of_kind in fields.values() for field in of_kind if field.place}
    return (str(line[c]) for line in lines for column in columns for c in (column, f"<{column}") if line.get(c))


def _row(scopes: Sequence[Scope], staged: StagedRow, line: Mapping[str, Any], names: Names, *, whole: bool) -> Row:
    codes = line.get("@conflicts") or []
    notes = without_numbers(line["@notes"]).split("\n") if line.get("@notes") else []
    notes = notes if whole or not notes else [not_all_yours]
    if staged.verdict != Verdict.REFUSED and may_see(scopes, day_of_election) and _begins_a_term(line):
        notes = [*notes, begins_anew()]
    return Row(
        staged,
        _place(line),
        _who(staged.kind, line),
        list(_changes(scopes, staged, line, names)),
        notes,
        [conflicts[code] for code in codes if code in conflicts],
        allowed(codes) if staged.verdict == Verdict.CONFLICT else (),
    )


def _begins_a_term(line: Mapping[str, Any]) -> bool:
    before, after = ({day_of_election: str(line.get(key) or "")} for key in (f"<{day_of_election}", day_of_election))
    return all((*before.values(), *after.values())) and ended(before, after) is not None


def _place(line: Mapping[str, Any]) -> str:
    sheet = f"{line['@sheet']} " if line.get("@sheet") else ""
    return f"{sheet}第 {line['@row']} 行"


def _who(kind: str, line: Mapping[str, Any]) -> str:
    if kind == "household":
        return " ".join(filter(None, (line.get("@household"), line.get("@head"))))
    if kind == "site":
        return line.get("@site") or ""
    number = line.get("@id")
    return " ".join(filter(None, (line.get("@name"), mask("id_number", number) if number else "")))


def _changes(scopes: Sequence[Scope], staged: StagedRow, line: Mapping[str, Any], names: Names) -> Iterator[Change]:
    if staged.verdict == Verdict.REFUSED:
        return
    named = {field.column: field for field in fields[staged.kind]}
    terms = guideline().terms
    for column, value in line.items():
        if value is None or (value is False and "." in column):
            continue
        before = line.get(f"<{column}")
        code, _, special = column.partition(".")
        if column in named:
            field = named[column]
            if _says_nothing(field, line) or value == before or column == "@head":  # it stands in ``who``
                continue
            labels = _labels.get((staged.kind, column), {})
            told = _choice(line, value) if column == "@choice" else _text(field, value, names, labels)
            yield Change(field.label, _text(field, before, names, labels), told)
        elif code in terms and code not in _told_otherwise and may_see(scopes, code) and value != before:
            term = terms[code]
            yield Change(term.name, _fact(term, before, special), _fact(term, value, special))


def _says_nothing(field: Field, line: Mapping[str, Any]) -> bool:
    """A region that the batch filled in, and a number that is registered: which one it is was asked by its index."""
    if field.column == "@destination" and line.get("@filled") and line.get("<@destination"):
        return True
    if field.column == "@id":
        return line.get("<@index") == line.get("@index")
    wider = field.place and line.get(f"<{field.column}")
    return bool(wider and str(wider).startswith(significant(line[field.column])))


def _choice(line: Mapping[str, Any], value: str) -> str:
    kind = line.get("@kind")
    return dict(choices(str(kind))).get(value, value) if kind in wish_terms else value


_labels: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("relation", "@because"): dict(Because.choices),
    ("relation", "@kind"): dict(Kind.choices),
    ("wish", "@kind"): dict(WishKind.choices),
    ("paid", "@kind"): dict(PaidKind.choices),
}


def _text(field: Field, value: Any, names: Names, labels: Mapping[str, str]) -> str:
    if value is None or value == "":
        return ""
    if field.place:
        return names(str(value))
    if field.column == "@id":
        return mask("id_number", str(value))
    if field.column == "@phone":
        return mask("phone", str(value))
    if field.column == "@address":
        return mask_address(str(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(labels.get(str(value), value))


def _fact(term: Term, value: Any, special: str) -> str:
    if value is None or (special and not value):
        return ""
    if special:
        return next(s.label for s in term.specials if s.code == special)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return term.label(str(value)) if term.kind == "enum" else str(value)
