"""A paper is laid into a case, or looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from anju.cases.actions.within import note, open_turns, running_case
from anju.cases.models import Case, Paper, PaperKind
from anju.cases.pictures import read_again
from anju.cases.procedures import Running
from anju.cases.turns import Places, mine
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, locked, not_there, scopes_of
from anju.register.facts import today
from anju.register.privacy import works_on
from anju.sealing.ciphertext import seal_bytes

longest_about = 80


def keep_paper(*, by: Officer, case: UUID | str, kind: str, about: str, content: bytes) -> Paper:
    """Lay a file into a case that is under way; it goes with the next entry.

    Args:
        about: what it is, in a few words.

    Raises:
        Refused: out of reach, ended, neither the officer's turn nor work; no such kind, too large, no picture or PDF, there already.
    """
    with one_deed():
        found = running_case(by, case)
        _check_may(by, found)
        return lay(by, found, kind=kind, about=about, content=content)


def lay(by: Officer, case: Case, *, kind: str, about: str, content: bytes) -> Paper:
    """Lay a file into a case that is locked, for whoever may. Raises `Refused`."""
    if kind not in PaperKind.values:
        raise Refused("没有这种材料。")
    check_plain(about)
    if not about.strip() or len(about) > longest_about:
        raise Refused(f"写明是什么材料，最多 {longest_about} 个字。")
    check_size(len(content))
    media, kept = read_again(content)
    paper = Paper(
        case=case,
        after=case.entries,
        step=case.step,
        kind=kind,
        media=media,
        size=len(kept),
        digest=hashlib.sha256(kept).hexdigest(),
        by=by,
        office=acting(by).post,
    )
    paper.about = about.strip()
    field = Paper._meta.get_field("content")
    paper.content = seal_bytes(kept, field.place(paper))
    with everything():
        paper.save(force_insert=True)
        note(by, "keep_paper", case, paper=str(paper.pk), kind=kind, digest=paper.digest)
    return paper


def take_paper(*, by: Officer, case: UUID | str, paper: UUID | str) -> tuple[Paper, bytes]:
    """A paper with its content, once that it is looked at stands in the journal. Raises `Refused` for whoever neither does the
    work nor laid it in.
    """
    with one_deed():
        found = locked(Case, by, case)
        kept = Paper.objects.visible_to(by, purpose="经办").filter(case=found, pk=paper).first()
        if kept is None or not (kept.by_id == by.pk or works_on(_here(by, found), found.clause)):
            raise Refused(not_there)
        with everything():
            note(by, "take_paper", found, paper=str(kept.pk))
        content: bytes = kept.content.reveal_bytes()
    return kept, content


def check_size(size: int) -> None:
    """Raise `Refused` for a file that is too large, or empty."""
    most = settings.ANJU_LARGEST_PAPER
    if not 0 < size <= most:
        raise Refused(f"一份材料最大 {most >> 20} MB，也不能是空的；大的照片请缩小再交。")


def _check_may(by: Officer, case: Case) -> None:
    scopes = scopes_of(by)
    with everything():
        turns = open_turns(case)
    if not mine(turns, scopes, case, Running.of(case), today()) and not works_on(_here(by, case), case.clause):
        raise Refused("这一件不归您的条线办，不能往里放材料。")


def _here(by: Officer, case: Case) -> Sequence[Scope]:
    return reaching(scopes_of(by), *filter(None, Places.of(case).all()))
