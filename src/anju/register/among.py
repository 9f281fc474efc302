"""Rows among many: ``filter(pk__among=Many(ids))`` asks for any number of values with one parameter.

Django's ``__in`` makes a parameter of each value, which for ten thousand costs more than the answer, and more than an engine takes.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

from anju.walls.prepared import Later, Whoever

_in_json = " IN (SELECT value FROM json_each(%s))"


@dataclass(frozen=True, slots=True)
class Many:
    """Texts that Django hands on without looking at each; UUIDs are written with their hyphens."""

    texts: Sequence[str]


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup[Any]):
    """The column's value is one of `Many`."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """One JSON text."""
        column, parameters = self.process_lhs(compiler, connection)
        return column + _in_json, [*parameters, self._given(_json_of_uuids if self._of_uuids() else _json)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """One array, written here: the driver would look at each element twice."""
        column, parameters = self.process_lhs(compiler, connection)
        of_uuids = self._of_uuids()
        given = self._given(_array_of_uuids if of_uuids else _array)
        return f"{column} = ANY(%s::{'uuid' if of_uuids else 'text'}[])", [*parameters, given]

    def _given(self, written: Callable[[Sequence[str]], str]) -> str | Later:
        texts = self.rhs.texts
        return Later(written, texts.at) if isinstance(texts, Whoever) else written(texts)

    def _of_uuids(self) -> bool:
        field = self.lhs.output_field
        kind: str = (field.target_field if field.is_relation else field).get_internal_type()
        return kind == "UUIDField"


def _json(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)


def _json_of_uuids(texts: Sequence[str]) -> str:
    return _json(texts).replace("-", "")


def _array(texts: Sequence[str]) -> str:
    return f"{{{','.join(map(_quoted, texts))}}}"


def _array_of_uuids(texts: Sequence[str]) -> str:
    return f"{{{','.join(texts)}}}"  # in a UUID is nothing to quote


def _quoted(text: str) -> str:
    """An element of an array as PostgreSQL reads it."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
