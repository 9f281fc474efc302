"""Rows among many: ``filter(pk__among=Many(ids))`` asks for any number of values with one parameter.

Django's ``__in`` makes a parameter of each value, which for ten thousand costs more than the answer, and more than an engine takes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup
from django.db.models.fields.related import ForeignObject
from django.db.models.sql.compiler import SQLCompiler

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
        texts = json.dumps(list(self.rhs.texts), ensure_ascii=False)
        given = texts.replace("-", "") if self._of_uuids() else texts
        return column + _in_json, [*parameters, given]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """One array, written here: the driver would look at each element twice."""
        column, parameters = self.process_lhs(compiler, connection)
        uuids = self._of_uuids()
        texts = self.rhs.texts if uuids else map(_quoted, self.rhs.texts)  # in a UUID is nothing to quote
        return f"{column} = ANY(%s::{'uuid' if uuids else 'text'}[])", [*parameters, f"{{{','.join(texts)}}}"]

    def _of_uuids(self) -> bool:
        field = self.lhs.output_field
        kind: str = (field.target_field if field.is_relation else field).get_internal_type()
        return kind == "UUIDField"


def _quoted(text: str) -> str:
    """An element of an array as PostgreSQL reads it."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
