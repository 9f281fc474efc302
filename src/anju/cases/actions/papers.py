"""A paper is laid into a case, or looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from anju.cases.actions.within import laid_already, locked_cases, naming, note, open_turns, running_case, why_not
from anju.cases.consent import Consent, lacks_consent
from anju.cases.models import Case, Entry, Paper, PaperKind, Scan, State
from anju.cases.pictures import read_again
from anju.cases.procedures import Running
from anju.cases.turns import Places, mine
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.refusals import Refused, one_deed
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, locked, not_there, scopes_of
from anju.register.facts import today
from anju.register.privacy import works_on
from anju.sealing.ciphertext import seal_bytes

longest_about = 80
most_by_hand = 20
"""So many papers a resident hands in at a step."""
most_signed = 50
"""One paper is laid into so many cases at most."""


def keep_paper(*, by: Somebody, case: UUID | str, kind: str, about: str, content: bytes) -> Paper:
    """Lay a file into a case that is under way; it goes with the next entry. A resident hands in evidence, where the own case waits for the
    person.

    Args:
        about: what it is, in a few words.

    Raises:
        Refused: out of reach, ended, neither the officer's turn nor work; no such kind, more than a resident
            hands in at a step, too large, no picture or PDF, there already.
    """
    with one_deed():
        found = running_case(by, case)
        if isinstance(by, Resident):
            _check_own(by, found, kind)
        else:
            _check_may(by, found)
        return lay(by, found, kind=kind, about=about, scan=scan_of(content))


def keep_consent(*, by: Officer, cases: Sequence[UUID | str], consent: Consent) -> list[Paper]:
    """Lay what people signed, one paper of one or of several of them, into each of their cases that wait for it; all of them or none.

    Raises:
        Refused: none or more than go at once, as `keep_paper`, a case that does not wait for it, with the name.
    """
    wanted = list(dict.fromkeys(str(key) for key in cases))
    if not 0 < len(wanted) <= most_signed:
        raise Refused(f"先勾上这一份是谁签的，一份最多给 {most_signed} 件用。")
    laid: list[Paper] = []
    with one_deed():
        found = locked_cases(by, wanted)
        if len(found) != len(wanted):
            raise Refused(not_there)
        scan = scan_of(consent.content)
        for case in found.values():
            with naming(by, case):
                if why := why_not(case, None):
                    raise Refused(why)
                first = Entry.objects.visible_to(by, purpose="经办").filter(case=case, seq=1)
                with everything():
                    lacks = lacks_consent(case, list(first))
                if not lacks:
                    raise Refused("这一件不缺本人签字的授权书或照片，可能刚刚有人交了；请打开最新的再看。")
                _check_may(by, case)
                laid.append(lay(by, case, kind=PaperKind.CONSENT, about=consent.about, scan=scan))
    return laid


def scan_of(content: bytes) -> Scan:
    """What is kept of a file, once for all cases that it lies in. Raises `Refused` for what is no paper."""
    check_size(len(content))
    media, kept = read_again(content)
    digest = hashlib.sha256(kept).hexdigest()
    same = Scan.objects.filter(digest=digest).defer("content")
    with everything():  # on SQLite nobody else writes from here on
        if (there := same.first()) is not None:
            return there
        scan = Scan(media=media, size=len(kept), digest=digest)
        field = Scan._meta.get_field("content")
        scan.content = seal_bytes(kept, field.place(scan))
        # whoever hands in the same at this moment is waited for
        Scan.objects.bulk_create([scan], ignore_conflicts=True)
        return same.get()


def lay(by: Somebody, case: Case, *, kind: str, about: str, scan: Scan) -> Paper:
    """Lay a file into a case that is locked, for whoever may. Raises `Refused`, also where it lies there already."""
    if kind not in PaperKind.values:
        raise Refused("没有这种材料。")
    check_plain(about)
    if not about.strip() or len(about) > longest_about:
        raise Refused(f"写明是什么材料，最多 {longest_about} 个字。")
    with everything():  # the database holds it; here it is told of which of several cases
        there = laid_already(case, scan)
    if there is not None:
        raise Refused(
            f"这一份已经在这一件里了，是“{there.get_kind_display()}”；同一份只放一次，要交的是别的就另选一份。"
        )
    paper = Paper(
        case=case,
        after=case.entries,
        step=case.step,
        kind=kind,
        scan=scan,
        by=None if isinstance(by, Resident) else by,
        office=acting(by).post,
    )
    paper.about = about.strip()
    with everything():
        paper.save(force_insert=True)
        note(by, "keep_paper", case, paper=str(paper.pk), kind=kind, digest=scan.digest)
    return paper


def take_paper(*, by: Somebody, case: UUID | str, paper: UUID | str) -> tuple[Paper, bytes]:
    """A paper with its content, once that it is looked at stands in the journal. Raises `Refused` for whoever neither does the
    work nor laid it in.
    """
    with one_deed():
        found = locked(Case, by, case)
        kept = Paper.objects.visible_to(by, purpose="经办").filter(case=found, pk=paper).select_related("scan").first()
        if kept is None or not (isinstance(by, Resident) or _reads(by, found, kept)):
            raise Refused(not_there)
        with everything():
            note(by, "take_paper", found, paper=str(kept.pk))
        content: bytes = kept.scan.content.reveal_bytes()
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


def _check_own(by: Resident, case: Case, kind: str) -> None:
    with everything():
        waits = case.state == State.RUNNING and any(turn.resident for turn in open_turns(case))
    if not waits:
        raise Refused("现在不用您交材料；轮到您办、要补正的时候再交，或者送到村（社区）。")
    if kind != PaperKind.EVIDENCE:
        raise Refused("网上只交证明材料；授权书、回函请送到村（社区）。")
    handed = Paper.objects.visible_to(by, purpose="本人办理").filter(case=case, after=case.entries)
    if handed.count() >= most_by_hand:
        raise Refused(f"一步最多交 {most_by_hand} 份；几页可以拍在一张照片里，或者合成一份 PDF。")


def _reads(by: Officer, case: Case, paper: Paper) -> bool:
    """Whether the officer laid it in, or does the clause's work."""
    return paper.by_id == by.pk or works_on(_here(by, case), case.clause)


def _here(by: Officer, case: Case) -> Sequence[Scope]:
    return reaching(scopes_of(by), *filter(None, Places.of(case).all()))
