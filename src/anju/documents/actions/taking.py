"""A letter's file is taken along: it stands in the journal before it is out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from anju.documents.actions.within import addressees, locked, note, office_of, party_to
from anju.documents.content import Content
from anju.documents.forms import form_of
from anju.documents.models import Letter, State
from anju.documents.paper import Paper, paper_of
from anju.documents.refusals import ContentChanged
from anju.documents.rendering.docx import docx
from anju.documents.rendering.pdf import pdf
from anju.government.full_rows import left_alone
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.residents import Somebody
from anju.journal.actions import Result
from anju.sealing.ciphertext import SealBroken

FileKind = Literal["pdf", "docx"]
_makers = {"pdf": pdf, "docx": docx}


@dataclass(frozen=True, slots=True)
class Taken:
    """A file and the name to keep it under, without a word about anybody."""

    name: str
    body: bytes


def take(*, by: Officer, letter: UUID | str, file: FileKind, full: bool = False, because: str = "") -> Taken:
    """The file of a letter.

    Args:
        full: with ID numbers in full: only of an issued letter that is not for everybody to read, for a purpose (``because``), to whoever
            writes for the office that issued it or for one that it is for.

    Raises:
        Refused: out of reach; no purpose; not to be had in full; a broken template; no font; what lies sealed is not what was issued.
    """
    with one_deed():
        found = locked(by, letter)
        if full:
            _check_full(by, found, because)
        paper, why = None, ""
        try:
            paper = opened(by, found)
        except ContentChanged as changed:
            why = str(changed)
        result: Result = "refused" if why else "done"
        alone = full and found.countersigned_by_id is None
        note(by, "take", found, purpose=because.strip()[:300], result=result, file=file, full=full, alone=alone)
    if paper is None:
        raise ContentChanged(why)
    number = f"{found.sign}{found.year}-{found.number}" if found.number else found.get_state_display()
    return Taken(f"{found.name}-{number}.{file}", _makers[file](paper.data(full=full)))


def opened(by: Somebody, letter: Letter) -> Paper:
    """The paper of a letter that the officer may see. Raises `ContentChanged`."""
    try:
        paper = paper_of(letter, Content.of(letter.content.reveal()), addressees(by, letter))
    except SealBroken as error:
        raise ContentChanged(_changed) from error
    if letter.issued_at is not None and paper.digest() != letter.digest:
        raise ContentChanged(_changed)
    return paper


_changed = "这份文书在库里的内容和签发时的不一样，不能打印；请告诉系统管理员。"


def _check_full(by: Officer, letter: Letter, because: str) -> None:
    if letter.state != State.ISSUED:
        raise Refused("没有签发的，或者作废了的文书，只能看号码打了星号的。")
    if form_of(letter.form).open:
        raise Refused("公示是给大家看的，证件号码一律打星号。")
    if not party_to(by, office_of(letter), addressees(by, letter), timezone.localdate()):
        raise Refused("完整号码只给发文单位和收文单位的干部；您可以下载号码打了星号的。")
    if not because.strip():
        raise Refused("下载完整号码要写明用途。")
    Officer.objects.select_for_update().get(pk=by.pk)
    if letter.countersigned_by_id is None and max(letter.rows, 1) > left_alone(by, but=str(letter.pk)):
        most = settings.ANJU_MOST_FULL_ROWS_ALONE
        raise Refused(
            f"一天里超过 {most:,} 行的完整号码，只有另一位干部核过稿的文书才能下载；请作为通知或者函的附件发。"
        )
