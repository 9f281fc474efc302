"""A letter's file is taken along: it stands in the journal before it is out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.conf import settings

from anju.documents.actions.within import addressees, locked, note
from anju.documents.content import Content
from anju.documents.forms import form_of
from anju.documents.models import Letter, State
from anju.documents.paper import Paper, paper_of
from anju.documents.refusals import ContentChanged
from anju.documents.rendering.docx import docx
from anju.documents.rendering.pdf import pdf
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
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
        full: with ID numbers in full: only of an issued letter that is not for everybody to read, for a purpose (``because``).

    Raises:
        Refused: out of reach; no purpose; not to be had in full; a broken template; no font; what lies sealed is not what was issued.
    """
    with one_deed():
        found = locked(by, letter)
        if full:
            _check_full(found, because)
        paper, why = None, ""
        try:
            paper = opened(by, found)
        except ContentChanged as changed:
            why = str(changed)
        note(
            by, "take", found, purpose=because.strip()[:300], result="refused" if why else "done", file=file, full=full
        )
    if paper is None:
        raise ContentChanged(why)
    number = f"{found.sign}{found.year}-{found.number}" if found.number else found.get_state_display()
    return Taken(f"{found.name}-{number}.{file}", _makers[file](paper.data(full=full)))


def opened(by: Officer, letter: Letter) -> Paper:
    """The paper of a letter that the officer may see. Raises `ContentChanged`."""
    try:
        paper = paper_of(letter, Content.of(letter.content.reveal()), addressees(by, letter))
    except SealBroken as error:
        raise ContentChanged(_changed) from error
    if letter.issued_at is not None and paper.digest() != letter.digest:
        raise ContentChanged(_changed)
    return paper


_changed = "这份文书在库里的内容和签发时的不一样，不能打印；请告诉系统管理员。"


def _check_full(letter: Letter, because: str) -> None:
    if letter.state != State.ISSUED:
        raise Refused("没有签发的，或者作废了的文书，只能看号码打了星号的。")
    if form_of(letter.form).open:
        raise Refused("公示是给大家看的，证件号码一律打星号。")
    if not because.strip():
        raise Refused("下载完整号码要写明用途。")
    most = settings.ANJU_MOST_FULL_ROWS_ALONE
    if letter.rows > most and letter.countersigned_by_id is None:
        raise Refused(f"超过 {most:,} 行的完整号码，只有另一位干部核过稿的文书才能下载；请作为通知或者函的附件发。")
