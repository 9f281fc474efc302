"""Rows that only those may see whose posts reach them: the base for every table with people, households or sites.

A question without a scope is refused, whatever it is: rows, counts, sums, a subquery, an update, a deletion.

    class Sites(ScopedQuerySet["Site"]):
        region_columns = ("region",)

    class Site(models.Model):
        objects = Sites.as_manager()

    Site.objects.visible_to(officer, purpose="经办")       # within the officer's posts of today
    Site.objects.unscoped()                               # only where a house test allows it

On PostgreSQL a second wall stands behind it (`anju.government.second_wall`): each question tells the database for whom it is asked,
and row-level security gives nothing else, whatever the program forgot.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from anju.government.models import Officer
from anju.government.queries import Scope, visible_regions
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everywhere, ranges_of, tell

M = TypeVar("M", bound=models.Model)


class Unindexed(Func):
    """A column that is compared and ordered by without asking its index: a database cannot know that another one leads to fewer rows."""

    template = "%(expressions)s"

    def __init__(self, column: str) -> None:
        super().__init__(F(column), output_field=models.CharField())

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """SQLite's own sign for it."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """PostgreSQL, which has no sign for it, orders by a column's index where it takes rare rows for common ones."""
        return self.as_sql(compiler, connection, template="(%(expressions)s || '')", **context)


class ScopeMissing(RuntimeError):
    """A question about scoped rows was asked without saying for whom: a fault of the program, never of an officer."""


class ScopedQuery(Query):
    """A query that gives no SQL until it has a scope."""

    ranges: str | None = None
    """For whom it is asked, as `second_wall` writes it; None while nobody has said."""

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        """Django's own compiler, which tells the database for whom it asks. Raises `ScopeMissing`."""
        ranges = self.ranges
        if ranges is None and not self.is_empty():
            _refuse(self.model)
        compiler: SQLCompiler = super().get_compiler(*args, **kwargs)
        if ranges is not None and compiler.connection.vendor == "postgresql":
            execute = compiler.execute_sql

            def execute_for(*args: Any, **kwargs: Any) -> Any:
                tell(compiler.connection, ranges)
                return execute(*args, **kwargs)

            vars(compiler)["execute_sql"] = execute_for
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

    def visible_to(self, who: Somebody, *, purpose: str) -> Self:
        """The rows that an officer may see today for a purpose, or those that are a resident's own.

        PostgreSQL's second wall knows regions and not people: for a resident the first one stands alone.

        Raises:
            ValueError: no purpose.
            ScopeMissing: a table of which residents see nothing.
        """
        if isinstance(who, Resident):
            return self.filter(self.own(who))._for(everywhere)
        scopes = scopes_of(who, purpose)
        return self.filter(self.reach(scopes, purpose))._for(ranges_of(scopes))

    def visible_by(
        self, column: str, officer: Officer, *, purpose: str, within: tuple[str, str] = ("", "~"), indexed: bool = True
    ) -> tuple[Self, ...]:
        """The rows that the officer may see by one of the region columns: a question a range, in the order of codes.

        An index that begins with the column answers each of them in its order, as it cannot answer `visible_to`'s OR over columns and
        posts: long lists ask them one after the other. Each row has the column's value as ``place``.

        Args:
            within: narrows them to the codes ``lo ≤ code < hi``.
            indexed: False where another index leads to fewer rows.

        Raises:
            ValueError: another column, or no purpose.
        """
        if column not in self.region_columns or type(self).reach is not ScopedQuerySet.reach:
            raise ValueError(f"{column}: no column that lets somebody see these rows by itself")
        scopes = scopes_of(officer, purpose)
        told = ranges_of(scopes)
        placed = self.annotate(place=F(column) if indexed else Unindexed(column))
        return tuple(placed.filter(place__gte=lo, place__lt=hi)._for(told) for lo, hi in joined(scopes, within))

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """The condition for rows within the scopes; a table with its own walls (lines, participation) refines it."""
        within = Q(pk__in=[])
        for scope in scopes:
            for column in self.region_columns:
                within |= Q(**{f"{column}__gte": scope.lo, f"{column}__lt": scope.hi})
        return within

    def own(self, resident: Resident) -> Q:
        """The condition for rows that are a resident's own. Of a table that does not say it there are none. Raises `ScopeMissing`."""
        raise ScopeMissing(f"{self.model.__name__}: nothing of it is a resident's own")

    def unscoped(self) -> Self:
        """All rows: for evaluation, verification and jobs that act for nobody. A house test lists who may ask."""
        return self.all()._for(everywhere)

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

    def count(self) -> int:
        """Django's own. Around a slice it asks another query, which knows no scope. Raises `ScopeMissing`."""
        if not self.query.is_empty():
            tell(connections[self.db], _check_scope(self))
        return super().count()

    def update(self, **kwargs: Any) -> int:
        """Django's own. Raises `ScopeMissing`."""
        tell(connections[self.db], _check_scope(self))
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Django's own. Raises `ScopeMissing`."""
        tell(connections[self.db], _check_scope(self))
        return super().delete()

    def _for(self, ranges: str) -> Self:
        query = self.query
        assert isinstance(query, ScopedQuery)
        query.ranges = ranges
        return self


def joined(scopes: Sequence[Scope], within: tuple[str, str] = ("", "~")) -> tuple[tuple[str, str], ...]:
    """What the posts reach, in the order of codes and each code once, as far as it lies within a range."""
    ranges: list[tuple[str, str]] = []
    for lo, hi in sorted((max(scope.lo, within[0]), min(scope.hi, within[1])) for scope in scopes):
        if ranges and lo <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(hi, ranges[-1][1]))
        elif lo < hi:
            ranges.append((lo, hi))
    return tuple(ranges)


def scopes_of(officer: Officer, purpose: str) -> tuple[Scope, ...]:
    """The posts of today. Raises `ValueError` without a purpose."""
    if not purpose.strip():
        raise ValueError("看数据要说明用途。")
    return visible_regions(officer, timezone.localdate())


def _check_scope(asked: models.QuerySet[M, M]) -> str:
    if not isinstance(asked.query, ScopedQuery) or asked.query.ranges is None:
        _refuse(asked.model)
    return asked.query.ranges
