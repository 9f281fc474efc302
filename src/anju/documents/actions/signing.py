"""From the draft to the issued letter: handed over, countersigned by another officer of the office, numbered and issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from anju.documents.actions.receiving import answered
from anju.documents.actions.within import addressees, note, office_of, own, put
from anju.documents.content import Content
from anju.documents.models import Counter, Letter, State
from anju.documents.offices import head_of, others_of
from anju.documents.paper import paper_of
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed


def hand_over(*, by: Officer, letter: UUID | str, seen: int) -> Letter:
    """Give a draft to another officer of the office to check. Raises `Refused`."""
    with one_deed():
        found = own(by, letter, State.DRAFT, seen=seen)
        if not found.formal:
            raise Refused("这种文书不用核稿，可以直接签发。")
        put(by, found, state=State.CHECKING)
        note(by, "hand_over", found)
    return found


def send_back(*, by: Officer, letter: UUID | str, seen: int) -> Letter:
    """Let what was handed over be a draft again; whoever had countersigned it has to do so anew. Raises `Refused`."""
    with one_deed():
        found = own(by, letter, State.CHECKING, seen=seen)
        put(by, found, state=State.DRAFT, countersigned_by=None, countersigned_at=None)
        note(by, "send_back", found)
    return found


def countersign(*, by: Officer, letter: UUID | str, seen: int) -> Letter:
    """Another officer than the drafter, and than whoever last changed its words, has read it and agrees. Raises `Refused`."""
    with one_deed():
        found = own(by, letter, State.CHECKING, seen=seen)
        if found.drafted_by_id == by.pk:
            raise Refused("自己拟的稿自己不能核，请本单位另一位干部核稿。")
        if found.revised_by_id == by.pk:
            raise Refused(
                "这份稿最后是您改的，自己改的自己不能核，请本单位另一位干部核稿；没有第三个人，就请拟稿人看过、存一次再送您核。"
            )
        if found.countersigned_by_id is not None:
            raise Refused("这份文书已经核过稿了。")
        put(by, found, countersigned_by=by, countersigned_at=timezone.now())
        note(by, "countersign", found)
    return found


def issue(*, by: Officer, letter: UUID | str, seen: int) -> Letter:
    """Issue a letter: it gets its number and the digest of everything on it, and never changes again.

    Raises:
        Refused: not countersigned although somebody else of the office is there, changed meanwhile, out of reach.
    """
    with one_deed():
        found = own(by, letter, State.DRAFT, State.CHECKING, seen=seen)
        today, now = timezone.localdate(), timezone.now()
        changes = _signed(by, found, today)
        _issue(by, found, today, now, changes)
        answered(by, found)
        note(by, "issue", found, alone=found.alone, digest=found.digest)
    return found


def _signed(by: Officer, letter: Letter, today: date) -> dict[str, Any]:
    """Number and second person of a formal letter; nothing of another."""
    if not letter.formal:
        return {}
    alone = letter.countersigned_by_id is None
    if alone and (letter.drafted_by_id != by.pk or others_of(office_of(letter), by, today)):
        raise Refused("这种文书要本单位另一位干部核稿，才能签发；请先送核稿。")
    sign = head_of(office_of(letter), today).sign
    if not sign:
        raise Refused("单位所在的村社区还没有名字，发文字号编不出来；先在“机关名称和代字”里定好，再签发。")
    return {"alone": alone, "sign": sign, "year": today.year, "number": _next(letter, today.year)}


def _issue(by: Officer, letter: Letter, today: date, now: datetime, changes: dict[str, Any]) -> None:
    for name, value in {**changes, "issued_on": today}.items():
        setattr(letter, name, value)
    digest = paper_of(letter, Content.of(letter.content.reveal()), addressees(by, letter)).digest()
    put(by, letter, **changes, state=State.ISSUED, issued_by=by, issued_at=now, issued_on=today, digest=digest)


def _next(letter: Letter, year: int) -> int:
    """The office's next number of the year; its row is locked until this transaction ends."""
    own = {"line": letter.line, "region": letter.region, "year": year}
    if not Counter.objects.filter(**own).exists():
        # whoever begins it at this moment is waited for
        Counter.objects.bulk_create([Counter(**own)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(**own)
    Counter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    return counter.last + 1
