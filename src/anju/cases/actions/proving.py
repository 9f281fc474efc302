"""That a notice hung since its first day is proven by a second officer: for one case, or for all that one paper names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from uuid import UUID

from django.utils import timezone

from anju.cases import notices
from anju.cases.actions.papers import lay
from anju.cases.actions.within import laid_already, locked_cases, naming, note, why_not
from anju.cases.models import Case, Notice, Paper, PaperKind, Papers, open_states
from anju.cases.procedures import Running
from anju.cases.provided import tell
from anju.cases.turns import Places
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_work, not_there, scopes_of

_cannot_prove = (
    "同一份已经在这一件里，是“{kind}”，或者是公示以前交的，不能再拿来证实；先给这一件另交一张公示的照片（证明材料），单独证实，"
    "再一起证实其余的。"
)


def prove_notice(*, by: Officer, case: UUID | str, notice: UUID | str, proof: UUID | str) -> Notice:
    """Let the days of a notice that was recorded late run from its first day: a second officer has seen that it hung since then.

    Args:
        proof: a paper of the case, evidence: a photograph or scan of what was posted.

    Raises:
        Refused: not the notice that counts, not late, announced for longer than it had to hang, proven already, by who recorded it, no such
            paper of this case.
    """
    with one_deed():
        found = _of_work(by, [case])[str(case)]
        with everything():
            proven = _proven(by, found, notice, proof)[0]
            tell(found)
            return proven


def prove_notices(*, by: Officer, case: UUID | str, notice: UUID | str, proof: UUID | str) -> list[Notice]:
    """Prove the notice of a case, and with it those of all others that the same paper names and that wait for it: one look at one
    picture, which then lies in each of their cases. All of them or none; one whose notice counts no more is left as it is.

    Raises:
        Refused: as `prove_notice`, of another case with the name.
    """
    with one_deed():
        with everything():
            others = {str(one.case_id): one for one in waiting(notice)}
        found = _of_work(by, [case, *others])
        with everything():
            first, shown = _proven(by, found[str(case)], notice, proof)
            proven = [found[str(case)]]
            made, about = [first], shown.about.reveal()
            for key, other in found.items():
                if key == str(case) or not _counts(other, others[key]):
                    continue
                with naming(by, other):
                    laid = laid_already(other, shown.scan)
                    if laid is not None and not _since(others[key]).filter(pk=laid.pk).exists():
                        raise Refused(_cannot_prove.format(kind=laid.get_kind_display()))
                    laid = laid or lay(by, other, kind=PaperKind.EVIDENCE, about=about, scan=shown.scan)
                    made.append(_proven(by, other, others[key].pk, laid.pk)[0])
                    proven.append(other)
            tell(*proven)
    return made


def waiting(notice: UUID | str) -> Iterator[Notice]:
    """The notices of other cases under way that hang on the same paper and are not proven. Asked for nobody."""
    paper = Notice.objects.unscoped().filter(pk=notice, paper__isnull=False).values_list("paper", flat=True).first()
    same = Notice.objects.unscoped().filter(paper=paper, proven_at=None, case__state__in=open_states)
    yield from same.exclude(pk=notice).select_related("case").order_by("pk") if paper else ()


def _of_work(by: Officer, keys: Sequence[UUID | str]) -> dict[str, Case]:
    """Cases that are under way, locked, and whose clause is the officer's work; of the first it is asked, others are named."""
    found = locked_cases(by, keys)
    if str(keys[0]) not in found:
        raise Refused(not_there)
    for key, case in found.items():
        with nullcontext() if key == str(keys[0]) else naming(by, case):
            if why := why_not(case, None):
                raise Refused(why)
            check_work(scopes_of(by), case.clause, *filter(None, Places.of(case).all()))
    return found


def _counts(case: Case, notice: Notice) -> bool:
    counts = notices.current(case, Running.of(case))
    return counts is not None and counts.pk == notice.pk


def _since(notice: Notice) -> Papers:
    """The papers that can prove a notice: evidence that was laid into its case since. Asked for nobody."""
    return Paper.objects.unscoped().filter(case=notice.case_id, kind=PaperKind.EVIDENCE, after__gte=notice.after)


def _proven(by: Officer, found: Case, notice: UUID | str, proof: UUID | str) -> tuple[Notice, Paper]:
    """A notice of a case that is locked, once it is proven, and the paper that proves it; it still has to be told. Asked for nobody. Raises
    `Refused`.
    """
    running = Running.of(found)
    kept = Notice.objects.unscoped().select_for_update(of=("self",)).filter(pk=notice)
    hangs, counts = kept.first(), notices.current(found, running)
    if hangs is None or counts is None or hangs.pk != counts.pk:
        raise Refused(not_there)
    if hangs.proven_until:
        raise Refused("这一次公示的日子刚刚有人证实了，请打开最新的再看。")
    until = notices.proven_last_day(hangs, found, running)
    if until is None:
        late = hangs.recorded_on is not None and hangs.since < hangs.recorded_on
        raise Refused(
            f"公示写明到 {hangs.until}，比最短的日子长；群众照它提异议，不能凭照片提前结束。"
            if late
            else "这一次公示没有补登记，它的日子不用证实。"
        )
    if hangs.by_id == by.pk:
        raise Refused("登记公示的人不能自己证实，请另一位干部看。")
    shown = _since(hangs).filter(pk=proof).select_related("scan").defer("scan__content").first()
    if shown is None:
        raise Refused("先在“材料”里交上公示贴出来的照片或扫描件（证明材料），再证实。")
    hangs.proven_until, hangs.proven_by, hangs.proven_at = until, by, timezone.now()
    hangs.proof = shown.pk
    hangs.save(update_fields=["proven_until", "proof", "proven_by", "proven_at"])
    note(by, "prove_notice", found, notice=str(hangs.pk), until=str(until), paper=str(hangs.proof))
    return hangs, shown
