"""Row-level security of PostgreSQL: the second wall, for the day on which the program forgets the first (`anju.government.scoped`).

A policy lets through the rows whose region lies in the ranges that the running transaction has been told. Nothing told,
nothing seen. It is told for the transaction only, so that the next request on the same connection begins with nothing.
SQLite has nothing of the kind; there the first wall stands alone, and the matrix of pages and roles is passed without the second.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

everywhere = "{(,)}"
"""All regions: for evaluation, verification and jobs that act for nobody."""
_setting, _kept = "anju.ranges", "anju_told"


_told_now = f"current_setting('{_setting}', true)"
anywhere = f"COALESCE((SELECT {_told_now} = '{everywhere}'), false)"
"""The condition that `everywhere` was told: asked once a statement, it saves asking each row."""


def among_all(statement: str) -> str:
    """The body of a function of PostgreSQL that carries out a statement among all rows, whoever calls it."""
    return (
        f"DECLARE told text := COALESCE({_told_now}, ''); BEGIN PERFORM set_config('{_setting}', '{everywhere}', true); "
        f"{statement}; PERFORM set_config('{_setting}', told, true); RETURN NULL; END"
    )


class OutsideTransaction(RuntimeError):
    """Scoped rows were asked for outside of a transaction: a fault of the program, never of an officer."""


def tell(connection: BaseDatabaseWrapper, ranges: str) -> None:
    """Tell the database for whom the rest of this transaction asks, unless it knows. Raises `OutsideTransaction`."""
    if connection.vendor == "postgresql":
        _check(connection)
        if _known(connection) == ranges:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [_setting, ranges])
        _keep(connection, ranges)


def ask_everywhere(cursor: CursorWrapper, sql: str, parameters: Sequence[Any] | None) -> None:
    """Ask for all regions: `tell` and the question, one way to PostgreSQL and back. Raises `OutsideTransaction`."""
    if cursor.db.vendor != "postgresql":
        cursor.execute(sql, parameters)
        return
    _check(cursor.db)
    if _known(cursor.db) == everywhere:
        cursor.execute(sql, parameters)
        return
    cursor.execute(f"SELECT set_config('{_setting}', '{everywhere}', true); {sql}", parameters)
    cursor.nextset()
    _keep(cursor.db, everywhere)


def _known(connection: BaseDatabaseWrapper) -> str | None:
    """What this transaction has told the database last; None for nothing, or nothing that is certain."""
    transaction, ranges = getattr(connection, _kept, (None, None))
    return ranges if transaction is connection.run_on_commit else None


def _keep(connection: BaseDatabaseWrapper, ranges: str) -> None:
    # Django begins this list anew with each transaction, and whenever it rolls back to a savepoint, which takes back what was told since
    setattr(connection, _kept, (connection.run_on_commit, ranges))


def _check(connection: BaseDatabaseWrapper) -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction("rows with a scope are asked for within a transaction")


@contextmanager
def everything() -> Iterator[None]:
    """One transaction that acts for nobody: what it writes may lie anywhere. A house test lists who may."""
    with transaction.atomic():
        before = _told()
        tell(connection, everywhere)
        yield
        tell(connection, before)  # what fails is rolled back, and with it what was told


def looking_everywhere() -> AbstractContextManager[None]:
    """`everything` for whoever only reads, and long: on SQLite a transaction would keep all others from writing."""
    return everything() if connection.vendor == "postgresql" else nullcontext()


def _told() -> str:
    if connection.vendor != "postgresql":
        return ""
    known = _known(connection)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [_setting])
        return cursor.fetchone()[0] or ""


def policy(columns: Sequence[str]) -> str:
    """The condition for rows of which one of the columns lies in what was told. Asked once a statement, not once a row."""
    told = f"(SELECT NULLIF({_told_now}, '')::int8multirange)"
    return " OR ".join(f"{told} @> COALESCE(NULLIF({column}, ''), '0')::int8" for column in columns)
