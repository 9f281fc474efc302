"""Within what an officer may write: rows in the reach of a post, work of the post's line."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import QuerySet
from django.utils import timezone

from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope, asking_once, reaching, visible_regions
from anju.government.refusals import Refused
from anju.government.regions.reach import padded
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import ranges_of, tell
from anju.journal.actions import Result, record
from anju.journal.plain_numbers import has_id_number
from anju.register.guideline import guideline
from anju.register.privacy import works_on
from anju.walls.prepared import prepared

M = TypeVar("M", bound=models.Model)
not_there = "没有这一条，或者不在您的范围里。"
"""What is foreign and what is missing are told alike."""


def scopes_of(by: Officer) -> Sequence[Scope]:
    """The posts that the officer acts from today. Raises `Refused` without one."""
    scopes = visible_regions(by, timezone.localdate())
    if not scopes:
        raise Refused("您现在没有岗位，不能登记；岗位由安全管理员给。")
    return scopes


def locked(model: type[M], by: Somebody, key: str | UUID) -> M:
    """A row of a scoped table within an officer's reach, or of a resident's own, locked until the transaction ends. Raises `Refused`."""
    on = timezone.localdate()
    found: list[M]
    try:
        with asking_once():  # the posts under which the question is kept are those that it is asked for
            seen = _Reach(by if isinstance(by, Resident) else visible_regions(by, on), on, by)
            found = _reached(model._meta.pk.to_python(key), model=model, seen=seen)
    except (ValidationError, ValueError):
        found = []
    if not found:
        raise Refused(not_there)
    return found[0]


@dataclass(frozen=True, slots=True)
class _Reach:
    """Within whose reach is asked: for all who have the same posts on a day it is one question."""

    reach: Hashable
    on: date
    by: Somebody = field(compare=False)


@prepared
def _reached(key: object, *, model: type[models.Model], seen: _Reach) -> QuerySet[Any]:
    rows: Any = model._default_manager
    found: QuerySet[Any] = rows.visible_to(seen.by, purpose="经办").select_for_update(of=("self",)).filter(pk=key)
    return found


def check_work(scopes: Sequence[Scope], clause: str, *places: str) -> None:
    """Raise `Refused` unless one of the posts that reach one of the subject's places does the clause's work."""
    if not works_on(reaching(scopes, *places), clause):
        title = guideline().clauses[clause].title
        raise Refused(f"“{title}”不归您的条线办，请转给负责的部门。")


def check_reach(scopes: Sequence[Scope], *codes: str) -> None:
    """Raise `Refused` unless one of the places lies in the reach of a post; and tell the database where the officer writes."""
    if not any(scope.lo <= code < scope.hi for scope in scopes for code in codes if code):
        raise Refused("迁出地和迁入地都不在您的范围里，请让当地登记。")


def check_plain(*texts: str) -> None:
    """Raise `Refused` for a text that would keep an ID number in the open: it has a field of its own, where it lies sealed."""
    if any(has_id_number(text) for text in texts):
        raise Refused("这里不能写证件号码：请用姓名、户编号或文号说明；证件号码只填在“证件号码”一栏。")


def code(text: str) -> str:
    """A place's code with 12 digits, or "". Raises `Refused`."""
    try:
        return padded(text.strip()) if text.strip() else ""
    except ValueError as error:
        raise Refused(str(error)) from error


def open_scope(scopes: Sequence[Scope]) -> None:
    """Tell the database whose rows are written in this transaction (before an INSERT without a question)."""
    tell(connection, ranges_of(scopes))


def note(
    by: Somebody | None,
    action: str,
    kind: str,
    key: object,
    *,
    purpose: str = "",
    result: Result = "done",
    **detail: Any,
) -> None:
    """Write the entry of a deed."""
    record(
        actor=acting(by),
        action=f"register.{action}",
        object_kind=kind,
        object_id=str(key),
        purpose=purpose,
        result=result,
        detail=detail,
    )
