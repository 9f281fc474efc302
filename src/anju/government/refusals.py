"""What an officer is told when the database refuses: each constraint carries its own sentence."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import BaseConstraint, Model, UniqueConstraint

from anju.journal.actions import JournalRefused
from anju.walls import wall

_let_go = {"40P01", "40001", "55P03"}
"""What PostgreSQL calls a deadlock, a transaction that cannot be put in order, and a lock that was not to be had."""


class Refused(Exception):
    """An action cannot be done; the message is a Chinese sentence for the officer, and nothing was changed.

    ``constraint``: the name of the one of ours by which the database refused, or "".
    """

    constraint = ""


@contextmanager
def one_deed() -> Iterator[None]:
    """One transaction; what a field, the journal or the database refuses is refused with its sentence. Raises `Refused`."""
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except JournalRefused as error:
        raise Refused(str(error)) from error
    except IntegrityError as error:
        raise _refused(error) from error


def collided(error: Exception) -> bool:
    """Whether the database gave a deed up for others that were about the same: nothing was written, and it may be tried again."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlstate", "") in _let_go or "database is locked" in str(error)


def sentence(error: IntegrityError) -> str:
    """Why the database refused, in a sentence. Raises the error again if no constraint of ours says so."""
    return str(_refused(error))


def _refused(error: IntegrityError) -> Refused:
    text = str(error)
    told = wall.sentence(text)
    if told is not None:
        return Refused(told)
    for model, constraint in _constraints():
        if re.search(rf"\b{constraint.name}\b", text) or _names_columns(text, model, constraint):
            refused = Refused(str(constraint.violation_error_message))
            refused.constraint = constraint.name
            return refused
    raise error


def _constraints() -> Iterator[tuple[type[Model], BaseConstraint]]:
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def _names_columns(text: str, model: type[Model], constraint: BaseConstraint) -> bool:
    """SQLite names the columns of a unique constraint instead of the constraint."""
    if not isinstance(constraint, UniqueConstraint) or not constraint.fields:
        return False
    named = {field.name: field.column for field in model._meta.concrete_fields}
    columns = (f"{model._meta.db_table}.{named[field]}" for field in constraint.fields)
    return text == f"UNIQUE constraint failed: {', '.join(columns)}"
