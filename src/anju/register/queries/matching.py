"""Finding by the beginning of a text, with an index on both databases."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler

_last = "\U0010ffff"


class Begins(StartsWith):
    """``filter(Begins("name", "张青"))``: ``startswith`` that an index answers on SQLite too, where LIKE never asks one."""

    def __init__(self, column: str, text: str) -> None:
        super().__init__(F(column), text)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """The range of texts with that beginning."""
        column, given = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*given, self.rhs, *given, f"{self.rhs}{_last}"]
