"""Finding by the beginning of a text, with an index on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.lookups import StartsWith
from django.db.models.sql.compiler import SQLCompiler

_last = "\U0010ffff"


class Begins(StartsWith):
    """``filter(Begins("name", "张青"))``: ``startswith`` that an index answers: on SQLite, where LIKE never asks one, and on PostgreSQL
    behind row-level security, which lets LIKE see no row before the policy has.
    """

    def __init__(self, column: str, text: str) -> None:
        super().__init__(F(column), text)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """The range of texts with that beginning."""
        return self._within(">=", "<", *self.process_lhs(compiler, connection))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """The same, letter by letter whatever the locale (``varchar_pattern_ops``)."""
        return self._within("~>=~", "~<~", *self.process_lhs(compiler, connection))

    def _within(self, least: str, below: str, column: str, given: Sequence[Any]) -> tuple[str, list[Any]]:
        return f"({column} {least} %s AND {column} {below} %s)", [*given, self.rhs, *given, f"{self.rhs}{_last}"]
