"""Questions and changes that are put into SQL once: Django takes several times longer for that than the database for the answer.

    @prepared
    def _waiting_at(case: UUID) -> QuerySet[Turn]:
        return Turn.objects.unscoped().filter(case=case, until_entry=None)

    _waiting_at(case)                                           # the rows, in a list
    insert([Turn(…), Turn(…)])                                  # in place of bulk_create
    change(Turn, keys, until_entry=2)                           # in place of filter(pk__in=keys).update(…)

Everything that differs from one time to the next is an argument of the question, and is only compared with: the question is asked
once with nobody and nothing known, and kept. Scopes and walls are those of the question itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial, update_wrapper
from types import SimpleNamespace
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Expression, Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

P = ParamSpec("P")
R = TypeVar("R")
_found = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")


class Whoever(Sequence[str]):
    """Nobody yet, where many will be asked about (`anju.register.among.Many`).

    Whoever looks at them raises `RuntimeError`: the answer would be put into the question for good.
    """

    def __init__(self, at: int = 0) -> None:
        self.at = at

    def __getitem__(self, at: Any) -> Any:
        raise RuntimeError("nobody is known yet")

    def __len__(self) -> int:
        raise RuntimeError("nobody is known yet")


@dataclass(frozen=True, slots=True)
class Later:
    """The parameter that is known when the question is asked: the ``at``-th argument, ``written`` as the database gets it."""

    written: Callable[[Any], Any]
    at: int = 0


class _Unknown(Expression):
    """An argument that is one value."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def as_sql(self, _compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """Its place."""
        return "%s", (Later(partial(_stored, connection.vendor), self.at),)


def _stored(vendor: str, value: Any) -> Any:
    """A value as the database gets it, of the type that its column has in Python. Raises `RuntimeError` for one that equals nothing."""
    if value is None:
        raise RuntimeError("a prepared question compares with nothing that is null")
    if vendor != "sqlite":
        return value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.hex if isinstance(value, UUID) else value.isoformat() if isinstance(value, date) else value


class _Prepared(Generic[R]):
    """A question's rows, with its SQL."""

    def __init__(self, rows: QuerySet[Any, R]) -> None:
        self.rows = rows
        compiler = rows.query.get_compiler(rows.db)
        try:
            self.sql, self.parameters = compiler.as_sql()
        except EmptyResultSet:  # nothing can answer it, whatever is asked about
            self.sql, self.parameters = "", ()
        self.known = {name: getattr(compiler, name, None) for name in _found}

    def ask(self, told: Sequence[Any]) -> list[R]:
        """Django's own reading of the rows, by a compiler that has the SQL already."""
        if not self.sql:
            return []
        filled = [one.written(told[one.at]) if isinstance(one, Later) else one for one in self.parameters]
        compiler = self.rows.query.get_compiler(self.rows.db)
        vars(compiler).update(self.known, as_sql=lambda: (self.sql, filled))
        query = SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler)
        read: Any = self.rows._iterable_class
        asked = SimpleNamespace(db=self.rows.db, query=query, _known_related_objects={}, _fields=None)
        return list(read(asked))


def prepared(question: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """The question as one that is put into SQL when it is first asked; a decorator.

    Its arguments are given by their places: values as their columns have them in Python, and lists of texts for ``among=Many(…)``. What
    is given by name is known at once, and hashable: for each such thing the question is put into SQL again.
    """

    def ask(*told: Any, **known: Any) -> list[R]:
        many = tuple(isinstance(one, list) for one in told)
        found: _Prepared[R] = put(question, connection.vendor, many, tuple(known.items()))
        return found.ask(told)

    return update_wrapper(ask, question)


@lru_cache(maxsize=1024)
def put(question: Any, _vendor: str, many: tuple[bool, ...], known: tuple[tuple[str, Any], ...]) -> _Prepared[Any]:
    """A question, put into SQL."""
    nobody: list[Any] = [Whoever(at) if one else _Unknown(at) for at, one in enumerate(many)]
    return _Prepared(question(*nobody, **dict(known)))


_at_once = 500


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows of one table, as ``bulk_create`` does; those that the database numbers have their numbers then.

    Raises:
        django.db.IntegrityError: a constraint or a wall refuses a row.
    """
    for start in range(0, len(rows), _at_once):
        part = rows[start : start + _at_once]
        sql, fields = _insertion(type(part[0]), len(part))
        with connection.cursor() as cursor:
            cursor.execute(sql, [f.get_db_prep_save(f.pre_save(row, True), connection) for row in part for f in fields])
            if len(fields) < len(type(part[0])._meta.concrete_fields):
                for row, (number,) in zip(part, cursor.fetchall(), strict=True):
                    row.pk = number


@lru_cache(maxsize=1024)
def _insertion(model: type[Model], many: int) -> tuple[str, Sequence[Field[Any, Any]]]:
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    names, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    rows = ", ".join([f"({marks})"] * many)
    numbered = "" if model._meta.pk in fields else f' RETURNING "{model._meta.pk.column}"'
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {rows}{numbered}', fields


def change(model: type[Model], keys: Sequence[Any], **values: Any) -> None:
    """Set columns of those rows of a table that have these keys, as ``filter(pk__in=keys).update(…)`` does.

    Like `insert` it asks nobody whether he may: that is its caller's, and the second wall's.
    """
    pk = model._meta.pk
    for start in range(0, len(keys), _at_once):
        part = keys[start : start + _at_once]
        sql, fields = _setting(model, tuple(values), len(part))
        stored = [field.get_db_prep_save(values[field.attname], connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*stored, *(pk.get_db_prep_value(key, connection) for key in part)])


@lru_cache(maxsize=1024)
def _setting(model: type[Model], names: Sequence[str], many: int) -> tuple[str, Sequence[Field[Any, Any]]]:
    fields, pk = [field for field in model._meta.concrete_fields if field.attname in names], model._meta.pk
    told, marks = ", ".join(f'"{field.column}" = %s' for field in fields), ", ".join(["%s"] * many)
    return f'UPDATE "{model._meta.db_table}" SET {told} WHERE "{pk.column}" IN ({marks})', fields
