"""The statements of our own steps and nothing around them: what the database and Django's cursor alone take for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction

Statement = tuple[str, Any, bool]
_last = "UPDATE journal_head"
"""The statement with which each deed ends."""


def statements_of(take: Callable[[], int]) -> list[list[Statement]]:
    """What each step that is taken says to the database; the steps are undone."""
    found: list[list[Statement]] = [[]]

    def heard(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            found[-1].append((sql, parameters, many))
        if sql.startswith(_last):
            found.append([])
        return execute(sql, parameters, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(heard):
            take()
        transaction.set_rollback(True)
    return [steps for steps in found if steps]


def say_again(deeds: Sequence[Sequence[Statement]], steps: int) -> int:
    """Say the same to the database, a transaction each; how many steps that were."""
    for deed in deeds:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, parameters, many in deed:
                if many:
                    cursor.executemany(sql, parameters)
                else:
                    cursor.execute(sql, parameters)
                if cursor.description:
                    cursor.fetchall()
    return steps
