"""Rows that only those may see whose posts reach them: the base for every table with people, households or sites.

A question without a scope is refused, whatever it is: rows, counts, sums, a subquery, an update, a deletion.

    class Sites(ScopedQuerySet["Site"]):
        region_columns = ("region",)

    class Site(models.Model):
        objects = Sites.as_manager()

    Site.objects.visible_to(officer, purpose="经办")       # within the officer's posts of today
    Site.objects.unscoped()                               # only where a house test allows it
"""

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from anju.government.models import Officer
from anju.government.queries import Scope, visible_regions

M = TypeVar("M", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A question about scoped rows was asked without saying for whom: a fault of the program, never of an officer."""


class ScopedQuery(Query):
    """A query that gives no SQL until it has a scope."""

    scoped: bool = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        """Django's own compiler. Raises `ScopeMissing`."""
        if not self.scoped and not self.is_empty():
            _refuse(self.model)
        compiler: SQLCompiler = super().get_compiler(*args, **kwargs)
        return compiler


def _refuse(model: type[models.Model] | None) -> NoReturn:
    raise ScopeMissing(f"{model and model.__name__}: ask visible_to(officer, purpose=…) first")


class ScopedQuerySet(models.QuerySet[M]):
    """Rows with region codes in `region_columns`; one of them has to lie in the reach of one of the officer's posts."""

    region_columns: ClassVar[Sequence[str]] = ()

    def __init__(self, model: type[M] | None = None, query: Query | None = None, **kwargs: Any) -> None:
        if query is None and model is not None:
            query = ScopedQuery(model)
        super().__init__(model=model, query=query, **kwargs)

    def visible_to(self, officer: Officer, *, purpose: str) -> Self:
        """The rows that the officer may see today for a purpose. Raises `ValueError` without a purpose."""
        if not purpose.strip():
            raise ValueError("看数据要说明用途。")
        today = timezone.localdate()
        return self.filter(self.reach(visible_regions(officer, today), purpose))._with_scope()

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """The condition for rows within the scopes; a table with its own walls (lines, participation) refines it."""
        within = Q(pk__in=[])
        for scope in scopes:
            for column in self.region_columns:
                within |= Q(**{f"{column}__gte": scope.lo, f"{column}__lt": scope.hi})
        return within

    def unscoped(self) -> Self:
        """All rows: for evaluation, verification and jobs that act for nobody. A house test lists who may ask."""
        return self.all()._with_scope()

    def __or__(self, other: models.QuerySet[M, M]) -> Self:
        """Both together. Raises `ScopeMissing` unless both have their scope."""
        _check_scope(self)
        _check_scope(other)
        return super().__or__(other)

    def __xor__(self, other: models.QuerySet[M, M]) -> Self:
        """Either but not both. Raises `ScopeMissing` unless both have their scope."""
        _check_scope(self)
        _check_scope(other)
        return super().__xor__(other)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Never: SQL written by hand knows no scope. Raises `ScopeMissing`."""
        raise ScopeMissing(f"{self.model.__name__}: no SQL by hand")

    def update(self, **kwargs: Any) -> int:
        """Django's own. Raises `ScopeMissing`."""
        _check_scope(self)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Django's own. Raises `ScopeMissing`."""
        _check_scope(self)
        return super().delete()

    def _with_scope(self) -> Self:
        query = self.query
        assert isinstance(query, ScopedQuery)
        query.scoped = True
        return self


def _check_scope(asked: models.QuerySet[M, M]) -> None:
    if not (isinstance(asked.query, ScopedQuery) and asked.query.scoped):
        _refuse(asked.model)
