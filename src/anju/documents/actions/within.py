"""What all deeds on letters have in common: the letter, locked and as the officer saw it; the office; the journal's entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from anju.documents.content import Content
from anju.documents.models import Addressee, Letter, State
from anju.documents.offices import Office, writes_for
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.residents import Somebody
from anju.journal.actions import Result, record

purpose = "经办文书"
not_there = "没有这份文书，或者不在您的范围里。"
faster = "这份文书刚刚有人处理过，请刷新再看。"
most_words = 5_000
most_rows = 5_000


def office_of(letter: Letter) -> Office:
    """The office that writes."""
    return Office(letter.line, letter.level, letter.region)


def locked(by: Officer, letter: UUID | str) -> Letter:
    """The letter, locked until the transaction ends. Raises `Refused` for what is foreign or missing."""
    seen = Letter.objects.visible_to(by, purpose=purpose)
    try:
        found = seen.select_for_update(of=("self",)).filter(pk=letter).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise Refused(not_there)
    return found


def own(by: Officer, letter: UUID | str, *states: State, seen: int | None = None) -> Letter:
    """The letter of an office that the officer writes for, in one of some states. Raises `Refused`."""
    found = locked(by, letter)
    if not writes_for(by, office_of(found), timezone.localdate()):
        raise Refused(f"这份文书由{found.office}办，您在那里没有岗位。")
    if found.state not in states or (seen is not None and seen != found.revision):
        raise Refused(faster)
    return found


def addressees(by: Somebody, letter: Letter) -> list[Addressee]:
    """The offices that a letter is for."""
    return list(Addressee.objects.visible_to(by, purpose=purpose).filter(letter=letter).order_by("pk"))


def party_to(by: Officer, office: Office, to: Iterable[Addressee], on: date) -> bool:
    """Whether the officer writes for the office, or for one that its letter is for."""
    return any(writes_for(by, one, on) for one in (office, *(Office(a.line, a.level, a.region) for a in to)))


def put(by: Officer, letter: Letter, **changes: Any) -> None:
    """Write some columns of a letter, as it was when it was locked."""
    rows = Letter.objects.visible_to(by, purpose=purpose).filter(pk=letter.pk, revision=letter.revision)
    if not rows.update(**changes):
        raise Refused(faster)
    for name, value in changes.items():
        setattr(letter, name, value)


def check_content(content: Content) -> None:
    """Raise `Refused` for what is empty, too long, or has an ID number where everybody would read it."""
    if not content.title.strip():
        raise Refused("文书要有标题。")
    if len(content.title) > 200 or len(content.to) > 500 or len(content.copies_to) > 500:
        raise Refused("标题、主送或者抄送太长了。")
    if len(content.text) > most_words:
        raise Refused(f"正文最多写 {most_words:,} 个字；名单放在附件里。")
    if len(content.rows) > most_rows:
        raise Refused(f"一份文书的名单最多 {most_rows:,} 行，请分成几份。")
    if any(len(row) != len(content.columns) for row in content.rows):
        raise Refused("名单里每一行的格数要和表头一样多。")
    if content.plain_numbers:
        raise Refused("正文和标题里不能写证件号码：号码只放在“身份证件号码”一栏。")


def note(
    by: Officer, action: str, letter: Letter, *, purpose: str = "", result: Result = "done", **detail: Any
) -> None:
    """Write the journal's entry of a deed."""
    record(
        actor=acting(by),
        action=f"documents.{action}",
        object_kind="letter",
        object_id=str(letter.pk),
        purpose=purpose,
        result=result,
        detail={"kind": letter.kind, "number": letter.number_text, "rows": letter.rows, **detail},
    )
