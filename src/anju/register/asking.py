"""Whose facts are asked for, and rows as columns: a register of a city has millions of steps, wishes and documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import polars as pl
from django.db import connection, models
from django.db.models import Expression, F, Func, Q

from anju.government.second_wall import ask_everywhere
from anju.register.among import Many
from anju.register.guideline import guideline
from anju.walls.prepared import Later, Whoever

M = TypeVar("M", bound=models.Model)
_portion = 50_000
_places_a_text = 100_000
_few_letters = 4_000
_digits = 32
"""Of a UUID without its hyphens."""
_texts = pl.List(pl.String())
_between, _nothing = "\x1e", "\x1f"


@dataclass(frozen=True, slots=True)
class Span:
    """Subjects whose id lies in ``first ≤ id < end``; ids grow with time, so that a register is read in spans."""

    first: str
    end: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose facts, for which day, and as they were known when (None: now).

    ``who``: ids, a span of ids, or None for everyone. ``read``: what one answer has read that another needs too. ``answers``: what the
    database has answered to `columns`.
    """

    kind: str
    who: Sequence[str] | Span | None
    on: date
    at: datetime | None = None
    read: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)
    answers: dict[Wording, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    def of(self, table: type[M], column: str = "pk") -> models.QuerySet[M]:
        """Those rows, of everybody, that belong to whom is asked for; ``column`` is where they name the subject."""
        rows: Any = table._default_manager
        found: models.QuerySet[M] = rows.unscoped()
        if isinstance(self.who, Span):
            return found.filter(**{f"{column}__gte": self.who.first, f"{column}__lt": self.who.end})
        return found if self.who is None else found.filter(**{f"{column}__among": Many(self.who)})

    def columns(self, question: Question, names: Mapping[str, str], *, sealed: str = "") -> pl.DataFrame:
        """The answer to a question about those asked for, as `columns_of` gives it.

        What is asked about some ids as they are now is put into SQL once a day: Django takes longer for that than the database for the
        answer.

        Args:
            question: a function of a module, which asks of those it is given, for their day and moment, and of nothing that changes.
        """
        wording = question, self.kind, tuple(names.items()), sealed
        if wording not in self.answers:
            self.answers[wording] = self._answer(question, names, sealed)
        return self.answers[wording]

    def _answer(self, question: Question, names: Mapping[str, str], sealed: str) -> pl.DataFrame:
        if self.at is not None or self.who is None or isinstance(self.who, Span):
            return columns_of(question(self), names, sealed=sealed)
        told = guideline().version, connection.vendor
        return _prepared(question, self.kind, self.on, tuple(names.items()), sealed, *told)(self.who)

    def ask(self, wordings: Iterable[Wording]) -> None:
        """Ask in advance what was asked about others of the kind, so that a thread without the database finds the answers."""
        for question, _, names, sealed in wordings:
            self.columns(question, dict(names), sealed=sealed)

    def tell_applied(self, applied: pl.DataFrame) -> None:
        """Say which applications are under way: ``@id``, ``procedure`` and the day ``applied_on``, the one that counts last."""
        self.read["applied"] = applied

    @property
    def applied(self) -> pl.DataFrame:
        """The same for whoever has read the facts; no rows where nobody knows of any."""
        days = {"@id": pl.String(), "procedure": pl.String(), "applied_on": pl.Date()}
        return self.read.get("applied", pl.DataFrame(schema=days))

    def tell_payers(self, payers: pl.DataFrame) -> None:
        """Say of whose money who has to see to it: ``@id`` and the office ``paying``."""
        self.read["payers"] = payers

    @property
    def payers(self) -> pl.DataFrame:
        """The same for whoever has read the facts; no rows where nobody knows of any."""
        return self.read.get("payers", pl.DataFrame(schema={"@id": pl.String(), "paying": pl.String()}))

    def known(self, rows: models.QuerySet[M]) -> models.QuerySet[M]:
        """Those rows that were recorded by then."""
        return rows if self.at is None else rows.filter(recorded_at__lte=self.at)

    def present(self, memberships: models.QuerySet[M]) -> models.QuerySet[M]:
        """Those memberships that hold on the day, as far as was known by then: an end that was set later had not come yet."""
        begun = self.known(memberships).filter(since__lte=self.on)
        still = Q(until__gt=self.on)
        return begun.filter(still if self.at is None else still | Q(ended_at__gt=self.at))


Question = Callable[[Asked], models.QuerySet[Any]]
Wording = tuple[Question, str, tuple[tuple[str, str], ...], str]
"""What `Asked.columns` is asked for, about subjects of a kind."""
Reader = Callable[[Sequence[str] | None], pl.DataFrame]
"""Ids, where a question was put before they were known (None: it was not) → the answer."""


@lru_cache(maxsize=512)
def _prepared(
    question: Question,
    kind: str,
    on: date,
    names: tuple[tuple[str, str], ...],
    sealed: str,
    _version: str,
    _vendor: str,
) -> Reader:
    rows = question(Asked(kind, Whoever(), on))
    _, parameters = _selected(rows, [])
    if not any(isinstance(one, Later) for one in parameters):
        raise RuntimeError(f"{question.__qualname__} does not say about whom it asks")
    return _reader(rows, dict(names), sealed)


def columns_of(rows: models.QuerySet[M], names: Mapping[str, str], *, sealed: str = "") -> pl.DataFrame:
    """Rows as a frame of texts: ``names`` is the frame's column → the row's; days are ISO, UUIDs have their hyphens.

    Acts for nobody. Goes round Django's rows and converters, which cost more than the database.

    Args:
        names: columns of UUIDs begin with ``@``.
        sealed: the one column that stays as bytes.
    """
    return _reader(rows, names, sealed)(None)


def _reader(rows: models.QuerySet[M], names: Mapping[str, str], sealed: str) -> Reader:
    if connection.vendor == "sqlite":
        return _at_once(rows, names, sealed)
    long = {field.attname for field in rows.model._meta.concrete_fields if isinstance(field, models.JSONField)}
    if sealed or rows.query.order_by or long.intersection(names.values()):
        return _by_row(rows, names, sealed)
    joined = _joined(rows, names)

    def read(who: Sequence[str] | None) -> pl.DataFrame:
        found = joined(who)
        return _by_row(rows, names, sealed)(who) if found is None else found

    return read


def _filled(parameters: Sequence[Any], who: Sequence[str] | None) -> list[Any]:
    """The parameters, with those that are asked about. Raises `RuntimeError` where they are not known yet."""
    if who is None:
        if any(isinstance(one, Later) for one in parameters):
            raise RuntimeError("a question is asked before it is known about whom")
        return list(parameters)
    return [one.written(who) if isinstance(one, Later) else one for one in parameters]


def how_many(rows: models.QuerySet[M]) -> int:
    """So many rows there are; asked for nobody, in one message, where a scoped question would take two and nearly nobody has any."""
    return columns_of(rows, {"@row": "pk"}).height


def _joined(
    rows: models.QuerySet[M], names: Mapping[str, str]
) -> Callable[[Sequence[str] | None], pl.DataFrame | None]:
    """Each column as one text of PostgreSQL's, cut where a character stands that no value has; None where one has it after all.

    A driver that makes rows of it, and of these columns, takes twice as long; for long texts it does not.
    """
    sql, parameters = _selected(rows, [_text(column) for column in names.values()])
    texts = ", ".join(f"string_agg(COALESCE(_{n}, '{_nothing}'), '{_between}')" for n in range(len(names)))
    counts = ", ".join(f"count(*) - count(_{n})" for n in range(len(names)))
    together = " ".join(("SELECT", texts, ",", counts, ", count(*) FROM (", sql, ") AS asked"))

    def read(who: Sequence[str] | None) -> pl.DataFrame | None:
        with connection.cursor() as cursor:
            ask_everywhere(cursor, together, _filled(parameters, who))
            *told, height = cursor.fetchone()
        columns: list[pl.Series] = []
        for name, text, blanks in zip(names, told, told[len(names) :], strict=False):
            cut = (
                pl.Series(name, [text], dtype=pl.String).str.split(_between).explode()
                if height
                else pl.Series(name, [], dtype=pl.String)
            )
            values = cut.set(cut == _nothing, None)
            if len(values) != height or values.null_count() != blanks:
                return None
            columns.append(values)
        return pl.DataFrame(columns)

    return read


def _by_row(rows: models.QuerySet[M], names: Mapping[str, str], sealed: str) -> Reader:
    schema: dict[str, pl.DataType] = {name: pl.Binary() if name == sealed else pl.String() for name in names}
    sql, parameters = _selected(rows, [F(c) if name == sealed else _text(c) for name, c in names.items()])

    def read(who: Sequence[str] | None) -> pl.DataFrame:
        parts = [pl.DataFrame(schema=schema)]
        with connection.cursor() as cursor:
            ask_everywhere(cursor, sql, _filled(parameters, who))
            while batch := cursor.fetchmany(_portion):
                parts.append(pl.DataFrame(batch, schema=schema, orient="row"))
        return pl.concat(parts)

    return read


def _at_once(rows: models.QuerySet[M], names: Mapping[str, str], sealed: str) -> Reader:
    """Each column as few JSON texts: SQLite's driver would let go of the interpreter for each row, and wait to have it back.

    One for every so many places of the table, because no text of SQLite's may be longer than a thousand million bytes.
    """
    asked = [_text(c, "NULLIF(hex(%(expressions)s), '')") if name == sealed else _text(c) for name, c in names.items()]
    place = f'"{rows.model._meta.db_table}".rowid / {_places_a_text}'
    span = Func(template=place, output_field=models.IntegerField())
    sql, parameters = _selected(rows, [*asked, span])
    columns = ", ".join(f"json_group_array(_{n})" for n in range(len(names)))
    grouped = " ".join(("SELECT", columns, "FROM (", sql, f") GROUP BY _{len(names)}"))

    def read(who: Sequence[str] | None) -> pl.DataFrame:
        with connection.cursor() as cursor:
            cursor.execute(grouped, _filled(parameters, who))
            parts = [_decoded(list(names), texts, sealed) for texts in cursor] or [_few(list(names), [], sealed)]
        return pl.concat(parts) if len(parts) > 1 else parts[0]

    return read


def _decoded(names: Sequence[str], texts: Sequence[str], sealed: str) -> pl.DataFrame:
    """A column of each JSON text."""
    if len(texts[0]) < _few_letters:
        return _few(names, [json.loads(text) for text in texts], sealed)
    whole = pl.DataFrame([texts], schema=dict.fromkeys(names, pl.String()), orient="row")
    found = whole.select(pl.all().str.json_decode(_texts).explode())
    ids = [_hyphened(name) for name in names if name.startswith("@")]
    shut = [pl.col(sealed).str.decode("hex")] if sealed else []
    return found.with_columns(*ids, *shut)


def _few(names: Sequence[str], columns: Sequence[list[Any]], sealed: str) -> pl.DataFrame:
    """The same for what a household has: there a single expression takes longer than all of it."""
    made: list[pl.Series] = []
    for at, name in enumerate(names):
        values = columns[at] if columns else []
        if name.startswith("@"):
            values = [str(UUID(value)) if value is not None and len(value) == _digits else value for value in values]
        elif name == sealed:
            values = [None if value is None else bytes.fromhex(value) for value in values]
        made.append(pl.Series(name, values, dtype=pl.Binary if name == sealed else pl.String))
    return pl.DataFrame(made)


def _selected(rows: models.QuerySet[M], asked: Sequence[Expression | F]) -> tuple[str, Any]:
    told = {f"_{n}": column for n, column in enumerate(asked)}
    sql, parameters = rows.annotate(**told).values_list(*told).query.sql_with_params()
    return sql, parameters


def _text(column: str, template: str = "CAST(%(expressions)s AS text)") -> Func:
    return Func(F(column), template=template, output_field=models.TextField())


def _hyphened(name: str) -> pl.Expr:
    """A UUID as SQLite stores it, 32 digits, as it is written."""
    places = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    parts = [pl.col(name).str.slice(start, length) for start, length in places]
    whole = pl.concat_str(parts, separator="-")
    return pl.when(pl.col(name).str.len_bytes() == _digits).then(whole).otherwise(pl.col(name)).alias(name)
